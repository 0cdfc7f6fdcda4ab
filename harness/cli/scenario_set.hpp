// The scenarios a command is pointed at: loaded, checked, and complained about on standard error.
#pragma once

#include "script/scenario.hpp"
#include "verdict/verdict.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sipvet::cli {

struct ScenarioPaths {
  std::vector<std::string> paths = {"scenarios"};
  std::string profiles;  // empty: profiles/ of the nearest folder above the first path that has one
  std::string catalogue; // empty: docs/conformance/requirements.yaml beside that folder, if there
};

struct ScenarioSet {
  std::vector<script::Cell> cells;
  std::vector<verdict::Requirement> catalogue;
  std::size_t files = 0;
  std::vector<verdict::Diagnostic> errors; // of scenarios, profiles, settings and catalogue
};
ScenarioSet load(const ScenarioPaths& where);

// Prints them, each as "file:line:column: error: message"; true when there were any.
bool complain(const std::vector<verdict::Diagnostic>& errors);

} // namespace sipvet::cli
