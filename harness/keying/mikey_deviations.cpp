#include "keying/mikey_deviations.hpp"

#include "base/text.hpp"

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

std::string mikey_deviations_reference() {
  std::string out = "| deviation | what it does |\n|---|---|\n";
  for (const Row& row : rows)
    out += "| `" + std::string(row.info.name) + "` | " + std::string(row.info.text) + " |\n";
  return out;
}

Result<void> set_mikey_deviation(MikeyDeviations& deviations, std::string_view name,
                                 const std::vector<std::string>& values) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    names.emplace_back(row.info.name);
    if (row.info.name != name) continue;
    const bool yes = values == std::vector<std::string>{"true"};
    if (!yes && values != std::vector<std::string>{"false"})
      return fail("expected true or false for " + std::string(name));
    deviations.*row.field = yes;
    return {};
  }
  std::string what = "unknown MIKEY deviation '" + std::string(name) + "'";
  if (const auto near = nearest(std::string(name), names)) what += ": did you mean '" + *near + "'?";
  return fail(std::move(what));
}

} // namespace sipvet::keying
