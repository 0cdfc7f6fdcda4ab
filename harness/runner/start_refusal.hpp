// Cells that want the gateway to refuse its configuration: `gateway: {expect: {refused: REGEX}}`.
#pragma once

#include "base/result.hpp"
#include "script/scenario.hpp"
#include "verdict/verdict.hpp"

#include <string>
#include <vector>

namespace sipvet::runner {

// The step that says so; nullptr where the gateway is to start.
const script::Step* refusal_step(const script::Cell& cell);

// What is wrong with such a cell as it is written: the step stands alone, and its expression can be read.
std::vector<verdict::Diagnostic> check_refusal(const script::Cell& cell);

// `started`: the outcome of the start, when the settings themselves could be read.
std::vector<verdict::Finding> judge_refusal(const script::Cell& cell, const Result<void>& started);

} // namespace sipvet::runner
