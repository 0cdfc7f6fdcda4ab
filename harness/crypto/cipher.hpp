// Ciphers as objects that are keyed once and then used for any number of messages. Output goes to the
// caller's buffer, which may be the input itself but must not overlap it in part.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace sipvet::crypto {

struct CipherContext; // the library's object, known to the implementation only
struct CipherContextDeleter {
  void operator()(CipherContext* context) const;
};
class BlockGcm; // GCM around a block cipher that the library has without it
struct BlockGcmDeleter {
  void operator()(BlockGcm* gcm) const;
};
using CipherContextPtr = std::unique_ptr<CipherContext, CipherContextDeleter>;

enum class Direction { encrypt, decrypt };

// SEED comes from the library's legacy provider, which the system may lack: then it cannot be made.
enum class BlockCipher {
  aes128,
  aes192,
  aes256,
  tdes,
  des,
  camellia128,
  camellia256,
  aria128,
  aria256,
  seed,
};
std::size_t key_octets(BlockCipher cipher);   // 16, 24, 32; 24 for triple DES, 8 for DES
std::size_t block_octets(BlockCipher cipher); // 16; 8 for DES and triple DES
std::string_view name(BlockCipher cipher);

// Cipher block chaining without padding (NIST SP 800-38A §6.2).
class Cbc {
 public:
  // Fails when the key is not key_octets(cipher) long.
  static Result<Cbc> make(BlockCipher cipher, Direction direction, ByteView key);
  // `iv` has block_octets(), `in` a multiple of it, `out` as many as `in`. False, with `out` undefined, when
  // not.
  bool process(ByteView iv, ByteView in, std::span<std::uint8_t> out);
  // Decrypts what follows its IV; `out` has room for both and begins with a block of no meaning. Spares the
  // library's setting of an IV, which costs as much as half a kilobyte of AES.
  bool decrypt_with_iv_in_front(ByteView iv_and_in, std::span<std::uint8_t> out);
  std::size_t block_octets() const { return block_octets_; }

 private:
  CipherContextPtr context_;
  std::size_t block_octets_ = 16;
  bool encrypting_ = false;
};

// AES in counter mode (NIST SP 800-38A §6.5): the same operation encrypts and decrypts.
class Ctr {
 public:
  // Fails when the key has not 16, 24 or 32 octets.
  static Result<Ctr> make(ByteView key);
  // `iv` is the first counter block, 16 octets. Each call is a message of its own.
  bool process(ByteView iv, ByteView in, std::span<std::uint8_t> out);

 private:
  CipherContextPtr context_;
};

// Single AES blocks (ECB): what key derivations and key wrapping are built from.
class AesBlock {
 public:
  // Fails when the key has not 16, 24 or 32 octets.
  static Result<AesBlock> make(ByteView key, Direction direction = Direction::encrypt);
  std::array<std::uint8_t, 16> process(std::span<const std::uint8_t, 16> in);
  // Any number of whole blocks at once; `out` may be `in` itself. False when these are no whole blocks or
  // `out` has no room for them.
  bool process(ByteView in, std::span<std::uint8_t> out);

 private:
  CipherContextPtr context_;
};

// RC4, as TLS used it before RFC 7465 took it away. The key stream runs on from call to call.
class Rc4 {
 public:
  explicit Rc4(ByteView key); // 1 to 256 octets
  void process(ByteView in, std::span<std::uint8_t> out);
  // Goes past key stream whose octets are not there.
  void skip(std::uint64_t octets);

 private:
  std::uint8_t next();

  std::array<std::uint8_t, 256> state_{};
  std::uint8_t i_ = 0;
  std::uint8_t j_ = 0;
};

enum class AeadCipher {
  aes_128_gcm,
  aes_256_gcm,
  aes_128_ccm,
  aes_256_ccm,
  aes_128_ccm_8,
  aes_256_ccm_8,
  chacha20_poly1305,
  aria_128_gcm,
  aria_256_gcm,
  camellia_128_gcm,
  camellia_256_gcm,
};
std::size_t key_octets(AeadCipher cipher);
std::size_t tag_octets(AeadCipher cipher); // 16; 8 for the CCM_8 ciphers
std::string_view name(AeadCipher cipher);
constexpr std::size_t aead_nonce_octets = 12; // RFC 5116 §5: all of them

// Authenticated encryption with associated data (RFC 5116) in one direction.
class Aead {
 public:
  // Fails when the key is not key_octets(cipher) long.
  static Result<Aead> make(AeadCipher cipher, Direction direction, ByteView key);

  // Encrypts `in` to `out`, which has room for in.size() + tag_octets(); the tag comes last.
  bool seal(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out);
  // Decrypts `in`, which ends with the tag, to `out`, which has room for in.size() - tag_octets(). False when
  // the tag is wrong; `out` then holds nothing to rely on.
  bool open(ByteView nonce, ByteView associated, ByteView in, std::span<std::uint8_t> out);

  std::size_t tag_octets() const { return tag_octets_; }

 private:
  CipherContextPtr context_;
  std::unique_ptr<BlockGcm, BlockGcmDeleter> own_gcm_; // in place of the context
  Direction direction_ = Direction::encrypt;
  std::size_t tag_octets_ = 16;
  bool length_first_ = false; // CCM must be told the length before the data
};

} // namespace sipvet::crypto
