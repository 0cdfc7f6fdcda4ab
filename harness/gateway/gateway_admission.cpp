// Who may send the gateway requests, and what calls may use: classification by proxy set, and the permissions
// of TLS peers.
#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "gateway/gateway_state.hpp"
#include "tls/peer_validation.hpp"

namespace sipvet::gateway {

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

} // namespace

// The SIP interface that listens there; none: there are no tables of such, or it is another port.
const std::string* Gateway::State::interface_of(const Endpoint& local) const {
  for (const Listening& each : listening)
    if (each.endpoint.port == local.port && !each.sip_interface.empty()) return &each.sip_interface;
  return nullptr;
}

std::string Gateway::State::realm_of(const Endpoint& local) const {
  const std::string* name = interface_of(local);
  return name == nullptr ? std::string() : config.sbc.sip_interfaces.at(*name).media_realm;
}

// The status that a request from there is refused with; none: it may go on. `realm` is that of its IP group.
std::optional<int> Gateway::State::classify(const ua::Hop& hop, std::string& realm) {
  if (!config.sbc.classifies()) return std::nullopt;
  if (const auto group = proxy_sets->group_of(hop.remote.ip)) {
    realm = config.sbc.ip_groups.at(*group).media_realm;
    return std::nullopt;
  }
  if (config.deviations.route.takes_unclassified_requests) return std::nullopt;
  const std::string* name = interface_of(hop.local);
  const int status = name == nullptr ? SipInterface{}.classification_failure_status
                                     : config.sbc.sip_interfaces.at(*name).classification_failure_status;
  say(LogLevel::warning,
      "no IP group is known for " + to_string(hop.remote) + ": refused with " + std::to_string(status));
  return status;
}

// SXB-PEER-2: nobody's identity is nobody's permission.
std::set<std::string> Gateway::State::granted_to(const ua::Hop& hop) {
  std::vector<std::string> identities;
  const auto session = agent->transport().session(hop.connection);
  if (session && !session->peer_chain_der.empty()) {
    if (const auto certificate = crypto::parse_certificate(session->peer_chain_der.front()))
      identities = tls::sip_identities(*certificate);
  }
  for (const std::string& identity : identities) {
    const auto peer = config.trunks.tls_peers->find(to_lower(identity));
    if (peer != config.trunks.tls_peers->end()) return peer->second;
  }
  if (!config.deviations.route.silent_about_unknown_peers)
    say(LogLevel::warning, "No matching TLS Peer found for " + joined(identities));
  return {};
}

// SXB-PEER-1. False: the call was refused.
bool Gateway::State::may_dial(Leg& leg, const ua::Hop& hop) {
  if (!config.trunks.tls_peers) return true;
  const std::set<std::string> granted = granted_to(hop);
  const std::string needed = config.trunks.permission_for(leg.info.number);
  if (needed.empty() || granted.contains(needed) || config.deviations.route.grants_every_permission)
    return true;
  const std::string why = leg.info.number + " needs the permission '" + needed + "'";
  refuse(leg, {403});
  finish(leg, CallState::failed, why);
  return false;
}

// A request outside of calls that may not come from there; it was refused.
bool Gateway::State::turned_away(ua::ServerId id, const ua::Hop& hop) {
  std::string realm;
  const auto refused = classify(hop, realm);
  if (refused) (void)agent->respond(id, *refused);
  return refused.has_value();
}

} // namespace sipvet::gateway
