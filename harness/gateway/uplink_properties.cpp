// Properties of registration and persistent connections, most of them under the labels that DGW v2.0's pages
// show.
#include "base/text.hpp"
#include "gateway/properties.hpp"
#include "sip/uri.hpp"

#include <algorithm>
#include <array>

namespace sipvet::gateway {

namespace {

using script::Value;

constexpr std::string_view no_host = "0.0.0.0:0"; // as the pages show an outbound proxy that is not set

// The pages have lists of Enable and Disable.
template <bool UplinkSettings::*Field>
Complaint set_switch(const Value& value, PropertyTarget& target) {
  bool& field = target.config.uplink.*Field;
  if (value.is_scalar() && (value.text == "Enable" || value.text == "Disable")) {
    field = value.text == "Enable";
    return std::nullopt;
  }
  if (read_boolean(value, field)) return "expected Enable or Disable, found " + script::describe(value);
  return std::nullopt;
}

template <std::optional<Endpoint> UplinkSettings::*Field>
Complaint set_host(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (text == no_host || text.empty()) return std::nullopt;
  const Result<Endpoint> endpoint = parse_endpoint(text);
  if (!endpoint) return "expected address:port, found '" + text + "': " + to_string(endpoint.error());
  if (endpoint->port == 0) return "expected a port from 1 to 65535 in '" + text + "'";
  target.config.uplink.*Field = *endpoint;
  return std::nullopt;
}

template <std::optional<ServerName> UplinkSettings::*Field>
Complaint set_server(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (text == no_host || text.empty()) return std::nullopt;
  const Result<ServerName> server = parse_server_name(text);
  if (!server) return server.error().what;
  target.config.uplink.*Field = *server;
  return std::nullopt;
}

Complaint set_gateways(const Value& value, PropertyTarget& target) {
  std::vector<std::string> texts;
  if (auto complaint = read_list(value, texts)) return complaint;
  UplinkSettings& uplink = target.config.uplink;
  uplink.gateways = texts;
  target.config.user_agents.clear();
  for (const std::string& text : texts) {
    const auto sides = split_once(text, ' ');
    if (!sides) return "expected NAME PORT/TRANSPORT, found '" + text + "'";
    std::string place(trim(sides->second));
    if (place.find(':') == std::string::npos) place.insert(0, "INADDR_ANY:");
    const Result<UserAgentAddress> address = parse_user_agent_address(place);
    if (!address) return "in '" + text + "': " + address.error().what;
    target.config.user_agents.push_back(*address);
    if (uplink.gateway_name.empty()) uplink.gateway_name = std::string(sides->first);
  }
  return std::nullopt;
}

Complaint set_base_port(const Value& value, PropertyTarget& target) {
  std::int64_t port = 0;
  if (auto complaint = read_integer(value, 0, 65535, port)) return complaint;
  target.config.uplink.base_port = static_cast<std::uint16_t>(port);
  return std::nullopt;
}

Complaint set_accounts(const Value& value, PropertyTarget& target) {
  std::vector<std::string> texts;
  if (auto complaint = read_list(value, texts)) return complaint;
  std::vector<Account> accounts;
  for (const std::string& text : texts) {
    const auto sides = split_once(text, ':');
    if (!sides || sides->first.empty())
      return "expected USER:PASSWORD in each, found one without a user or a colon";
    accounts.push_back({std::string(sides->first), std::string(sides->second)});
  }
  target.config.uplink.accounts = std::move(accounts);
  return std::nullopt;
}

Complaint set_realm(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.uplink.realm);
}

Complaint set_expires(const Value& value, PropertyTarget& target) {
  std::int64_t seconds = 0;
  if (auto complaint = read_integer(value, 1, 0x7fffffff, seconds)) return complaint;
  target.config.uplink.expires_s = static_cast<std::uint32_t>(seconds);
  return std::nullopt;
}

template <Duration UplinkSettings::*Field>
Complaint set_pause(const Value& value, PropertyTarget& target) {
  if (auto complaint = read_duration(value, target.config.uplink.*Field)) return complaint;
  if (target.config.uplink.*Field <= Duration{}) return "expected a duration above 0";
  return std::nullopt;
}

Complaint set_keep_alive(const Value& value, PropertyTarget& target) {
  return read_duration(value, target.config.uplink.keep_alive);
}

// RFC 3164 §4.1.1, numbered from 0; 12 to 15 have no names that all agree on.
constexpr std::array<std::string_view, 24> facilities = {
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "",       "",       "",       "",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};

Complaint set_facility(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  std::vector<std::string> names;
  for (const std::string_view each : facilities)
    if (!each.empty()) names.emplace_back(each);
  if (auto complaint = check_choice(text, names)) return complaint;
  target.config.uplink.syslog_facility =
      static_cast<unsigned>(std::find(facilities.begin(), facilities.end(), text) - facilities.begin());
  return std::nullopt;
}

constexpr Property table[] = {
    {{"Gateways", "list of NAME PORT/TRANSPORT", "", "",
      "DGW's SIP gateways; TLS is on for all of them or for none. The first one's name stands in log lines"},
     set_gateways},
    {{"RegistrarHost", "host:port", "", "",
      "where the accounts are registered: an address or a name; without a port SRV records say it"},
     set_server<&UplinkSettings::registrar>},
    {{"ProxyHost", "host:port", "", "", "where calls from the telephone side go, likewise"},
     set_server<&UplinkSettings::proxy>},
    {{"OutboundProxyHost", "host:port", "", "0.0.0.0:0",
      "through which registrations and calls go on their way there, likewise; 0.0.0.0:0: none"},
     set_server<&UplinkSettings::outbound_proxy>},
    {{"PersistentTlsBasePort", "integer", "", "16000",
      "local port of the first persistent TLS connection; the next ones follow. 0: free ports"},
     set_base_port},
    {{"AddSipTransportInRegistration", "Enable or Disable", "", "Enable",
      "whether the Contact of REGISTER names the transport, given that Contact does"},
     set_switch<&UplinkSettings::transport_in_registration>},
    {{"AddSipTransportInContact", "Enable or Disable", "", "Enable", "whether Contact names the transport"},
     set_switch<&UplinkSettings::transport_in_contact>},
    {{"sipvet.registration.accounts", "list of USER:PASSWORD", "", "",
      "accounts to register and to answer challenges with; the first one places the calls"},
     set_accounts},
    {{"sipvet.registration.realm", "text", "", "", "the realm that the passwords are for; empty: any"},
     set_realm},
    {{"sipvet.registration.expires", "integer", "", "3600", "seconds that bindings are asked for"},
     set_expires},
    {{"sipvet.registration.retry", "duration", "", "5s",
      "pause after a registration that failed, doubled with each that follows"},
     set_pause<&UplinkSettings::retry>},
    {{"sipvet.registration.longestRetry", "duration", "", "5min", "the longest such pause"},
     set_pause<&UplinkSettings::longest_retry>},
    {{"sipvet.sip.persistent.reconnect", "duration", "", "1s",
      "pause before a persistent connection that was lost is made again, doubled with each failure"},
     set_pause<&UplinkSettings::reconnect>},
    {{"sipvet.sip.persistent.longestReconnect", "duration", "", "1min", "the longest such pause"},
     set_pause<&UplinkSettings::longest_reconnect>},
    {{"sipvet.sip.persistent.keepAlive", "duration", "", "0s",
      "from one CRLF CRLF on persistent connections to the next (RFC 5626 §3.5.1); 0s: none"},
     set_keep_alive},
    {{"sipvet.syslog.server", "address:port", "", "", "where log lines go as well, by UDP (RFC 3164)"},
     set_host<&UplinkSettings::syslog>},
    {{"sipvet.syslog.facility", "text", "", "local7", "their facility"}, set_facility},
};

bool is_tls(const UserAgentAddress& address) { return address.transport == ua::Transport::tls; }

} // namespace

