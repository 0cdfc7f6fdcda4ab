#include "srtp/packet_transform.hpp"

#include "base/reader.hpp"

#include <algorithm>

namespace sipvet::srtp {
namespace {

constexpr std::size_t rtp_ssrc_at = 8, rtcp_ssrc_at = 4, ssrc_octets = 4;
constexpr std::uint32_t encrypted_bit = 0x8000'0000; // E (RFC 3711 §3.4)

template <std::size_t Octets>
std::array<std::uint8_t, Octets> big_endian(std::uint64_t value) {
  std::array<std::uint8_t, Octets> out;
  for (auto octet = out.rbegin(); octet != out.rend(); ++octet, value >>= 8)
    *octet = static_cast<std::uint8_t>(value);
  return out;
}

std::array<std::uint8_t, 4> rollovers_of(std::uint64_t index) { return big_endian<4>(index >> 16); }

Bytes with_room(ByteView packet, std::size_t more) {
  Bytes out;
  out.reserve(packet.size() + more);
  append(out, packet);
  return out;
}

} // namespace

std::size_t tag_octets(rtp::SrtpSuite suite, Traffic traffic, Services services) {
  if (!services.authenticates) return 0;
  const auto& info = rtp::info(suite);
  return traffic == Traffic::rtp ? info.rtp_tag_octets : info.rtcp_tag_octets;
}

Result<PacketTransform> PacketTransform::make(const SessionKeys& keys, rtp::SrtpSuite suite, Traffic traffic,
                                              Services services, crypto::Direction direction) {
  const bool null_cipher = has_null_cipher(suite);
  if (null_cipher) services.encrypts = false;
  PacketTransform made(services, srtp::tag_octets(suite, traffic, services), null_cipher);
  std::ranges::copy(keys.salt, made.salt_.begin());
  if (is_aead(suite)) {
    const auto cipher =
        keys.encryption.size() == 16 ? crypto::AeadCipher::aes_128_gcm : crypto::AeadCipher::aes_256_gcm;
    SIPVET_TRY(made.aead_, crypto::Aead::make(cipher, direction, keys.encryption));
    return made;
  }
  if (services.encrypts) {
    SIPVET_TRY(made.counter_, crypto::CounterMode::make(keys.encryption));
  }
  if (services.authenticates) made.hmac_.emplace(crypto::Hash::sha1, keys.authentication);
  return made;
}

// AES-CM: (salt * 2^16) xor (SSRC * 2^64) xor (index * 2^16) (RFC 3711 §4.1.1). AEAD: two zero octets, SSRC
// and index, xor salt (RFC 7714 §8.1, §9.1): the same two octets earlier.
std::array<std::uint8_t, 16> PacketTransform::start(ByteView ssrc, std::uint64_t index) const {
  std::array<std::uint8_t, 16> block = salt_;
  auto at = block.begin() + (aead_ ? 2 : 4);
  for (const std::uint8_t octet : ssrc) *at++ ^= octet;
  for (const std::uint8_t octet : big_endian<6>(index)) *at++ ^= octet;
  return block;
}

bool PacketTransform::encrypt(ByteView ssrc, std::uint64_t index, ByteView in, std::span<std::uint8_t> out) {
  return !counter_ || counter_->process(start(ssrc, index), in, out);
}

// Appends the ciphertext and its tag.
bool PacketTransform::seal(ByteView ssrc, std::uint64_t index, ByteView associated, ByteView in, Bytes& out) {
  const auto nonce = start(ssrc, index);
  const std::size_t before = out.size();
  out.resize(before + in.size() + tag_octets_);
  return aead_->seal(ByteView(nonce).first(crypto::aead_nonce_octets), associated, in,
                     std::span(out).subspan(before));
}

bool PacketTransform::open(ByteView ssrc, std::uint64_t index, ByteView associated, ByteView sealed,
                           std::span<std::uint8_t> out) {
  const auto nonce = start(ssrc, index);
  return aead_->open(ByteView(nonce).first(crypto::aead_nonce_octets), associated, sealed, out);
}

std::array<std::uint8_t, 20> PacketTransform::tag_of(ByteView authenticated, ByteView more) {
  std::array<std::uint8_t, 20> tag;
  hmac_->compute(authenticated, more, tag);
  return tag;
}

std::optional<Bytes> PacketTransform::protect_rtp(ByteView packet, std::size_t header_octets,
                                                  std::uint64_t index, ByteView mki) {
  const ByteView ssrc = packet.subspan(rtp_ssrc_at, ssrc_octets);
  if (aead_) {
    const ByteView header = packet.first(header_octets);
    Bytes out = with_room(header, packet.size() - header_octets + tag_octets_ + mki.size());
    if (!seal(ssrc, index, header, packet.subspan(header_octets), out)) return std::nullopt;
    append(out, mki);
    return out;
  }
  Bytes out = with_room(packet, mki.size() + tag_octets_);
  const auto payload = std::span(out).subspan(header_octets);
  if (!encrypt(ssrc, index, payload, payload)) return std::nullopt;
  if (!hmac_) {
    append(out, mki);
    return out;
  }
  const auto tag = tag_of(out, rollovers_of(index)); // RFC 3711 §4.2: without the MKI
  append(out, mki);
  append(out, ByteView(tag).first(tag_octets_));
  return out;
}

std::optional<Bytes> PacketTransform::unprotect_rtp(ByteView packet, std::size_t header_octets,
                                                    std::uint64_t index, std::size_t mki_octets,
                                                    bool trusting) {
  const ByteView ssrc = packet.subspan(rtp_ssrc_at, ssrc_octets);
  const ByteView header = packet.first(header_octets);
  if (aead_) {
    const ByteView sealed = packet.subspan(header_octets, packet.size() - header_octets - mki_octets);
    Bytes out(packet.size() - mki_octets - tag_octets_);
    std::ranges::copy(header, out.begin());
    if (!open(ssrc, index, header, sealed, std::span(out).subspan(header_octets))) return std::nullopt;
    return out;
  }
  const ByteView plain_part = packet.first(packet.size() - mki_octets - tag_octets_);
  if (hmac_ && !trusting) {
    const auto tag = tag_of(plain_part, rollovers_of(index));
    if (!crypto::equal_constant_time(ByteView(tag).first(tag_octets_), packet.last(tag_octets_)))
      return std::nullopt;
  }
  Bytes out(plain_part.begin(), plain_part.end());
  const auto payload = std::span(out).subspan(header_octets);
  if (!encrypt(ssrc, index, payload, payload)) return std::nullopt;
  return out;
}

std::optional<Bytes> PacketTransform::protect_rtcp(ByteView packet, std::uint32_t index, ByteView mki) {
  const auto word = big_endian<4>(index | (services_.encrypts ? encrypted_bit : 0));
  if (aead_) return protect_rtcp_aead(packet, index, word, mki);
  Bytes out = with_room(packet, rtcp_index_octets + mki.size() + tag_octets_);
  const auto payload = std::span(out).subspan(rtcp_header_octets);
  if (!encrypt(packet.subspan(rtcp_ssrc_at, ssrc_octets), index, payload, payload)) return std::nullopt;
  append(out, word);
  const auto tag = tag_of(out, {});
  append(out, mki);
  append(out, ByteView(tag).first(tag_octets_));
  return out;
}

// RFC 7714 §9.2: encrypted, the header and the word with the index are associated data. §9.3: not encrypted,
// all of the packet is.
std::optional<Bytes> PacketTransform::protect_rtcp_aead(ByteView packet, std::uint32_t index, ByteView word,
                                                        ByteView mki) {
  const ByteView clear = services_.encrypts ? packet.first(rtcp_header_octets) : packet;
  Bytes associated = with_room(clear, word.size());
  append(associated, word);
  Bytes out = with_room(clear, packet.size() - clear.size() + tag_octets_ + word.size() + mki.size());
  if (!seal(packet.subspan(rtcp_ssrc_at, ssrc_octets), index, associated, packet.subspan(clear.size()), out))
    return std::nullopt;
  append(out, word);
  append(out, mki);
  return out;
}

std::optional<Bytes> PacketTransform::unprotect_rtcp(ByteView packet, std::size_t mki_octets,
                                                     std::size_t tag_octets, bool trusting) {
  const std::size_t behind = mki_octets + (aead_ ? 0 : tag_octets);
  const ByteView with_word = packet.first(packet.size() - behind);
  const ByteView word = with_word.last(rtcp_index_octets);
  const std::uint32_t value = *Reader(word).u32("SRTCP index");
  const std::uint32_t index = value & ~encrypted_bit;
  // RFC 4568 §6 wants the policy for every packet, whatever its bit says; RFC 3711 §3.4 leaves it to the
  // sender, which is of use to nobody who has agreed on encryption by MIKEY or DTLS-SRTP either. NULL
  // encryption is the same with the bit and without it.
  if (!null_cipher_ && ((value & encrypted_bit) != 0) != services_.encrypts) return std::nullopt;
  if (aead_) return unprotect_rtcp_aead(with_word.first(with_word.size() - rtcp_index_octets), index, word);
  if (!trusting) {
    const auto tag = tag_of(with_word, {});
    if (!crypto::equal_constant_time(ByteView(tag).first(tag_octets), packet.last(tag_octets)))
      return std::nullopt;
  }
  const ByteView report = with_word.first(with_word.size() - rtcp_index_octets);
  Bytes out(report.begin(), report.end());
  const auto payload = std::span(out).subspan(rtcp_header_octets);
  if (!encrypt(report.subspan(rtcp_ssrc_at, ssrc_octets), index, payload, payload)) return std::nullopt;
  return out;
}

std::optional<Bytes> PacketTransform::unprotect_rtcp_aead(ByteView packet, std::uint32_t index,
                                                          ByteView word) {
  const std::size_t plain_octets = packet.size() - tag_octets_;
  const std::size_t clear_octets = services_.encrypts ? rtcp_header_octets : plain_octets;
  const ByteView clear = packet.first(clear_octets);
  Bytes associated = with_room(clear, word.size());
  append(associated, word);
  Bytes out(plain_octets);
  std::ranges::copy(clear, out.begin());
  if (!open(packet.subspan(rtcp_ssrc_at, ssrc_octets), index, associated, packet.subspan(clear_octets),
            std::span(out).subspan(clear_octets)))
    return std::nullopt;
  return out;
}

} // namespace sipvet::srtp
