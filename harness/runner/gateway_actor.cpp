#include "runner/gateway_actor.hpp"

#include <fmt/format.h>

namespace sipvet::runner {

namespace {

using gateway::CallState;
using peers::ActiveStep;
using peers::Findings;

ActiveStep impossible(const script::Step& step, const std::string& why) {
  return peers::finished({peers::step_finding(
      step, "step-impossible", fmt::format("The gateway cannot carry out '{}' here: {}.", step.action, why),
      "", why)});
}

} // namespace

GatewayActor::GatewayActor(gateway::Gateway& gateway,
                           std::function<Result<ua::Target>(const std::string&)> find_peer)
    : gateway_(gateway), find_peer_(std::move(find_peer)) {}

std::optional<gateway::CallInfo> GatewayActor::latest() const {
  const auto calls = gateway_.calls();
  return calls.empty() ? std::nullopt : std::optional(calls.back());
}

ActiveStep GatewayActor::begin(const script::Step& step) {
  if (step.action == "call") return call(step);
  if (step.action == "hang up") return hang_up(step);
  return impossible(step, "its telephone side knows no such action");
}

ActiveStep GatewayActor::call(const script::Step& step) {
  const auto target = find_peer_(step.argument.text);
  if (!target) return impossible(step, target.error().what);
  const script::Value* number = step.options.find("number");
  gateway::PlaceCall place;
  place.number = number == nullptr ? step.argument.text : number->text;
  place.target = *target;
  const auto placed = gateway_.place_call(place);
  return placed ? peers::finished() : impossible(step, placed.error().what);
}

ActiveStep GatewayActor::hang_up(const script::Step& step) {
  const auto current = latest();
  if (!current || current->state != CallState::answered) return impossible(step, "it has no call to hang up");
  const auto sent = gateway_.hang_up(current->handle);
  if (!sent) return impossible(step, sent.error().what);
  return {[this, handle = current->handle]() -> std::optional<Findings> {
            const auto call = gateway_.call(handle);
            if (call && call->state == CallState::answered) return std::nullopt;
            return Findings{};
          },
          [] { return std::string("the response to the gateway's BYE"); }};
}

bool GatewayActor::answered() const {
  const auto call = latest();
  return call && call->state == CallState::answered;
}

bool GatewayActor::rejected() const {
  const auto call = latest();
  return call && call->state == CallState::failed;
}

rtp::Voiceprint GatewayActor::voiceprint() const { return gateway_.config().voiceprint; }

std::uint64_t GatewayActor::heard_ms(const rtp::Voiceprint& print) const {
  const auto call = latest();
  if (!call) return 0;
  const auto heard = call->heard_ms.find(print.number());
  return heard == call->heard_ms.end() ? 0 : heard->second;
}

std::string GatewayActor::describe_media() const {
  const auto call = latest();
  return call ? peers::describe_counters(call->media) : "no call";
}

bool GatewayActor::idle() const {
  for (const gateway::CallInfo& call : gateway_.calls())
    if (call.state == CallState::ringing || call.state == CallState::answered) return false;
  return true;
}

} // namespace sipvet::runner
