// The checks a scenario can ask for under `wire:`, one function for each.
#include "runner/wire_check.hpp"
#include "runner/wire_verdict.hpp"

#include "base/text.hpp"
#include "peers/expectation.hpp"
#include "peers/keys_expectation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace sipvet::runner {

namespace {

using analysis::Report;
using script::Value;

Differences check_sip(const Value& wanted, const Report& report) {
  Differences out;
  compare_count(out, wanted, "messages", report.sip.messages.size());
  const Value* methods = wanted.find("methods");
  if (methods == nullptr) return out;
  const std::vector<std::string> expected = peers::text_list(methods);
  std::vector<std::string> actual;
  for (const auto& message : report.sip.messages)
    if (message.is_request) actual.emplace_back(message.method);
  if (actual != expected)
    out.push_back({fmt::format("methods: {}", fmt::join(expected, " ")),
                   fmt::format("methods: {}", fmt::join(actual, " "))});
  return out;
}

void compare_dtmf(Differences& out, const Value& wanted, const analysis::MediaStreams& streams) {
  const std::string text = text_of(wanted, "dtmf");
  if (text.empty()) return;
  const std::string keys = peers::keys_of(text);
  std::vector<std::string> heard;
  for (const analysis::MediaStream& stream : streams)
    if (!stream.dtmf.empty()) heard.push_back(stream.dtmf);
  const bool there = keys.empty() ? heard.empty() : std::ranges::find(heard, keys) != heard.end();
  if (!there)
    out.push_back(
        {fmt::format("dtmf: {}", text),
         fmt::format("dtmf: {}", heard.empty() ? "none" : fmt::format("{}", fmt::join(heard, ", ")))});
}

Differences check_streams(const Value& wanted, const analysis::MediaStreams& streams, std::string_view kind) {
  Differences out;
  compare_count(out, wanted, "streams", streams.size());
  need_some(out, wanted, "streams", streams.size(), fmt::format("{} media", kind));
  for (const analysis::MediaStream& stream : streams)
    compare_text(out, wanted, "suite", "a stream with", stream.suite);
  compare_dtmf(out, wanted, streams);
  return out;
}

Differences check_srtp(const Value& wanted, const Report& report) {
  Differences out = check_streams(wanted, report.srtp, "SRTP");
  std::size_t reports = 0;
  for (const analysis::RtcpStream& stream : report.rtcp) reports += stream.authenticated;
  compare_count(out, wanted, "reports", reports);
  return out;
}
Differences check_rtp(const Value& wanted, const Report& report) {
  return check_streams(wanted, report.rtp, "plain RTP");
}

// Handshakes of media, counted where they were completed.
Differences check_dtls(const Value& wanted, const Report& report) {
  Differences out;
  std::size_t completed = 0;
  for (const analysis::DtlsHandshake& handshake : report.dtls) completed += handshake.completed;
  compare_count(out, wanted, "handshakes", completed);
  need_some(out, wanted, "handshakes", completed, "DTLS handshakes");
  for (const analysis::DtlsHandshake& handshake : report.dtls) {
    if (!handshake.completed) continue;
    compare_text(out, wanted, "version", "a handshake with", handshake.version);
    compare_text(out, wanted, "profile", "a handshake with", handshake.profile);
  }
  return out;
}

Differences check_t38(const Value& wanted, const Report& report) {
  Differences out;
  compare_count(out, wanted, "streams", report.t38.size());
  need_some(out, wanted, "streams", report.t38.size(), "T.38");
  return out;
}

bool has_finding(const Report& report, std::string_view id) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const verdict::Finding& f) { return f.id == id; });
}

Differences check_finding(const Value& wanted, const Report& report) {
  if (has_finding(report, wanted.text)) return {};
  return {{fmt::format("finding {}", wanted.text), "not found"}};
}

Differences check_no_finding(const Value& wanted, const Report& report) {
  if (!has_finding(report, wanted.text)) return {};
  return {{fmt::format("no finding {}", wanted.text), "found"}};
}

struct Check {
  std::string_view subject;
  Differences (*run)(const Value&, const Report&);
};
constexpr std::array checks = {Check{"tls", check_tls},         Check{"sip", check_sip},
                               Check{"srtp", check_srtp},       Check{"rtp", check_rtp},
                               Check{"dtls", check_dtls},       Check{"t38", check_t38},
                               Check{"finding", check_finding}, Check{"no_finding", check_no_finding}};

Differences run_check(const script::WireExpectation& wanted, const Report& report) {
  for (const Check& check : checks)
    if (check.subject == wanted.subject) return check.run(wanted.argument, report);
  return {{fmt::format("a check of {}", wanted.subject), "the harness has no such check"}};
}

} // namespace

std::string text_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr ? std::string() : value->text;
}

void compare_count(Differences& out, const Value& map, std::string_view key, std::size_t actual) {
  const Value* wanted = map.find(key);
  if (wanted != nullptr && script::as_integer(*wanted) != static_cast<std::int64_t>(actual))
    out.push_back({fmt::format("{}: {}", key, wanted->text), fmt::format("{}: {}", key, actual)});
}

void need_some(Differences& out, const Value& map, std::string_view count_key, std::size_t actual,
               std::string what) {
  const Value* wanted = map.find(count_key);
  if (actual == 0 && (wanted == nullptr || script::as_integer(*wanted) != 0))
    out.push_back({std::move(what), "none"});
}

void compare_text(Differences& out, const Value& map, std::string_view key, std::string_view what,
                  const std::string& actual) {
  const std::string wanted = text_of(map, key);
  if (!wanted.empty() && !iequals(wanted, actual))
    out.push_back({fmt::format("{}: {}", key, wanted),
                   fmt::format("{}: {} {}", key, what, actual.empty() ? "none" : actual)});
}

std::vector<verdict::Finding> check_expectations(const script::Cell& cell, const Report& report) {
  std::vector<verdict::Finding> out;
  for (const script::WireExpectation& wanted : cell.wire) {
    if (wanted.subject == "capture") continue; // capture_check.hpp
    for (const Difference& difference : run_check(wanted, report)) {
      verdict::Finding finding;
      finding.id = "wire-" + wanted.subject;
      finding.witness = verdict::Witness::wire;
      finding.text =
          fmt::format("The decrypted capture is not what the scenario expects of {}.", wanted.subject);
      finding.expected = difference.expected;
      finding.actual = difference.actual;
      finding.where = wanted.at;
      out.push_back(std::move(finding));
    }
  }
  return out;
}

} // namespace sipvet::runner
