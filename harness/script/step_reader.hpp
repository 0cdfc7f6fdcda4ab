// Reads the steps of one cell, and the checks of its capture, against the tables of actions and wire checks.
#pragma once

#include "script/check.hpp"
#include "script/scenario.hpp"

#include <string>
#include <vector>

namespace sipvet::script {

// `peers` are the names declared in the scenario. Steps with errors are left out.
std::vector<Step> read_steps(const Value& steps, const std::vector<std::string>& peers, Checker& checker);
std::vector<WireExpectation> read_wire(const Value& wire, Checker& checker);

} // namespace sipvet::script
