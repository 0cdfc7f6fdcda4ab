// What a scenario expects of the gateway's last call or OPTIONS (`gateway: {expect: …}`).
#include "peers/keys_expectation.hpp"
#include "runner/gateway_actor.hpp"
#include "runner/media_expectation.hpp"
#include "runner/recording_expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

namespace sipvet::runner {

namespace {

using gateway::CallState;
using peers::ActiveStep;
using peers::Findings;
using script::Value;

// The standard library's regular expressions take stack for each character.
constexpr std::size_t max_searched_octets = 4096;

std::string text_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr ? std::string() : value->text;
}

bool matches(const std::string& text, const std::string& pattern) {
  const std::string start = text.substr(0, max_searched_octets);
  return std::regex_search(start, std::regex(pattern));
}

// "5xx" and "503".
bool is_status(int status, const std::string& wanted) {
  const std::string text = std::to_string(status);
  if (wanted.ends_with("xx")) return !text.empty() && text.size() == 3 && text[0] == wanted[0];
  return text == wanted;
}

bool says_outcome(const Value& map) {
  return std::ranges::any_of(std::array{"status", "reason", "call"},
                             [&](const char* key) { return !text_of(map, key).empty(); });
}

bool in_log(const gateway::MemoryLog& log, const std::string& pattern) {
  return std::ranges::any_of(log.lines, [&](const auto& line) {
    return matches(fmt::format("{} {}", gateway::name(line.first), line.second), pattern);
  });
}

} // namespace

std::optional<GatewayActor::Outbound> GatewayActor::outbound() const {
  Outbound out;
  if (last_request_) {
    for (const gateway::RequestInfo& request : gateway_.requests()) {
      if (request.handle != *last_request_) continue;
      out.done = request.done;
      out.status = request.status;
      out.reason = request.reason;
      out.succeeded = request.status >= 200 && request.status < 300;
    }
    return out;
  }
  if (!last_call_) return std::nullopt;
  if (const auto call = gateway_.call(*last_call_)) {
    out.done = call->state != CallState::ringing;
    out.status = call->status;
    out.reason = call->reason;
    out.succeeded =
        call->state == CallState::answered || (call->state == CallState::ended && call->status == 200);
  }
  return out;
}

// Of the outcome of what it sent, and of its log.
std::optional<Findings> GatewayActor::judge_outcome(const script::Step& step) {
  const Value& map = step.argument;
  const std::string status = text_of(map, "status"), reason = text_of(map, "reason"),
                    call = text_of(map, "call"), line = text_of(map, "log");
  Findings out;
  const auto differs = [&](std::string id, std::string what, std::string expected, std::string actual) {
    out.push_back(
        peers::step_finding(step, std::move(id), std::move(what), std::move(expected), std::move(actual)));
  };
  const auto sent = outbound().value_or(Outbound{});
  const bool of_outcome = says_outcome(map);
  if (of_outcome) {
    if (!sent.done) return std::nullopt;
    const std::string got = fmt::format("{} {}", sent.status, sent.reason);
    if (!call.empty() && (call == "answered") != sent.succeeded)
      differs("gateway-call", "The gateway's last call or OPTIONS ended otherwise than expected.", call,
              fmt::format("{}: {}", sent.succeeded ? "answered" : "failed", got));
    if (!status.empty() && !is_status(sent.status, status))
      differs("gateway-status", "The telephone side is told another status than expected.", status, got);
    if (!reason.empty() && !matches(sent.reason, reason))
      differs("gateway-reason", "The telephone side is told another reason than expected.",
              fmt::format("/{}/", reason), got);
  }
  if (const std::string fax = text_of(map, "fax"); out.empty() && !fax.empty()) {
    const auto current = latest();
    if (!current || !current->fax_signal || rtp::name(*current->fax_signal) != fax) return std::nullopt;
  }
  if (out.empty() && !line.empty() && !in_log(log_, line)) return std::nullopt;
  failure_expected_ = failure_expected_ || (of_outcome && out.empty() && !sent.succeeded);
  return out;
}

