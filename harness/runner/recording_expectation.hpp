// What a scenario expects of a recording of the telephone side (`expect: {recording: …}`).
#pragma once

#include "base/result.hpp"
#include "peers/actor.hpp"
#include "rtp/voiceprint.hpp"
#include "script/value.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::runner {

struct ExpectedRecording {
  std::string file;
  std::string voice; // of which actor; empty: not asked
  std::uint64_t voice_ms = 0;
  std::string digits; // or none; empty: not asked
};
Result<ExpectedRecording> read_expected_recording(const script::Value& map);

// A file's name that stands beside others: no folders, ".wav" at its end.
Result<void> check_recording_name(const std::string& name);

// `voice`: that of the actor whom the expectation names.
peers::Findings compare(const script::Step& step, const ExpectedRecording& expected,
                        const std::vector<std::int16_t>& samples,
                        const std::optional<rtp::Voiceprint>& voice);

} // namespace sipvet::runner
