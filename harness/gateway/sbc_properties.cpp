// The properties of an SBC: tables under the labels of AudioCodes' pages.
#include "gateway/field_table.hpp"

#include "base/text.hpp"
#include "sip/host_port.hpp"

#include <fmt/format.h>

namespace sipvet::gateway {

namespace {

using script::Value;

// ---- TLS Contexts: each entry is a property of TLS under another name, or under its own.
struct ContextLabel {
  std::string_view label, property;
};
constexpr ContextLabel context_labels[] = {
    {"Device Certificate", "netborder.sip.tls.serverCertificateFile"},
    {"Private Key", "netborder.sip.tls.serverCertificatePrivateKeyFile"},
    {"Private Key Passphrase", "netborder.sip.tls.serverCertificatePrivateKeyPassword"},
    {"Trusted Root Certificates", "netborder.sip.tls.trustedRootCertificatesStore"},
    {"TLS Version", "sipvet.sip.tls.versions"},
    {"Cipher Suites", "netborder.sip.tls.cypherSuites"},
};
constexpr std::string_view subject_label = "Subject Name";

const Property* context_property(std::string_view key) {
  for (const ContextLabel& each : context_labels)
    if (each.label == key) key = each.property;
  for (const Property& property : tls_property_table())
    if (property.info.name == key && key != "netborder.Installation.Directory") return &property;
  return nullptr;
}

void read_context(const script::MapEntry& context, PropertyTarget& target) {
  const std::string where = "TLS Contexts " + context.key;
  if (!context.value.is_map()) {
    target.errors.push_back(
        {context.value.at, where + ": expected a map, found " + script::describe(context.value)});
    return;
  }
  PropertyTarget own;
  own.installation_directory = target.installation_directory;
  own.config.tls = target.config.tls; // what is not said is as everywhere
  for (const script::MapEntry& entry : context.value.entries) {
    if (entry.key == subject_label) {
      std::string& domain = target.config.sbc.tls_context_domains[context.key];
      if (const Complaint complaint = read_text(entry.value, domain))
        target.errors.push_back({entry.value.at, where + ": " + entry.key + ": " + *complaint});
      continue;
    }
    const Property* property = context_property(entry.key);
    if (property == nullptr) {
      std::vector<std::string> names{std::string(subject_label)};
      for (const ContextLabel& each : context_labels) names.emplace_back(each.label);
      target.errors.push_back({entry.at, where + ": " + unknown_name("key", entry.key, names)});
    } else if (const Complaint complaint = property->set(entry.value, own)) {
      target.errors.push_back({entry.value.at, where + ": " + entry.key + ": " + *complaint});
    }
  }
  target.config.sbc.tls_contexts[context.key] = std::move(own.config.tls);
}

Complaint set_tls_contexts(const Value& value, PropertyTarget& target) {
  if (!value.is_map()) return "expected a map of names, found " + script::describe(value);
  for (const script::MapEntry& entry : value.entries) read_context(entry, target);
  return std::nullopt;
}

// ---- SIP Interfaces
Complaint take_failure_status(const Value& value, SipInterface& row) {
  std::int64_t status = 0;
  if (auto complaint = read_integer(value, 400, 699, status)) return complaint;
  row.classification_failure_status = static_cast<int>(status);
  return std::nullopt;
}
constexpr Field<SipInterface> interface_fields[] = {
    {"UDP Port", take_port<&SipInterface::udp_port>},
    {"TCP Port", take_port<&SipInterface::tcp_port>},
    {"TLS Port", take_port<&SipInterface::tls_port>},
    {"TLS Context Name", take_text<&SipInterface::tls_context>},
    {"Media Realm", take_text<&SipInterface::media_realm>},
    {"Classification Failure Response Type", take_failure_status},
};
Complaint set_sip_interfaces(const Value& value, PropertyTarget& target) {
  read_rows<SipInterface>("SIP Interfaces", value, interface_fields, target.config.sbc.sip_interfaces,
                          target.errors);
  return std::nullopt;
}

// ---- Media Realms
constexpr Field<MediaRealm> realm_fields[] = {
    {"UDP Port Range Start", take_port<&MediaRealm::first_port>},
    {"UDP Port Range End", take_port<&MediaRealm::last_port>},
};
Complaint set_media_realms(const Value& value, PropertyTarget& target) {
  auto& realms = target.config.sbc.media_realms;
  read_rows<MediaRealm>("Media Realms", value, realm_fields, realms, target.errors);
  for (const auto& [name, realm] : realms) {
    const bool pair = realm.first_port != 0 && realm.first_port < realm.last_port;
    if (!pair)
      return fmt::format("{}: expected a range of at least two ports, found {} to {}", name, realm.first_port,
                         realm.last_port);
  }
  return std::nullopt;
}

// ---- Proxy Sets
Result<ProxyAddress> parse_proxy_address(std::string_view text) {
  ProxyAddress out;
  if (const auto sides = split_once(text, '/')) {
    const auto transport = ua::find_transport(trim(sides->second));
    if (!transport) return fail(fmt::format("expected host[:port][/transport], found '{}'", text));
    out.transport = *transport;
    text = trim(sides->first);
  }
  SIPVET_TRY(const sip::HostPort place, sip::parse_host_port(text));
  out.host = place.host;
  out.port = place.port;
  return out;
}

Complaint take_keep_alive(const Value& value, ProxySet& row) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"Disable", "Using OPTIONS"})) return complaint;
  row.keep_alive = text == "Using OPTIONS";
  return std::nullopt;
}
// Seconds, as the page has it, or a duration.
Complaint take_keep_alive_time(const Value& value, ProxySet& row) {
  const auto seconds = script::as_integer(value);
  if (seconds && *seconds > 0 && *seconds <= 2'000'000) {
    row.keep_alive_time = std::chrono::seconds(*seconds);
    return std::nullopt;
  }
  if (auto complaint = read_duration(value, row.keep_alive_time)) return complaint;
  if (row.keep_alive_time <= Duration{}) return "expected a time above 0";
  return std::nullopt;
}
Complaint take_addresses(const Value& value, ProxySet& row) {
  std::vector<std::string> texts;
  if (auto complaint = read_list(value, texts)) return complaint;
  for (const std::string& text : texts) {
    const auto address = parse_proxy_address(text);
    if (!address) return address.error().what;
    row.addresses.push_back(*address);
  }
  return std::nullopt;
}
constexpr Field<ProxySet> proxy_set_fields[] = {
    {"SIP Interface", take_text<&ProxySet::sip_interface>},
    {"Proxy Keep-Alive", take_keep_alive},
    {"Proxy Keep-Alive Time", take_keep_alive_time},
    {"Proxy Hot Swap", take_enable<&ProxySet::hot_swap>},
    {"Proxy Address", take_addresses},
};
Complaint set_proxy_sets(const Value& value, PropertyTarget& target) {
  read_rows<ProxySet>("Proxy Sets", value, proxy_set_fields, target.config.sbc.proxy_sets, target.errors);
  return std::nullopt;
}

