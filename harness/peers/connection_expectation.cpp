#include "peers/connection_expectation.hpp"

#include "tls/engine.hpp"
#include "tlswire/alert.hpp"
#include "tlswire/suites.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sipvet::peers {

namespace {

using script::Value;

constexpr std::string_view none = "none";

enum class Verdict { fits, differs, undecided };

// One thing that is expected of a connection.
struct Check {
  std::string key;
  std::string expected, actual;
  std::string awaited; // what would decide it
  Verdict verdict = Verdict::undecided;
};

std::string finding_id(const std::string& key) {
  std::string id = "tls-" + key;
  std::ranges::replace(id, '_', '-');
  return id;
}

std::string word(bool value) { return value ? "true" : "false"; }

Verdict equal(const std::string& a, const std::string& b) {
  return a == b ? Verdict::fits : Verdict::differs;
}

// True is waited for while it may still come, false is said of now.
Verdict wait_for(bool wanted, bool is, bool over) {
  if (is == wanted) return Verdict::fits;
  return wanted && !over ? Verdict::undecided : Verdict::differs;
}

Check check_established(bool wanted, const ConnectionRecord& record) {
  Check check{"established", word(wanted), word(record.established()), "the handshake to fail"};
  if (record.established() == wanted)
    check.verdict = Verdict::fits;
  else if (record.established_for_good())
    check.verdict = Verdict::differs;
  return check;
}

Check check_closed(bool wanted, const ConnectionRecord& record) {
  const bool is = record.over() && record.ended_by_other();
  return {"closed", word(wanted), word(is), "the gateway to end the connection",
          wait_for(wanted, is, record.over())};
}

Check check_close_notify(bool wanted, const ConnectionRecord& record) {
  const bool is = record.close_notify_received;
  return {"close_notify", word(wanted), word(is), "close_notify", wait_for(wanted, is, record.over())};
}

Check check_alert(std::string key, const std::string& wanted, const std::vector<tls::Alert>& alerts,
                  const ConnectionRecord& record) {
  const std::string is = alert_name(alerts);
  Check check{std::move(key), wanted, is, "the alert " + wanted};
  if (is == wanted)
    check.verdict = Verdict::fits;
  else if (record.over() || wanted == none)
    check.verdict = Verdict::differs;
  return check;
}

bool presented_certificate(const ConnectionRecord& record) {
  if (record.session) return !record.session->peer_chain_der.empty();
  const auto rejection = record.failure ? record.failure->rejection : std::nullopt;
  return rejection && rejection->kind != tls::PeerRejection::Kind::missing;
}

std::vector<Check> checks_of(const ExpectedConnection& expected, const ConnectionRecord& record) {
  const auto& session = record.session;
  const std::string no_session = "no session";
  std::vector<Check> out;
  const auto add = [&](std::string key, const std::string& wanted, const std::string& actual) {
    if (!wanted.empty()) out.push_back({std::move(key), wanted, actual, {}, equal(wanted, actual)});
  };
  if (expected.established) out.push_back(check_established(*expected.established, record));
  if (expected.port) add("port", std::to_string(*expected.port), std::to_string(record.hop.remote.port));
  add("version", expected.version, session ? std::string(tls::name(session->version)) : no_session);
  add("cipher", expected.cipher, session ? session->cipher : no_session);
  if (expected.resumed)
    add("resumed", word(*expected.resumed), session ? word(session->resumed) : no_session);
  const std::string name = session && session->server_name.empty() ? std::string(none)
                           : session                               ? session->server_name
                                                                   : no_session;
  add("server_name", expected.server_name, name);
  if (expected.certificate)
    add("certificate", word(*expected.certificate), word(presented_certificate(record)));
  if (!expected.alert.empty()) out.push_back(check_alert("alert", expected.alert, record.received, record));
  if (!expected.sent_alert.empty())
    out.push_back(check_alert("sent_alert", expected.sent_alert, record.sent, record));
  if (expected.close_notify) out.push_back(check_close_notify(*expected.close_notify, record));
  if (expected.closed) out.push_back(check_closed(*expected.closed, record));
  return out;
}

Result<void> check_alert_name(std::string_view key, const std::string& name) {
  if (name.empty() || name == none || tlswire::find_alert(name)) return {};
  return fail(
      fmt::format("'{}' needs the name of an alert as RFC 8446 §6 has it, or none, found '{}'", key, name));
}

std::optional<bool> boolean_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr ? std::nullopt : script::as_boolean(*value);
}

std::string text_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr ? std::string() : value->text;
}

} // namespace

Result<ExpectedConnection> read_expected_connection(const Value& map) {
  ExpectedConnection out;
  out.established = boolean_of(map, "established");
  out.resumed = boolean_of(map, "resumed");
  out.close_notify = boolean_of(map, "close_notify");
  out.certificate = boolean_of(map, "certificate");
  out.closed = boolean_of(map, "closed");
  if (const Value* port = map.find("port"))
    out.port = static_cast<std::uint16_t>(script::as_integer(*port).value_or(0));
  out.version = text_of(map, "version");
  out.cipher = text_of(map, "cipher");
  out.alert = text_of(map, "alert");
  out.sent_alert = text_of(map, "sent_alert");
  out.server_name = text_of(map, "server_name");
  SIPVET_CHECK(check_alert_name("alert", out.alert));
  SIPVET_CHECK(check_alert_name("sent_alert", out.sent_alert));
  if (!out.cipher.empty() && tlswire::find_suite(out.cipher) == nullptr)
    return fail(fmt::format("'cipher' needs an IANA cipher suite name, found '{}'", out.cipher));
  return out;
}

std::optional<Findings> judge(const script::Step& step, const ExpectedConnection& expected,
                              const ConnectionRecord& record) {
  if (record.state == ConnectionRecord::State::handshaking) return std::nullopt;
  Findings out;
  bool undecided = false;
  for (const Check& check : checks_of(expected, record)) {
    undecided = undecided || check.verdict == Verdict::undecided;
    if (check.verdict != Verdict::differs) continue;
    out.push_back(step_finding(step, finding_id(check.key),
                               fmt::format("The connection of {} is not what the scenario expects: {}.",
                                           step.actor, describe(record)),
                               fmt::format("{}: {}", check.key, check.expected),
                               fmt::format("{}: {}", check.key, check.actual)));
  }
  if (out.empty() && undecided) return std::nullopt;
  return out;
}

std::optional<Findings> judge_latest(const script::Step& step, const ExpectedConnection& expected,
                                     ConnectionRecords& records) {
  if (records.empty() || records.back()->judged_when_over) return std::nullopt;
  ConnectionRecord& record = *records.back();
  std::optional<Findings> findings = judge(step, expected, record);
  if (!findings) return std::nullopt;
  record.judged_when_over = record.over();
  const bool failed = record.state == ConnectionRecord::State::failed || expected.failure();
  record.failure_expected = record.failure_expected || (findings->empty() && failed);
  return findings;
}

std::string missing(const ExpectedConnection& expected, const ConnectionRecord& record) {
  if (record.state == ConnectionRecord::State::handshaking) return "the end of the handshake";
  std::vector<std::string> awaited;
  for (const Check& check : checks_of(expected, record))
    if (check.verdict == Verdict::undecided) awaited.push_back(check.awaited);
  return fmt::format("{} ({})", fmt::join(awaited, ", "), describe(record));
}

} // namespace sipvet::peers
