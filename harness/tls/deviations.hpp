// Every way in which a TLS endpoint can be told to misbehave: one field for each, correct by default. The
// fields stand in deviations.def; a YAML key is a field's name.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::tls {

struct Deviations {
  using Count = int;
  using Words = std::string;
  using Codes = std::vector<std::uint16_t>;
#define SIPVET_DEVIATION(type, field, text) type field{};
#include "tls/deviations.def"
#undef SIPVET_DEVIATION

  bool operator==(const Deviations&) const = default;
};

enum class DeviationType { boolean, count, words, codes };

struct DeviationInfo {
  std::string_view name;
  DeviationType type;
  std::string_view text; // what it does, for documentation
};
std::span<const DeviationInfo> deviation_infos();

// Sets one field from what a settings file says: "true", a number, a word, or numbers such as 0x0304 (decimal
// or hexadecimal; version names such as TLSv1.3 and IANA names of suites will do as well). Fails for an
// unknown name, which the nearest known one is proposed for, and for a value that the field cannot take.
Result<void> set_deviation(Deviations& deviations, std::string_view name,
                           const std::vector<std::string>& values);

// Whether any is set that OpenSSL cannot be made to do: all but those about the other side's certificate.
bool needs_wire(const Deviations& deviations);

} // namespace sipvet::tls
