// The hello messages of DTLS where they differ from TLS (RFC 6347 §4.2.1).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/client_hello.hpp"

namespace sipvet::tlswire {

struct DtlsClientHello {
  ClientHello hello;
  Bytes cookie; // of the server's HelloVerifyRequest; empty in a first hello
};
// `body` is the whole message without its header.
Result<DtlsClientHello> parse_dtls_client_hello(ByteView body);

// HelloVerifyRequest: the cookie that the client must repeat.
Result<Bytes> parse_hello_verify_request(ByteView body);

} // namespace sipvet::tlswire