// ---- IP Groups
constexpr Field<IpGroup> group_fields[] = {
    {"Proxy Set", take_text<&IpGroup::proxy_set>},
    {"Media Realm", take_text<&IpGroup::media_realm>},
    {"Classify By Proxy Set", take_enable<&IpGroup::classify_by_proxy_set>},
};
Complaint set_ip_groups(const Value& value, PropertyTarget& target) {
  read_rows<IpGroup>("IP Groups", value, group_fields, target.config.sbc.ip_groups, target.errors);
  return std::nullopt;
}

Complaint set_outbound_group(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.sbc.outbound_group);
}

// ---- Media Security
struct MediaSecurity {
  bool enabled = false;
  SrtpMode behavior = SrtpMode::as_needed;
};
Complaint take_behavior(const Value& value, MediaSecurity& row) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"Preferable", "Mandatory"})) return complaint;
  row.behavior = text == "Mandatory" ? SrtpMode::always : SrtpMode::as_needed;
  return std::nullopt;
}
constexpr Field<MediaSecurity> security_fields[] = {
    {"Media Security", take_enable<&MediaSecurity::enabled>},
    {"Media Security Behavior", take_behavior},
};
Complaint set_media_security(const Value& value, PropertyTarget& target) {
  MediaSecurity read;
  read_fields<MediaSecurity>("Media Security", value, security_fields, read, target.errors);
  target.config.srtp_mode = read.enabled ? read.behavior : SrtpMode::never;
  return std::nullopt;
}

