// The old per-hash interface, as in hash.cpp: its contexts can be set to what a padded key leaves them at.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hmac.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace sipvet::crypto {

namespace {

// What a hash function has come to after one block, the padded key: RFC 3174 §6.1, RFC 6234 §6.2.
using Chaining = std::array<std::uint32_t, 8>; // SHA-1 has five

constexpr std::size_t key_block_octets = 64; // of both

SHA_CTX sha1_after(const Chaining& key) {
  SHA_CTX out;
  out.h0 = key[0];
  out.h1 = key[1];
  out.h2 = key[2];
  out.h3 = key[3];
  out.h4 = key[4];
  out.Nl = key_block_octets * 8;
  out.Nh = 0;
  out.num = 0;
  return out;
}

SHA256_CTX sha256_after(const Chaining& key) {
  SHA256_CTX out;
  std::ranges::copy(key, out.h);
  out.Nl = key_block_octets * 8;
  out.Nh = 0;
  out.num = 0;
  out.md_len = SHA256_DIGEST_LENGTH;
  return out;
}

Chaining sha1_chaining(ByteView key_block) {
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, key_block.data(), key_block.size());
  return {context.h0, context.h1, context.h2, context.h3, context.h4};
}

Chaining sha256_chaining(ByteView key_block) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, key_block.data(), key_block.size());
  Chaining out;
  std::ranges::copy(context.h, out.begin());
  return out;
}

} // namespace

struct Hmac::State {
  Chaining inner_key, outer_key; // of SHA-1 and SHA-256
  Hasher inner_start;
  Hasher outer_start;
  Hasher inner;
  Hasher outer;
};

namespace {

// RFC 2104 §2: the key, hashed when longer than a block, zero-padded to a block, each octet xored with `pad`.
Bytes padded(Hash hash, ByteView key, std::uint8_t pad) {
  const Bytes shortened = key.size() > block_octets(hash) ? digest(hash, key) : to_bytes(key);
  Bytes block(block_octets(hash), pad);
  for (std::size_t i = 0; i < shortened.size(); ++i) block[i] ^= shortened[i];
  return block;
}

Hasher start_with(Hash hash, ByteView block) {
  Hasher hasher(hash);
  hasher.update(block);
  return hasher;
}

Chaining chaining(Hash hash, ByteView block) {
  if (hash == Hash::sha1) return sha1_chaining(block);
  if (hash == Hash::sha256) return sha256_chaining(block);
  return {};
}

} // namespace

Hmac::Hmac(Hash hash, ByteView key) : hash_(hash) {
  const Bytes inner_block = padded(hash, key, 0x36);
  const Bytes outer_block = padded(hash, key, 0x5c);
  Hasher inner = start_with(hash, inner_block);
  Hasher outer = start_with(hash, outer_block);
  state_ = std::make_unique<State>(
      State{chaining(hash, inner_block), chaining(hash, outer_block), inner, outer, inner, outer});
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

void Hmac::compute(ByteView first, ByteView second, std::span<std::uint8_t> out) const {
  std::array<std::uint8_t, max_hash_octets> inner_hash;
  if (hash_ == Hash::sha1) {
    SHA_CTX context = sha1_after(state_->inner_key);
    SHA1_Update(&context, first.data(), first.size());
    SHA1_Update(&context, second.data(), second.size());
    SHA1_Final(inner_hash.data(), &context);
    context = sha1_after(state_->outer_key);
    SHA1_Update(&context, inner_hash.data(), octets());
    SHA1_Final(out.data(), &context);
  } else if (hash_ == Hash::sha256) {
    SHA256_CTX context = sha256_after(state_->inner_key);
    SHA256_Update(&context, first.data(), first.size());
    SHA256_Update(&context, second.data(), second.size());
    SHA256_Final(inner_hash.data(), &context);
    context = sha256_after(state_->outer_key);
    SHA256_Update(&context, inner_hash.data(), octets());
    SHA256_Final(out.data(), &context);
  } else {
    Hasher hasher = state_->inner_start;
    hasher.update(first);
    hasher.update(second);
    hasher.finish(std::span(inner_hash).first(octets()));
    hasher = state_->outer_start;
    hasher.update(ByteView(inner_hash).first(octets()));
    hasher.finish(out);
  }
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
