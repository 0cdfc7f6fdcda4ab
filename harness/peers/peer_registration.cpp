// A scripted peer as one who registers with a proxy and calls through it.
#include "peers/peer_state.hpp"

#include "dialog/registration.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

using Registered = dialog::Registration::State;

void Peer::register_with(const ua::Target& registrar) { state_->begin_registration(registrar); }

void Peer::State::begin_registration(const ua::Target& server) {
  if (!registrar) {
    registrar = std::make_unique<ua::RegistrarClient>(surroundings.network, *agent,
                                                      dialog::RegistrationSettings{}, [](std::size_t) {});
    registrar->add(fmt::format("sip:{}@{}", settings.user, to_string(server.remote)),
                   fmt::format("sip:{}", to_string(server.remote)));
  }
  const Endpoint own = agent->transport().reachable_at(server);
  sip::Uri contact;
  contact.user = settings.user;
  contact.host = own.ip.v6 ? fmt::format("[{}]", to_string(own.ip)) : to_string(own.ip);
  contact.port = own.port;
  if (server.transport != ua::Transport::udp)
    sip::set(contact.parameters, "transport", std::string(ua::name(server.transport)));
  registrar->bind(0, server, contact);
}

std::optional<bool> Peer::registered() const {
  if (!state_->registrar) return false;
  switch (state_->registrar->statuses().front().state) {
  case Registered::registered:
    return true;
  case Registered::registering:
  case Registered::unregistering:
    return std::nullopt;
  default:
    return false;
  }
}

ActiveStep Peer::State::register_with(const script::Step& step) {
  const auto server = surroundings.peer(step.argument.text, settings.transport);
  if (!server) return impossible(step, server.error().what);
  begin_registration(*server);
  return {[this, step]() -> std::optional<Findings> {
            const auto status = registrar->statuses().front();
            if (status.state == Registered::registering) return std::nullopt;
            if (status.state == Registered::registered) return Findings{};
            return Findings{step_finding(
                step, "registration", fmt::format("{} is not registered.", name), "200",
                status.status == 0 ? std::string("no response") : fmt::format("{}", status.status))};
          },
          [this] { return fmt::format("the response to the REGISTER of {}", name); }};
}

ActiveStep Peer::State::unregister(const script::Step& step) {
  if (!registrar) return impossible(step, "it is not registered");
  registrar->unbind(0);
  return {[this]() -> std::optional<Findings> {
            return registrar->statuses().front().state == Registered::unregistering
                       ? std::nullopt
                       : std::optional(Findings{});
          },
          [this] { return fmt::format("the response to the REGISTER of {}", name); }};
}

Result<ua::Target> Peer::State::call_target(const script::Step& step) const {
  const script::Value* through = step.options.find("through");
  return through == nullptr ? gateway_target(step) : surroundings.peer(through->text, settings.transport);
}

} // namespace sipvet::peers
