// Hexadecimal text (RFC 4648 §8, lower case on output, either case on input).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace sipvet {

std::string to_hex(ByteView bytes);
// White space between octets is skipped. Fails at the offset of the first character that is not a digit, or
// of the end when a digit is missing.
Result<Bytes> from_hex(std::string_view text);

} // namespace sipvet
