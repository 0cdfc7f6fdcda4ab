#include "keying/sdes_deviations.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sipvet::keying {

namespace {

constexpr SdesDeviationInfo infos[] = {
#define SIPVET_DEVIATION(field, text) {#field, text, &SdesDeviations::field},
#include "keying/sdes_deviations.def"
#undef SIPVET_DEVIATION
};

} // namespace

std::span<const SdesDeviationInfo> sdes_deviation_infos() { return infos; }

Result<void> set_sdes_deviation(SdesDeviations& deviations, std::string_view name,
                                const std::vector<std::string>& values) {
  const auto* const info = std::ranges::find(infos, name, &SdesDeviationInfo::name);
  if (info == std::end(infos)) {
    std::vector<std::string> names;
    for (const SdesDeviationInfo& each : infos) names.emplace_back(each.name);
    const auto close = nearest(name, names);
    return fail("unknown SDES deviation '" + std::string(name) + "'" +
                (close ? "; did you mean '" + *close + "'?" : std::string()));
  }
  if (values != std::vector<std::string>{"true"} && values != std::vector<std::string>{"false"})
    return fail("'" + std::string(name) + "' is true or false");
  deviations.*(info->field) = values.front() == "true";
  return {};
}

} // namespace sipvet::keying
