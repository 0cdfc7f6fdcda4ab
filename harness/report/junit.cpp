#include "report/junit.hpp"

#include "report/clean.hpp"
#include "report/grid.hpp"
#include "report/words.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <sstream>

namespace sipvet::report {

namespace {

using verdict::Outcome;
using verdict::Result;

// XML 1.0 §2.2 has no way to write most control characters.
std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    out += octet < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
  }
  return out;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = xml_text(value).c_str();
}

std::string seconds(std::chrono::nanoseconds duration) {
  return fmt::format("{:.6f}", static_cast<double>(duration.count()) / 1e9);
}

std::string finding_text(const verdict::Finding& finding,
                         const std::vector<verdict::Requirement>& catalogue) {
  std::string out = fmt::format("{}: {}\n", to_string(finding.severity), headline(finding));
  if (!finding.requirement.empty()) {
    const verdict::Requirement* const row = find_requirement(catalogue, finding.requirement);
    out += fmt::format("requirement: {}{}\n", finding.requirement, row ? ": " + row->text : "");
  }
  for (const auto& [label, text] : details_of(finding)) out += fmt::format("{}: {}\n", label, text);
  for (const std::string& line : finding.context) out += "  " + line + "\n";
  return out;
}

std::string result_text(const Result& result, const std::vector<verdict::Requirement>& catalogue) {
  std::string out;
  for (const verdict::Finding& finding : result.findings) out += finding_text(finding, catalogue);
  if (!result.evidence.empty()) out += fmt::format("evidence: {}\n", result.evidence);
  return out;
}

const char* element_of(Outcome outcome) {
  switch (outcome) {
  case Outcome::pass:
    return nullptr;
  case Outcome::fail:
    return "failure";
  case Outcome::error:
    return "error";
  case Outcome::unsupported:
  case Outcome::skipped:
    return "skipped";
  }
  return "error";
}

// CI servers show name and message only; the outcome keeps unsupported and skipped apart there.
std::string message_of(const Result& result) {
  const std::string reason = reason_of(result);
  if (result.outcome != Outcome::unsupported && result.outcome != Outcome::skipped)
    return reason.empty() ? "nothing was recorded about the reason" : reason;
  return fmt::format("{}{}{}", to_string(result.outcome), reason.empty() ? "" : ": ", reason);
}

void append_properties(pugi::xml_node test_case, const Result& result) {
  if (result.covers.empty()) return;
  pugi::xml_node properties = test_case.append_child("properties");
  for (const std::string& id : result.covers) {
    pugi::xml_node property = properties.append_child("property");
    set(property, "name", "covers");
    set(property, "value", id);
  }
}

void append_case(pugi::xml_node suite, const Result& result,
                 const std::vector<verdict::Requirement>& catalogue) {
  pugi::xml_node test_case = suite.append_child("testcase");
  set(test_case, "classname", suite.attribute("name").value());
  set(test_case, "name", result.id);
  set(test_case, "time", seconds(result.duration));
  append_properties(test_case, result);
  if (const char* const element = element_of(result.outcome)) {
    pugi::xml_node problem = test_case.append_child(element);
    set(problem, "message", message_of(result));
    if (!result.findings.empty()) set(problem, "type", result.findings.front().id);
    const std::string text = xml_text(result_text(result, catalogue));
    if (!text.empty()) problem.append_child(pugi::node_pcdata).set_value(text.c_str());
  } else if (!result.findings.empty()) {
    const std::string text = xml_text(result_text(result, catalogue));
    test_case.append_child("system-out").append_child(pugi::node_pcdata).set_value(text.c_str());
  }
}

void set_counts(pugi::xml_node node, const std::vector<const Result*>& results) {
  std::vector<Result> copies;
  std::chrono::nanoseconds total{};
  for (const Result* const result : results) {
    copies.emplace_back().outcome = result->outcome;
    total += result->duration;
  }
  const verdict::Summary summary = verdict::summarize(copies);
  node.append_attribute("tests") = static_cast<unsigned long long>(results.size());
  node.append_attribute("failures") = static_cast<unsigned long long>(summary.fail);
  node.append_attribute("errors") = static_cast<unsigned long long>(summary.error);
  node.append_attribute("skipped") = static_cast<unsigned long long>(summary.skipped + summary.unsupported);
  set(node, "time", seconds(total));
}

} // namespace

std::string junit_xml(const ReportInput& input) {
  const std::vector<Result> shown = shown_results(input);
  std::vector<const Result*> all;
  for (const Result& result : shown) all.push_back(&result);
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node suites = document.append_child("testsuites");
  set(suites, "name", "sipvet");
  set_counts(suites, all);
  for (const ScenarioResults& scenario : by_scenario(shown)) {
    pugi::xml_node suite = suites.append_child("testsuite");
    set(suite, "name", scenario.name);
    set_counts(suite, scenario.results);
    for (const Result* const result : scenario.results) append_case(suite, *result, input.catalogue);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

} // namespace sipvet::report
