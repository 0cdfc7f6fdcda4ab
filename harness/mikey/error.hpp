// The error payload, ERR (RFC 3830 §6.12): why the other side refused a message.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>
#include <string>

namespace sipvet::mikey {

enum class ErrorNumber : std::uint8_t {
  authentication_failure = 0,
  invalid_timestamp = 1,
  invalid_prf = 2,
  invalid_mac = 3,
  invalid_encryption = 4,
  invalid_hash = 5,
  invalid_dh_group = 6,
  invalid_id = 7,
  invalid_certificate = 8,
  invalid_policy = 9,
  invalid_policy_parameters = 10,
  invalid_data_type = 11,
  unspecified = 12,
};
// "authentication failure (error 0)"
std::string to_string(ErrorNumber number);

struct ErrorPayload {
  static constexpr PayloadType type = PayloadType::error;
  ErrorNumber number = ErrorNumber::unspecified;
  std::uint16_t reserved = 0;
  bool operator==(const ErrorPayload&) const = default;
};

Result<ErrorPayload> parse_error(Reader& reader);
void write(Writer& writer, const ErrorPayload& error);

} // namespace sipvet::mikey
