// Every way in which a side of DTLS-SRTP can be told to misbehave: one field for each, correct by default.
// The fields stand in dtls_deviations.def; a YAML key is a field's name.
#pragma once

#include "base/result.hpp"
#include "tls/dtls_engine.hpp"

#include <span>
#include <string_view>

namespace sipvet::ua {

struct DtlsDeviations {
#define SIPVET_DTLS_DEVIATION(field, text) bool field = false;
#include "ua/dtls_deviations.def"
#undef SIPVET_DTLS_DEVIATION

  bool operator==(const DtlsDeviations&) const = default;
};

struct DtlsDeviationInfo {
  std::string_view name;
  std::string_view text; // what it does, for documentation
};
std::span<const DtlsDeviationInfo> dtls_deviation_infos();

// Fails for an unknown name, which the nearest known one is proposed for, and for what is neither true nor
// false.
Result<void> set_dtls_deviation(DtlsDeviations& deviations, std::string_view name, std::string_view value);

// Those that are the handshake's.
tls::DtlsDeviations engine_deviations(const DtlsDeviations& deviations);

} // namespace sipvet::ua
