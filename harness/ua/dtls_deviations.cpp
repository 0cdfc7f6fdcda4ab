#include "ua/dtls_deviations.hpp"

#include "base/text.hpp"

namespace sipvet::ua {
namespace {

#define SIPVET_DTLS_DEVIATION(field, text) DtlsDeviationInfo{#field, text},
constexpr DtlsDeviationInfo infos[] = {
#include "ua/dtls_deviations.def"
};
#undef SIPVET_DTLS_DEVIATION

#define SIPVET_DTLS_DEVIATION(field, text) &DtlsDeviations::field,
constexpr bool DtlsDeviations::*fields[] = {
#include "ua/dtls_deviations.def"
};
#undef SIPVET_DTLS_DEVIATION

} // namespace

std::span<const DtlsDeviationInfo> dtls_deviation_infos() { return infos; }

Result<void> set_dtls_deviation(DtlsDeviations& deviations, std::string_view name, std::string_view value) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::size(infos); ++i) {
    names.emplace_back(infos[i].name);
    if (infos[i].name != name) continue;
    if (value != "true" && value != "false")
      return fail(std::string(name) + " needs true or false, found '" + std::string(value) + "'");
    deviations.*fields[i] = value == "true";
    return {};
  }
  const auto close = nearest(name, names);
  return fail("unknown DTLS deviation '" + std::string(name) + "'" +
              (close ? "; did you mean '" + *close + "'?" : ""));
}

tls::DtlsDeviations engine_deviations(const DtlsDeviations& deviations) {
  return {deviations.no_use_srtp, deviations.no_certificate, deviations.other_profile,
          deviations.any_fingerprint};
}

} // namespace sipvet::ua
