#include "report/results_json.hpp"

#include "report/clean.hpp"
#include "report/secrets.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace sipvet::report {

namespace {

using Json = nlohmann::ordered_json;
using verdict::Finding;

Json to_json(const verdict::SourceLocation& at) {
  return {{"file", at.file}, {"line", at.line}, {"column", at.column}};
}

Json to_json(const Finding& finding) {
  Json out{{"id", finding.id},
           {"severity", to_string(finding.severity)},
           {"witness", to_string(finding.witness)},
           {"text", finding.text},
           {"requirement", finding.requirement},
           {"expected", finding.expected},
           {"actual", finding.actual},
           {"where", to_json(finding.where)}};
  if (finding.frame) out["frame"] = *finding.frame;
  out["fix"] = finding.fix;
  out["context"] = finding.context;
  return out;
}

Json to_json(const verdict::Result& result) {
  Json findings = Json::array();
  for (const Finding& finding : result.findings) findings.push_back(to_json(finding));
  Json observations = Json::object();
  for (const auto& [name, text] : result.observations) observations[name] = text;
  // Microseconds: a cell in the simulated network takes less than a millisecond.
  const double duration_ms = static_cast<double>(result.duration.count() / 1000) / 1000.0;
  return {{"id", result.id},
          {"title", result.title},
          {"outcome", to_string(result.outcome)},
          {"covers", result.covers},
          {"duration_ms", duration_ms},
          {"findings", std::move(findings)},
          {"evidence", result.evidence},
          {"observations", std::move(observations)}};
}

// Reads the fields of one object; the first that is missing or of another type is kept as the error.
class Fields {
 public:
  Fields(const Json& object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object_.is_object()) note("expected an object");
  }

  std::string text(const char* name, bool required) {
    const Json* const value = find(name, required);
    if (!value) return {};
    if (value->is_string()) return value->get<std::string>();
    note_field(name, "expected a string");
    return {};
  }

  double number(const char* name, bool required) {
    const Json* const value = find(name, required);
    if (!value) return 0;
    if (value->is_number()) return value->get<double>();
    note_field(name, "expected a number");
    return 0;
  }

  std::optional<std::size_t> count(const char* name) {
    const Json* const value = find(name, false);
    if (!value) return std::nullopt;
    if (value->is_number_unsigned()) return value->get<std::size_t>();
    note_field(name, "expected a number from 0");
    return std::nullopt;
  }

  std::vector<std::string> texts(const char* name, bool required) {
    std::vector<std::string> out;
    const Json* const value = list(name, required);
    if (!value) return out;
    for (const Json& item : *value) {
      if (item.is_string())
        out.push_back(item.get<std::string>());
      else
        note_field(name, "expected strings");
    }
    return out;
  }

  const Json* list(const char* name, bool required) {
    const Json* const value = find(name, required);
    if (!value || value->is_array()) return value;
    note_field(name, "expected an array");
    return nullptr;
  }

  const Json* find(const char* name, bool required) {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    if (found != object_.end()) return &*found;
    if (required) note_field(name, "missing");
    return nullptr;
  }

