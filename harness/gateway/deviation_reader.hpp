// Reads the `deviations` map of the gateway's settings.
#pragma once

#include "gateway/deviations.hpp"
#include "script/value.hpp"

#include <vector>

namespace sipvet::gateway {

void read_deviations(const script::Value& map, Deviations& deviations,
                     std::vector<script::Diagnostic>& errors);

} // namespace sipvet::gateway
