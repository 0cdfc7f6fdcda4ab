// Reads one scenario text into cells: what load_scenarios() does for each file, and the entry for tests and
// fuzzing.
#pragma once

#include "script/profile.hpp"
#include "script/scenario.hpp"

#include <string>
#include <string_view>

namespace sipvet::script {

// Values that the cells of one file may hold together, profiles included; the memory of some tens of
// megabytes.
inline constexpr std::size_t max_cell_values = 500'000;

// All errors of the text at once; no cells when there are any.
Loaded load_scenario_text(std::string_view text, std::string file_name, ProfileStore& profiles);
Loaded load_scenario_file(const std::string& path, ProfileStore& profiles);

} // namespace sipvet::script
