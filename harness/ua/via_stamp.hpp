// What a server does with the topmost Via of a request, and where that sends the response (RFC 3261 §18.2,
// RFC 3581).
#pragma once

#include "base/endpoint.hpp"
#include "sip/message.hpp"
#include "ua/transport.hpp"

namespace sipvet::ua {

// Adds `received` and `rport` where the source of a request is not what its Via says (§18.2.1, RFC 3581 §4).
void stamp_via(sip::Message& request, const Endpoint& source);

// Where the topmost Via of a response sends it without the connection of its request (§18.2.2, RFC 3581 §4).
// `source`: where the request came from, taken where the Via names a host that is no address.
Endpoint response_endpoint(const sip::Message& response, Transport transport, const Endpoint& source);

} // namespace sipvet::ua
