#include "runner/start_refusal.hpp"

#include "gateway/config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

namespace sipvet::runner {

namespace {

const script::Value* pattern_of(const script::Step& step) {
  if (step.actor != "gateway" || step.action != "expect") return nullptr;
  return step.argument.find("refused");
}

} // namespace

const script::Step* refusal_step(const script::Cell& cell) {
  const auto found =
      std::ranges::find_if(cell.steps, [](const script::Step& step) { return pattern_of(step) != nullptr; });
  return found == cell.steps.end() ? nullptr : &*found;
}

std::vector<verdict::Diagnostic> check_refusal(const script::Cell& cell) {
  const script::Step* step = refusal_step(cell);
  if (step == nullptr) return {};
  if (cell.steps.size() > 1 || step->argument.entries.size() > 1)
    return {{step->at, "'refused' stands alone: a gateway that does not start does nothing else"}};
  const script::Value& pattern = *pattern_of(*step);
  try {
    std::regex{pattern.text};
  } catch (const std::regex_error& error) {
    return {{pattern.at, fmt::format("'refused' is no regular expression: {}", error.what())}};
  }
  return {};
}

std::vector<verdict::Finding> judge_refusal(const script::Cell& cell, const Result<void>& started) {
  std::vector<std::string> said;
  for (const verdict::Diagnostic& error : gateway::read_config(cell.gateway.settings).errors)
    said.push_back(to_string(error));
  if (said.empty() && !started) said.push_back(started.error().what);
  const script::Step& step = *refusal_step(cell);
  const std::string& pattern = pattern_of(step)->text;
  const std::regex wanted(pattern);
  if (std::ranges::any_of(said, [&](const std::string& line) { return std::regex_search(line, wanted); }))
    return {};
  verdict::Finding finding;
  finding.id = said.empty() ? "gateway-started" : "gateway-refusal";
  finding.witness = verdict::Witness::peers;
  finding.text = said.empty() ? "The gateway starts with settings that it must refuse."
                              : "The gateway refuses its settings for another reason than expected.";
  finding.expected = fmt::format("/{}/", pattern);
  finding.actual = said.empty() ? "it started" : fmt::format("{}", fmt::join(said, "\n"));
  finding.where = step.at;
  return {finding};
}

} // namespace sipvet::runner
