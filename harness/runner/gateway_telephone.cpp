// Orders of a scenario to the gateway's telephone side within a call, and what is expected of its recordings.
#include "io/wav_file.hpp"
#include "peers/keys_expectation.hpp"
#include "runner/gateway_actor.hpp"
#include "runner/recording_expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace sipvet::runner {

using gateway::CallState;
using peers::ActiveStep;
using peers::Findings;

// The last call with that peer; through a proxy, the last of all.
std::optional<gateway::CallInfo> GatewayActor::call_with(const std::string& peer) const {
  const auto calls = gateway_.calls();
  if (const auto place = find_peer_(peer)) {
    const auto is_its = [&](const gateway::CallInfo& call) {
      return call.remote_at == place->target.remote ||
             std::ranges::find(place->connected_at, call.remote_at) != place->connected_at.end();
    };
    const auto found = std::find_if(calls.rbegin(), calls.rend(), is_its);
    if (found != calls.rend()) return *found;
  }
  return calls.empty() ? std::nullopt : std::optional(calls.back());
}

ActiveStep GatewayActor::ordered(const script::Step& step, const Result<void>& done) const {
  const script::Value* refused = step.options.find("refused");
  if (refused == nullptr) return done ? peers::finished() : impossible(step, done.error().what);
  const std::string said = done ? "done" : done.error().what;
  if (!done && std::regex_search(said, std::regex(refused->text))) return peers::finished();
  return peers::finished(
      {peers::step_finding(step, "order-refused", fmt::format("The gateway should refuse '{}'.", step.action),
                           fmt::format("/{}/", refused->text), said)});
}

ActiveStep GatewayActor::answer(const script::Step& step) {
  const auto call = call_with(step.argument.text);
  return ordered(step, call ? gateway_.answer(call->handle) : Result<void>(fail("it has no call")));
}

ActiveStep GatewayActor::decline(const script::Step& step) {
  const auto call = call_with(step.argument.text);
  return ordered(step, call ? gateway_.decline(call->handle) : Result<void>(fail("it has no call")));
}

ActiveStep GatewayActor::dtmf(const script::Step& step) {
  const auto call = latest();
  return ordered(step, call ? gateway_.send_dtmf(call->handle, step.argument.text)
                            : Result<void>(fail("it has no call")));
}

ActiveStep GatewayActor::record(const script::Step& step) {
  const auto call = latest();
  if (!call) return impossible(step, "it has no call");
  const std::string path = folder_ + "/" + step.argument.text;
  return ordered(step, gateway_.record(call->handle, path));
}

ActiveStep GatewayActor::hang_up(const script::Step& step) {
  const auto current = call_with(step.argument.text);
  const bool up = current && (current->state == CallState::answered || current->state == CallState::ringing);
  const Result<void> sent =
      up ? gateway_.hang_up(current->handle) : Result<void>(fail("it has no call to hang up"));
  if (step.options.find("refused") != nullptr) return ordered(step, sent);
  if (!sent) return impossible(step, sent.error().what);
  return {[this, handle = current->handle]() -> std::optional<Findings> {
            const auto call = gateway_.call(handle);
            if (call && (call->state == CallState::answered || call->state == CallState::ringing))
              return std::nullopt;
            return Findings{};
          },
          [] { return std::string("the response to the gateway's BYE or CANCEL"); }};
}

bool GatewayActor::rings() const {
  const auto calls = gateway_.calls();
  return std::ranges::any_of(calls, [](const gateway::CallInfo& call) {
    return !call.outgoing && call.state == CallState::ringing;
  });
}

// Whether it rings, what keys it has heard, and its recording.
std::optional<Findings> GatewayActor::judge_telephone(const script::Step& step) {
  const script::Value& map = step.argument;
  if (const script::Value* ringing = map.find("ringing"))
    if (script::as_boolean(*ringing) != rings()) return std::nullopt;
  if (const script::Value* dtmf = map.find("dtmf")) {
    const auto call = latest();
    auto judged = peers::compare_keys(step, dtmf->text, call ? call->dtmf : std::string());
    if (!judged || !judged->empty()) return judged;
  }
  const script::Value* recording = map.find("recording");
  return recording == nullptr ? Findings{} : judge_recording(step, *recording);
}

Findings GatewayActor::judge_recording(const script::Step& step, const script::Value& map) {
  const auto unreadable = [&](const std::string& why) {
    return Findings{
        peers::step_finding(step, "recording", "The recording cannot be read.", "a WAV file", why)};
  };
  const auto expected = read_expected_recording(map);
  if (!expected) return unreadable(expected.error().what);
  const std::string path = folder_ + "/" + expected->file;
  for (const gateway::CallInfo& call : gateway_.calls()) {
    if (call.recording != path) continue;
    if (const auto done = gateway_.finish_recording(call.handle); !done) return unreadable(done.error().what);
  }
  const auto samples = io::read_wav(path, rtp::sample_rate_hz);
  if (!samples) return unreadable(samples.error().what);
  std::optional<rtp::Voiceprint> voice;
  if (!expected->voice.empty()) {
    const auto place = find_peer_(expected->voice);
    if (!place) return unreadable(place.error().what);
    voice = place->voiceprint;
  }
  return compare(step, *expected, *samples, voice);
}

std::string GatewayActor::missing_of_telephone(const script::Step& step) const {
  const script::Value& map = step.argument;
  if (const script::Value* ringing = map.find("ringing"); ringing != nullptr)
    if (const auto wanted = script::as_boolean(*ringing); wanted != rings())
      return wanted.value_or(true) ? "a call that rings at the telephone" : "the telephone to stop ringing";
  const script::Value* dtmf = map.find("dtmf");
  if (dtmf == nullptr) return {};
  const auto call = latest();
  const std::string heard = call ? call->dtmf : std::string();
  if (heard == peers::keys_of(dtmf->text)) return {};
  return fmt::format("the digits {} to the gateway, which has heard '{}'", dtmf->text, heard);
}

} // namespace sipvet::runner
