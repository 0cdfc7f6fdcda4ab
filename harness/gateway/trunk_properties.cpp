// The properties of sipXbridge's pages, and the DNS servers that names are asked from.
#include "gateway/field_table.hpp"

#include "base/text.hpp"
#include "dns/message.hpp"

namespace sipvet::gateway {

namespace {

using script::Value;

// The page's own check boxes; the defaults stand beside them there.
constexpr PermissionInfo permission_table[] = {
    {"900 Dialing", false},  {"Attendant Directory", false},  {"International Dialing", true},
    {"Local Dialing", true}, {"Long Distance Dialing", true}, {"Mobile Dialing", true},
    {"Toll Free", true},     {"Voice Mail", false},
};

std::vector<std::string> permission_names() {
  std::vector<std::string> names;
  for (const PermissionInfo& each : permission_table) names.emplace_back(each.name);
  return names;
}

Complaint take_trunk_transport(const Value& value, Trunk& row) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (iequals(text, "auto")) {
    row.transport.reset();
    return std::nullopt;
  }
  row.transport = ua::find_transport(text);
  if (!row.transport) return "expected Auto, UDP, TCP or TLS, found '" + text + "'";
  return std::nullopt;
}
constexpr Field<Trunk> trunk_fields[] = {
    {"Name", take_text<&Trunk::name>},
    {"Address", take_text<&Trunk::address>},
    {"Port", take_port<&Trunk::port>},
    {"Transport protocol", take_trunk_transport},
};
Complaint set_trunk(const Value& value, PropertyTarget& target) {
  Trunk& trunk = target.config.trunks.trunk;
  read_fields<Trunk>("Gateway", value, trunk_fields, trunk, target.errors);
  if (trunk.address.empty()) return "expected an Address";
  return std::nullopt;
}

void read_peer(const script::MapEntry& peer, std::set<std::string>& granted,
               std::vector<script::Diagnostic>& errors) {
  const std::string where = "TLS Peers " + peer.key;
  for (const PermissionInfo& each : permission_table)
    if (each.by_default) granted.emplace(each.name);
  if (peer.value.is_null()) return;
  if (!peer.value.is_map()) {
    errors.push_back({peer.value.at, where + ": expected a map, found " + script::describe(peer.value)});
    return;
  }
  for (const script::MapEntry& entry : peer.value.entries) {
    bool wanted = false;
    if (const Complaint unknown = check_choice(entry.key, permission_names())) {
      errors.push_back({entry.at, where + ": " + *unknown});
    } else if (const Complaint complaint = read_boolean(entry.value, wanted)) {
      errors.push_back({entry.value.at, where + ": " + entry.key + ": " + *complaint});
    } else if (wanted) {
      granted.insert(entry.key);
    } else {
      granted.erase(entry.key);
    }
  }
}

Complaint set_tls_peers(const Value& value, PropertyTarget& target) {
  auto& peers = target.config.trunks.tls_peers.emplace();
  if (value.is_null()) return std::nullopt;
  if (!value.is_map()) return "expected a map of identities, found " + script::describe(value);
  for (const script::MapEntry& entry : value.entries)
    read_peer(entry, peers[to_lower(entry.key)], target.errors);
  return std::nullopt;
}

Complaint set_dial_plan(const Value& value, PropertyTarget& target) {
  if (!value.is_map()) return "expected a map of numbers to permissions, found " + script::describe(value);
  for (const script::MapEntry& entry : value.entries) {
    DialRule rule{entry.key, {}};
    const std::size_t dot = entry.key.find('.');
    const bool pattern = !entry.key.empty() &&
                         entry.key.find_first_not_of("0123456789x*#+.") == std::string::npos &&
                         (dot == std::string::npos || dot + 1 == entry.key.size());
    Complaint complaint = read_text(entry.value, rule.permission);
    if (!complaint) complaint = check_choice(rule.permission, permission_names());
    if (!pattern)
      target.errors.push_back(
          {entry.at, "Dial Plan: expected digits, x and a dot at the end, found '" + entry.key + "'"});
    if (complaint) target.errors.push_back({entry.value.at, "Dial Plan: " + entry.key + ": " + *complaint});
    target.config.trunks.dial_plan.push_back(std::move(rule));
  }
  return std::nullopt;
}

Complaint set_dns_servers(const Value& value, PropertyTarget& target) {
  std::vector<std::string> texts;
  if (auto complaint = read_list(value, texts)) return complaint;
  std::vector<Endpoint> servers;
  for (const std::string& text : texts) {
    if (const auto address = parse_ip(text)) {
      servers.push_back({*address, dns::server_port});
      continue;
    }
    const auto endpoint = parse_endpoint(text);
    if (!endpoint) return "expected address or address:port, found '" + text + "'";
    servers.push_back(*endpoint);
  }
  target.config.dns_servers = std::move(servers);
  return std::nullopt;
}

constexpr Property table[] = {
    {{"Gateway", "{Name, Address, Port, Transport protocol}", "", "",
      "the far system of a trunk; without a port, or with the transport auto, DNS says them"},
     set_trunk},
    {{"TLS Peers", "map of identity to permissions", "", "",
      "what calls over TLS may use, by an identity in the certificate; without an entry, nothing that needs "
      "a "
      "permission"},
     set_tls_peers},
    {{"Dial Plan", "map of number to permission", "", "",
      "numbers that need a permission: digits, x for any digit, a dot for whatever follows"},
     set_dial_plan},
    {{"sipvet.dns.servers", "list of address[:port]", "", "",
      "DNS servers; without them sipvet gateway takes those of /etc/resolv.conf"},
     set_dns_servers},
};

} // namespace

std::span<const PermissionInfo> permissions() { return permission_table; }

bool fits(const DialRule& rule, std::string_view number) {
  for (const char c : rule.pattern) {
    if (c == '.') return true;
    if (number.empty()) return false;
    const char digit = number.front();
    number.remove_prefix(1);
    const bool matches = c == 'x' ? digit >= '0' && digit <= '9' : digit == c;
    if (!matches) return false;
  }
  return number.empty();
}

std::string TrunkSettings::permission_for(std::string_view number) const {
  for (const DialRule& rule : dial_plan)
    if (fits(rule, number)) return rule.permission;
  return {};
}

std::span<const Property> trunk_property_table() { return table; }

} // namespace sipvet::gateway
