#include "crypto/usage.hpp"

#include <array>

namespace sipvet::crypto {
namespace {

constexpr std::array<std::string_view, 9> names{"digitalSignature", "nonRepudiation", "keyEncipherment",
                                                "dataEncipherment", "keyAgreement",   "keyCertSign",
                                                "cRLSign",          "encipherOnly",   "decipherOnly"};

} // namespace

std::string_view name(KeyUsage usage) { return names[static_cast<std::size_t>(usage)]; }

std::string names_of(std::span<const KeyUsage> usages) {
  std::string out;
  for (const KeyUsage usage : usages) {
    if (!out.empty()) out += ", ";
    out += name(usage);
  }
  return out;
}

} // namespace sipvet::crypto
