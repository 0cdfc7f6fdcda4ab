// From the guide's XML to routing rules. Every problem is said at its line and column.
#include "gateway/property_value.hpp"
#include "gateway/routing_rules.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>

namespace sipvet::gateway {

namespace {

using script::SourceLocation;

const std::vector<std::string> conditions_known = {"transfer", "pstn.in.channelName", "pstn.in.dnis",
                                                   "pstn.in.ani", "pstn.in.callerName"};
const std::vector<std::string> parameters_known = {"sip.out.requestUri", "sip.out.from.uri",
                                                   "sip.out.from.displayName", "sip.out.transport"};
constexpr std::size_t max_expression_octets = 1024;

class Reader {
 public:
  Reader(std::string_view text, const std::string& file_name) : text_(text), file_name_(file_name) {}

  ReadRules read() {
    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer(text_.data(), text_.size());
    if (!parsed) {
      error(place(parsed.offset), std::string("expected XML: ") + parsed.description());
      return std::move(read_);
    }
    take_children(document, true);
    if (rules_.empty() && read_.errors.empty()) error(place(0), "expected at least one 'rule' element");
    if (read_.errors.empty()) read_.rules = std::make_shared<const RoutingRules>(std::move(rules_));
    return std::move(read_);
  }

 private:
  SourceLocation place(std::ptrdiff_t offset) const {
    const std::string_view before = text_.substr(
        0, std::min(text_.size(), static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0))));
    const std::size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    return {file_name_, line, before.size() - line_start + 1};
  }
  SourceLocation place(const pugi::xml_node& node) const { return place(node.offset_debug()); }
  void error(SourceLocation at, std::string message) {
    read_.errors.push_back({std::move(at), std::move(message)});
  }
  void warning(SourceLocation at, std::string message) {
    read_.warnings.push_back({std::move(at), std::move(message)});
  }

  void take_children(const pugi::xml_node& parent, bool top) {
    for (const pugi::xml_node& child : parent.children()) {
      if (child.type() != pugi::node_element) continue;
      if (child.name() == std::string_view("rule")) {
        take_rule(child);
      } else if (top) {
        take_children(child, false);
      } else {
        warning(place(child), "element '" + std::string(child.name()) + "' is passed over: expected 'rule'");
      }
    }
  }

  // The attribute's value; an error when it is not there.
  std::string attribute(const pugi::xml_node& node, const char* name) {
    const pugi::xml_attribute found = node.attribute(name);
    if (!found)
      error(place(node), "element '" + std::string(node.name()) + "' lacks its attribute '" + name + "'");
    return found.value();
  }

