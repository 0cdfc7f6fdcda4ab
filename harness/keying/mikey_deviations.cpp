#include "keying/mikey_deviations.hpp"

#include "base/text.hpp"

#include <string>
#include <vector>

namespace sipvet::keying {

namespace {

struct Row {
  MikeyDeviationInfo info;
  bool MikeyDeviations::*field;
};
#define SIPVET_MIKEY_DEVIATION(field, text) Row{{#field, text}, &MikeyDeviations::field},
constexpr Row rows[] = {
#include "keying/mikey_deviations.def"
};
#undef SIPVET_MIKEY_DEVIATION

} // namespace

std::span<const MikeyDeviationInfo> mikey_deviation_infos() {
  static const std::vector<MikeyDeviationInfo> infos = [] {
    std::vector<MikeyDeviationInfo> out;
    for (const Row& row : rows) out.push_back(row.info);
    return out;
  }();
  return infos;
}

Result<void> set_mikey_deviation(MikeyDeviations& deviations, std::string_view name, bool value) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    names.emplace_back(row.info.name);
    if (row.info.name != name) continue;
    deviations.*row.field = value;
    return {};
  }
  std::string what = "unknown MIKEY deviation '" + std::string(name) + "'";
  if (const auto near = nearest(std::string(name), names)) what += ": did you mean '" + *near + "'?";
  return fail(std::move(what));
}

} // namespace sipvet::keying
