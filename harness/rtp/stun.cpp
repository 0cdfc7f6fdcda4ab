#include "rtp/stun.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <algorithm>

namespace sipvet::rtp {
namespace {

constexpr std::size_t header_octets = 20, fingerprint_octets = 8;
constexpr std::uint32_t fingerprint_mask = 0x5354'554E; // §14.7: "STUN"
constexpr std::uint16_t first_optional = 0x8000;        // §14: from here on who does not know it skips it

constexpr std::uint16_t mapped_address = 0x0001, username = 0x0006, message_integrity = 0x0008,
                        error_code = 0x0009, unknown_attributes = 0x000A, realm = 0x0014, nonce = 0x0015,
                        message_integrity_sha256 = 0x001C, xor_mapped_address = 0x0020, priority = 0x0024,
                        use_candidate = 0x0025, fingerprint = 0x8028;
// Those of ICE belong to a negotiation that there was none of, and change nothing.
constexpr std::uint16_t known[] = {
    mapped_address, username, message_integrity,        error_code,         unknown_attributes,
    realm,          nonce,    message_integrity_sha256, xor_mapped_address, priority,
    use_candidate};

// ISO 3309, as FINGERPRINT has it.
std::uint32_t crc32(ByteView octets) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (const std::uint8_t octet : octets) {
    crc ^= octet;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB8'8320 : 0);
  }
  return ~crc;
}

std::size_t padding_of(std::size_t octets) { return (4 - octets % 4) % 4; }

Bytes mask_of(const StunTransaction& transaction) {
  Writer mask;
  mask.u32(stun_magic_cookie).bytes(transaction);
  return mask.take();
}

// Port and address xored with the magic cookie, and with the transaction behind it (§14.2).
Bytes xored(const Endpoint& endpoint, const StunTransaction& transaction) {
  const Bytes mask = mask_of(transaction);
  Writer out;
  out.u8(0)
      .u8(endpoint.ip.v6 ? 2 : 1)
      .u16(static_cast<std::uint16_t>(endpoint.port ^ (stun_magic_cookie >> 16)));
  const std::size_t octets = endpoint.ip.v6 ? 16 : 4;
  auto key = mask.begin();
  for (const std::uint8_t octet : ByteView(endpoint.ip.octets).first(octets)) out.u8(octet ^ *key++);
  return out.take();
}

// The length in the header counts FINGERPRINT, which the sum itself leaves out.
Bytes finished(StunType type, const StunTransaction& transaction, ByteView attributes) {
  Writer out;
  out.u16(static_cast<std::uint16_t>(type))
      .u16(static_cast<std::uint16_t>(attributes.size() + fingerprint_octets))
      .u32(stun_magic_cookie)
      .bytes(transaction)
      .bytes(attributes);
  const std::uint32_t sum = crc32(out.view()) ^ fingerprint_mask;
  out.u16(fingerprint).u16(4).u32(sum);
  return out.take();
}

void add_attribute(Writer& to, std::uint16_t type, ByteView value) {
  to.u16(type).u16(static_cast<std::uint16_t>(value.size())).bytes(value).zeros(padding_of(value.size()));
}

Result<void> take_attribute(std::uint16_t type, ByteView value, ByteView before, StunMessage& out) {
  if (type == xor_mapped_address) {
    SIPVET_TRY(out.mapped, read_xor_address(value, mask_of(out.transaction)));
  } else if (type == fingerprint) {
    Reader reader(value);
    SIPVET_TRY(const std::uint32_t sum, reader.u32("FINGERPRINT"));
    if (sum != (crc32(before) ^ fingerprint_mask)) return fail("the FINGERPRINT is wrong", before.size());
  } else if (type < first_optional && std::ranges::find(known, type) == std::end(known)) {
    out.unknown.push_back(type);
  }
  return {};
}

} // namespace

Result<Endpoint> read_xor_address(ByteView value, ByteView mask) {
  Reader reader(value);
  SIPVET_CHECK(reader.skip(1, "reserved octet"));
  SIPVET_TRY(const std::uint8_t family, reader.u8("address family"));
  SIPVET_TRY(const std::uint16_t port, reader.u16("port"));
  Endpoint out;
  out.ip.v6 = family == 2;
  out.port = static_cast<std::uint16_t>(port ^ (stun_magic_cookie >> 16));
  SIPVET_TRY(const ByteView octets, reader.bytes(out.ip.v6 ? 16 : 4, "address"));
  std::ranges::transform(octets, mask, out.ip.octets.begin(),
                         [](std::uint8_t octet, std::uint8_t key) { return octet ^ key; });
  return out;
}

bool looks_like_stun(ByteView datagram) {
  Reader reader(datagram);
  const auto type = reader.u16("STUN type");
  if (!type || *type >= 0x0400 || !reader.u16("STUN length")) return false;
  const auto cookie = reader.u32("magic cookie");
  return cookie && *cookie == stun_magic_cookie && datagram.size() >= header_octets;
}

Result<StunMessage> parse_stun(ByteView datagram) {
  if (!looks_like_stun(datagram)) return fail("expected a STUN message", 0);
  Reader reader(datagram);
  StunMessage out;
  SIPVET_TRY(out.type, reader.u16("STUN type"));
  SIPVET_TRY(const std::uint16_t octets, reader.u16("STUN length"));
  SIPVET_CHECK(reader.skip(4, "magic cookie"));
  SIPVET_TRY(const ByteView transaction, reader.bytes(out.transaction.size(), "transaction"));
  std::ranges::copy(transaction, out.transaction.begin());
  SIPVET_TRY(Reader attributes, reader.sub(octets, "STUN attributes"));
  SIPVET_CHECK(reader.expect_end("STUN message"));
  while (!attributes.empty()) {
    const ByteView before = datagram.first(datagram.size() - attributes.remaining());
    SIPVET_TRY(const std::uint16_t type, attributes.u16("attribute type"));
    SIPVET_TRY(const std::uint16_t length, attributes.u16("attribute length"));
    SIPVET_TRY(const ByteView value, attributes.bytes(length, "attribute value"));
    SIPVET_CHECK(attributes.skip(padding_of(length), "padding"));
    SIPVET_CHECK(take_attribute(type, value, before, out));
  }
  return out;
}

Bytes stun_request(const StunTransaction& transaction) {
  return finished(StunType::binding_request, transaction, {});
}

Bytes stun_success(const StunTransaction& transaction, const Endpoint& seen) {
  Writer attributes;
  add_attribute(attributes, xor_mapped_address, xored(seen, transaction));
  return finished(StunType::binding_success, transaction, attributes.view());
}

Bytes stun_unknown_attributes(const StunTransaction& transaction, const std::vector<std::uint16_t>& unknown) {
  Writer attributes, numbers;
  const Bytes code = {0, 0, 4, 20}; // §14.8: 420, without a reason phrase
  add_attribute(attributes, error_code, code);
  for (const std::uint16_t type : unknown) numbers.u16(type);
  add_attribute(attributes, unknown_attributes, numbers.view());
  return finished(StunType::binding_error, transaction, attributes.view());
}

} // namespace sipvet::rtp
