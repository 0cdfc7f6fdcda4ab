#include "crypto/cipher.hpp"

#include "crypto/block_gcm.hpp"
#include "crypto/legacy_cipher.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <climits>
#include <string>

namespace sipvet::crypto {

struct CipherContext {
  EVP_CIPHER_CTX* evp = EVP_CIPHER_CTX_new();
  CipherContext() = default;
  CipherContext(const CipherContext&) = delete;
  CipherContext& operator=(const CipherContext&) = delete;
  ~CipherContext() { EVP_CIPHER_CTX_free(evp); }
};
void CipherContextDeleter::operator()(CipherContext* context) const { delete context; }
void BlockGcmDeleter::operator()(BlockGcm* gcm) const { delete gcm; }

namespace {

struct BlockProperties {
  std::size_t key_octets;
  std::size_t block_octets;
  std::string_view name;
  const EVP_CIPHER* (*cbc)();
};
constexpr std::array<BlockProperties, 10> block_properties{{
    {16, 16, "AES-128", EVP_aes_128_cbc},
    {24, 16, "AES-192", EVP_aes_192_cbc},
    {32, 16, "AES-256", EVP_aes_256_cbc},
    {24, 8, "3DES-EDE", EVP_des_ede3_cbc},
    {8, 8, "DES", EVP_des_ede3_cbc}, // with one key for all three steps
    {16, 16, "Camellia-128", EVP_camellia_128_cbc},
    {32, 16, "Camellia-256", EVP_camellia_256_cbc},
    {16, 16, "ARIA-128", EVP_aria_128_cbc},
    {32, 16, "ARIA-256", EVP_aria_256_cbc},
    {16, 16, "SEED", seed_cbc},
}};
const BlockProperties& of(BlockCipher cipher) { return block_properties[static_cast<std::size_t>(cipher)]; }

struct AeadProperties {
  std::size_t key_octets;
  std::size_t tag_octets;
  std::string_view name;
  const EVP_CIPHER* (*evp)();
  bool ccm;
};
constexpr std::array<AeadProperties, 11> aead_properties{{
    {16, 16, "AES-128-GCM", EVP_aes_128_gcm, false},
    {32, 16, "AES-256-GCM", EVP_aes_256_gcm, false},
    {16, 16, "AES-128-CCM", EVP_aes_128_ccm, true},
    {32, 16, "AES-256-CCM", EVP_aes_256_ccm, true},
    {16, 8, "AES-128-CCM-8", EVP_aes_128_ccm, true},
    {32, 8, "AES-256-CCM-8", EVP_aes_256_ccm, true},
    {32, 16, "ChaCha20-Poly1305", EVP_chacha20_poly1305, false},
    {16, 16, "ARIA-128-GCM", EVP_aria_128_gcm, false},
    {32, 16, "ARIA-256-GCM", EVP_aria_256_gcm, false},
    {16, 16, "Camellia-128-GCM", nullptr, false}, // see block_gcm.hpp
    {32, 16, "Camellia-256-GCM", nullptr, false},
}};
const AeadProperties& of(AeadCipher cipher) { return aead_properties[static_cast<std::size_t>(cipher)]; }

Error wrong_key(std::string_view cipher, std::size_t expected, std::size_t got) {
  return fail("expected a key of " + std::to_string(expected) + " octets for " + std::string(cipher) +
              ", got " + std::to_string(got));
}

// A context with the key set and padding off; the IV follows with each message.
Result<CipherContextPtr> keyed(const EVP_CIPHER* cipher, Direction direction, ByteView key) {
  CipherContextPtr context(new CipherContext);
  const int encrypt = direction == Direction::encrypt ? 1 : 0;
  if (cipher == nullptr ||
      EVP_CipherInit_ex2(context->evp, cipher, key.data(), nullptr, encrypt, nullptr) != 1)
    return fail("the cryptographic library refused the cipher or its key");
  EVP_CIPHER_CTX_set_padding(context->evp, 0);
  return context;
}

bool set_iv(EVP_CIPHER_CTX* context, ByteView iv) {
  return EVP_CipherInit_ex2(context, nullptr, nullptr, iv.data(), -1, nullptr) == 1;
}

bool fits(ByteView in, std::size_t out_octets, std::size_t expansion = 0) {
  return in.size() <= INT_MAX - 64 && out_octets >= in.size() + expansion;
}

bool update(EVP_CIPHER_CTX* context, ByteView in, std::uint8_t* out) {
  int written = 0;
  return EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1;
}

using Ciphers = std::array<const EVP_CIPHER* (*)(), 3>; // for keys of 16, 24 and 32 octets

Result<CipherContextPtr> keyed_aes(const Ciphers& ciphers, Direction direction, ByteView key) {
  if (key.size() != 16 && key.size() != 24 && key.size() != 32)
    return fail("expected an AES key of 16, 24 or 32 octets, got " + std::to_string(key.size()));
  return keyed(ciphers[key.size() / 8 - 2](), direction, key);
}

} // namespace

std::size_t key_octets(BlockCipher cipher) { return of(cipher).key_octets; }
std::size_t block_octets(BlockCipher cipher) { return of(cipher).block_octets; }
std::string_view name(BlockCipher cipher) { return of(cipher).name; }

Result<Cbc> Cbc::make(BlockCipher cipher, Direction direction, ByteView key) {
  const BlockProperties& properties = of(cipher);
  if (key.size() != properties.key_octets)
    return wrong_key(properties.name, properties.key_octets, key.size());
  Cbc made;
  // Single DES is triple DES whose second step undoes the first; the library has it in its legacy part only.
  Bytes whole = to_bytes(key);
  while (cipher == BlockCipher::des && whole.size() < 24) append(whole, key);
  SIPVET_TRY(made.context_, keyed(properties.cbc(), direction, whole));
  made.block_octets_ = properties.block_octets;
  made.encrypting_ = direction == Direction::encrypt;
  return made;
}

bool Cbc::process(ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  if (iv.size() != block_octets_ || in.size() % block_octets_ != 0 || !fits(in, out.size())) return false;
  if (in.empty()) return true;
  return set_iv(context_->evp, iv) && update(context_->evp, in, out.data());
}

// A block of CBC is decrypted with the ciphertext of the one before it, so only the first needs the IV that
// the library holds.
bool Cbc::decrypt_with_iv_in_front(ByteView iv_and_in, std::span<std::uint8_t> out) {
  if (encrypting_ || iv_and_in.size() < block_octets_ || iv_and_in.size() % block_octets_ != 0 ||
      !fits(iv_and_in, out.size()))
    return false;
  return update(context_->evp, iv_and_in, out.data());
}

Result<Ctr> Ctr::make(ByteView key) {
  static constexpr Ciphers ciphers{EVP_aes_128_ctr, EVP_aes_192_ctr, EVP_aes_256_ctr};
  Ctr made;
  SIPVET_TRY(made.context_, keyed_aes(ciphers, Direction::encrypt, key));
  return made;
}

bool Ctr::process(ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  if (iv.size() != 16 || !fits(in, out.size())) return false;
  if (in.empty()) return true;
  return set_iv(context_->evp, iv) && update(context_->evp, in, out.data());
}

Result<AesBlock> AesBlock::make(ByteView key, Direction direction) {
  static constexpr Ciphers ciphers{EVP_aes_128_ecb, EVP_aes_192_ecb, EVP_aes_256_ecb};
  AesBlock made;
  SIPVET_TRY(made.context_, keyed_aes(ciphers, direction, key));
  return made;
}

bool AesBlock::process(ByteView in, std::span<std::uint8_t> out) {
  return in.size() % 16 == 0 && fits(in, out.size()) && (in.empty() || update(context_->evp, in, out.data()));
}

std::array<std::uint8_t, 16> AesBlock::process(std::span<const std::uint8_t, 16> in) {
  std::array<std::uint8_t, 16> out{};
  update(context_->evp, in, out.data());
  return out;
}

Rc4::Rc4(ByteView key) {
  for (std::size_t i = 0; i < 256; ++i) state_[i] = static_cast<std::uint8_t>(i);
  if (key.empty()) return;
  std::uint8_t j = 0;
  for (std::size_t i = 0; i < 256; ++i) {
    j = static_cast<std::uint8_t>(j + state_[i] + key[i % key.size()]);
    std::swap(state_[i], state_[j]);
  }
}

void Rc4::process(ByteView in, std::span<std::uint8_t> out) {
  for (std::size_t n = 0; n < in.size() && n < out.size(); ++n) out[n] = in[n] ^ next();
}

void Rc4::skip(std::uint64_t octets) {
  for (; octets != 0; --octets) next();
}

std::uint8_t Rc4::next() {
  i_ = static_cast<std::uint8_t>(i_ + 1);
  j_ = static_cast<std::uint8_t>(j_ + state_[i_]);
  std::swap(state_[i_], state_[j_]);
  return state_[static_cast<std::uint8_t>(state_[i_] + state_[j_])];
}

std::size_t key_octets(AeadCipher cipher) { return of(cipher).key_octets; }
std::size_t tag_octets(AeadCipher cipher) { return of(cipher).tag_octets; }
std::string_view name(AeadCipher cipher) { return of(cipher).name; }

Result<Aead> Aead::make(AeadCipher cipher, Direction direction, ByteView key) {
  const AeadProperties& properties = of(cipher);
  if (key.size() != properties.key_octets)
    return wrong_key(properties.name, properties.key_octets, key.size());
  Aead made;
  made.direction_ = direction;
  made.tag_octets_ = properties.tag_octets;
  made.length_first_ = properties.ccm;
  if (properties.evp == nullptr) {
    SIPVET_TRY(BlockGcm gcm,
               BlockGcm::make(key.size() == 16 ? BlockCipher::camellia128 : BlockCipher::camellia256, key));
    made.own_gcm_.reset(new BlockGcm(std::move(gcm)));
    return made;
  }
  made.context_.reset(new CipherContext);
  EVP_CIPHER_CTX* evp = made.context_->evp;
  const int encrypt = direction == Direction::encrypt ? 1 : 0;
  // CCM takes nonce and tag lengths before the key.
  bool ready = EVP_CipherInit_ex2(evp, properties.evp(), nullptr, nullptr, encrypt, nullptr) == 1 &&
               EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_SET_IVLEN, aead_nonce_octets, nullptr) == 1;
  if (ready && properties.ccm)
    ready = EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(properties.tag_octets),
                                nullptr) == 1;
  if (!ready || EVP_CipherInit_ex2(evp, nullptr, key.data(), nullptr, encrypt, nullptr) != 1)
    return fail("the cryptographic library refused " + std::string(properties.name));
  return made;
}

