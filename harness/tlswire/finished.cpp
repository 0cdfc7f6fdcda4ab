#include "tlswire/finished.hpp"

#include "crypto/hmac.hpp"
#include "crypto/kdf.hpp"
#include "tlswire/key_schedule.hpp"

namespace sipvet::tlswire {

constexpr std::size_t verify_data_octets = 12; // RFC 5246 §7.4.9: for every suite there is

Bytes finished_verify_data(std::uint16_t version, const Suite& suite, ByteView master_secret, Side side,
                           ByteView transcript_hash) {
  const std::string_view label = side == Side::client ? "client finished" : "server finished";
  return prf(version, suite, master_secret, label, transcript_hash, verify_data_octets);
}

Bytes finished_verify_data_13(const Suite& suite, ByteView handshake_traffic_secret,
                              ByteView transcript_hash) {
  const Bytes key = crypto::hkdf_expand_label(suite.prf, handshake_traffic_secret, "finished", {},
                                              crypto::octets(suite.prf));
  return crypto::hmac(suite.prf, key, transcript_hash);
}

} // namespace sipvet::tlswire
