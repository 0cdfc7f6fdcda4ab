// The checks of TLS connections that a scenario can ask for under `wire:`.
#include "runner/wire_check.hpp"

#include "tlswire/alert.hpp"
#include "tlswire/extensions.hpp"
#include "tlswire/suites.hpp"
#include "tlswire/version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sipvet::runner {

namespace {

using analysis::TlsConnection;
using script::Value;

constexpr std::string_view a_connection = "a connection with";

// RFC 5746 §3.3, RFC 7507 §2: no suites, and RFC 8701 §2: values that mean nothing.
bool is_signalling(std::uint16_t suite) {
  const bool grease = (suite & 0x0f0fU) == 0x0a0aU && (suite >> 8U) == (suite & 0xffU);
  return suite == 0x00ff || suite == 0x5600 || grease;
}

std::string joined(const std::vector<std::string>& names) {
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> list_of(const Value& value) {
  return script::as_texts(value).value_or(std::vector<std::string>{});
}

void compare_list(Differences& out, const Value& map, std::string_view key,
                  const std::vector<std::string>& actual) {
  const Value* wanted = map.find(key);
  if (wanted != nullptr && list_of(*wanted) != actual)
    out.push_back({fmt::format("{}: {}", key, joined(list_of(*wanted))),
                   fmt::format("{}: {} {}", key, a_connection, joined(actual))});
}

void compare_boolean(Differences& out, const Value& map, std::string_view key, bool actual) {
  const Value* wanted = map.find(key);
  if (wanted != nullptr && script::as_boolean(*wanted) != std::optional(actual))
    out.push_back({fmt::format("{}: {}", key, wanted->text), fmt::format("{}: {}", key, actual)});
}

// Those that must be there, and those that must not.
void compare_extensions(Differences& out, const Value& map, const std::vector<std::uint16_t>& types) {
  std::vector<std::string> names;
  for (const std::uint16_t type : types) names.push_back(tlswire::extension_name(type));
  for (const bool present : {true, false}) {
    const std::string_view key = present ? "extensions" : "extensions_absent";
    const Value* wanted = map.find(key);
    if (wanted == nullptr) continue;
    for (const std::string& name : list_of(*wanted))
      if ((std::ranges::find(names, name) != names.end()) != present)
        out.push_back({fmt::format("{}: {}", key, name),
                       fmt::format("extensions: {} {}", a_connection, joined(names))});
  }
}

void check_client_hello(Differences& out, const Value& wanted, const TlsConnection& connection) {
  if (!connection.client_hello) {
    out.push_back({"a ClientHello", "none was captured"});
    return;
  }
  const analysis::ClientHelloFacts& hello = *connection.client_hello;
  compare_text(out, wanted, "format", a_connection, hello.sslv2 ? "sslv2" : "tls");
  compare_text(out, wanted, "version", a_connection, tlswire::version_name(hello.version));
  std::vector<std::string> versions, suites;
  for (const std::uint16_t version : hello.versions)
    if (!is_signalling(version)) versions.push_back(tlswire::version_name(version));
  for (const std::uint16_t suite : hello.suites)
    if (!is_signalling(suite)) suites.push_back(tlswire::suite_name(suite));
  compare_list(out, wanted, "versions", versions);
  compare_list(out, wanted, "suites", suites);
  compare_text(out, wanted, "server_name", a_connection,
               connection.server_name.empty() ? "none" : connection.server_name);
  compare_extensions(out, wanted, hello.extensions);
}

void check_server_hello(Differences& out, const Value& wanted, const TlsConnection& connection) {
  if (!connection.server_hello) {
    out.push_back({"a ServerHello", "none was captured"});
    return;
  }
  namespace extension = tlswire::extension;
  const analysis::ServerHelloFacts& hello = *connection.server_hello;
  const auto has = [&](std::uint16_t type) {
    return std::ranges::find(hello.extensions, type) != hello.extensions.end();
  };
  compare_text(out, wanted, "downgrade_mark", a_connection, hello.downgrade_mark);
  compare_boolean(out, wanted, "encrypt_then_mac", has(extension::encrypt_then_mac));
  compare_boolean(out, wanted, "extended_master_secret", has(extension::extended_master_secret));
  compare_boolean(out, wanted, "renegotiation_info", has(extension::renegotiation_info));
  compare_count(out, wanted, "compression", hello.compression);
  compare_extensions(out, wanted, hello.extensions);
}

std::string closers_of(const TlsConnection& connection) {
  bool client = false, server = false;
  for (const analysis::TlsAlert& alert : connection.alerts)
    if (alert.description == 0) (alert.from_client ? client : server) = true;
  return client && server ? "both" : client ? "client" : server ? "server" : "none";
}

std::vector<std::string> alerts_of(const TlsConnection& connection) {
  std::vector<std::string> names;
  for (const analysis::TlsAlert& alert : connection.alerts)
    if (alert.description != 0) names.push_back(tlswire::alert_name(alert.description));
  return names;
}

void check_connection(Differences& out, const Value& wanted, const TlsConnection& connection) {
  compare_text(out, wanted, "version", a_connection, connection.version);
  compare_text(out, wanted, "cipher", a_connection, connection.cipher);
  if (const Value* hello = wanted.find("client_hello")) check_client_hello(out, *hello, connection);
  if (const Value* hello = wanted.find("server_hello")) check_server_hello(out, *hello, connection);
  compare_text(out, wanted, "client_certificate", a_connection,
               std::string(to_string(connection.client_certificate)));
  compare_text(out, wanted, "close_notify", a_connection, closers_of(connection));
  compare_list(out, wanted, "alerts", alerts_of(connection));
  compare_text(out, wanted, "premaster_version", a_connection,
               connection.premaster_version ? tlswire::version_name(*connection.premaster_version) : "");
}

} // namespace

Differences check_tls(const Value& wanted, const analysis::Report& report) {
  Differences out;
  compare_count(out, wanted, "connections", report.tls.size());
  need_some(out, wanted, "connections", report.tls.size(), "a TLS connection");
  std::vector<const TlsConnection*> meant;
  for (const TlsConnection& connection : report.tls) meant.push_back(&connection);
  if (const Value* number = wanted.find("connection")) {
    const auto index = static_cast<std::size_t>(script::as_integer(*number).value_or(1));
    if (index > meant.size()) {
      out.push_back({fmt::format("connection: {}", index), fmt::format("{} connections", meant.size())});
      return out;
    }
    meant = {meant[index - 1]};
  }
  const auto resumed =
      std::ranges::count_if(meant, [](const TlsConnection* connection) { return connection->resumed; });
  compare_count(out, wanted, "resumed", static_cast<std::size_t>(resumed));
  for (const TlsConnection* connection : meant) check_connection(out, wanted, *connection);
  return out;
}

} // namespace sipvet::runner
