#include "runner/recording_expectation.hpp"

#include "peers/keys_expectation.hpp"
#include "rtp/dtmf_tones.hpp"
#include "ua/heard_sound.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::runner {

namespace {

constexpr auto default_voice_time = std::chrono::milliseconds(200);

std::string text_of(const script::Value& map, std::string_view key) {
  const script::Value* value = map.find(key);
  return value == nullptr ? std::string() : value->text;
}

// "440 ms of 800+2450 Hz, keys 12#, 1000 ms in all"
std::string describe(const ua::HeardSound& heard, const std::string& keys, std::size_t samples) {
  std::string out;
  for (const auto& [number, length_ms] : heard.heard_ms())
    out += fmt::format("{} ms of {}, ", length_ms, rtp::to_string(rtp::Voiceprint(number)));
  return out + fmt::format("keys {}, {} ms in all", keys.empty() ? "none" : keys,
                           samples * 1000 / rtp::sample_rate_hz);
}

} // namespace

Result<void> check_recording_name(const std::string& name) {
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  if (plain && name.ends_with(".wav") && !name.starts_with('.')) return {};
  return fail(
      fmt::format("expected a file name of letters, digits, - and _ that ends in .wav, found '{}'", name));
}

Result<ExpectedRecording> read_expected_recording(const script::Value& map) {
  ExpectedRecording out;
  out.file = text_of(map, "file");
  if (out.file.empty()) return fail("'recording' needs the key 'file'");
  SIPVET_CHECK(check_recording_name(out.file));
  out.voice = text_of(map, "voice");
  const script::Value* given = map.find("for");
  const Duration length = given == nullptr ? Duration(default_voice_time)
                                           : script::as_duration(*given).value_or(default_voice_time);
  out.voice_ms = static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(length).count());
  if (given != nullptr && out.voice.empty()) return fail("'for' needs the key 'voice'");
  out.digits = text_of(map, "digits");
  if (!out.digits.empty()) SIPVET_CHECK(peers::check_keys(out.digits));
  return out;
}

peers::Findings compare(const script::Step& step, const ExpectedRecording& expected,
                        const std::vector<std::int16_t>& samples,
                        const std::optional<rtp::Voiceprint>& voice) {
  ua::HeardSound heard;
  heard.take(samples, false);
  const std::string keys = rtp::recognise_keys(samples);
  const std::string actual = describe(heard, keys, samples.size());
  peers::Findings out;
  const auto differs = [&](const char* text, std::string wanted) {
    out.push_back(peers::step_finding(step, "recording", text, std::move(wanted), actual));
  };
  if (voice) {
    const auto found = heard.heard_ms().find(voice->number());
    if (found == heard.heard_ms().end() || found->second < expected.voice_ms)
      differs("The recording does not hold the voice that the telephone should have heard.",
              fmt::format("{} ms of {} ({})", expected.voice_ms, rtp::to_string(*voice), expected.voice));
  }
  if (!expected.digits.empty() && keys != peers::keys_of(expected.digits))
    differs("The recording does not hold the keys that the telephone should have heard.",
            "keys " + expected.digits);
  if (!voice && expected.digits.empty() && samples.empty())
    differs("The recording holds nothing.", "some sound");
  return out;
}

} // namespace sipvet::runner
