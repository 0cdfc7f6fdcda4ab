// What the user agent's messages have in common: Via, Contact and the headers of its settings.
#include "ua/user_agent_state.hpp"

#include "base/text.hpp"
#include "dialog/request_builder.hpp"
#include "sip/name_addr.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sipvet::ua {

namespace {

std::string host_text(const IpAddress& address) {
  return address.v6 ? "[" + to_string(address) + "]" : to_string(address);
}

bool is_sips(std::string_view uri) { return iequals(uri.substr(0, 5), "sips:"); }

bool first_is_sips(const sip::Message& message, std::string_view header) {
  const std::vector<std::string> all = message.list(header);
  const auto first = sip::parse_name_addr(all.empty() ? std::string_view() : std::string_view(all.front()));
  return first && first->uri.scheme == "sips";
}

// RFC 3261 §8.1.1.8 and §12.1.1: where the other side asked for sips, Contact is sips as well.
bool asks_for_sips(const sip::Message& request) {
  return is_sips(request.uri()) || first_is_sips(request, "Route");
}
bool asked_for_sips(const sip::Message& request) {
  const bool routed = request.header("Record-Route").has_value();
  return is_sips(request.uri()) || first_is_sips(request, routed ? "Record-Route" : "Contact");
}

bool changes_dialog(std::string_view method) { return method == "INVITE" || method == "UPDATE"; }

} // namespace

std::string UserAgent::State::host_for(const Target& target) const {
  if (!config.host.empty()) {
    const auto address = parse_ip(config.host); // an IPv6 address may stand there without its brackets
    return address ? host_text(*address) : config.host;
  }
  return host_text(transactions.transport().reachable_at(target).ip);
}

std::string UserAgent::State::contact_for(const Target& target, bool secure) const {
  sip::NameAddr contact;
  secure = secure && !config.deviations.sip_contact_for_sips;
  if (secure) contact.uri.scheme = "sips";
  contact.uri.user = config.user;
  contact.uri.host = host_for(target);
  const Endpoint own = transactions.transport().reachable_at(target);
  if (own.port != 0) contact.uri.port = own.port;
  // RFC 5630 §3.1.2: a sips URI is TLS by itself.
  if (target.transport != Transport::udp && !secure && config.transport_in_contact) {
    sip::set(contact.uri.parameters, "transport", std::string(name(target.transport)));
  }
  return to_string(contact);
}

std::string UserAgent::State::via_for(const Target& target) const {
  const Endpoint own = transactions.transport().reachable_at(target);
  std::string via = "SIP/2.0/" + std::string(via_name(target.transport)) + " " + host_for(target);
  if (own.port != 0) via += ":" + std::to_string(own.port);
  via += ";branch=" + dialog::new_branch(network.random()) + ";rport";
  return config.alias && is_reliable(target.transport) ? via + ";alias" : via;
}

void UserAgent::State::finish_request(sip::Message& request, const Target& target, bool with_contact,
                                      const HeaderValues& headers, const std::optional<Body>& body) const {
  request.add_first("Via", via_for(target));
  if (with_contact) request.set("Contact", contact_for(target, asks_for_sips(request)));
  if (!config.user_agent.empty()) request.set("User-Agent", config.user_agent);
  if (changes_dialog(request.method())) request.set("Allow", fmt::format("{}", fmt::join(methods(), ", ")));
  for (const auto& [header, value] : config.further_headers) request.add(header, value);
  for (const auto& [header, value] : headers) request.set(header, value);
  if (body) request.set_body(body->text, body->content_type);
}

sip::Message UserAgent::State::make_response(const sip::Message& request, const Hop& hop, int status,
                                             std::string reason, const std::string& tag,
                                             const HeaderValues& headers,
                                             const std::optional<Body>& body) const {
  sip::Message response = dialog::make_response(request, status, std::move(reason), tag);
  const bool makes_dialog = request.method() == "INVITE" && status > 100 && status < 300;
  const bool updates = request.method() == "UPDATE" && status >= 200 && status < 300; // RFC 3311 §5.2
  if (makes_dialog || updates) {
    Target target = target_of(hop);
    std::string contact = contact_for(target, asked_for_sips(request));
    response.add("Contact", std::move(contact));
  }
  if (!config.user_agent.empty()) response.add("Server", config.user_agent);
  // RFC 3261 §13.3.1.4, §11.2, §21.4.6: INVITE's 2xx, OPTIONS' and 405 say which methods there are.
  const bool describes =
      (status >= 200 && status < 300 && (request.method() == "INVITE" || request.method() == "OPTIONS"));
  if (describes || status == 405) response.add("Allow", fmt::format("{}", fmt::join(methods(), ", ")));
  if (describes && !extensions().empty())
    response.add("Supported", fmt::format("{}", fmt::join(extensions(), ", ")));
  if ((describes && request.method() == "OPTIONS") || status == 415)
    response.add("Accept", fmt::format("{}", fmt::join(config.accept, ", ")));
  if (status > 100) {
    for (const auto& [header, value] : config.further_headers) response.add(header, value);
  }
  for (const auto& [header, value] : headers) response.set(header, value);
  if (body) response.set_body(body->text, body->content_type);
  return response;
}

} // namespace sipvet::ua