  void note_field(const char* name, std::string_view what) {
    note_at(path_.empty() ? std::string(name) : path_ + "." + name, what);
  }
  std::string path_of(const char* name, std::size_t index) const {
    return fmt::format("{}{}{}[{}]", path_, path_.empty() ? "" : ".", name, index);
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  void note(std::string_view what) { note_at(path_.empty() ? "the document" : path_, what); }
  void note_at(const std::string& where, std::string_view what) {
    if (!error_) error_ = fail(fmt::format("{}: {}", where, what));
  }

  const Json& object_;
  std::string path_;
  std::optional<Error> error_;
};

Result<verdict::SourceLocation> read_location(const Json& json, std::string path) {
  Fields fields(json, std::move(path));
  verdict::SourceLocation at{fields.text("file", true), fields.count("line").value_or(0),
                             fields.count("column").value_or(0)};
  if (fields.error()) return *fields.error();
  return at;
}

Result<Finding> read_finding(const Json& json, const std::string& path) {
  Fields fields(json, path);
  Finding finding;
  finding.id = fields.text("id", true);
  if (const auto severity = verdict::parse_severity(fields.text("severity", true)))
    finding.severity = *severity;
  else
    fields.note_field("severity", "expected error, warning or info");
  if (fields.find("witness", false)) {
    if (const auto witness = verdict::parse_witness(fields.text("witness", true)))
      finding.witness = *witness;
    else
      fields.note_field("witness", "expected peers, wire or harness");
  }
  finding.text = fields.text("text", true);
  finding.requirement = fields.text("requirement", false);
  finding.expected = fields.text("expected", false);
  finding.actual = fields.text("actual", false);
  finding.frame = fields.count("frame");
  finding.fix = fields.text("fix", false);
  finding.context = fields.texts("context", false);
  if (fields.error()) return *fields.error();
  if (const Json* const where = fields.find("where", false)) {
    SIPVET_TRY(finding.where, read_location(*where, path + ".where"));
  }
  return finding;
}

Result<void> read_observations(Fields& fields, verdict::Result& result) {
  const Json* const observations = fields.find("observations", false);
  if (!observations) return {};
  if (!observations->is_object())
    fields.note_field("observations", "expected an object");
  else
    for (const auto& [name, text] : observations->items()) {
      if (text.is_string())
        result.observations[name] = text.get<std::string>();
      else
        fields.note_field("observations", "expected strings");
    }
  if (fields.error()) return *fields.error();
  return {};
}

Result<verdict::Result> read_result(const Json& json, const std::string& path) {
  Fields fields(json, path);
  verdict::Result result;
  result.id = fields.text("id", true);
  result.title = fields.text("title", false);
  if (const auto outcome = verdict::parse_outcome(fields.text("outcome", true)))
    result.outcome = *outcome;
  else
    fields.note_field("outcome", "expected pass, fail, error, unsupported or skipped");
  result.covers = fields.texts("covers", true);
  const double duration_ms = fields.number("duration_ms", true);
  // A year: beyond it the number of nanoseconds soon overflows.
  if (!(duration_ms >= 0 && duration_ms < 366.0 * 86'400'000))
    fields.note_field("duration_ms", "expected 0 up to a year");
  else
    result.duration = std::chrono::microseconds(std::llround(duration_ms * 1000));
  result.evidence = fields.text("evidence", false);
  SIPVET_CHECK(read_observations(fields, result));
  const Json* const findings = fields.list("findings", true);
  if (fields.error()) return *fields.error();
  for (std::size_t i = 0; i < findings->size(); ++i) {
    SIPVET_TRY(Finding finding, read_finding((*findings)[i], fields.path_of("findings", i)));
    result.findings.push_back(std::move(finding));
  }
  return result;
}

} // namespace

std::string results_json(const ReportInput& input) {
  const std::vector<verdict::Result> shown = shown_results(input);
  const verdict::Summary summary = verdict::summarize(shown);
  Json results = Json::array();
  for (const verdict::Result& result : shown) results.push_back(to_json(result));
  const Json document{{"schema", results_schema},
                      {"version", input.version},
                      {"target", input.show_keys ? input.target : redact(input.target)},
                      {"summary",
                       {{"pass", summary.pass},
                        {"fail", summary.fail},
                        {"error", summary.error},
                        {"unsupported", summary.unsupported},
                        {"skipped", summary.skipped}}},
                      {"results", std::move(results)}};
  // Peers may send anything: octets that are no UTF-8 become U+FFFD instead of an exception.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<StoredRun> read_results(std::string_view json) {
  const Json document = Json::parse(json, nullptr, false);
  if (document.is_discarded()) return fail("not JSON");
  Fields fields(document, "");
  const std::string schema = fields.text("schema", true);
  if (!fields.error() && schema != results_schema)
    fields.note_field("schema", fmt::format("expected {}", results_schema));
  StoredRun run;
  run.version = fields.text("version", false);
  run.target = fields.text("target", false);
  const Json* const results = fields.list("results", true);
  if (fields.error()) return *fields.error();
  for (std::size_t i = 0; i < results->size(); ++i) {
    SIPVET_TRY(verdict::Result result, read_result((*results)[i], fields.path_of("results", i)));
    run.results.push_back(std::move(result));
  }
  return run;
}

} // namespace sipvet::report
