// What was found and what it means: pure data that runner, analysis and reports exchange.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::verdict {

enum class Outcome { pass, fail, error, unsupported, skipped };
std::string_view to_string(Outcome outcome);

enum class Severity { info, warning, error };
std::string_view to_string(Severity severity);

// A place in a text file, lines and columns from 1; line 0: the file as a whole.
struct SourceLocation {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
};
std::string to_string(const SourceLocation& at); // "file:line:column"

// One problem in an input file; printed as "file:line:column: error: message".
struct Diagnostic {
  SourceLocation at;
  std::string message;
};
std::string to_string(const Diagnostic& diagnostic);

enum class Witness { peers, wire, harness };
std::string_view to_string(Witness witness);

// One thing that was checked and did not hold (or is worth saying).
struct Finding {
  std::string id; // stable, kebab-case: "answer-media"
  Severity severity = Severity::error;
  Witness witness = Witness::peers;
  std::string text;        // one sentence for a reader who never saw the code
  std::string requirement; // id of the catalogue row, if one applies
  std::string expected;
  std::string actual;
  SourceLocation where;             // the scenario's step
  std::optional<std::size_t> frame; // of the capture, from 1
  std::string fix;                  // what a person can do about it
  std::vector<std::string> context; // the messages around it, one a line
};

struct Result {
  std::string id; // "srtp-mode/inbound-offer[mode=always,offer=rtp-only]"
  std::string title;
  Outcome outcome = Outcome::error;
  std::vector<std::string> covers;
  std::chrono::nanoseconds duration{};
  std::vector<Finding> findings;
  std::string evidence; // folder, relative to the report; empty: none kept
  // What the two witnesses saw of each direction of media, for the report ("server>gateway": "srtp AES_CM…
  // recognised").
  std::map<std::string, std::string> observations;
};

struct Summary {
  std::size_t pass = 0, fail = 0, error = 0, unsupported = 0, skipped = 0;
};
Summary summarize(const std::vector<Result>& results);

// One row of the requirement catalogue.
struct Requirement {
  std::string id, level, source, clause, text;
  std::vector<std::string> systems;
};

// The value of that name as to_string() writes it; nothing for any other text.
std::optional<Outcome> parse_outcome(std::string_view name);
std::optional<Severity> parse_severity(std::string_view name);
std::optional<Witness> parse_witness(std::string_view name);

} // namespace sipvet::verdict