ServerName server_name(const Endpoint& endpoint) {
  const std::string host = to_string(endpoint.ip);
  return {endpoint.ip.v6 ? "[" + host + "]" : host, endpoint.port};
}

Result<ServerName> parse_server_name(std::string_view text) {
  const Result<sip::Uri> uri = sip::parse_uri("sip:" + std::string(text));
  const bool plain =
      uri && uri->user.empty() && uri->parameters.empty() && uri->headers.empty() && !uri->host.empty();
  if (!plain)
    return fail("expected an address or a host name, with a port or without, found '" + std::string(text) +
                "'");
  if (uri->port && *uri->port == 0)
    return fail("expected a port from 1 to 65535 in '" + std::string(text) + "'");
  return ServerName{uri->host, uri->port.value_or(0)};
}

std::string to_string(const ServerName& server) {
  return server.host + (server.port == 0 ? "" : ":" + std::to_string(server.port));
}

bool is_name(const ServerName& server) { return !server.host.starts_with('[') && !parse_ip(server.host); }

std::span<const Property> uplink_property_table() { return table; }

// DGW-TLS-5.
std::optional<std::string> mixed_gateways(const Config& config) {
  const std::vector<std::string>& names = config.uplink.gateways;
  if (names.size() != config.user_agents.size()) return std::nullopt;
  const auto secure = std::find_if(config.user_agents.begin(), config.user_agents.end(), is_tls);
  const auto plain = std::find_if_not(config.user_agents.begin(), config.user_agents.end(), is_tls);
  if (secure == config.user_agents.end() || plain == config.user_agents.end()) return std::nullopt;
  const auto name_of = [&](auto found) {
    return "'" + names[static_cast<std::size_t>(found - config.user_agents.begin())] + "'";
  };
  return "Gateways: " + name_of(secure) + " and " + name_of(plain) +
         " mix TLS with links that are not secure; TLS is on for all gateways or for none";
}

} // namespace sipvet::gateway
