#include "peers/dtls_expectation.hpp"

#include "tlswire/alert.hpp"
#include "tlswire/use_srtp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

namespace sipvet::peers {

namespace {

using script::Value;

constexpr std::string_view none = "none";

std::string name_of(const std::optional<tls::Alert>& alert) {
  return alert ? tlswire::alert_name(alert->description) : std::string(none);
}

std::string role_name(keying::DtlsRole role) {
  return role == keying::DtlsRole::client ? "client" : "server";
}

// "established DTLSv1.2 as client with SRTP_AES128_CM_HMAC_SHA1_80", or why it was not.
std::string describe(const ua::DtlsStatus& status) {
  std::string out = status.established
                        ? fmt::format("established {} as {} with {}", status.version, role_name(status.role),
                                      tlswire::info(*status.profile).name)
                        : fmt::format("not established as {}", role_name(status.role));
  if (!status.failure.empty()) out += ": " + status.failure;
  return out;
}

struct Difference {
  std::string_view key;
  std::string expected, actual;
};

std::vector<Difference> differences(const ExpectedDtls& expected, const ua::DtlsStatus& status) {
  std::vector<Difference> out;
  const auto word = [](bool value) { return std::string(value ? "true" : "false"); };
  const auto compare = [&](std::string_view key, const std::string& wanted, const std::string& is) {
    if (!wanted.empty() && wanted != is) out.push_back({key, wanted, is});
  };
  if (expected.established) compare("established", word(*expected.established), word(status.established));
  compare("role", expected.role, role_name(status.role));
  compare("version", expected.version, status.version);
  compare("profile", expected.profile,
          status.profile ? std::string(tlswire::info(*status.profile).name) : std::string(none));
  compare("alert", expected.alert, name_of(status.alert_received));
  compare("sent-alert", expected.sent_alert, name_of(status.alert_sent));
  if (!expected.failure.empty() && !std::regex_search(status.failure, std::regex(expected.failure)))
    out.push_back({"failure", "/" + expected.failure + "/", status.failure});
  return out;
}

Result<void> check_word(std::string_view key, const std::string& value,
                        std::initializer_list<std::string_view> choices) {
  if (value.empty() || std::ranges::find(choices, value) != choices.end()) return {};
  return fail(fmt::format("'{}' cannot be '{}'", key, value));
}

} // namespace

Result<ExpectedDtls> read_expected_dtls(const Value& map) {
  ExpectedDtls out;
  const auto text = [&](std::string_view key) {
    const Value* value = map.find(key);
    return value == nullptr ? std::string() : value->text;
  };
  if (const Value* value = map.find("established")) out.established = script::as_boolean(*value);
  out.role = text("role");
  out.version = text("version");
  out.profile = text("profile");
  out.alert = text("alert");
  out.sent_alert = text("sent_alert");
  out.failure = text("failure");
  SIPVET_CHECK(check_word("role", out.role, {"client", "server"}));
  SIPVET_CHECK(check_word("version", out.version, {"DTLSv1.0", "DTLSv1.2"}));
  if (!out.profile.empty() && !tlswire::find_srtp_profile(out.profile))
    return fail(fmt::format("'{}' is no SRTP protection profile", out.profile));
  for (const std::string& alert : {out.alert, out.sent_alert})
    if (!alert.empty() && alert != none && !tlswire::find_alert(alert))
      return fail(fmt::format("'{}' is no alert", alert));
  try {
    std::regex{out.failure};
  } catch (const std::regex_error&) {
    return fail(fmt::format("'{}' is no regular expression", out.failure));
  }
  return out;
}

// An association that stands can still be ended by the other side, which looks at the last flight after this
// one has sent it: a failure is waited for.
std::optional<Findings> judge(const script::Step& step, const ExpectedDtls& expected,
                              const ua::DtlsStatus* status) {
  if (status == nullptr) return std::nullopt;
  const bool wants_failure = expected.established == false || !expected.failure.empty();
  if (!status->over() || (wants_failure && status->failure.empty())) return std::nullopt;
  Findings out;
  for (const Difference& each : differences(expected, *status))
    out.push_back(step_finding(
        step, fmt::format("dtls-{}", each.key),
        fmt::format("The DTLS association of {}'s media is {}.", step.actor, describe(*status)),
        fmt::format("{}: {}", each.key, each.expected), fmt::format("{}: {}", each.key, each.actual)));
  return out;
}

} // namespace sipvet::peers
