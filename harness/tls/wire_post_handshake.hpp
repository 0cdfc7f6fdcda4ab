// What the wire engine sends and takes on a connection whose handshake is done.
#pragma once

#include "tls/wire_fault.hpp"
#include "tls/wire_handshake.hpp"
#include "tls/wire_link.hpp"
#include "tlswire/handshake_reader.hpp"

namespace sipvet::tls {

// TLS 1.3 (RFC 8446 §4.6): tickets and key updates; anything else has no place there.
Verdict take_after_13(WireLink& link, Handshake& handshake, const tlswire::HandshakeMessage& message);

void send_hello_request(WireLink& link);
// A ClientHello where none may be (RFC 8446 §4.1.2), for peers that are told to.
void send_late_hello(WireLink& link);

} // namespace sipvet::tls
