// The rows of a peer's settings about registration: those of a registrar and proxy, and of who registers
// there.
#include "peers/setting_row.hpp"

#include <array>

namespace sipvet::peers {

namespace {

using script::Value;

Problems take_acts_as(Settings& settings, const Value& value) {
  static constexpr Choice<bool> choices[] = {{"user agent", false}, {"proxy", true}};
  return take_choice(settings.proxy.acts, value, choices);
}

Problems take_accounts(Settings& settings, const Value& value) {
  if (!value.is_map()) return wrong(value, "a map of users to passwords");
  std::map<std::string, std::string> accounts;
  for (const script::MapEntry& entry : value.entries) {
    if (!entry.value.is_scalar()) return wrong(entry.value, "a password");
    accounts[entry.key] = entry.value.text;
  }
  settings.proxy.accounts = std::move(accounts);
  return {};
}

Problems take_alias(Settings& settings, const Value& value) {
  const auto boolean = script::as_boolean(value);
  if (!boolean) return wrong(value, "true or false");
  settings.alias = *boolean;
  return {};
}

template <std::string Settings::*Field>
Problems take_text(Settings& settings, const Value& value) {
  if (!value.is_scalar() || value.text.empty()) return wrong(value, "a text");
  settings.*Field = value.text;
  return {};
}

Problems take_realm(Settings& settings, const Value& value) {
  if (!value.is_scalar() || value.text.empty()) return wrong(value, "a text");
  settings.proxy.realm = value.text;
  return {};
}

Problems take_algorithms(Settings& settings, const Value& value) {
  const auto find = [](const std::string& name) -> std::optional<std::string> {
    for (const std::string_view known : {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess"})
      if (iequals(name, known)) return std::string(known);
    return std::nullopt;
  };
  return take_list(settings.proxy.algorithms, value, find, "MD5, MD5-sess, SHA-256, SHA-256-sess");
}

template <bool ProxySettings::*Field>
Problems take_boolean(Settings& settings, const Value& value) {
  const auto boolean = script::as_boolean(value);
  if (!boolean) return wrong(value, "true or false");
  settings.proxy.*Field = *boolean;
  return {};
}

template <Duration ProxySettings::*Field>
Problems take_duration(Settings& settings, const Value& value) {
  const auto duration = script::as_duration(value);
  if (!duration || *duration < Duration{}) return wrong(value, "a duration such as 2min");
  settings.proxy.*Field = *duration;
  return {};
}

template <std::uint32_t ProxySettings::*Field>
Problems take_seconds(Settings& settings, const Value& value) {
  const auto seconds = script::as_integer(value);
  if (!seconds || *seconds < 0 || *seconds > 0x7fffffff) return wrong(value, "a number of seconds");
  settings.proxy.*Field = static_cast<std::uint32_t>(*seconds);
  return {};
}

Problems take_transports(Settings& settings, const Value& value) {
  return take_list(settings.proxy.also_listens, value, ua::find_transport, "udp, tcp, tls");
}

Problems take_no_way_status(Settings& settings, const Value& value) {
  const auto status = script::as_integer(value);
  if (!status || *status < 400 || *status > 699) return wrong(value, "a status from 400 to 699");
  settings.proxy.no_way_status = static_cast<int>(*status);
  return {};
}

constexpr std::array rows = {
    SettingRow{{"acts-as", "user agent, or proxy: then it registers and forwards without steps of its own"},
               take_acts_as},
    SettingRow{{"accounts", "of a proxy: users and their passwords"}, take_accounts},
    SettingRow{{"registers_with", "the proxy that it registers with before the first step"},
               take_text<&Settings::registers_with>},
    SettingRow{{"password", "to answer challenges with; default that of the proxy's account of its user"},
               take_text<&Settings::password>},
    SettingRow{{"alias", "whether it asks for requests over the connections that it makes (RFC 5923)"},
               take_alias},
    SettingRow{{"proxy.realm", "realm of its challenges; default its address"}, take_realm},
    SettingRow{
        {"proxy.algorithms", "digest algorithms, a challenge for each: MD5, SHA-256, with -sess or not"},
        take_algorithms},
    SettingRow{{"proxy.qop", "whether challenges ask for qop auth (RFC 7616) or for none (RFC 2069)"},
               take_boolean<&ProxySettings::qop>},
    SettingRow{{"proxy.nonce-lifetime", "after this a nonce is stale"},
               take_duration<&ProxySettings::nonce_lifetime>},
    SettingRow{{"proxy.next-nonce", "whether each success announces the next nonce"},
               take_boolean<&ProxySettings::next_nonce>},
    SettingRow{{"proxy.challenge-calls", "whether INVITEs that begin a call are challenged with 407"},
               take_boolean<&ProxySettings::challenge_calls>},
    SettingRow{{"proxy.challenge-in-calls", "whether requests within calls are, but for ACK and CANCEL"},
               take_boolean<&ProxySettings::challenge_in_calls>},
    SettingRow{{"proxy.record-route", "whether it stays on the way of later requests"},
               take_boolean<&ProxySettings::record_route>},
    SettingRow{{"proxy.also-listens", "transports that it has beside its own"}, take_transports},
    SettingRow{{"proxy.idle-lifetime", "a connection that was quiet for so long is closed; 0s: never"},
               take_duration<&ProxySettings::idle_lifetime>},
    SettingRow{
        {"proxy.no-way-status", "its answer where it lacks the next hop's transport, or sending fails"},
        take_no_way_status},
    SettingRow{{"proxy.min-expires", "shortest binding in seconds; less is answered 423"},
               take_seconds<&ProxySettings::min_expires_s>},
    SettingRow{{"proxy.max-expires", "longest binding in seconds"},
               take_seconds<&ProxySettings::max_expires_s>},
    SettingRow{{"proxy.route-without-transport", "misbehaves: its Record-Route lacks the transport"},
               take_boolean<&ProxySettings::route_without_transport>},
    SettingRow{{"proxy.no-pong", "misbehaves: it does not answer keep-alives"},
               take_boolean<&ProxySettings::no_pong>},
};

} // namespace

std::span<const SettingRow> proxy_setting_rows() { return rows; }

} // namespace sipvet::peers
