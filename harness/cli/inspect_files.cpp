#include "cli/inspect_files.hpp"

#include "analysis/call_audio.hpp"
#include "analysis/plain_capture.hpp"
#include "cli/embed_secrets.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

namespace sipvet::cli {

struct InspectFiles::State {
  std::vector<std::string> captures, keylogs;
  std::string decrypted, wav_folder;
  bool embed = false;
  std::unique_ptr<analysis::PlainCapture> plain;
  std::optional<analysis::CallAudio> audio;
};

InspectFiles::InspectFiles(std::vector<std::string> captures, std::vector<std::string> keylogs,
                           std::string decrypted, bool embed_secrets, std::string wav_folder)
    : state_(std::make_unique<State>(State{std::move(captures),
                                           std::move(keylogs),
                                           std::move(decrypted),
                                           std::move(wav_folder),
                                           embed_secrets,
                                           {},
                                           {}})) {}
InspectFiles::~InspectFiles() = default;

Result<void> InspectFiles::open(std::vector<analysis::PlainSink*>& sinks) {
  auto& state = *state_;
  for (const auto& capture : state.captures) {
    std::error_code ignored;
    if (!state.decrypted.empty() && std::filesystem::equivalent(capture, state.decrypted, ignored))
      return fail(state.decrypted + ": is one of the captures");
  }
  if (!state.decrypted.empty() && !state.embed) {
    SIPVET_TRY(state.plain, analysis::PlainCapture::create(state.decrypted));
    sinks.push_back(state.plain.get());
  }
  if (!state.wav_folder.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(state.wav_folder, failed);
    if (failed) return fail("cannot make " + state.wav_folder + ": " + failed.message());
    state.audio.emplace(state.wav_folder);
    sinks.push_back(&*state.audio);
  }
  return {};
}

Result<void> InspectFiles::finish(const analysis::Report& report) {
  auto& state = *state_;
  if (state.plain) SIPVET_CHECK(state.plain->close());
  if (state.embed) {
    SIPVET_TRY(const auto lines, embed_secrets(state.captures, state.keylogs, report, state.decrypted));
    std::fprintf(stderr, "%s: %zu TLS secrets inside\n", state.decrypted.c_str(), lines);
  }
  if (state.audio) {
    SIPVET_TRY(const auto paths, state.audio->close());
    for (const auto& path : paths) std::fprintf(stderr, "%s\n", path.c_str());
  }
  return {};
}

} // namespace sipvet::cli
