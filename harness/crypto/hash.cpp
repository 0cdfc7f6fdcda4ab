// The old per-hash interface is used on purpose: its contexts are plain structs, which makes the copies that
// HMAC and transcripts live on cost nothing, where EVP allocates.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.hpp"

#include <openssl/md5.h>
#include <openssl/sha.h>

#include <array>
#include <variant>

namespace sipvet::crypto {
namespace {

struct Properties {
  std::size_t octets;
  std::size_t block_octets;
  std::string_view name;
};
constexpr std::array<Properties, 5> properties{{
    {16, 64, "MD5"},
    {20, 64, "SHA1"},
    {32, 64, "SHA256"},
    {48, 128, "SHA384"},
    {64, 128, "SHA512"},
}};
const Properties& of(Hash hash) { return properties[static_cast<std::size_t>(hash)]; }

} // namespace

std::size_t octets(Hash hash) { return of(hash).octets; }
std::size_t block_octets(Hash hash) { return of(hash).block_octets; }
std::string_view name(Hash hash) { return of(hash).name; }

struct Hasher::State {
  std::variant<MD5_CTX, SHA_CTX, SHA256_CTX, SHA512_CTX> context;

  void start(Hash hash) {
    switch (hash) {
    case Hash::md5:
      MD5_Init(&context.emplace<MD5_CTX>());
      break;
    case Hash::sha1:
      SHA1_Init(&context.emplace<SHA_CTX>());
      break;
    case Hash::sha256:
      SHA256_Init(&context.emplace<SHA256_CTX>());
      break;
    case Hash::sha384:
      SHA384_Init(&context.emplace<SHA512_CTX>());
      break;
    case Hash::sha512:
      SHA512_Init(&context.emplace<SHA512_CTX>());
      break;
    }
  }
};

namespace {

struct Update {
  ByteView data;
  void operator()(MD5_CTX& c) const { MD5_Update(&c, data.data(), data.size()); }
  void operator()(SHA_CTX& c) const { SHA1_Update(&c, data.data(), data.size()); }
  void operator()(SHA256_CTX& c) const { SHA256_Update(&c, data.data(), data.size()); }
  void operator()(SHA512_CTX& c) const { SHA512_Update(&c, data.data(), data.size()); }
};

struct Final {
  std::uint8_t* out;
  void operator()(MD5_CTX& c) const { MD5_Final(out, &c); }
  void operator()(SHA_CTX& c) const { SHA1_Final(out, &c); }
  void operator()(SHA256_CTX& c) const { SHA256_Final(out, &c); }
  void operator()(SHA512_CTX& c) const {
    SHA512_Final(out, &c);
  } // also right for SHA-384: it writes md_len octets
};

} // namespace

Hasher::Hasher(Hash hash) : hash_(hash), state_(std::make_unique<State>()) { state_->start(hash); }
Hasher::Hasher(const Hasher& other) : hash_(other.hash_), state_(std::make_unique<State>(*other.state_)) {}
Hasher& Hasher::operator=(const Hasher& other) {
  hash_ = other.hash_;
  if (state_ == nullptr) state_ = std::make_unique<State>();
  *state_ = *other.state_;
  return *this;
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(ByteView data) {
  if (!data.empty()) std::visit(Update{data}, state_->context);
}

void Hasher::finish(std::span<std::uint8_t> out) {
  std::visit(Final{out.data()}, state_->context);
  state_->start(hash_);
}

Bytes Hasher::finish() {
  Bytes out(octets(hash_));
  finish(out);
  return out;
}

Bytes Hasher::peek() const {
  Hasher copy(*this);
  return copy.finish();
}

Bytes digest(Hash hash, ByteView data) {
  Hasher hasher(hash);
  hasher.update(data);
  return hasher.finish();
}

} // namespace sipvet::crypto
