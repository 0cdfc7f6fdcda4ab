// The proxy as registrar (RFC 3261 §10.3) and as one who asks for credentials (§22).
#include "dialog/dialog.hpp"
#include "peers/proxy_state.hpp"
#include "sip/name_addr.hpp"

namespace sipvet::peers {

void Proxy::State::challenge(ua::ServerId id, const sip::Message& request, bool as_proxy, bool stale) {
  ua::HeaderValues headers;
  for (std::string& text : digest->challenges(stale, surroundings.network.now()))
    headers.emplace_back(as_proxy ? "Proxy-Authenticate" : "WWW-Authenticate", std::move(text));
  respond(id, request, as_proxy ? 407 : 401, {}, headers);
}

void Proxy::State::register_came(ua::ServerId id, const ua::Hop&, const sip::Message& request) {
  const auto to = sip::parse_name_addr(request.header("To").value_or(""));
  if (!to || to->uri.user.empty()) return respond(id, request, 400, "To Has No User");
  const std::string& user = to->uri.user;
  const auto checked = digest->check(request, false, surroundings.network.now());
  if (checked.user.empty()) return challenge(id, request, false, checked.stale);
  if (checked.user != user) return respond(id, request, 403); // §22.1: authenticated, not authorised
  const ExpiryLimits limits{settings.proxy.min_expires_s, settings.proxy.max_expires_s};
  const Location::Outcome outcome = location.update(user, request, limits, surroundings.network.now());
  ua::HeaderValues headers;
  for (const std::string& contact : outcome.contacts) headers.emplace_back("Contact", contact);
  if (outcome.status == 423) headers.emplace_back("Min-Expires", std::to_string(limits.least_s));
  if (outcome.status == 200 && !checked.information.empty())
    headers.emplace_back("Authentication-Info", checked.information);
  respond(id, request, outcome.status, outcome.reason, headers);
}

} // namespace sipvet::peers
