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

// `Text`: std::string for one that owns what it says, std::string_view for one that looks at it.
template <typename Text>
struct SipMessageOf {
  std::size_t frame = 0; // that completed it
  Instant time;
  Endpoint source;
  Endpoint destination;
  Transport transport = Transport::udp;
  Text text; // as it was sent; empty when Options::keep_message_text is off

  bool is_request = false;
  Text method;     // of a response: that of its CSeq
  int status = 0;  // 0 for a request
  Text first_line; // "INVITE sip:bob@example.com SIP/2.0", "SIP/2.0 200 OK"
  Text call_id;
  Text cseq;                             // "1 INVITE"
  std::optional<std::size_t> connection; // index into Report::tls

  template <typename Other>
  explicit operator SipMessageOf<Other>() const {
    return {frame,          time,        source,        destination, transport,
            Other(text),    is_request,  Other(method), status,      Other(first_line),
            Other(call_id), Other(cseq), connection};
  }
};
using SipMessage = SipMessageOf<std::string>;
using SipMessageView = SipMessageOf<std::string_view>;

// For a temporary file: appended to `to`, with a length in front.
void pack(const SipMessageView& message, Bytes& to);
// The first message of `packed`, which moves behind it. What comes back looks into it.
Result<SipMessageView> unpack_message(ByteView& packed);
// The same into `message`, which is of no use after false.
bool unpack_message(ByteView& packed, SipMessageView& message);

} // namespace sipvet::analysis
