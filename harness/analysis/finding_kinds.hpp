// Every kind of finding that an inspection can make: its stable id, how bad it is, what it means and what to
// do.
#pragma once

#include "verdict/verdict.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sipvet::analysis {

struct FindingKind {
  std::string_view id;                                     // stable: scripts and scenarios name it
  verdict::Severity severity = verdict::Severity::warning; // usual; a few are milder where little came of it
  std::string_view meaning;
  std::string_view fix;
};

std::span<const FindingKind> finding_kinds();              // by subject, as documentation lists them
const FindingKind* find_finding_kind(std::string_view id); // nullptr when there is none
// The table as a page of documentation.
std::string finding_kinds_markdown();

} // namespace sipvet::analysis
