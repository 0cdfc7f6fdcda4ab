#include "gateway/routing_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sipvet::gateway {

namespace {

struct PstnParameter {
  std::string_view name;
  std::string (*value)(const PstnCall& call);
};
constexpr std::array<PstnParameter, 5> pstn_parameters = {{
    {"transfer", [](const PstnCall& call) -> std::string { return call.transfer ? "true" : "false"; }},
    {"pstn.in.channelName", [](const PstnCall& call) { return call.channel_name; }},
    {"pstn.in.dnis", [](const PstnCall& call) { return call.dnis; }},
    {"pstn.in.ani", [](const PstnCall& call) { return call.ani; }},
    {"pstn.in.callerName", [](const PstnCall& call) { return call.caller_name; }},
}};

std::optional<std::string> value_of(const PstnCall& call, std::string_view name) {
  for (const PstnParameter& parameter : pstn_parameters)
    if (parameter.name == name) return parameter.value(call);
  return std::nullopt;
}

// Nothing, or why the condition does not hold.
std::optional<std::string> mismatch(const RuleCondition& condition, const PstnCall& call,
                                    std::vector<std::string>& captures) {
  const std::optional<std::string> value = value_of(call, condition.parameter);
  if (!value) return condition.parameter + " is not known of a call";
  if (value->size() > max_pstn_value_octets) return condition.parameter + " is too long";
  std::smatch match;
  if (!std::regex_match(*value, match, condition.pattern))
    return condition.parameter + " '" + *value + "' does not match '" + condition.expression + "'";
  for (std::size_t i = 1; i < match.size(); ++i) captures.push_back(match[i].str());
  return std::nullopt;
}

std::string filled(std::string_view text, const std::vector<std::string>& captures) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char next = text[++i];
    const auto number = static_cast<std::size_t>(next - '0');
    if (next == '%') {
      out += '%';
    } else if (next >= '0' && next <= '9' && number < captures.size()) {
      out += captures[number];
    } else {
      out.append({'%', next});
    }
  }
  return out;
}

RoutedCall routed(const RoutingRule& rule, const std::vector<std::string>& captures) {
  RoutedCall call;
  call.rule = rule.name;
  for (const RuleParameter& parameter : rule.parameters) {
    const std::string text = filled(parameter.text, captures);
    if (parameter.name == "sip.out.requestUri") call.request_uri = text;
    if (parameter.name == "sip.out.from.uri") call.from_uri = text;
    if (parameter.name == "sip.out.from.displayName") call.from_display_name = text;
    if (parameter.name == "sip.out.transport") call.transport = ua::find_transport(text);
  }
  return call;
}

} // namespace

std::string expand_gateway_words(std::string text, const GatewayWords& words) {
  const std::pair<std::string_view, const std::string&> pairs[] = {{"GW_HOST_IP", words.host_ip},
                                                                   {"GW_SIP_PORT", words.sip_port}};
  for (const auto& [word, value] : pairs) {
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += value.size()) {
      text.replace(at, word.size(), value);
    }
  }
  return text;
}

RoutingRules::RoutingRules(std::vector<RoutingRule> rules) : rules_(std::move(rules)) {
  std::stable_sort(rules_.begin(), rules_.end(),
                   [](const RoutingRule& a, const RoutingRule& b) { return a.qvalue > b.qvalue; });
}

bool RoutingRules::use(ua::Transport transport) const {
  return std::any_of(rules_.begin(), rules_.end(), [&](const RoutingRule& rule) {
    return std::any_of(rule.parameters.begin(), rule.parameters.end(), [&](const RuleParameter& parameter) {
      return parameter.name == "sip.out.transport" && ua::find_transport(parameter.text) == transport;
    });
  });
}

Result<RoutedCall> RoutingRules::route(const PstnCall& call, bool in_file_order) const {
  std::string why_not;
  std::vector<RoutingRule> in_order = rules_;
  if (in_file_order)
    std::ranges::stable_sort(in_order, {}, [](const RoutingRule& rule) { return rule.at.line; });
  for (const RoutingRule& rule : in_order) {
    if (rule.outbound_interface != "sip") continue;
    std::vector<std::string> captures;
    std::optional<std::string> problem;
    for (const RuleCondition& condition : rule.conditions) {
      problem = mismatch(condition, call, captures);
      if (problem) break;
    }
    if (!problem) return routed(rule, captures);
    why_not += (why_not.empty() ? "" : "; ") + ("rule '" + rule.name + "': ") + *problem;
  }
  if (why_not.empty()) return fail("no routing rule leads to the SIP side");
  return fail("no routing rule takes the call: " + why_not);
}

} // namespace sipvet::gateway
