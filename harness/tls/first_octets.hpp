// What the first octets of a connection look like: TLS, an SSLv2-format hello, or something else that strayed
// here.
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <string_view>

namespace sipvet::tls {

enum class FirstOctets { undecided, tls, sslv2_hello, foreign };

// Never undecided with four or more octets.
FirstOctets look_at(ByteView octets);

// For foreign octets, a sentence that says what they look like: "expected TLS, got what looks like plain SIP:
// …".
std::string describe_foreign(ByteView octets);

// What to say of an SSLv2-format hello that is not wanted.
inline constexpr std::string_view refused_sslv2_hello =
    "the peer sent a ClientHello in SSLv2 format, which is not accepted";

} // namespace sipvet::tls
