#include "peers/settings.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace sipvet::peers {

namespace {

using script::Diagnostic;
using script::Value;
using Problem = std::string; // empty: the value was taken

struct Row {
  SettingInfo info;
  Problem (*apply)(Settings&, const Value&);
};

Problem wrong(const Value& value, std::string_view wanted) {
  return fmt::format("needs {}, found {}", wanted, script::describe(value));
}

Problem take_transport(Settings& settings, const Value& value) {
  const auto transport = value.is_scalar() ? ua::find_transport(value.text) : std::nullopt;
  if (!transport) return wrong(value, "udp, tcp or tls");
  settings.transport = *transport;
  return {};
}

Problem take_port(Settings& settings, const Value& value) {
  const auto port = script::as_integer(value);
  if (!port || *port < 1 || *port > 65535) return wrong(value, "a port from 1 to 65535");
  settings.port = static_cast<std::uint16_t>(*port);
  return {};
}

template <std::string Settings::*Field>
Problem take_text(Settings& settings, const Value& value) {
  if (!value.is_scalar()) return wrong(value, "a text");
  settings.*Field = value.text;
  return {};
}

template <bool Settings::*Field>
Problem take_boolean(Settings& settings, const Value& value) {
  const auto boolean = script::as_boolean(value);
  if (!boolean) return wrong(value, "true or false");
  settings.*Field = *boolean;
  return {};
}

// A list of names, each looked up with `find`; the first unknown one is the problem.
template <typename T, typename Find>
Problem take_list(std::vector<T>& field, const Value& value, Find find, std::string_view wanted) {
  const auto texts = script::as_texts(value);
  if (!texts || texts->empty()) return wrong(value, fmt::format("a list of {}", wanted));
  std::vector<T> taken;
  for (const std::string& text : *texts) {
    const auto found = find(text);
    if (!found) return fmt::format("'{}' is none of {}", text, wanted);
    taken.push_back(*found);
  }
  field = std::move(taken);
  return {};
}

Problem take_versions(Settings& settings, const Value& value) {
  return take_list(settings.tls_versions, value, tls::find_version, "TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3");
}

Problem take_ciphers(Settings& settings, const Value& value) {
  const auto any = [](const std::string& name) { return std::optional<std::string>(name); };
  const Problem problem = take_list(settings.tls_ciphers, value, any, "IANA cipher suite names");
  if (!problem.empty()) return problem;
  // The TLS library knows which names it can do; asked here, the file is to blame and not the run.
  tls::Config config;
  config.role = tls::Role::client;
  config.min_version = tls::Version::tls1_0;
  config.security_level = 0;
  config.ciphers = settings.tls_ciphers;
  const auto usable = tls::check_config(config);
  return usable ? Problem() : usable.error().what;
}

Problem take_suites(Settings& settings, const Value& value) {
  return take_list(settings.suites, value, rtp::find_srtp_suite,
                   "the SRTP crypto suites of RFC 4568, 6188 and 7714");
}

Problem take_codecs(Settings& settings, const Value& value) {
  const auto find = [](std::string_view name) -> std::optional<std::uint8_t> {
    if (iequals(name, "PCMU")) return std::uint8_t{0};
    if (iequals(name, "PCMA")) return std::uint8_t{8};
    return std::nullopt;
  };
  return take_list(settings.codecs, value, find, "PCMU, PCMA");
}

Problem take_form(Settings& settings, const Value& value) {
  for (const keying::Form form : {keying::Form::two_sections, keying::Form::avp_with_crypto}) {
    if (!value.is_scalar() || value.text != keying::name(form)) continue;
    settings.form = form;
    return {};
  }
  return wrong(value, "two-sections or avp-with-crypto");
}

Problem take_verify(Settings& settings, const Value& value) {
  struct Choice {
    std::string_view name;
    tls::Verify verify;
  };
  static constexpr Choice choices[] = {{"none", tls::Verify::none},
                                       {"chain-if-given", tls::Verify::chain_if_given},
                                       {"chain-required", tls::Verify::chain_required}};
  for (const Choice& choice : choices) {
    if (!value.is_scalar() || value.text != choice.name) continue;
    settings.tls_verify = choice.verify;
    return {};
  }
  return wrong(value, "none, chain-if-given or chain-required");
}

constexpr std::array rows = {
    Row{{"transport", "udp, tcp or tls: what the peer calls by and listens on"}, take_transport},
    Row{{"port", "its SIP port in the simulated network; over sockets a free port is asked for"}, take_port},
    Row{{"user", "user part of its address"}, take_text<&Settings::user>},
    Row{{"user-agent", "value of the User-Agent header; without it none is sent"},
        take_text<&Settings::user_agent>},
    Row{{"codecs", "PCMU and PCMA, most preferred first"}, take_codecs},
    Row{{"tls.versions", "TLS versions it speaks"}, take_versions},
    Row{{"tls.ciphers", "IANA names of its cipher suites, most preferred first"}, take_ciphers},
    Row{{"tls.verify", "how much of the other's certificate it checks: none, chain-if-given, chain-required"},
        take_verify},
    Row{{"tls.certificate", "whether it presents a certificate as a client"},
        take_boolean<&Settings::tls_present_certificate>},
    Row{{"srtp.suites", "SRTP crypto suites it offers and accepts, most preferred first"}, take_suites},
    Row{{"srtp.form", "how it writes an offer of SRTP and RTP: two-sections or avp-with-crypto"}, take_form},
};

const Row* find_row(std::string_view name) {
  for (const Row& row : rows)
    if (row.info.name == name) return &row;
  return nullptr;
}

bool is_group(std::string_view name) {
  for (const Row& row : rows)
    if (row.info.name.starts_with(std::string(name) + ".")) return true;
  return false;
}

std::string unknown_key(std::string_view name) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(row.info.name);
  std::string message = fmt::format("unknown peer setting '{}'", name);
  if (const auto close = nearest(name, names)) message += fmt::format("; did you mean '{}'?", *close);
  return message;
}

void read_into(ReadSettings& out, const Value& map, const std::string& prefix) {
  for (const script::MapEntry& entry : map.entries) {
    const std::string name = prefix + entry.key;
    if (const Row* row = find_row(name)) {
      const Problem problem = row->apply(out.settings, entry.value);
      if (!problem.empty()) out.errors.push_back({entry.value.at, fmt::format("'{}' {}", name, problem)});
    } else if (is_group(name) && entry.value.is_map()) {
      read_into(out, entry.value, name + ".");
    } else if (is_group(name)) {
      out.errors.push_back({entry.value.at, fmt::format("'{}' {}", name, wrong(entry.value, "a map"))});
    } else {
      out.errors.push_back({entry.at, unknown_key(name)});
    }
  }
}

} // namespace

std::span<const SettingInfo> setting_infos() {
  static const std::vector<SettingInfo> infos = [] {
    std::vector<SettingInfo> out;
    for (const Row& row : rows) out.push_back(row.info);
    return out;
  }();
  return infos;
}

ReadSettings read_settings(const Value& map) {
  ReadSettings out;
  if (!map.is_null()) read_into(out, map, "");
  return out;
}

} // namespace sipvet::peers
