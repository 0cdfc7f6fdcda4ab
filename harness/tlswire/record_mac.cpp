#include "tlswire/record_mac.hpp"

#include "tlswire/protection_common.hpp"
#include "tlswire/version.hpp"

#include <array>

namespace sipvet::tlswire {
namespace {

// RFC 6101 §5.2.3.1: 48 octets of padding for MD5, 40 for SHA.
crypto::Hasher start_with(crypto::Hash hash, ByteView key, std::uint8_t pad) {
  crypto::Hasher hasher(hash);
  hasher.update(key);
  hasher.update(Bytes(hash == crypto::Hash::md5 ? 48 : 40, pad));
  return hasher;
}

} // namespace

RecordMac::RecordMac(std::uint16_t version, crypto::Hash hash, ByteView key) : octets_(crypto::octets(hash)) {
  if (version > ssl3)
    hmac_.emplace(hash, key);
  else
    ssl3_.emplace(Ssl3{start_with(hash, key, 0x36), start_with(hash, key, 0x5c)});
}

void RecordMac::compute(std::uint64_t sequence, ContentType type, std::uint16_t record_version,
                        ByteView covered, std::span<std::uint8_t> out) {
  if (!hmac_) return compute_ssl3(sequence, type, covered, out);
  hmac_->compute(pseudo_header(sequence, type, record_version, covered.size()), covered, out.first(octets_));
}

void RecordMac::compute_ssl3(std::uint64_t sequence, ContentType type, ByteView covered,
                             std::span<std::uint8_t> out) {
  // Sequence number, type and length; the version is left out.
  std::array<std::uint8_t, 11> head{};
  const auto number = sequence_octets(sequence);
  std::copy(number.begin(), number.end(), head.begin());
  head[8] = static_cast<std::uint8_t>(type);
  head[9] = static_cast<std::uint8_t>(covered.size() >> 8);
  head[10] = static_cast<std::uint8_t>(covered.size());
  crypto::Hasher inner = ssl3_->inner;
  inner.update(head);
  inner.update(covered);
  crypto::Hasher outer = ssl3_->outer;
  outer.update(inner.finish());
  outer.finish(out.first(octets_));
}

} // namespace sipvet::tlswire