std::optional<Findings> GatewayActor::judge(const script::Step& step) {
  auto findings = judge_outcome(step);
  if (findings && findings->empty()) findings = judge_uplink(step);
  if (findings && findings->empty()) findings = judge_telephone(step);
  const Value* media = step.argument.find("media");
  if (!findings || !findings->empty() || media == nullptr) return findings;
  const auto call = latest();
  if (!call) return std::nullopt;
  const ExpectedMedia expected = read_expected_media(*media);
  if (!expected.all_came(call->media)) return std::nullopt;
  judged_media_ = call->media;
  if (expected.matches(call->media)) return findings;
  findings->push_back(peers::step_finding(step, "gateway-media",
                                          "The gateway made something else of the packets that came to it.",
                                          expected.describe(), peers::describe_counters(call->media)));
  return findings;
}

ActiveStep GatewayActor::expect(const script::Step& step) {
  const auto errors = check_gateway_step(step);
  std::string problem = errors.empty() ? "" : errors.front().message;
  if (problem.empty() && says_outcome(step.argument) && !outbound())
    problem = "it has placed no call and sent no OPTIONS";
  if (!problem.empty())
    return peers::finished({peers::step_finding(
        step, "step-impossible",
        fmt::format("The gateway cannot carry out '{}' here: {}.", step.action, problem), "", problem)});
  return {[this, step] { return judge(step); }, [this, step] { return missing(step); }};
}

std::string GatewayActor::missing(const script::Step& step) const {
  if (says_outcome(step.argument) && !outbound()->done) return "the outcome of the gateway's call";
  if (const std::string fax = text_of(step.argument, "fax"); !fax.empty())
    return fmt::format("the fax signal {} to the gateway", fax);
  for (const std::string_view key : {"registered", "link", "links"})
    if (const Value* wanted = step.argument.find(key); wanted != nullptr && !judge_uplink(step))
      return missing_of_uplink(key, *wanted);
  if (const std::string telephone = missing_of_telephone(step); !telephone.empty()) return telephone;
  const Value* media = step.argument.find("media");
  const std::string line = text_of(step.argument, "log");
  if (media == nullptr || (!line.empty() && !in_log(log_, line)))
    return fmt::format("a line of the gateway's log that matches /{}/", line);
  return fmt::format("what the gateway should make of its media ({}): {}",
                     read_expected_media(*media).describe(), describe_media());
}

namespace {

void check_pattern(const Value* value, std::vector<script::Diagnostic>& out) {
  if (value == nullptr) return;
  try {
    std::regex{value->text};
  } catch (const std::regex_error&) {
    out.push_back({value->at, fmt::format("'{}' is no regular expression", value->text)});
  }
}

void complain(const Value& value, std::string_view key, const Result<void>& checked,
              std::vector<script::Diagnostic>& out) {
  if (!checked) out.push_back({value.at, fmt::format("'{}': {}", key, checked.error().what)});
}

} // namespace

std::vector<script::Diagnostic> check_gateway_step(const script::Step& step) {
  std::vector<script::Diagnostic> out;
  check_pattern(step.options.find("refused"), out);
  if (step.action == "dtmf") complain(step.argument, "dtmf", peers::check_keys(step.argument.text), out);
  if (step.action == "record")
    complain(step.argument, "record", check_recording_name(step.argument.text), out);
  if (step.action != "expect") return out;
  if (const Value* dtmf = step.argument.find("dtmf"))
    complain(*dtmf, "dtmf", peers::check_keys(dtmf->text), out);
  if (const Value* recording = step.argument.find("recording"))
    if (const auto read = read_expected_recording(*recording); !read)
      complain(*recording, "recording", read.error(), out);
  for (const std::string_view key : {"reason", "log"}) check_pattern(step.argument.find(key), out);
  return out;
}

} // namespace sipvet::runner
