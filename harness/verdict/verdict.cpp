#include "verdict/verdict.hpp"

#include <fmt/format.h>

namespace sipvet::verdict {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
  case Outcome::pass:
    return "pass";
  case Outcome::fail:
    return "fail";
  case Outcome::error:
    return "error";
  case Outcome::unsupported:
    return "unsupported";
  case Outcome::skipped:
    return "skipped";
  }
  return "error";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
  case Severity::info:
    return "info";
  case Severity::warning:
    return "warning";
  case Severity::error:
    return "error";
  }
  return "error";
}

std::string_view to_string(Witness witness) {
  switch (witness) {
  case Witness::peers:
    return "peers";
  case Witness::wire:
    return "wire";
  case Witness::harness:
    return "harness";
  }
  return "harness";
}

std::string to_string(const SourceLocation& at) {
  if (at.line == 0) return at.file;
  return fmt::format("{}:{}:{}", at.file, at.line, at.column);
}

std::string to_string(const Diagnostic& diagnostic) {
  return fmt::format("{}: error: {}", to_string(diagnostic.at), diagnostic.message);
}

Summary summarize(const std::vector<Result>& results) {
  Summary summary;
  for (const Result& result : results) {
    switch (result.outcome) {
    case Outcome::pass:
      ++summary.pass;
      break;
    case Outcome::fail:
      ++summary.fail;
      break;
    case Outcome::error:
      ++summary.error;
      break;
    case Outcome::unsupported:
      ++summary.unsupported;
      break;
    case Outcome::skipped:
      ++summary.skipped;
      break;
    }
  }
  return summary;
}

std::optional<Outcome> parse_outcome(std::string_view name) {
  for (const Outcome outcome :
       {Outcome::pass, Outcome::fail, Outcome::error, Outcome::unsupported, Outcome::skipped})
    if (name == to_string(outcome)) return outcome;
  return std::nullopt;
}

std::optional<Severity> parse_severity(std::string_view name) {
  for (const Severity severity : {Severity::info, Severity::warning, Severity::error})
    if (name == to_string(severity)) return severity;
  return std::nullopt;
}

std::optional<Witness> parse_witness(std::string_view name) {
  for (const Witness witness : {Witness::peers, Witness::wire, Witness::harness})
    if (name == to_string(witness)) return witness;
  return std::nullopt;
}

} // namespace sipvet::verdict
