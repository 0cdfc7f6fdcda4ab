#include "ua/via_stamp.hpp"

#include "base/text.hpp"
#include "sip/via.hpp"

namespace sipvet::ua {

namespace {

std::optional<IpAddress> address_in(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const Result<IpAddress> address = parse_ip(host);
  return address ? std::optional(*address) : std::nullopt;
}

void replace_top_via(sip::Message& message, const sip::Via& top) {
  std::vector<std::string> all = message.list("Via");
  all.front() = to_string(top);
  message.remove("Via");
  for (auto value = all.rbegin(); value != all.rend(); ++value) message.add_first("Via", *value);
}

} // namespace

void stamp_via(sip::Message& request, const Endpoint& source) {
  const std::vector<std::string> all = request.list("Via");
  if (all.empty()) return;
  const Result<sip::Via> parsed = sip::parse_via(all.front());
  if (!parsed) return;
  sip::Via via = *parsed;
  const bool wants_rport = sip::find(via.parameters, "rport").has_value();
  const bool elsewhere = address_in(via.host) != source.ip;
  if (!wants_rport && !elsewhere) return;
  // RFC 3581 §4: with rport, `received` is added even where it equals the sent-by address.
  sip::set(via.parameters, "received", to_string(source.ip));
  if (wants_rport) sip::set(via.parameters, "rport", std::to_string(source.port));
  replace_top_via(request, via);
}

Endpoint response_endpoint(const sip::Message& response, Transport transport, const Endpoint& source) {
  const std::vector<std::string> all = response.list("Via");
  if (all.empty()) return source;
  const Result<sip::Via> via = sip::parse_via(all.front());
  if (!via) return source;
  Endpoint to = source;
  const std::optional<std::string> received = sip::find(via->parameters, "received");
  if (const auto address = address_in(received ? *received : via->host)) to.ip = *address;
  to.port = via->port.value_or(default_port(transport));
  if (const auto rport = sip::find(via->parameters, "rport"); rport && transport == Transport::udp) {
    if (const auto port = parse_decimal(*rport, 65535, "rport")) to.port = static_cast<std::uint16_t>(*port);
  }
  return to;
}

} // namespace sipvet::ua
