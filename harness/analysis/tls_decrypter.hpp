// A record decrypter for what a handshake agreed on.
#pragma once

#include "analysis/tls_handshake.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/record_protection.hpp"

#include <utility>

namespace sipvet::analysis {

inline Result<tlswire::RecordDecrypter> make_decrypter(const TlsHandshake& handshake,
                                                       tlswire::DirectionKeys keys) {
  tlswire::ProtectionParameters parameters;
  parameters.version = handshake.version;
  parameters.suite = handshake.suite;
  parameters.keys = std::move(keys);
  parameters.encrypt_then_mac = handshake.encrypt_then_mac;
  return tlswire::RecordDecrypter::make(parameters);
}

} // namespace sipvet::analysis
