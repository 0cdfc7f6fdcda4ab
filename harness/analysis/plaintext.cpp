#include "analysis/plaintext.hpp"

#include "base/hex.hpp"

#include <algorithm>

namespace sipvet::analysis {

PlaintextStreams::Connection& PlaintextStreams::connection(std::size_t index) {
  if (connections_.size() <= index) connections_.resize(index + 1);
  return connections_[index];
}

PlaintextStreams::Stream& PlaintextStreams::stream_of(const SipOrigin& from) {
  auto& stream = connection(from.connection.value_or(0)).streams[from.from_client ? 0 : 1];
  if (!stream) stream = std::make_unique<Stream>(from, sip_);
  return *stream;
}

void PlaintextStreams::feed(const SipOrigin& from, ByteView octets, frames::Captured at) {
  auto& stream = stream_of(from);
  stream.hasher.update(octets);
  stream.sip.feed(octets, at);
}

void PlaintextStreams::end(std::size_t index) {
  auto& ended = connection(index);
  ended.facts = std::make_unique<Facts>();
  for (std::size_t side = 0; side < 2; ++side) {
    auto& stream = ended.streams[side];
    if (!stream) {
      std::ranges::copy(crypto::digest(crypto::Hash::sha256, {}), ended.facts->sha256[side].begin());
      continue;
    }
    stream->hasher.finish(ended.facts->sha256[side]);
    ended.facts->messages += stream->sip.messages();
    ended.facts->carries_sip = ended.facts->carries_sip || stream->sip.is_sip();
    stream.reset();
  }
}

void PlaintextStreams::finish(std::vector<TlsConnection>& connections) {
  for (std::size_t i = 0; i < connections.size(); ++i) {
    const auto& known = connection(i);
    if (!known.facts) continue;
    connections[i].client_sha256 = to_hex(known.facts->sha256[0]);
    connections[i].server_sha256 = to_hex(known.facts->sha256[1]);
    connections[i].sip_messages = known.facts->messages;
    connections[i].carries_sip = known.facts->carries_sip;
  }
  connections_.clear();
}

} // namespace sipvet::analysis
