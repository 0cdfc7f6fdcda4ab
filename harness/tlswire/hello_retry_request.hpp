// HelloRetryRequest (RFC 8446 §4.1.4): a ServerHello with a fixed random.
#pragma once

#include "base/bytes.hpp"
#include "tlswire/server_hello.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::tlswire {

// RFC 8446 §4.1.3: SHA-256 of "HelloRetryRequest".
constexpr HelloRandom hello_retry_random{0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                         0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                         0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// The answer to `hello` that asks for a share of `group`, for `cookie` to be sent back, or for both: one of
// them at least, as a retry that changes nothing is forbidden (§4.1.4). An empty cookie is none.
ServerHello make_hello_retry_request(const ClientHello& hello, std::uint16_t suite,
                                     std::optional<std::uint16_t> group, ByteView cookie = {});

} // namespace sipvet::tlswire
