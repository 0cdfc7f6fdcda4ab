#include "crypto/rsa.hpp"

#include "crypto/certificate.hpp"
#include "crypto/hash.hpp"
#include "crypto/library_error.hpp"
#include "crypto/library_key.hpp"
#include "crypto/owned.hpp"
#include "crypto/pem.hpp"
#include "crypto/scoped_random.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace sipvet::crypto {

struct PrivateKey::Handle {
  Owned<EVP_PKEY, EVP_PKEY_free> key;
};

namespace {

using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using Bio = Owned<BIO, BIO_free_all>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

struct Password {
  std::string_view text;
  bool asked = false;
};

int give_password(char* to, int room, int /*writing*/, void* user) {
  auto& password = *static_cast<Password*>(user);
  password.asked = true;
  if (password.text.empty() || password.text.size() > static_cast<std::size_t>(room)) return -1;
  std::memcpy(to, password.text.data(), password.text.size());
  return static_cast<int>(password.text.size());
}

bool is_private_key(const PemBlock& block) { return block.label.ends_with("PRIVATE KEY"); }

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

constexpr int min_rsa_bits = 512; // below that the library makes no keys
constexpr int max_rsa_bits = 8192;

// EME-PKCS1-v1_5 (RFC 8017 §7.2.2 step 3): 00 02, at least eight non-zero octets, 00, the message.
Result<Bytes> strip_padding(ByteView block) {
  constexpr std::size_t shortest_padding = 8;
  if (block.size() < shortest_padding + 3 || block[0] != 0 || block[1] != 2)
    return fail("the key does not open it: no PKCS#1 padding inside");
  const auto zero = std::find(block.begin() + 2, block.end(), 0);
  if (zero == block.end() || zero - block.begin() < static_cast<std::ptrdiff_t>(shortest_padding + 2))
    return fail("the key does not open it: the PKCS#1 padding inside is broken");
  return Bytes(zero + 1, block.end());
}

Result<Bytes> encrypt(EVP_PKEY* key, int padding, ByteView plaintext) {
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = out.size();
  if (EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1 ||
      EVP_PKEY_encrypt(context.get(), out.data(), &size, plaintext.data(), plaintext.size()) != 1) {
    const std::string reason = take_library_error();
    return fail("RSA encryption failed: " + reason);
  }
  out.resize(size);
  return out;
}

Result<KeyPtr> rsa_key_of(const Certificate& certificate) {
  if (certificate.key_type != KeyType::rsa)
    return fail("expected an RSA key in the certificate, this one is " +
                std::string(name(certificate.key_type)));
  const unsigned char* at = certificate.public_key_der.data();
  KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(certificate.public_key_der.size())));
  if (key == nullptr) return fail("the certificate's key cannot be read: " + take_library_error());
  return key;
}

} // namespace

std::string_view name(KeyType type) {
  switch (type) {
  case KeyType::rsa:
    return "RSA";
  case KeyType::ec:
    return "EC";
  case KeyType::ed25519:
    return "Ed25519";
  case KeyType::other:
    break;
  }
  return "other";
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, std::string_view password) {
  SIPVET_TRY(const auto blocks, find_pem_blocks(pem));
  const auto block = std::find_if(blocks.begin(), blocks.end(), is_private_key);
  if (block == blocks.end()) return fail("there is no private key: expected a PEM block PRIVATE KEY");
  const std::string_view from_block = pem.substr(block->offset);
  const Bio bio(BIO_new_mem_buf(from_block.data(), static_cast<int>(from_block.size())));
  Password given{password};
  auto handle = std::make_shared<Handle>();
  handle->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &given));
  const std::string reason = take_library_error();
  if (handle->key != nullptr) return PrivateKey(std::move(handle));
  if (given.asked && password.empty()) return fail("the private key is encrypted and no password is given");
  if (given.asked) return fail("the password does not open the private key");
  return fail("the private key cannot be read: " + reason, block->offset);
}

EVP_PKEY* LibraryKey::borrow(const PrivateKey& key) { return key.handle_->key.get(); }

PrivateKey LibraryKey::adopt(EVP_PKEY* key) {
  auto handle = std::make_shared<PrivateKey::Handle>();
  handle->key.reset(key);
  return PrivateKey(std::move(handle));
}

