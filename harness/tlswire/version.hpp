// Protocol versions as they stand on the wire, and their names.
#pragma once

#include <cstdint>
#include <string>

namespace sipvet::tlswire {

constexpr std::uint16_t ssl2 = 0x0002; // only as a version number in old hellos
constexpr std::uint16_t ssl3 = 0x0300;
constexpr std::uint16_t tls1_0 = 0x0301;
constexpr std::uint16_t tls1_1 = 0x0302;
constexpr std::uint16_t tls1_2 = 0x0303;
constexpr std::uint16_t tls1_3 = 0x0304;

// "TLSv1.2"; "0x7f1c" for versions without a name.
std::string version_name(std::uint16_t version);

} // namespace sipvet::tlswire
