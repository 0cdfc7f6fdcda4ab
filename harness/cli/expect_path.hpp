// Paths into JSON as expectation files write them: "sip.messages", "tls[0].version".
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::cli {

// A field, or an index of a list.
struct PathStep {
  std::string field;
  std::optional<std::size_t> index;
};

// At least one step.
Result<std::vector<PathStep>> parse_path(std::string_view text);

} // namespace sipvet::cli
