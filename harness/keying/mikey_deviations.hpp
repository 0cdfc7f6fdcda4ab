// Every way in which one side of MIKEY can be told to misbehave: one field for each, correct by default. The
// fields stand in mikey_deviations.def; a YAML key is a field's name.
#pragma once

#include "base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::keying {

struct MikeyDeviations {
#define SIPVET_MIKEY_DEVIATION(field, text) bool field = false;
#include "keying/mikey_deviations.def"
#undef SIPVET_MIKEY_DEVIATION

  bool operator==(const MikeyDeviations&) const = default;
};

struct MikeyDeviationInfo {
  std::string_view name;
  std::string_view text; // what it does, for documentation
};
std::span<const MikeyDeviationInfo> mikey_deviation_infos();
// The table as Markdown: a part of docs/key-management.md.
std::string mikey_deviations_reference();

// `values` is what a settings file says: one "true" or "false". Fails for others, and for an unknown name,
// which the nearest known one is proposed for.
Result<void> set_mikey_deviation(MikeyDeviations& deviations, std::string_view name,
                                 const std::vector<std::string>& values);

} // namespace sipvet::keying
