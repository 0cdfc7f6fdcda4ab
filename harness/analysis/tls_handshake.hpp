// What the messages of one TLS handshake say, as far as the keys depend on it.
#pragma once

#include "analysis/report.hpp"
#include "analysis/tls_secrets.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/finished.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/suites.hpp"
#include "tlswire/transcript.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sipvet::analysis {

using tlswire::Side;

struct TlsHandshake {
  bool has_client_hello = false; // and no HelloRetryRequest came after it
  bool has_server_hello = false;
  bool server_done = false;      // ServerHelloDone: a full handshake of TLS 1.0 to 1.2
  bool has_key_exchange = false; // ClientKeyExchange
  bool client_changed = false;   // ChangeCipherSpec
  bool server_changed = false;
  bool retried = false; // HelloRetryRequest

  std::uint16_t version = 0; // negotiated
  std::uint16_t suite_code = 0;
  const tlswire::Suite* suite = nullptr;
  std::uint8_t compression = 0;
  bool extended_master_secret = false;
  bool encrypt_then_mac = false;
  bool early_data_offered = false;
  bool psk_chosen = false;
  ClientHelloFacts client_hello; // the first
  ServerHelloFacts server_hello;
  ClientCertificate client_certificate = ClientCertificate::none;
  std::string server_name;
  Bytes client_random;
  Bytes server_random;
  Bytes session_id; // ServerHello's
  Bytes ticket;     // ClientHello's session_ticket extension
  Bytes leaf_certificate;
  Bytes encrypted_premaster;
  Bytes psk_identity; // TLS 1.0 to 1.2: of the ClientKeyExchange; TLS 1.3: the one chosen
  bool key_share_chosen = false;
  Bytes session_hash;
  // TLS 1.3: the identities that the client offered, and the hello itself, for the keys of early data.
  std::vector<Bytes> psk_identities;
  Bytes client_hello_raw;
  tlswire::Transcript transcript;

  bool is_tls13() const { return has_server_hello && version >= 0x0304; }
  bool complete() const { return client_changed && server_changed; }
  bool resumed() const { return is_tls13() ? psk_chosen : has_server_hello && !server_done; }
  MasterInput master_input() const;

  // A plain or decrypted message; those the keys do not depend on are only added to the transcript.
  Result<void> on_message(Side side, const tlswire::HandshakeMessage& message);
  Result<void> on_sslv2_hello(ByteView fragment);

 private:
  void note(const tlswire::ClientHello& hello, bool sslv2);
  void note(const tlswire::ServerHello& hello);
  Result<void> on_client_hello(ByteView body);
  Result<void> on_server_hello(ByteView body);
  Result<void> on_certificate(Side side, ByteView body);
  Result<void> on_client_key_exchange(ByteView body);
};

} // namespace sipvet::analysis