namespace {

// Everything before the data itself. `tag` is null when encrypting.
bool begin(EVP_CIPHER_CTX* evp, ByteView nonce, ByteView associated, bool length_first,
           std::size_t data_octets, const std::uint8_t* tag, std::size_t tag_size) {
  std::array<std::uint8_t, 16> expected{};
  if (tag != nullptr) std::copy(tag, tag + tag_size, expected.begin());
  if (length_first) { // CCM wants the tag before the nonce
    if (tag != nullptr &&
        EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size), expected.data()) != 1)
      return false;
    if (!set_iv(evp, nonce)) return false;
  } else { // both at once: each call by itself goes through the names of all that could be set
    const OSSL_PARAM parameters[] = {
        tag == nullptr
            ? OSSL_PARAM_construct_end()
            : OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, expected.data(), tag_size),
        OSSL_PARAM_construct_end()};
    if (EVP_CipherInit_ex2(evp, nullptr, nullptr, nonce.data(), -1, parameters) != 1) return false;
  }
  int ignored = 0;
  if (length_first && EVP_CipherUpdate(evp, nullptr, &ignored, nullptr, static_cast<int>(data_octets)) != 1)
    return false;
  return associated.empty() || EVP_CipherUpdate(evp, nullptr, &ignored, associated.data(),
                                                static_cast<int>(associated.size())) == 1;
}

} // namespace

