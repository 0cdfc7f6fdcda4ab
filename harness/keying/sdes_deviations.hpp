// Every way in which SDES and the choice between SRTP and RTP can be got wrong: one field for each, false by
// default. The fields stand in sdes_deviations.def; a YAML key is a field's name.
#pragma once

#include "base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::keying {

struct SdesDeviations {
#define SIPVET_DEVIATION(field, text) bool field = false;
#include "keying/sdes_deviations.def"
#undef SIPVET_DEVIATION

  bool operator==(const SdesDeviations&) const = default;
};

struct SdesDeviationInfo {
  std::string_view name;
  std::string_view text; // what it does, for documentation
  bool SdesDeviations::*field;
};
std::span<const SdesDeviationInfo> sdes_deviation_infos();

// Sets one field from "true" or "false". Fails for an unknown name, which the nearest known one is proposed
// for, and for another value.
Result<void> set_sdes_deviation(SdesDeviations& deviations, std::string_view name,
                                const std::vector<std::string>& values);

} // namespace sipvet::keying
