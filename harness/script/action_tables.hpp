// The parts of the tables of actions.hpp.
#pragma once

#include "script/actions.hpp"

namespace sipvet::script {

std::span<const ActionInfo> peer_actions();
std::span<const ActionInfo> gateway_actions();

inline constexpr std::string_view counts = "0..1000000";
inline constexpr std::string_view dtmf_text = "The digits that must have been heard in the last call, and no "
                                              "others: telephone events and SIP INFO; waits "
                                              "for them. none: none were heard until now.";

} // namespace sipvet::script
