#include "report/clean.hpp"

#include "base/text.hpp"
#include "report/secrets.hpp"

namespace sipvet::report {

std::vector<std::string> redact_lines(const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  text.pop_back();
  std::vector<std::string> out;
  const std::string redacted = redact(text);
  for (const std::string_view line : split(redacted, '\n')) out.emplace_back(line);
  return out;
}

verdict::Finding without_secrets(const verdict::Finding& finding) {
  verdict::Finding out = finding;
  for (std::string* text : {&out.text, &out.expected, &out.actual, &out.fix}) *text = redact(*text);
  out.context = redact_lines(finding.context);
  return out;
}

verdict::Result without_secrets(const verdict::Result& result) {
  verdict::Result out = result;
  out.id = redact(result.id);
  out.title = redact(result.title);
  for (verdict::Finding& finding : out.findings) finding = without_secrets(finding);
  for (auto& [name, text] : out.observations) text = redact(text);
  return out;
}

std::vector<verdict::Result> shown_results(const ReportInput& input) {
  if (input.show_keys) return input.results;
  std::vector<verdict::Result> out;
  for (const verdict::Result& result : input.results) out.push_back(without_secrets(result));
  return out;
}

} // namespace sipvet::report
