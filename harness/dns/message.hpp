// One DNS message (RFC 1035 §4): a query or its response.
#pragma once

#include "dns/record.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sipvet::dns {

// Of a datagram without extensions (RFC 1035 §2.3.4).
inline constexpr std::size_t max_datagram_octets = 512;
inline constexpr std::uint16_t server_port = 53;

enum class ResponseCode : std::uint8_t {
  no_error = 0,
  format_error = 1,
  server_failure = 2,
  no_such_name = 3,
  not_implemented = 4,
  refused = 5
};
std::string name(ResponseCode code); // "no such name"

struct Question {
  Name name;
  Type type = Type::a;
  std::uint16_t question_class = internet_class;
  bool operator==(const Question&) const = default;
};

struct Message {
  std::uint16_t id = 0;
  bool response = false;
  std::uint8_t opcode = 0; // 0: a standard query
  bool authoritative = false, truncated = false, recursion_desired = false, recursion_available = false;
  ResponseCode code = ResponseCode::no_error;
  std::vector<Question> questions;
  std::vector<Record> answers, authorities, additionals;
  bool operator==(const Message&) const = default;
};

// The whole input must be used up.
Result<Message> parse_message(ByteView octets);
// Names are compressed where that is allowed.
Bytes serialize(const Message& message);

} // namespace sipvet::dns
