// What a scenario expects of key presses that were heard (`expect: {dtmf: …}`).
#pragma once

#include "base/result.hpp"
#include "peers/actor.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sipvet::peers {

// "12#", or none. Fails for what no telephone has a key for.
Result<void> check_keys(std::string_view keys);
// "A" for "a"; nothing for none.
std::string keys_of(std::string_view wanted);
// Empty: there may be more to come.
std::optional<Findings> compare_keys(const script::Step& step, const std::string& wanted,
                                     const std::string& heard);

} // namespace sipvet::peers