bool Aead::seal(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out) {
  if (direction_ != Direction::encrypt || nonce.size() != aead_nonce_octets) return false;
  if (!fits(in, out.size(), tag_octets_)) return false;
  if (own_gcm_) return own_gcm_->seal(nonce, associated, in, out);
  EVP_CIPHER_CTX* evp = context_->evp;
  if (!begin(evp, nonce, associated, length_first_, in.size(), nullptr, 0)) return false;
  if ((length_first_ || !in.empty()) && !update(evp, in.data() ? in : ByteView(out.data(), 0), out.data()))
    return false;
  int ignored = 0;
  std::array<std::uint8_t, 16> rest{};
  return EVP_CipherFinal_ex(evp, rest.data(), &ignored) == 1 &&
         EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_octets_),
                             out.data() + in.size()) == 1;
}

bool Aead::open(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out) {
  if (direction_ != Direction::decrypt || nonce.size() != aead_nonce_octets || in.size() < tag_octets_)
    return false;
  const ByteView data = in.first(in.size() - tag_octets_);
  if (!fits(data, out.size())) return false;
  if (own_gcm_) return own_gcm_->open(nonce, associated, in, out);
  EVP_CIPHER_CTX* evp = context_->evp;
  if (!begin(evp, nonce, associated, length_first_, data.size(), in.data() + data.size(), tag_octets_))
    return false;
  std::array<std::uint8_t, 16> rest{};
  if (length_first_)
    return update(evp, data, out.empty() ? rest.data() : out.data()); // CCM checks the tag here
  if (!data.empty() && !update(evp, data, out.data())) return false;
  int ignored = 0;
  return EVP_CipherFinal_ex(evp, rest.data(), &ignored) == 1;
}

} // namespace sipvet::crypto
