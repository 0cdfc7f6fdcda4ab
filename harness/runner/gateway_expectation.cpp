// What a scenario expects of the gateway's last call or OPTIONS (`gateway: {expect: …}`).
#include "runner/gateway_actor.hpp"

#include <fmt/format.h>

#include <algorithm>
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

std::optional<Findings> GatewayActor::judge(const script::Step& step) {
  const Value& map = step.argument;
  const std::string status = text_of(map, "status"), reason = text_of(map, "reason"),
                    call = text_of(map, "call"), line = text_of(map, "log");
  Findings out;
  const auto differs = [&](std::string id, std::string what, std::string expected, std::string actual) {
    out.push_back(
        peers::step_finding(step, std::move(id), std::move(what), std::move(expected), std::move(actual)));
  };
  const auto sent = outbound().value_or(Outbound{});
  const bool of_outcome = !status.empty() || !reason.empty() || !call.empty();
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

ActiveStep GatewayActor::expect(const script::Step& step) {
  const auto errors = check_gateway_step(step);
  const bool of_log_only = std::ranges::all_of(step.argument.entries, [](const script::MapEntry& entry) {
    return entry.key == "log" || entry.key == "fax";
  });
  std::string problem = errors.empty() ? "" : errors.front().message;
  if (problem.empty() && !of_log_only && !outbound()) problem = "it has placed no call and sent no OPTIONS";
  if (!problem.empty())
    return peers::finished({peers::step_finding(
        step, "step-impossible",
        fmt::format("The gateway cannot carry out '{}' here: {}.", step.action, problem), "", problem)});
  return {[this, step] { return judge(step); },
          [this, step, of_log_only] {
            if (!of_log_only && !outbound()->done) return std::string("the outcome of the gateway's call");
            if (const std::string fax = text_of(step.argument, "fax"); !fax.empty())
              return fmt::format("the fax signal {} to the gateway", fax);
            return fmt::format("a line of the gateway's log that matches /{}/",
                               text_of(step.argument, "log"));
          }};
}

std::vector<script::Diagnostic> check_gateway_step(const script::Step& step) {
  if (step.action != "expect") return {};
  std::vector<script::Diagnostic> out;
  for (const std::string_view key : {"reason", "log"}) {
    const Value* value = step.argument.find(key);
    if (value == nullptr) continue;
    try {
      std::regex{value->text};
    } catch (const std::regex_error&) {
      out.push_back({value->at, fmt::format("'{}' is no regular expression", value->text)});
    }
  }
  return out;
}

} // namespace sipvet::runner
