#include "crypto/signature.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

// How the openssl program is told to use an algorithm. It signs the hash or, with -rawin, the message.
struct Algorithm {
  SignatureAlgorithm algorithm;
  const char* options;
};
const Algorithm algorithms[] = {
    {SignatureAlgorithm::rsa_pkcs1_md5_sha1, ""}, // of both hashes, made by the test
    {SignatureAlgorithm::rsa_pkcs1_sha1, "-rawin -digest sha1"},
    {SignatureAlgorithm::rsa_pkcs1_sha256, "-rawin -digest sha256"},
    {SignatureAlgorithm::rsa_pkcs1_sha384, "-rawin -digest sha384"},
    {SignatureAlgorithm::rsa_pkcs1_sha512, "-rawin -digest sha512"},
    {SignatureAlgorithm::rsa_pss_sha256,
     "-rawin -digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32"},
    {SignatureAlgorithm::rsa_pss_sha384,
     "-rawin -digest sha384 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:48"},
    {SignatureAlgorithm::rsa_pss_sha512,
     "-rawin -digest sha512 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:64"},
    {SignatureAlgorithm::ecdsa_sha1, "-rawin -digest sha1"},
    {SignatureAlgorithm::ecdsa_sha256, "-rawin -digest sha256"},
    {SignatureAlgorithm::ecdsa_sha384, "-rawin -digest sha384"},
    {SignatureAlgorithm::ecdsa_sha512, "-rawin -digest sha512"},
    {SignatureAlgorithm::ed25519, "-rawin"},
};

PrivateKey make_key(KeyType type, Random& random) {
  if (type == KeyType::ec) return PrivateKey::generate_ec(Group::secp384r1, random).value();
  if (type == KeyType::ed25519) return PrivateKey::generate_ed25519(random);
  return PrivateKey::generate_rsa(2048, random).value();
}

// verify() looks at the key alone.
Certificate certificate_with(const PrivateKey& key) {
  Certificate certificate;
  certificate.key_type = key.type();
  certificate.key_bits = key.bits();
  certificate.curve = key.curve();
  certificate.public_key_der = key.public_key_der();
  return certificate;
}

struct Keys {
  Keys() {
    SeededRandom random(21);
    for (const KeyType type : {KeyType::rsa, KeyType::ec, KeyType::ed25519})
      of.emplace(type, make_key(type, random));
  }
  std::map<KeyType, PrivateKey> of;
};
const PrivateKey& key_for(SignatureAlgorithm algorithm) {
  static const Keys keys;
  return keys.of.at(key_type_of(algorithm));
}

const Bytes message = to_bytes("what is signed");

