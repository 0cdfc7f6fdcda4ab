// The files that `sipvet inspect` writes beside what it prints: a capture that others can read, and audio.
#pragma once

#include "analysis/inspect.hpp"
#include "analysis/plain_sink.hpp"
#include "base/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sipvet::cli {

class InspectFiles {
 public:
  // Empty names: not asked for.
  InspectFiles(std::vector<std::string> captures, std::vector<std::string> keylogs, std::string decrypted,
               bool embed_secrets, std::string wav_folder);
  ~InspectFiles();

  // Before the inspection: what has to hear it goes into `sinks`.
  Result<void> open(std::vector<analysis::PlainSink*>& sinks);
  // After it. Says on standard error what was written.
  Result<void> finish(const analysis::Report& report);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::cli
