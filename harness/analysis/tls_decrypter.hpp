// A record decrypter for what a handshake agreed on.
#pragma once

#include "analysis/tls_handshake.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/record_protection.hpp"

#include <memory>
#include <utility>

namespace sipvet::analysis {

// Plaintexts of a thread stand in one place by turns: the connections of a capture are many, and a buffer for
// each would not stay in the processor's cache.
inline const std::shared_ptr<Bytes>& plaintext_room() {
  thread_local const auto room = std::make_shared<Bytes>();
  return room;
}

// What it opens is valid until another one that was made here opens something on the same thread.
inline Result<tlswire::RecordDecrypter> make_decrypter(const TlsHandshake& handshake,
                                                       tlswire::DirectionKeys keys) {
  tlswire::ProtectionParameters parameters;
  parameters.version = handshake.version;
  parameters.suite = handshake.suite;
  parameters.keys = std::move(keys);
  parameters.encrypt_then_mac = handshake.encrypt_then_mac;
  parameters.room = plaintext_room();
  return tlswire::RecordDecrypter::make(parameters);
}

} // namespace sipvet::analysis
