// Compares what an inspection found with a file of expectations (`sipvet inspect --expect`).
#pragma once

#include "script/value.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sipvet::cli {

struct ExpectOutcome {
  std::vector<script::Diagnostic> errors; // in the file itself; nothing was compared then
  std::vector<script::Diagnostic> differences;
  std::size_t compared = 0; // values
};

// `json` is what inspect_json() gives; docs/command-line.md has the rules of the file.
ExpectOutcome compare_expectations(const script::Document& file, const std::string& json);

// Whether the file says something of `sip.list`, which is long to write down and to read again.
bool asks_for_messages(const script::Document& file);

} // namespace sipvet::cli
