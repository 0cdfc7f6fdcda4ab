// The secrets of a TLS 1.3 connection whose keys depend on a pre-shared key alone (RFC 8446 §4.2.9, psk_ke),
// and those of its early data.
#pragma once

#include "analysis/tls_handshake.hpp"
#include "analysis/tls_secrets.hpp"
#include "tlswire/key_schedule_13.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace sipvet::analysis {

class PskSecrets {
 public:
  // ServerHello was read. Does nothing when the key of the identity chosen is not known.
  void on_server_hello(const TlsSecrets& secrets, const TlsHandshake& handshake);
  // A handshake message of the server, decrypted, in order up to its Finished.
  void on_server_message(const tlswire::HandshakeMessage& message);

  // By the labels of key logs.
  const Bytes* find(std::string_view label) const;

 private:
  std::optional<tlswire::KeySchedule13> schedule_;
  tlswire::Transcript transcript_;
  std::map<std::string_view, Bytes> secrets_;
};

} // namespace sipvet::analysis
