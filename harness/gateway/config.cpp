#include "gateway/config.hpp"

#include "base/text.hpp"
#include "gateway/deviation_reader.hpp"
#include "gateway/properties.hpp"
#include "gateway/property_file.hpp"
#include "gateway/tls_checks.hpp"
#include "ua/resolver.hpp"

#include <algorithm>

namespace sipvet::gateway {

namespace {

using script::Diagnostic;
using script::MapEntry;
using script::Value;

constexpr std::string_view any_address = "INADDR_ANY";
constexpr std::string_view agents_property = "netborder.sip.userAgent.IPAddress";
constexpr std::string_view guide_spelling = "netborder.mdedia.srtp.cryptoSuite";
constexpr std::string_view evident_spelling = "netborder.media.srtp.cryptoSuite";

std::vector<std::string> known_names() {
  std::vector<std::string> names = {"deviations"};
  for (const Property& property : property_table()) names.emplace_back(property.info.name);
  return names;
}

const MapEntry* find_entry(const Value& map, std::string_view key) {
  for (const MapEntry& entry : map.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

bool before(const Diagnostic& a, const Diagnostic& b) {
  return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
}

// NBE-SUITE-3: both spellings of the suites' property may stand there only when they agree.
void check_spellings(const Value& settings, ReadConfig& read) {
  if (read.config.deviations.route.spellings_unchecked) return;
  const MapEntry* guide = find_entry(settings, guide_spelling);
  const MapEntry* evident = find_entry(settings, evident_spelling);
  if (guide == nullptr || evident == nullptr) return;
  std::vector<std::string> one, other;
  if (read_list(guide->value, one) || read_list(evident->value, other) || one == other) return;
  read.errors.push_back({guide->at, std::string(guide_spelling) + " and " + std::string(evident_spelling) +
                                        " have different values: they are two spellings of one property"});
}

// DGW's way to say where SIP is listened for, and NetBorder's.
void check_gateways(const Value& settings, ReadConfig& read) {
  const MapEntry* gateways = find_entry(settings, "Gateways");
  if (gateways == nullptr) return;
  if (find_entry(settings, agents_property) != nullptr)
    read.errors.push_back({gateways->at, "Gateways and " + std::string(agents_property) +
                                             " both say where SIP is listened for; leave one of them out"});
  if (const auto mixed = mixed_gateways(read.config); mixed && !read.config.deviations.tls_for_some)
    read.errors.push_back({gateways->value.at, *mixed});
}

// Several keys in a line are told apart by MKI (RFC 4568 §6.1).
void check_sdes(const Value& settings, ReadConfig& read) {
  const MapEntry* keys = find_entry(settings, "sipvet.media.sdes.keys");
  if (keys != nullptr && read.config.sdes.style.keys > 1 && read.config.sdes.style.mki_octets == 0)
    read.errors.push_back({keys->value.at, "sipvet.media.sdes.keys: several keys need an MKI: set "
                                           "sipvet.media.sdes.mkiOctets"});
}

bool same_place(const UserAgentAddress& a, const UserAgentAddress& b) {
  const bool overlap =
      a.ip == b.ip || (a.ip.v6 == b.ip.v6 && (a.ip.is_unspecified() || b.ip.is_unspecified()));
  return a.port == b.port && a.port != 0 && overlap;
}

// NBE-UA-2 and NBE-UA-3.
void check_user_agents(const script::SourceLocation& at, ReadConfig& read) {
  const std::vector<UserAgentAddress>& agents = read.config.user_agents;
  const std::string name(agents_property);
  for (std::size_t i = 0; i < agents.size(); ++i) {
    for (std::size_t j = i + 1; j < agents.size(); ++j) {
      if (!same_place(agents[i], agents[j])) continue;
      const bool udp_beside_stream =
          (agents[i].transport == ua::Transport::udp) != (agents[j].transport == ua::Transport::udp);
      if (udp_beside_stream || read.config.deviations.route.same_port_taken) continue;
      read.errors.push_back({at, name + ": " + to_string(agents[i]) + " and " + to_string(agents[j]) +
                                     " would listen on the same port; give them different ones"});
    }
  }
  const auto secure = [](const UserAgentAddress& agent) { return agent.transport == ua::Transport::tls; };
  const bool silent = read.config.deviations.route.no_security_warning;
  if (silent || std::none_of(agents.begin(), agents.end(), secure)) return;
  for (const UserAgentAddress& agent : agents) {
    if (secure(agent)) continue;
    read.warnings.push_back(
        {at, name + ": " + to_string(agent) + " beside a TLS user agent lets calls in without encryption"});
  }
}

void read_known(const Value& settings, ReadConfig& read) {
  PropertyTarget target;
  for (const Property& property : property_table()) {
    const MapEntry* entry = find_entry(settings, property.info.name);
    if (entry == nullptr) continue;
    if (const Complaint complaint = property.set(entry->value, target)) {
      read.errors.push_back({entry->value.at, entry->key + ": " + *complaint});
    }
  }
  read.config = std::move(target.config);
  read.errors.insert(read.errors.end(), target.errors.begin(), target.errors.end());
  if (const MapEntry* entry = find_entry(settings, "deviations")) {
    read_deviations(entry->value, read.config.deviations, read.errors);
  }
}

} // namespace

std::vector<Endpoint> system_dns_servers(std::string_view resolv_conf) {
  return ua::servers_of_resolv_conf(resolv_conf);
}

std::string to_string(const UserAgentAddress& address) {
  const std::string ip = address.ip.v6                 ? "[" + to_string(address.ip) + "]"
                         : address.ip.is_unspecified() ? std::string(any_address)
                                                       : to_string(address.ip);
  return ip + ":" + std::to_string(address.port) + "/" + std::string(ua::name(address.transport));
}

Result<UserAgentAddress> parse_user_agent_address(std::string_view text) {
  const std::string wanted = "expected address:port/transport, found '" + std::string(text) + "'";
  const auto sides = split_once(text, '/');
  if (!sides) return fail(wanted);
  UserAgentAddress address;
  const auto transport = ua::find_transport(trim(sides->second));
  if (!transport) return fail(wanted + ": the transport is udp, tcp or tls");
  address.transport = *transport;
  std::string place(trim(sides->first));
  if (place.starts_with(any_address)) place.replace(0, any_address.size(), "0.0.0.0");
  const Result<Endpoint> endpoint = parse_endpoint(place);
  if (!endpoint) return fail(wanted + ": " + to_string(endpoint.error()));
  address.ip = endpoint->ip;
  address.port = endpoint->port;
  return address;
}

ReadConfig read_config(const Value& settings, UnknownNames unknown) {
  ReadConfig read;
  if (settings.is_null()) return read;
  if (!settings.is_map()) {
    read.errors.push_back(
        {settings.at, "expected a map of property names, found " + script::describe(settings)});
    return read;
  }
  const std::vector<std::string> names = known_names();
  for (const MapEntry& entry : settings.entries) {
    const bool known =
        entry.key == "profile" || std::find(names.begin(), names.end(), entry.key) != names.end();
    if (known) continue;
    const bool ours = entry.key.starts_with("sipvet.");
    std::vector<Diagnostic>& list = ours || unknown == UnknownNames::are_errors ? read.errors : read.warnings;
    list.push_back({entry.at, unknown_name("property", entry.key, names)});
  }
  read_known(settings, read);
  check_spellings(settings, read);
  check_sdes(settings, read);
  check_gateways(settings, read);
  const MapEntry* agents = find_entry(settings, agents_property);
  if (agents != nullptr) check_user_agents(agents->value.at, read);
  // Values that are no values say nothing of what they would mean together.
  if (read.errors.empty())
    read.errors = check_tls_together(read.config.tls, read.config.deviations.tls, settings);
  if (read.errors.empty()) {
    read.errors = check_sbc(read.config.sbc, settings);
  }
  if (read.errors.empty()) {
    if (const auto missing = missing_for_mikey(read.config)) read.errors.push_back({settings.at, *missing});
  }
  std::stable_sort(read.errors.begin(), read.errors.end(), before);
  return read;
}

ReadConfig load_config(const std::string& path) {
  ReadConfig read;
  if (path.ends_with(".properties")) {
    const PropertyFile file = load_property_file(path);
    if (file.errors.empty()) read = read_config(file.root, UnknownNames::are_warnings);
    read.errors.insert(read.errors.begin(), file.errors.begin(), file.errors.end());
    read.warnings.insert(read.warnings.begin(), file.warnings.begin(), file.warnings.end());
    return read;
  }
  const script::Document document = script::load_yaml_file(path);
  if (document.errors.empty()) return read_config(document.root);
  read.errors = document.errors;
  return read;
}

} // namespace sipvet::gateway
