#include "tlswire/transcript.hpp"

#include "tlswire/handshake_reader.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tlswire {

void Transcript::add(ByteView raw_message) {
  if (hashers_.empty()) append(waiting_, raw_message);
  for (crypto::Hasher& hasher : hashers_) hasher.update(raw_message);
}

void Transcript::choose(std::uint16_t version, const Suite& suite) {
  hashers_.clear();
  if (version < tls1_2) {
    hashers_.emplace_back(crypto::Hash::md5);
    hashers_.emplace_back(crypto::Hash::sha1);
  } else {
    hashers_.emplace_back(suite.prf);
  }
  for (crypto::Hasher& hasher : hashers_) hasher.update(waiting_);
  waiting_.clear();
}

void Transcript::replace_by_message_hash() {
  for (crypto::Hasher& hasher : hashers_) {
    Bytes message;
    append_handshake(message, HandshakeType::message_hash, hasher.finish());
    hasher.update(message);
  }
}

Bytes Transcript::hash() const {
  Bytes out;
  for (const crypto::Hasher& hasher : hashers_) append(out, hasher.peek());
  return out;
}

} // namespace sipvet::tlswire
