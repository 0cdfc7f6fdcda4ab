#include "crypto/hmac.hpp"

#include <algorithm>
#include <array>

namespace sipvet::crypto {

struct Hmac::State {
  Hasher inner_start;
  Hasher outer_start;
  Hasher inner;
  Hasher outer;
};

namespace {

// RFC 2104 §2: the key, hashed when longer than a block, zero-padded to a block, each octet xored with `pad`.
Hasher start_with(Hash hash, ByteView key, std::uint8_t pad) {
  const Bytes shortened = key.size() > block_octets(hash) ? digest(hash, key) : to_bytes(key);
  Bytes block(block_octets(hash), pad);
  for (std::size_t i = 0; i < shortened.size(); ++i) block[i] ^= shortened[i];
  Hasher hasher(hash);
  hasher.update(block);
  return hasher;
}

} // namespace

Hmac::Hmac(Hash hash, ByteView key) : hash_(hash) {
  Hasher inner = start_with(hash, key, 0x36);
  Hasher outer = start_with(hash, key, 0x5c);
  state_ = std::make_unique<State>(State{inner, outer, inner, outer});
}
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;
Hmac::~Hmac() = default;

void Hmac::reset() { state_->inner = state_->inner_start; }

void Hmac::update(ByteView data) { state_->inner.update(data); }

void Hmac::finish(std::span<std::uint8_t> out) {
  std::array<std::uint8_t, max_hash_octets> inner_hash;
  const std::span<std::uint8_t> inner(inner_hash.data(), octets());
  state_->inner.finish(inner);
  state_->outer = state_->outer_start;
  state_->outer.update(inner);
  state_->outer.finish(out);
  reset();
}

Bytes Hmac::finish() {
  Bytes out(octets());
  finish(out);
  return out;
}

Bytes hmac(Hash hash, ByteView key, ByteView data) {
  Hmac keyed(hash, key);
  keyed.update(data);
  return keyed.finish();
}

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<std::uint8_t>(a[i] ^ b[i]);
  return difference == 0;
}

} // namespace sipvet::crypto
