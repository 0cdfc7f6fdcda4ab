// Base64 (RFC 4648 §4).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sipvet {

std::string to_base64(ByteView bytes);

// `lenient` takes text whose `=` padding is missing, as several SIP devices write their keys; the strict
// reading asks for it. Both refuse characters outside the alphabet, with their offset, and non-zero bits
// after the last octet.
enum class Padding { strict, lenient };
Result<Bytes> from_base64(std::string_view text, Padding padding = Padding::strict);

} // namespace sipvet