// The message as the program takes it for `algorithm`.
Bytes input_of(SignatureAlgorithm algorithm) {
  if (algorithm != SignatureAlgorithm::rsa_pkcs1_md5_sha1) return message;
  Bytes hashes = digest(Hash::md5, message);
  append(hashes, digest(Hash::sha1, message));
  return hashes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(signature)

BOOST_AUTO_TEST_CASE(the_openssl_program_verifies_ours_and_we_verify_its) {
  const Scratch scratch;
  SeededRandom random(1);
  for (const auto& [algorithm, options] : algorithms) {
    const PrivateKey& key = key_for(algorithm);
    scratch.write("key.pem", key.to_pem());
    scratch.write("in", input_of(algorithm));
    scratch.write("ours", sign(key, algorithm, message, random).value());
    const std::string arguments = std::string(options) + " -inkey key.pem -in in";
    BOOST_TEST(scratch.openssl("pkeyutl -verify -sigfile ours " + arguments) ==
                   "Signature Verified Successfully\n",
               name(algorithm));
    BOOST_TEST(scratch.openssl("pkeyutl -sign -out theirs " + arguments) == "");
    BOOST_TEST(verify(certificate_with(key), algorithm, message, as_bytes(scratch.read("theirs"))),
               name(algorithm));
  }
}

BOOST_AUTO_TEST_CASE(anything_else_is_not_verified) {
  SeededRandom random(2);
  for (const auto& [algorithm, options] : algorithms) {
    const PrivateKey& key = key_for(algorithm);
    const Certificate certificate = certificate_with(key);
    Bytes made = sign(key, algorithm, message, random).value();
    BOOST_TEST(verify(certificate, algorithm, message, made));
    BOOST_TEST(!verify(certificate, algorithm, to_bytes("something else"), made));
    BOOST_TEST(!verify(certificate, algorithm, {}, made));
    BOOST_TEST(!verify(certificate, algorithm, message, {}));
    BOOST_TEST(!verify(certificate, algorithm, message, ByteView(made).first(made.size() - 1)));
    for (const auto& [another, more] : algorithms)
      BOOST_TEST((another == algorithm) == verify(certificate, another, message, made));
    made.back() ^= 1;
    BOOST_TEST(!verify(certificate, algorithm, message, made));
    SeededRandom stranger(77);
    if (key.type() != KeyType::rsa) {
      const Bytes theirs = sign(make_key(key.type(), stranger), algorithm, message, random).value();
      BOOST_TEST(!verify(certificate, algorithm, message, theirs));
    }
  }
}

BOOST_AUTO_TEST_CASE(pss_salts_are_as_long_as_the_hash) {
  const Scratch scratch;
  const PrivateKey& key = key_for(SignatureAlgorithm::rsa_pss_sha256);
  scratch.write("key.pem", key.to_pem());
  scratch.write("in", message);
  BOOST_TEST(scratch.openssl("pkeyutl -sign -rawin -digest sha256 -pkeyopt rsa_padding_mode:pss "
                             "-pkeyopt rsa_pss_saltlen:20 -inkey key.pem -in in -out short") == "");
  BOOST_TEST(!verify(certificate_with(key), SignatureAlgorithm::rsa_pss_sha256, message,
                     as_bytes(scratch.read("short"))));
}

BOOST_AUTO_TEST_CASE(an_empty_message_is_signed_too) {
  SeededRandom random(3);
  for (const auto& [algorithm, options] : algorithms) {
    const PrivateKey& key = key_for(algorithm);
    const Bytes made = sign(key, algorithm, {}, random).value();
    BOOST_TEST(verify(certificate_with(key), algorithm, {}, made), name(algorithm));
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_signature_whatever_the_key_did_before) {
  for (const auto& [algorithm, options] : algorithms) {
    SeededRandom making(31);
    const PrivateKey key = make_key(key_type_of(algorithm), making);
    SeededRandom first(4);
    const Bytes made = sign(key, algorithm, message, first).value();
    const Bytes next = first.bytes(8);
    // RSA keys make themselves a new blinding factor now and then.
    for (int i = 0; i < 40; ++i) (void)sign(key, algorithm, message, making);
    SeededRandom again(4);
    BOOST_TEST((sign(key, algorithm, message, again).value() == made), name(algorithm));
    BOOST_TEST((again.bytes(8) == next), name(algorithm));
  }
}

BOOST_AUTO_TEST_CASE(keys_that_do_not_fit_are_refused) {
  SeededRandom random(5);
  const PrivateKey& ec = key_for(SignatureAlgorithm::ecdsa_sha256);
  const PrivateKey& rsa = key_for(SignatureAlgorithm::rsa_pkcs1_sha1);
  BOOST_TEST(sign(ec, SignatureAlgorithm::rsa_pkcs1_sha256, message, random).error().what ==
             "expected a key of type RSA for rsa_pkcs1_sha256, this one is EC");
  BOOST_TEST(sign(rsa, SignatureAlgorithm::ed25519, message, random).error().what ==
             "expected a key of type Ed25519 for ed25519, this one is RSA");
  const PrivateKey small = PrivateKey::generate_rsa(1024, random).value();
  BOOST_TEST(bool(sign(small, SignatureAlgorithm::rsa_pss_sha384, message, random)));
  BOOST_TEST(sign(small, SignatureAlgorithm::rsa_pss_sha512, message, random)
                 .error()
                 .what.starts_with("the key of 1024 bits cannot sign with rsa_pss_sha512: "));
  const Bytes made = sign(rsa, SignatureAlgorithm::rsa_pkcs1_sha1, message, random).value();
  Certificate broken = certificate_with(rsa);
  broken.public_key_der.resize(20);
  BOOST_TEST(!verify(broken, SignatureAlgorithm::rsa_pkcs1_sha1, message, made));
  BOOST_TEST(!verify(certificate_with(ec), SignatureAlgorithm::rsa_pkcs1_sha1, message, made));
}

BOOST_AUTO_TEST_SUITE_END()
