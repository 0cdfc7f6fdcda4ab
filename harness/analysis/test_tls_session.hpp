// For tests: the two ends of a TLS connection that an RSA key opens, and its handshake in a capture.
#pragma once

#include "analysis/test_call.hpp"
#include "analysis/test_tls.hpp"

namespace sipvet::analysis {

inline const Endpoint client = at(1, 40'000), server = at(2, 5061);

// That of the server, for every address and port.
inline Keys rsa_key() {
  Keys keys;
  keys.rsa.push_back({std::nullopt, std::nullopt, "sip", "server.key", TestTls::key()});
  return keys;
}

// The flights of a handshake, without TCP's; one that resumes a session ends with the client's.
inline void flights(TestCapture& capture, TestTls& tls) {
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.server_flight());
  capture.tcp(client, server, tls.client_flight());
  if (!tls.shape.resumed_master) capture.tcp(server, client, tls.server_finish());
}

inline void handshake(TestCapture& capture, TestTls& tls) {
  capture.connect(client, server);
  flights(capture, tls);
}

} // namespace sipvet::analysis
