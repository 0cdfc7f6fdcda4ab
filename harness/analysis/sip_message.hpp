// A SIP message of a capture as the report lists it.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sipvet::analysis {

enum class Transport { udp, tcp, tls, ws, wss };
std::string_view to_string(Transport transport); // "UDP", "TCP", "TLS", "WS", "WSS"
bool is_encrypted(Transport transport);

struct SipMessage {
  std::size_t frame = 0; // that completed it
  Instant time;
  Endpoint source;
  Endpoint destination;
  Transport transport = Transport::udp;
  std::string text; // as it was sent; empty when Options::keep_message_text is off

  bool is_request = false;
  std::string method;     // of a response: that of its CSeq
  int status = 0;         // 0 for a request
  std::string first_line; // "INVITE sip:bob@example.com SIP/2.0", "SIP/2.0 200 OK"
  std::string call_id;
  std::string cseq;     // "1 INVITE"
  std::string next_hop; // host that a request over TLS names first: of its Route, else of its Request-URI
  std::optional<std::size_t> connection; // index into Report::tls
};

// For a temporary file: as compact as it can be read back quickly.
Bytes pack(const SipMessage& message);
Result<SipMessage> unpack_message(ByteView packed);

} // namespace sipvet::analysis
