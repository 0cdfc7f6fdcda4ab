// The lines that a terminal or a log shows: one for each finished cell, a block for each failure, the table
// at the end.
#pragma once

#include "report/input.hpp"

#include <cstddef>
#include <string>

namespace sipvet::report {

struct ConsoleStyle {
  bool colour = false;     // ANSI sequences around verdicts
  std::size_t width = 100; // columns of the terminal; 0: lines are never shortened or wrapped
  bool show_keys = false;
};

// "pass         12 ms  srtp-mode/inbound-offer[mode=always,offer=rtp-only]", without a line end.
std::string cell_line(const verdict::Result& result, const ConsoleStyle& style);

// What a person needs to know about one result that is not a pass: each finding with requirement and its
// text, expected, actual, what to do, the messages around it, the scenario's file and line, the evidence
// folder. Empty for a result without findings that passed. Ends in a line end.
std::string failure_block(const verdict::Result& result, const std::vector<verdict::Requirement>& catalogue,
                          const ConsoleStyle& style);

// Every scenario with its verdict; one with two matrix dimensions as a grid (rows the first, columns the
// second dimension, a grid for each combination of the others). Ends in a line end.
std::string verdict_table(const std::vector<verdict::Result>& results, const ConsoleStyle& style);

// "12 pass, 1 fail, 2 unsupported" (a kind without results is left out), without a line end.
std::string summary_line(const verdict::Summary& summary, const ConsoleStyle& style);

} // namespace sipvet::report
