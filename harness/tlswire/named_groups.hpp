// The registry of key exchange groups (RFC 8446 §4.2.7, RFC 8422 §5.1.1, RFC 7919 §2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sipvet::tlswire {

namespace group {
constexpr std::uint16_t secp256r1 = 23;
constexpr std::uint16_t secp384r1 = 24;
constexpr std::uint16_t secp521r1 = 25;
constexpr std::uint16_t x25519 = 29;
constexpr std::uint16_t x448 = 30;
constexpr std::uint16_t ffdhe2048 = 256;
constexpr std::uint16_t ffdhe3072 = 257;
constexpr std::uint16_t ffdhe4096 = 258;
constexpr std::uint16_t ffdhe6144 = 259;
constexpr std::uint16_t ffdhe8192 = 260;
} // namespace group

struct NamedGroup {
  std::uint16_t code = 0;
  std::string_view name; // as the RFC writes it
  // Octets of a public value: uncompressed points (RFC 8422 §5.4.1), RFC 7748 §5, or the prime's (RFC 8446
  // §4.2.8.1).
  std::size_t public_octets = 0;
  bool finite_field = false;
};

std::span<const NamedGroup> all_named_groups();
const NamedGroup* find_named_group(std::uint16_t code);    // nullptr: not in the table
const NamedGroup* find_named_group(std::string_view name); // nullptr: not in the table
// "x25519", or "0x0a0a" for codes that are not in the table.
std::string named_group_name(std::uint16_t code);

} // namespace sipvet::tlswire
