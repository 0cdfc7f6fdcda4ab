#include "crypto/block_gcm.hpp"

#include "crypto/owned.hpp"

#include <openssl/evp.h>
#include <openssl/modes.h>

#include <string>

namespace sipvet::crypto {
namespace {

constexpr std::size_t gcm_tag_octets = 16;

// What the library's mode calls for each block; the context has no padding and takes whole blocks only.
void encrypt_block(const unsigned char in[16], unsigned char out[16], const void* context) {
  int written = 0;
  auto* evp = static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(context));
  EVP_EncryptUpdate(evp, out, &written, in, 16);
}

} // namespace

struct BlockGcm::State {
  Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> block{EVP_CIPHER_CTX_new()};
  Owned<GCM128_CONTEXT, CRYPTO_gcm128_release> mode;

  bool begin(ByteView nonce, ByteView associated) {
    CRYPTO_gcm128_setiv(mode.get(), nonce.data(), nonce.size());
    return associated.empty() || CRYPTO_gcm128_aad(mode.get(), associated.data(), associated.size()) == 0;
  }
};

BlockGcm::BlockGcm(std::unique_ptr<State> state) : state_(std::move(state)) {}
BlockGcm::BlockGcm(BlockGcm&&) noexcept = default;
BlockGcm& BlockGcm::operator=(BlockGcm&&) noexcept = default;
BlockGcm::~BlockGcm() = default;

Result<BlockGcm> BlockGcm::make(BlockCipher cipher, ByteView key) {
  const EVP_CIPHER* evp = cipher == BlockCipher::camellia128   ? EVP_camellia_128_ecb()
                          : cipher == BlockCipher::camellia256 ? EVP_camellia_256_ecb()
                                                               : nullptr;
  if (evp == nullptr) return fail("expected Camellia for GCM, got " + std::string(name(cipher)));
  if (key.size() != key_octets(cipher))
    return fail("expected a key of " + std::to_string(key_octets(cipher)) + " octets for " +
                std::string(name(cipher)) + ", got " + std::to_string(key.size()));
  auto state = std::make_unique<State>();
  if (EVP_EncryptInit_ex2(state->block.get(), evp, key.data(), nullptr, nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(state->block.get(), 0) != 1)
    return fail("the cryptographic library refused " + std::string(name(cipher)));
  state->mode.reset(CRYPTO_gcm128_new(state->block.get(), encrypt_block));
  return BlockGcm(std::move(state));
}

bool BlockGcm::seal(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out) {
  if (!state_->begin(nonce, associated) ||
      CRYPTO_gcm128_encrypt(state_->mode.get(), in.data(), out.data(), in.size()) != 0)
    return false;
  CRYPTO_gcm128_tag(state_->mode.get(), out.data() + in.size(), gcm_tag_octets);
  return true;
}

bool BlockGcm::open(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out) {
  const ByteView data = in.first(in.size() - gcm_tag_octets);
  // The tag is looked at before `out` is written, which may be `in`.
  std::array<std::uint8_t, gcm_tag_octets> tag{};
  std::copy(in.end() - gcm_tag_octets, in.end(), tag.begin());
  return state_->begin(nonce, associated) &&
         CRYPTO_gcm128_decrypt(state_->mode.get(), data.data(), out.data(), data.size()) == 0 &&
         CRYPTO_gcm128_finish(state_->mode.get(), tag.data(), tag.size()) == 0;
}

} // namespace sipvet::crypto
