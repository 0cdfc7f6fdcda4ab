#include "analysis/srtp_keying.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

// Trying costs a key set-up each; more calls than this at once are not compared crosswise.
constexpr std::size_t max_other_legs = 64;

// Descriptions have a handful of keys; what a user gives is tried whatever its number.
constexpr std::size_t max_candidates = 512;

void add(std::vector<KeyCandidate>& to, rtp::SrtpKey key, const std::string& source, Fit fit) {
  if (to.size() >= max_candidates) return;
  const auto known = std::ranges::find(to, key, &KeyCandidate::key);
  if (known == to.end()) to.push_back({std::move(key), source, fit, std::nullopt});
}

void add_all(std::vector<KeyCandidate>& to, const std::vector<rtp::SrtpKey>& keys, const std::string& source,
             Fit fit) {
  for (const auto& key : keys) add(to, key, source, fit);
}

bool has_null_cipher(rtp::SrtpSuite suite) {
  return suite == rtp::SrtpSuite::null_hmac_sha1_80 || suite == rtp::SrtpSuite::null_hmac_sha1_32;
}

// Suites with the same key and salt but another tag. NULL ciphers share the authentication key with AES, so
// a packet is authentic under both and trying says nothing.
void add_other_suites(std::vector<KeyCandidate>& to, const rtp::SrtpKey& key, const std::string& source) {
  const auto& mine = rtp::info(key.suite);
  for (const auto& info : rtp::srtp_suites()) {
    if (info.suite == key.suite || has_null_cipher(info.suite) || info.key_octets != mine.key_octets ||
        info.salt_octets != mine.salt_octets)
      continue;
    auto other = key;
    other.suite = info.suite;
    add(to, std::move(other), source, Fit::other_suite);
  }
}

void add_supplied(std::vector<KeyCandidate>& to, const Keys& keys, std::uint32_t ssrc) {
  for (std::size_t i = 0; i < keys.srtp.size(); ++i) {
    const auto& supplied = keys.srtp[i];
    if (supplied.ssrc && *supplied.ssrc != ssrc) continue;
    to.push_back({supplied.key, supplied.key_source, Fit::expected, i});
  }
}

// Tries packets under one key at several rollover counters: the session keys are the same for all of them.
class Trial {
 public:
  Trial(const KeyCandidate& candidate, std::span<const ByteView> packets, std::uint32_t ssrc, Kind kind)
      : packets_(packets), ssrc_(ssrc), kind_(kind) {
    if (auto receiver = srtp::Receiver::create(candidate.key)) receiver_ = std::move(*receiver);
  }

  bool opens(std::uint32_t rollovers) {
    if (!receiver_ || !receiver_->set_rollover_counter(ssrc_, rollovers)) return false;
    return std::ranges::any_of(packets_, [&](ByteView packet) {
      return kind_ == Kind::rtp ? receiver_->unprotect_rtp(packet).has_value()
                                : receiver_->unprotect_rtcp(packet).has_value();
    });
  }

 private:
  std::optional<srtp::Receiver> receiver_;
  std::span<const ByteView> packets_;
  std::uint32_t ssrc_;
  Kind kind_;
};

} // namespace

std::vector<KeyCandidate> key_candidates(const MediaMap& map, const Keys& keys, const Endpoint& source,
                                         const Endpoint& destination, std::uint32_t ssrc, bool thorough) {
  std::vector<KeyCandidate> all;
  const auto matches = map.find(source, destination);
  for (const auto& match : matches) add_all(all, match.sender().keys, match.leg->keying, Fit::expected);
  const auto expected = all;
  add_supplied(all, keys, ssrc);
  for (const auto& match : matches)
    add_all(all, match.sender().other_keys, match.leg->keying, Fit::other_line);
  for (const auto& candidate : expected) {
    add_other_suites(all, candidate.key, candidate.source);
    if (candidate.key.mki.empty()) continue;
    auto bare = candidate.key;
    bare.mki.clear();
    add(all, std::move(bare), candidate.source, Fit::without_mki);
  }
  for (const auto& match : matches) {
    add_all(all, match.receiver().keys, match.leg->keying, Fit::other_direction);
    add_all(all, match.receiver().other_keys, match.leg->keying, Fit::other_direction);
  }
  if (!thorough) return all;
  std::size_t left = max_other_legs;
  for (auto leg = map.legs().rbegin(); leg != map.legs().rend() && left > 0; ++leg, --left)
    for (const auto* side : {&leg->offerer, &leg->answerer})
      add_all(all, side->keys, leg->keying, Fit::other_call);
  return all;
}

std::vector<KeyCandidate> mki_candidates(std::span<const KeyCandidate> candidates, ByteView packet) {
  constexpr std::size_t max_mki_octets = 8;
  std::vector<KeyCandidate> all;
  for (const auto& candidate : candidates) {
    if (candidate.fit != Fit::expected) continue;
    const auto& suite = rtp::info(candidate.key.suite);
    const bool aead = candidate.key.suite == rtp::SrtpSuite::aead_aes_128_gcm ||
                      candidate.key.suite == rtp::SrtpSuite::aead_aes_256_gcm;
    // RFC 3711 §3.1: in front of the tag; RFC 7714 §8.1: the tag is part of the ciphertext.
    const std::size_t behind = aead ? 0 : suite.rtp_tag_octets;
    for (std::size_t octets = 1; octets <= max_mki_octets; ++octets) {
      if (packet.size() < behind + octets) break;
      auto other = candidate;
      other.key.mki = to_bytes(packet.subspan(packet.size() - behind - octets, octets));
      other.fit = Fit::other_mki;
      all.push_back(std::move(other));
    }
  }
  return all;
}

std::optional<OpenedKey> try_keys(std::span<const KeyCandidate> candidates, std::span<const ByteView> packets,
                                  std::uint32_t ssrc, Kind kind, RolloverSearch search) {
  for (const auto& candidate : candidates)
    if (Trial(candidate, packets, ssrc, kind).opens(search.likely))
      return OpenedKey{candidate, search.likely};
  if (kind == Kind::rtcp) return std::nullopt; // SRTCP carries its whole index (RFC 3711 §3.4)
  for (const auto& candidate : candidates) {
    if (candidate.fit != Fit::expected) continue;
    Trial trial(candidate, packets, ssrc, kind);
    for (std::uint32_t roc = 0; roc <= search.most; ++roc)
      if (roc != search.likely && trial.opens(roc)) return OpenedKey{candidate, roc};
  }
  return std::nullopt;
}

Result<srtp::Receiver> make_receiver(const OpenedKey& key, std::uint32_t ssrc) {
  SIPVET_TRY(auto receiver, srtp::Receiver::create(key.candidate.key));
  if (key.rollover_counter != 0) SIPVET_CHECK(receiver.set_rollover_counter(ssrc, key.rollover_counter));
  return receiver;
}

} // namespace sipvet::analysis
