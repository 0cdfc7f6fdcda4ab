// Reads one scenario text into cells: what load_scenarios() does for each file, and the entry for tests and
// fuzzing.
#pragma once

#include "script/profile.hpp"
#include "script/scenario.hpp"

#include <string>
#include <string_view>

namespace sipvet::script {

// More cells than anyone writes by hand or runs in a day; a matrix beyond it is refused before it is spelled
// out.
inline constexpr std::size_t max_cells = 10'000;

// All errors of the text at once; no cells when there are any.
Loaded load_scenario_text(std::string_view text, std::string file_name, ProfileStore& profiles);
Loaded load_scenario_file(const std::string& path, ProfileStore& profiles);

} // namespace sipvet::script
