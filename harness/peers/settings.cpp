#include "peers/settings.hpp"

#include "base/text.hpp"
#include "peers/setting_row.hpp"
#include "tls/engine_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sipvet::peers {

namespace {

using script::Value;

Problems take_transport(Settings& settings, const Value& value) {
  const auto transport = value.is_scalar() ? ua::find_transport(value.text) : std::nullopt;
  if (!transport) return wrong(value, "udp, tcp or tls");
  settings.transport = *transport;
  return {};
}

Problems take_port(Settings& settings, const Value& value) {
  const auto port = script::as_integer(value);
  if (!port || *port < 1 || *port > 65535) return wrong(value, "a port from 1 to 65535");
  settings.port = static_cast<std::uint16_t>(*port);
  return {};
}

Problems take_domain(Settings& settings, const Value& value) {
  if (!value.is_scalar() || value.text.empty()) return wrong(value, "a domain");
  settings.domain = value.text;
  return {};
}

template <std::string Settings::*Field>
Problems take_text(Settings& settings, const Value& value) {
  if (!value.is_scalar()) return wrong(value, "a text");
  settings.*Field = value.text;
  return {};
}

Problems take_codecs(Settings& settings, const Value& value) {
  const auto find = [](std::string_view name) -> std::optional<std::uint8_t> {
    if (iequals(name, "PCMU")) return std::uint8_t{0};
    if (iequals(name, "PCMA")) return std::uint8_t{8};
    return std::nullopt;
  };
  return take_list(settings.codecs, value, find, "PCMU, PCMA");
}

Problems take_media_deviations(Settings& settings, const Value& value) {
  return take_deviations(value, [&](const std::string& name, const std::vector<std::string>& values) {
    return ua::set_media_deviation(settings.media_deviations, name, values);
  });
}

constexpr std::array general_rows = {
    SettingRow{{"transport", "udp, tcp or tls: what the peer calls by and listens on"}, take_transport},
    SettingRow{{"port", "its SIP port in the simulated network; over sockets a free port is asked for"},
               take_port},
    SettingRow{{"user", "user part of its address"}, take_text<&Settings::user>},
    SettingRow{{"fork-of",
                "another peer, named before it: what calls that one reaches this one as well, as another "
                "branch behind a forking proxy, with a To tag, media and keys of its own"},
               take_text<&Settings::fork_of>},
    SettingRow{{"domain", "the SIP domain that its certificate is for; default peer.example.test"},
               take_domain},
    SettingRow{{"user-agent", "value of the User-Agent header; without it none is sent"},
               take_text<&Settings::user_agent>},
    SettingRow{{"codecs", "PCMU and PCMA, most preferred first"}, take_codecs},
    SettingRow{{"media.deviations", "a map of ways in which its media misbehaves"}, take_media_deviations},
};

const std::vector<SettingRow>& rows() {
  static const std::vector<SettingRow> all = [] {
    std::vector<SettingRow> out(general_rows.begin(), general_rows.end());
    out.insert(out.end(), next_hop_setting_rows().begin(), next_hop_setting_rows().end());
    out.insert(out.end(), sip_setting_rows().begin(), sip_setting_rows().end());
    out.insert(out.end(), srtp_setting_rows().begin(), srtp_setting_rows().end());
    out.insert(out.end(), dtls_setting_rows().begin(), dtls_setting_rows().end());
    out.insert(out.end(), mikey_setting_rows().begin(), mikey_setting_rows().end());
    out.insert(out.end(), proxy_setting_rows().begin(), proxy_setting_rows().end());
    out.insert(out.end(), tls_setting_rows().begin(), tls_setting_rows().end());
    return out;
  }();
  return all;
}

const SettingRow* find_row(std::string_view name) {
  for (const SettingRow& row : rows())
    if (row.info.name == name) return &row;
  return nullptr;
}

bool is_group(std::string_view name) {
  for (const SettingRow& row : rows())
    if (row.info.name.starts_with(std::string(name) + ".")) return true;
  return false;
}

std::string unknown_key(std::string_view name) {
  std::vector<std::string> names;
  for (const SettingRow& row : rows()) names.emplace_back(row.info.name);
  std::string message = fmt::format("unknown peer setting '{}'", name);
  if (const auto close = nearest(name, names)) message += fmt::format("; did you mean '{}'?", *close);
  return message;
}

void read_into(ReadSettings& out, const Value& map, const std::string& prefix) {
  for (const script::MapEntry& entry : map.entries) {
    const std::string name = prefix + entry.key;
    if (const SettingRow* row = find_row(name)) {
      for (const script::Diagnostic& found : row->take(out.settings, entry.value))
        out.errors.push_back({found.at, fmt::format("'{}' {}", name, found.message)});
    } else if (is_group(name) && entry.value.is_map()) {
      read_into(out, entry.value, name + ".");
    } else if (is_group(name)) {
      out.errors.push_back(
          {entry.value.at, fmt::format("'{}' needs a map, found {}", name, script::describe(entry.value))});
    } else {
      out.errors.push_back({entry.at, unknown_key(name)});
    }
  }
}

const Value* find_value(const Value& map, std::string_view name) {
  for (const script::MapEntry& entry : map.entries) {
    if (entry.key == name) return &entry.value;
    if (!name.starts_with(entry.key + ".")) continue;
    if (const Value* found = find_value(entry.value, name.substr(entry.key.size() + 1))) return found;
  }
  return nullptr;
}

// The first of these settings that is given; the whole map when none is.
std::pair<std::string_view, script::SourceLocation> blame(const Value& map,
                                                          std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const Value* value = find_value(map, name)) return {name, value->at};
  return {"tls", map.at};
}

// What the values are together, each being right by itself.
void check_together(ReadSettings& out, const Value& map) {
  const TlsSettings& tls = out.settings.tls;
  if (tls.trust == Trust::none && tls.verify.value_or(tls::Verify::none) != tls::Verify::none)
    out.errors.push_back({blame(map, {"tls.verify"}).second,
                          "'tls.verify' needs an authority to check against, and 'tls.trust' is none"});
  for (const tls::Role role : {tls::Role::client, tls::Role::server}) {
    const auto engine = tls::choose_engine(tls_config(role, tls));
    if (engine) continue;
    const auto [name, at] = tls.engine == tls::EngineKind::automatic
                                ? blame(map, {"tls.ciphers", "tls.hello", "tls.versions"})
                                : blame(map, {"tls.engine"});
    out.errors.push_back({at, fmt::format("'{}' {}", name, engine.error().what)});
    return; // the other side would say the same
  }
}

} // namespace

bool Settings::uses(keying::KeyExchange exchange) const {
  return std::ranges::find(key_exchanges, exchange) != key_exchanges.end();
}

std::span<const SettingInfo> setting_infos() {
  static const std::vector<SettingInfo> infos = [] {
    std::vector<SettingInfo> out;
    for (const SettingRow& row : rows()) out.push_back(row.info);
    return out;
  }();
  return infos;
}

std::string settings_reference() {
  std::string out = "| setting | meaning |\n|---|---|\n";
  for (const SettingRow& row : rows()) out += fmt::format("| `{}` | {} |\n", row.info.name, row.info.text);
  return out;
}

ReadSettings read_settings(const Value& map) {
  ReadSettings out;
  if (!map.is_null()) read_into(out, map, "");
  // Settings that are no settings say nothing of what they would mean together.
  if (out.errors.empty()) check_together(out, map);
  return out;
}

} // namespace sipvet::peers
