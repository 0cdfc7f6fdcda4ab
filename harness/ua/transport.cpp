#include "ua/transport.hpp"

#include "base/text.hpp"
#include "sip/uri.hpp"

#include <array>

namespace sipvet::ua {

namespace {

struct TransportRow {
  Transport transport;
  std::string_view name, via_name;
  std::uint16_t default_port;
};
constexpr std::array<TransportRow, 3> rows = {{
    {Transport::udp, "udp", "UDP", 5060},
    {Transport::tcp, "tcp", "TCP", 5060},
    {Transport::tls, "tls", "TLS", 5061},
}};
const TransportRow& row(Transport transport) { return rows[static_cast<std::size_t>(transport)]; }

Result<IpAddress> address_of_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return parse_ip(host);
}

} // namespace

std::string_view name(Transport transport) { return row(transport).name; }
std::string_view via_name(Transport transport) { return row(transport).via_name; }
std::uint16_t default_port(Transport transport) { return row(transport).default_port; }

std::optional<Transport> find_transport(std::string_view name) {
  for (const TransportRow& each : rows) {
    if (iequals(each.name, name)) return each.transport;
  }
  return std::nullopt;
}

Target target_of(const Hop& hop) { return {hop.transport, hop.remote, hop.connection, {}, hop.local, {}}; }

std::string to_string(const Hop& hop) {
  return std::string(name(hop.transport)) + " " + to_string(hop.local) + " - " + to_string(hop.remote);
}

Result<Target> target_of_uri(std::string_view uri, Transport otherwise) {
  SIPVET_TRY(const sip::Uri parsed, sip::parse_uri(uri));
  Target target;
  target.transport = parsed.scheme == "sips" ? Transport::tls : otherwise;
  if (const auto parameter = sip::find(parsed.parameters, "transport")) {
    const std::optional<Transport> asked = find_transport(*parameter);
    if (!asked) return fail("expected transport udp, tcp or tls in " + std::string(uri));
    // RFC 3261 §26.2.2: sips with transport=tcp is TLS over TCP.
    target.transport = parsed.scheme == "sips" ? Transport::tls : *asked;
  }
  const Result<IpAddress> address = address_of_host(parsed.host);
  if (!address)
    return fail("expected an IP address as host of " + std::string(uri) + ": names are not resolved here");
  target.remote = {*address, parsed.port.value_or(default_port(target.transport))};
  return target;
}

} // namespace sipvet::ua
