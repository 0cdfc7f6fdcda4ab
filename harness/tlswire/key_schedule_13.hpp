// The key schedule of TLS 1.3 (RFC 8446 §7.1), from pre-shared key and shared secret to every secret that a
// connection uses. Keys of a traffic secret, its successor and verify_data are in key_schedule.hpp and
// finished.hpp.
#pragma once

#include "base/bytes.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>

namespace sipvet::tlswire {

enum class PskKind { external, resumption };

// All secrets have the length of the suite's hash. Each `…_hash` is Transcript::hash() up to and including
// the message that it is named after.
class KeySchedule13 {
 public:
  // Without a PSK the early secret is made from zeros. The suite must outlive the schedule.
  explicit KeySchedule13(const Suite& suite, ByteView psk = {});

  const Bytes& early_secret() const { return early_; }
  Bytes binder_key(PskKind kind) const; // for finished_verify_data_13()
  Bytes client_early_traffic(ByteView client_hello_hash) const;
  Bytes early_exporter_master(ByteView client_hello_hash) const;

  // From here on the secrets below are there; before, they are empty. `shared` is what the key exchange gave;
  // empty, as with psk_ke, stands for zeros.
  void set_shared_secret(ByteView shared);

  const Bytes& handshake_secret() const { return handshake_; }
  Bytes client_handshake_traffic(ByteView server_hello_hash) const;
  Bytes server_handshake_traffic(ByteView server_hello_hash) const;

  const Bytes& master_secret() const { return master_; }
  Bytes client_application_traffic(ByteView server_finished_hash) const;
  Bytes server_application_traffic(ByteView server_finished_hash) const;
  Bytes exporter_master(ByteView server_finished_hash) const;
  Bytes resumption_master(ByteView client_finished_hash) const;

 private:
  Bytes derive(const Bytes& secret, std::string_view label, ByteView transcript_hash) const;
  Bytes extract_after(const Bytes& secret, ByteView input) const;

  const Suite* suite_;
  Bytes early_;
  Bytes handshake_;
  Bytes master_;
};

// RFC 8446 §4.6.1: the key of the next connection that a ticket with this nonce stands for.
Bytes ticket_psk(const Suite& suite, ByteView resumption_master, ByteView ticket_nonce);

} // namespace sipvet::tlswire