constexpr Property table[] = {
    {{"TLS Contexts", "map of NAME to settings of TLS", "", "",
      "certificates and settings of TLS that SIP interfaces name; what one does not say is as everywhere "
      "else"},
     set_tls_contexts},
    {{"SIP Interfaces", "map of NAME to ports, TLS context and media realm", "", "",
      "where SIP is listened for, in the place of netborder.sip.userAgent.IPAddress"},
     set_sip_interfaces},
    {{"Media Realms", "map of NAME to a range of ports", "", "", "the ports that media uses"},
     set_media_realms},
    {{"Proxy Sets", "map of NAME to servers", "", "",
      "servers that stand for each other, asked with OPTIONS whether they are alive"},
     set_proxy_sets},
    {{"IP Groups", "map of NAME to a proxy set", "", "",
      "whom calls go to, and which requests are taken as theirs"},
     set_ip_groups},
    {{"sipvet.sbc.outboundGroup", "text", "", "", "the IP group that calls of the telephone side go to"},
     set_outbound_group},
    {{"Media Security", "{Media Security, Media Security Behavior}", "", "",
      "Disable: never SRTP; Enable: Preferable, SRTP where the other side has it, or Mandatory"},
     set_media_security},
};

// ---- What the tables say of each other.
template <typename Map>
void check_reference(const Value& at, const std::string& who, const std::string& name, const Map& known,
                     std::string_view kind, std::vector<script::Diagnostic>& errors) {
  if (name.empty() || known.contains(name)) return;
  std::vector<std::string> names;
  for (const auto& [each, row] : known) names.push_back(each);
  errors.push_back({at.at, who + ": " + unknown_name(kind, name, names)});
}

} // namespace

std::string to_string(const ProxyAddress& address) {
  return fmt::format("{}{}/{}", address.host, address.port ? fmt::format(":{}", *address.port) : "",
                     ua::name(address.transport));
}

bool SbcSettings::classifies() const {
  return std::ranges::any_of(ip_groups, [](const auto& each) { return each.second.classify_by_proxy_set; });
}

std::span<const Property> sbc_property_table() { return table; }

std::vector<script::Diagnostic> check_sbc(const SbcSettings& sbc, const Value& settings) {
  std::vector<script::Diagnostic> errors;
  const auto place = [&](std::string_view property) -> const Value& {
    const Value* value = settings.find(property);
    return value == nullptr ? settings : *value;
  };
  for (const auto& [name, row] : sbc.sip_interfaces) {
    const Value& at = place("SIP Interfaces");
    const std::string who = "SIP Interfaces " + name;
    check_reference(at, who, row.tls_context, sbc.tls_contexts, "TLS context", errors);
    check_reference(at, who, row.media_realm, sbc.media_realms, "media realm", errors);
  }
  for (const auto& [name, row] : sbc.proxy_sets) {
    const Value& at = place("Proxy Sets");
    const std::string who = "Proxy Sets " + name;
    check_reference(at, who, row.sip_interface, sbc.sip_interfaces, "SIP interface", errors);
    if (row.addresses.empty()) errors.push_back({at.at, who + ": a proxy set needs a Proxy Address"});
  }
  for (const auto& [name, row] : sbc.ip_groups) {
    const Value& at = place("IP Groups");
    const std::string who = "IP Groups " + name;
    check_reference(at, who, row.proxy_set, sbc.proxy_sets, "proxy set", errors);
    check_reference(at, who, row.media_realm, sbc.media_realms, "media realm", errors);
    if (row.proxy_set.empty()) errors.push_back({at.at, who + ": an IP group needs a Proxy Set"});
  }
  check_reference(place("sipvet.sbc.outboundGroup"), "sipvet.sbc.outboundGroup", sbc.outbound_group,
                  sbc.ip_groups, "IP group", errors);
  return errors;
}

} // namespace sipvet::gateway
