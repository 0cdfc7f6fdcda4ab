// Sentences that several report formats share.
#pragma once

#include "verdict/verdict.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::report {

// "12 ms", "0.4 ms", "3.2 s"
std::string duration_text(std::chrono::nanoseconds duration);
// What one finding says in a line: its text, or its id where it has none.
std::string headline(const verdict::Finding& finding);
// The first finding of the highest severity, or nothing: why a result is not a pass.
std::string reason_of(const verdict::Result& result);
const verdict::Requirement* find_requirement(const std::vector<verdict::Requirement>& catalogue,
                                             std::string_view id);
// "RFC 3261, §18.3"; the source alone without a clause.
std::string source_of(const verdict::Requirement& requirement);

// What a finding says below its headline and its requirement, in the order that every format keeps.
struct LabelledText {
  std::string_view label;
  std::string text; // not empty
};
std::vector<LabelledText> details_of(const verdict::Finding& finding);

} // namespace sipvet::report
