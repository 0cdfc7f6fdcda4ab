#include "runner/gateway_actor.hpp"

#include <fmt/format.h>

#include <array>

namespace sipvet::runner {

namespace {

using gateway::CallState;
using peers::ActiveStep;

} // namespace

ActiveStep impossible(const script::Step& step, const std::string& why) {
  return peers::finished({peers::step_finding(
      step, "step-impossible", fmt::format("The gateway cannot carry out '{}' here: {}.", step.action, why),
      "", why)});
}

GatewayActor::GatewayActor(gateway::Gateway& gateway, const gateway::MemoryLog& log,
                           std::function<Result<PeerPlace>(const std::string&)> find_peer, std::string folder)
    : gateway_(gateway), log_(log), find_peer_(std::move(find_peer)), folder_(std::move(folder)) {}

std::optional<gateway::CallInfo> GatewayActor::latest() const {
  const auto calls = gateway_.calls();
  return calls.empty() ? std::nullopt : std::optional(calls.back());
}

ActiveStep GatewayActor::begin(const script::Step& step) {
  struct Row {
    std::string_view action;
    ActiveStep (GatewayActor::*run)(const script::Step&);
  };
  static constexpr std::array rows = {
      Row{"call", &GatewayActor::call},
      Row{"dial", &GatewayActor::dial},
      Row{"hang up", &GatewayActor::hang_up},
      Row{"answer", &GatewayActor::answer},
      Row{"decline", &GatewayActor::decline},
      Row{"dtmf", &GatewayActor::dtmf},
      Row{"record", &GatewayActor::record},
      Row{"options", &GatewayActor::options},
      Row{"disconnect", &GatewayActor::disconnect},
      Row{"fax", &GatewayActor::fax},
      Row{"registers_with", &GatewayActor::register_with},
      Row{"unregisters", &GatewayActor::unregister},
      Row{"expect", &GatewayActor::expect},
  };
  for (const Row& row : rows)
    if (row.action == step.action) return (this->*row.run)(step);
  return impossible(step, "its telephone side knows no such action");
}

ActiveStep GatewayActor::call(const script::Step& step) {
  const auto place_of_peer = find_peer_(step.argument.text);
  if (!place_of_peer) return impossible(step, place_of_peer.error().what);
  const script::Value* number = step.options.find("number");
  gateway::PlaceCall place;
  place.number = number == nullptr ? step.argument.text : number->text;
  if (step.options.find("through") == nullptr) place.target = place_of_peer->target;
  return placed(step, place);
}

ActiveStep GatewayActor::placed(const script::Step& step, const gateway::PlaceCall& call) {
  const auto handle = gateway_.place_call(call);
  if (!handle || step.options.find("refused") != nullptr)
    return ordered(step, handle ? Result<void>() : Result<void>(handle.error()));
  last_call_ = *handle;
  last_request_.reset();
  return peers::finished();
}

ActiveStep GatewayActor::dial(const script::Step& step) {
  const auto option = [&](std::string_view key, std::string otherwise) {
    const script::Value* value = step.options.find(key);
    return value == nullptr ? std::move(otherwise) : value->text;
  };
  gateway::PlaceCall call;
  call.number = step.argument.text;
  call.caller = option("caller", call.caller);
  call.caller_name = option("caller_name", call.caller_name);
  call.channel_name = option("channel", call.channel_name);
  return placed(step, call);
}

ActiveStep GatewayActor::options(const script::Step& step) {
  const auto place = find_peer_(step.argument.text);
  if (!place) return impossible(step, place.error().what);
  const script::Value* uri = step.options.find("uri");
  const auto sent = uri == nullptr ? gateway_.send_options(place->target) : gateway_.send_options(uri->text);
  if (!sent) return impossible(step, sent.error().what);
  last_request_ = *sent;
  return peers::finished();
}

ActiveStep GatewayActor::disconnect(const script::Step& step) {
  const auto place = find_peer_(step.argument.text);
  if (!place) return impossible(step, place.error().what);
  std::vector<Endpoint> remotes = place->connected_at;
  remotes.push_back(place->target.remote);
  if (gateway_.disconnect(remotes) == 0) return impossible(step, "it has no connection with that peer");
  return peers::finished();
}

ActiveStep GatewayActor::fax(const script::Step& step) {
  const auto current = latest();
  if (!current || current->state != CallState::answered) return impossible(step, "it has no call for a fax");
  const auto begun = gateway_.send_fax(current->handle);
  return begun ? peers::finished() : impossible(step, begun.error().what);
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
  for (const gateway::RequestInfo& request : gateway_.requests())
    if (!request.done) return false;
  return true;
}

} // namespace sipvet::runner