Result<PrivateKey> PrivateKey::generate_rsa(int bits, Random& random) {
  if (bits < min_rsa_bits || bits > max_rsa_bits)
    return fail("expected an RSA key of 512 to 8192 bits, got " + std::to_string(bits));
  const ScopedRandom scope(random);
  EVP_PKEY* key = EVP_RSA_gen(static_cast<unsigned>(bits));
  if (key == nullptr) return fail("no RSA key could be made: " + take_library_error());
  return LibraryKey::adopt(key);
}

Result<PrivateKey> PrivateKey::generate_ec(Group curve, Random& random) {
  if (curve == Group::x25519) return fail("expected a curve that signs, x25519 only exchanges keys");
  const ScopedRandom scope(random);
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", library_name(curve));
  if (key == nullptr) return fail("no EC key could be made: " + take_library_error());
  return LibraryKey::adopt(key);
}

PrivateKey PrivateKey::generate_ed25519(Random& random) {
  const ScopedRandom scope(random);
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  // A broken installation only: the library always has this key type.
  if (key == nullptr) throw std::runtime_error("no Ed25519 key could be made: " + take_library_error());
  return LibraryKey::adopt(key);
}

KeyType PrivateKey::type() const { return type_of(handle_->key.get()); }
std::optional<Group> PrivateKey::curve() const { return curve_of(handle_->key.get()); }

std::size_t PrivateKey::bits() const {
  return static_cast<std::size_t>(EVP_PKEY_get_bits(handle_->key.get()));
}

Bytes PrivateKey::public_key_der() const { return public_key_der_of(handle_->key.get()); }

Bytes PrivateKey::public_key_sha256() const { return digest(Hash::sha256, public_key_der()); }

std::string PrivateKey::to_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return contents(bio.get());
}

Result<std::string> PrivateKey::to_encrypted_pem(std::string_view password) const {
  if (password.empty()) return fail("expected a password to encrypt the private key with");
  const Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_->key.get(), EVP_aes_256_cbc(), password.data(),
                                    static_cast<int>(password.size()), nullptr, nullptr) != 1)
    return fail("the private key cannot be encrypted: " + take_library_error());
  return {boost::system::in_place_value, contents(bio.get())};
}

Result<Bytes> PrivateKey::decrypt_pkcs1(ByteView ciphertext) const {
  if (type() != KeyType::rsa) return fail("expected an RSA key, this one is " + std::string(name(type())));
  const std::size_t modulus_octets = static_cast<std::size_t>(EVP_PKEY_get_size(handle_->key.get()));
  if (ciphertext.size() > modulus_octets)
    return fail("the key does not open it: " + std::to_string(ciphertext.size()) + " octets, the key has " +
                std::to_string(modulus_octets));
  // Some senders leave out leading zeros.
  Bytes whole(modulus_octets - ciphertext.size(), 0);
  append(whole, ciphertext);
  const KeyContext context(EVP_PKEY_CTX_new(handle_->key.get(), nullptr));
  Bytes block(modulus_octets);
  std::size_t size = block.size();
  if (EVP_PKEY_decrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) != 1 ||
      EVP_PKEY_decrypt(context.get(), block.data(), &size, whole.data(), whole.size()) != 1) {
    const std::string reason = take_library_error();
    return fail("the key does not open it: " + reason);
  }
  return strip_padding(ByteView(block).first(size));
}

Result<Bytes> PrivateKey::encrypt_pkcs1(ByteView plaintext) const {
  if (type() != KeyType::rsa) return fail("expected an RSA key, this one is " + std::string(name(type())));
  return encrypt(handle_->key.get(), RSA_PKCS1_PADDING, plaintext);
}

Result<Bytes> encrypt_pkcs1(const Certificate& certificate, ByteView plaintext, Random& random) {
  const ScopedRandom scope(random);
  SIPVET_TRY(const KeyPtr key, rsa_key_of(certificate));
  return encrypt(key.get(), RSA_PKCS1_PADDING, plaintext);
}

Result<Bytes> encrypt_raw(const Certificate& certificate, ByteView block) {
  SIPVET_TRY(const KeyPtr key, rsa_key_of(certificate));
  const auto modulus_octets = static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
  if (block.size() != modulus_octets)
    return fail("expected a block as long as the modulus, " + std::to_string(modulus_octets) +
                " octets, got " + std::to_string(block.size()));
  return encrypt(key.get(), RSA_NO_PADDING, block);
}

} // namespace sipvet::crypto
