// Alert messages (RFC 8446 §6): two octets, and their names.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipvet::tlswire {

struct AlertMessage {
  std::uint8_t level = 2; // 1 warning, 2 fatal
  std::uint8_t description = 0;
  bool is_close_notify() const { return description == 0; }
};

Result<AlertMessage> parse_alert(ByteView fragment);
Bytes write_alert(const AlertMessage& alert);
std::optional<std::uint8_t> find_alert(std::string_view name); // by "handshake_failure"
std::string alert_name(std::uint8_t description); // "handshake_failure"; "alert 200" when it has no name
std::string to_string(const AlertMessage& alert); // "fatal handshake_failure(40)"

} // namespace sipvet::tlswire