  double qvalue(const pugi::xml_node& node) {
    const std::string text = attribute(node, "qvalue");
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1))
      error(place(node), "qvalue: expected a number from 0 to 1, found '" + text + "'");
    return value;
  }

  void take_rule(const pugi::xml_node& node) {
    RoutingRule rule;
    rule.at = place(node);
    rule.name = attribute(node, "name");
    if (!names_.insert(rule.name).second) error(rule.at, "rule '" + rule.name + "' stands there twice");
    rule.outbound_interface = attribute(node, "outbound_interface");
    rule.qvalue = qvalue(node);
    if (rule.outbound_interface != "sip") {
      warning(rule.at, "rule '" + rule.name + "' leads to the interface '" + rule.outbound_interface +
                           "', which calls from the telephone side never take");
      rules_.push_back(std::move(rule));
      return;
    }
    std::size_t legs = 0;
    for (const pugi::xml_node& child : node.children()) {
      const std::string_view name = child.name();
      if (child.type() != pugi::node_element) continue;
      if (name == "condition") {
        take_condition(child, rule);
      } else if (name == "out_leg") {
        if (++legs == 1) take_leg(child, rule);
      } else {
        error(place(child), unknown_name("element", std::string(name), {"condition", "out_leg"}));
      }
    }
    if (legs != 1)
      error(rule.at, "rule '" + rule.name + "': expected one out_leg, found " + std::to_string(legs));
    check_templates(rule);
    rules_.push_back(std::move(rule));
  }

  void take_condition(const pugi::xml_node& node, RoutingRule& rule) {
    RuleCondition condition;
    condition.parameter = attribute(node, "param");
    condition.expression = attribute(node, "expr");
    if (std::find(conditions_known.begin(), conditions_known.end(), condition.parameter) ==
        conditions_known.end())
      return error(place(node), unknown_name("condition parameter", condition.parameter, conditions_known));
    if (condition.expression.size() > max_expression_octets)
      return error(place(node), "expr is longer than " + std::to_string(max_expression_octets) + " octets");
    try {
      condition.pattern.assign(condition.expression, std::regex::ECMAScript);
    } catch (const std::regex_error& problem) {
      return error(place(node),
                   "expr '" + condition.expression + "' is no regular expression: " + problem.what());
    }
    rule.conditions.push_back(std::move(condition));
  }

  static std::size_t captures_of(const RoutingRule& rule) {
    std::size_t captures = 0;
    for (const RuleCondition& condition : rule.conditions) captures += condition.pattern.mark_count();
    return captures;
  }

  void take_leg(const pugi::xml_node& leg, RoutingRule& rule) {
    const std::string media = leg.attribute("media_type").as_string("sendrecv");
    if (media != "sendrecv") error(place(leg), "media_type: expected sendrecv, found '" + media + "'");
    for (const pugi::xml_node& child : leg.children()) {
      if (child.type() != pugi::node_element) continue;
      if (child.name() != std::string_view("param")) {
        error(place(child), unknown_name("element", child.name(), {"param"}));
        continue;
      }
      take_parameter(child, rule);
    }
  }

  void take_parameter(const pugi::xml_node& node, RoutingRule& rule) {
    RuleParameter parameter{attribute(node, "name"), attribute(node, "expr")};
    const auto named = [&](const RuleParameter& each) { return each.name == parameter.name; };
    if (std::find(parameters_known.begin(), parameters_known.end(), parameter.name) == parameters_known.end())
      return warning(place(node), unknown_name("parameter", parameter.name, parameters_known));
    if (std::any_of(rule.parameters.begin(), rule.parameters.end(), named))
      return error(place(node), "parameter '" + parameter.name + "' stands there twice");
    if (parameter.name == "sip.out.transport") {
      if (const Complaint complaint = check_choice(parameter.text, {"udp", "tcp", "tls"}))
        return error(place(node), parameter.name + ": " + *complaint);
    }
    places_.push_back({rule.name + "\n" + parameter.name, place(node)});
    rule.parameters.push_back(std::move(parameter));
  }

  void check_templates(const RoutingRule& rule) {
    const auto request_uri =
        std::find_if(rule.parameters.begin(), rule.parameters.end(),
                     [](const RuleParameter& p) { return p.name == "sip.out.requestUri"; });
    if (request_uri == rule.parameters.end() || request_uri->text.empty())
      error(rule.at, "rule '" + rule.name + "' lacks its parameter 'sip.out.requestUri'");
    const std::size_t captures = captures_of(rule);
    for (const RuleParameter& parameter : rule.parameters) check_template(rule, parameter, captures);
  }

  void check_template(const RoutingRule& rule, const RuleParameter& parameter, std::size_t captures) {
    const std::string& text = parameter.text;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') continue;
      const char next = i + 1 < text.size() ? text[++i] : '\0';
      const bool digit = next >= '0' && next <= '9';
      if (next == '%' || (digit && static_cast<std::size_t>(next - '0') < captures)) continue;
      const auto at = std::find_if(places_.begin(), places_.end(), [&](const auto& each) {
        return each.first == rule.name + "\n" + parameter.name;
      });
      error(at->second, parameter.name + ": '%" + std::string(next == '\0' ? "" : std::string(1, next)) +
                            "' stands for nothing: the conditions have " + std::to_string(captures) +
                            " groups, from %0 on; %% is a percent sign");
    }
  }

  std::string_view text_;
  const std::string& file_name_;
  ReadRules read_;
  std::vector<RoutingRule> rules_;
  std::set<std::string> names_;
  std::vector<std::pair<std::string, SourceLocation>> places_; // of parameters, by rule and name
};

} // namespace

ReadRules read_routing_rules(std::string_view xml, const std::string& file_name) {
  if (xml.size() > script::max_document_octets) {
    ReadRules read;
    read.errors.push_back(
        {{file_name, 0, 0},
         "the file is longer than " + std::to_string(script::max_document_octets) + " octets"});
    return read;
  }
  return Reader(xml, file_name).read();
}

ReadRules load_routing_rules(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad() || !in.is_open()) {
    ReadRules read;
    read.errors.push_back({{path, 0, 0}, "the file cannot be read"});
    return read;
  }
  return read_routing_rules(text, path);
}

} // namespace sipvet::gateway
