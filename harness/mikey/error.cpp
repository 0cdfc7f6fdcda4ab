#include "mikey/error.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace sipvet::mikey {

namespace {

// In the order of their numbers (RFC 3830 §6.12 table 6.12).
constexpr std::array<std::string_view, 13> meanings = {
    "authentication failure",
    "invalid timestamp",
    "PRF function not supported",
    "MAC algorithm not supported",
    "encryption algorithm not supported",
    "hash function not supported",
    "DH group not supported",
    "ID not supported",
    "certificate not supported",
    "security policy type not supported",
    "security policy parameters not supported",
    "data type not supported",
    "unspecified error",
};

} // namespace

std::string to_string(ErrorNumber number) {
  const auto index = static_cast<std::size_t>(number);
  const std::string_view meaning = index < meanings.size() ? meanings[index] : "unknown error";
  return fmt::format("{} (error {})", meaning, index);
}

Result<ErrorPayload> parse_error(Reader& reader) {
  SIPVET_TRY(const std::uint8_t number, reader.u8("error number"));
  SIPVET_TRY(const std::uint16_t reserved, reader.u16("error payload's reserved field"));
  return ErrorPayload{static_cast<ErrorNumber>(number), reserved};
}

void write(Writer& writer, const ErrorPayload& error) {
  writer.u8(static_cast<std::uint8_t>(error.number)).u16(error.reserved);
}

} // namespace sipvet::mikey
