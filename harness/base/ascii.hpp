// ASCII text looked at eight octets at a time, for what runs over every message of a capture.
#pragma once

#include <cstdint>
#include <string_view>

namespace sipvet {

// Whether all octets are from space to tilde.
bool is_printable_ascii(std::string_view text);

// For tables in memory only: differs between machines, and resists nobody who chooses texts on purpose.
// What was hashed before may go in as `seed`.
std::uint64_t text_hash(std::string_view text, std::uint64_t seed = 0);

} // namespace sipvet
