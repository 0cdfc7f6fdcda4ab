#include "crypto/rsa.hpp"

#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "crypto/lab_ca.hpp"
#include "crypto/pem.hpp"
#include "crypto/scoped_random.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

// Made with `openssl genrsa -traditional 512`, `openssl ec` and `openssl rsa -des3` (password "secret").
const char* const pkcs1_key = R"(
some text before
-----BEGIN RSA PRIVATE KEY-----
MIIBOwIBAAJBAM+Q2Qk94OIKsSXD2dSVwhVVeNgV/9A03sDiRQvmK4V4VyLUJA/r
r1bnd5fXkmIXellYgjneGXDH2ZcmytTX4eUCAwEAAQJBAIuiLd+BuR9XggSd1JSm
ioI/laQIaKdwacnobfqrROvr6YdrM7XHdBb8VUPXeOuejt3zNnH65rNUIppF/CKb
ywECIQD8WUMY+M04bIQllo5GzS5o5UQbx8iAxsqi2u71a9djeQIhANKRtAEBIOpn
2pX2zpYevPhjq3wb3FD/feY+AMvuLorNAiA2wvAqpSNz0SjEN23cs34UyVwEY1CB
kaI7wSMGI0b0kQIhAJSNXDtVK36Tc/9WVlpMJy7pSgLNuPmftZdoaLF2QHmFAiBg
FClKm8pQpVtHex7xDy7pDvx86WCu5XkU5TbcxRl4Kg==
-----END RSA PRIVATE KEY-----
)";
const char* const encrypted_pkcs1_key = R"(-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: DES-EDE3-CBC,A80E0E68D5D32872

NEAKsrhCPSN/xGbgJAzBKpU+vTgFd+D52BBhG61AYUOl9yVURUhRvmk63elo3J4z
7OQkrOj2G7z3p36MLUmfbr7maWPDibQ7Y2OZFijYqE11Wpc0dxXRWJ9+Exf8E+AY
OWmKbM7NmIhm+qi6IC9yvGBHH79Am9prspc7/fSAm/wAaMdu+trFuCYvkSd6c+oC
DysgUTL3V+ktrCRMFGfx5zC2mlGSS9WtdaSR7QQacnW5pKn4uYY910yVPsJHsSMN
DSEdGbyJ8aDUf0eN2K7+c8ayFNm5+Uqha2MSPQJWj7xkv4pmjSdMh3vNcJ9RMF8m
Z6AhCJwEq+J90gxpiwvzIKjOZlzpgU1ggT7iI2i3ZXbFS3hNHBiMY2rRGLWPjXAj
EE+gIuFoYKEZTv6zeWUSWvmn5S82VXdnHDfj8Ml1zm0=
-----END RSA PRIVATE KEY-----
)";
const char* const ec_key = R"(-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIN3sQi3ML8hZ6+8rO+rIQTeZAfvv4zvxqUq1oF1WG1SxoAoGCCqGSM49
AwEHoUQDQgAEr24Vf3uDpd5+Jt4IVSrHfJRYnlW4zkunUEWUchYuUmHwlvmUQcnc
VdFuAsk1DwUoqWz6H2MlgeOOMTY4XfcHxQ==
-----END EC PRIVATE KEY-----
)";

} // namespace

BOOST_AUTO_TEST_SUITE(rsa)

BOOST_AUTO_TEST_CASE(reads_every_form) {
  const auto key = PrivateKey::from_pem(pkcs1_key).value();
  BOOST_TEST((key.type() == KeyType::rsa));
  BOOST_TEST(key.bits() == 512u);
  const auto same = PrivateKey::from_pem(encrypted_pkcs1_key, "secret").value();
  BOOST_TEST((same.public_key_der() == key.public_key_der()));
  const auto pkcs8 = PrivateKey::from_pem(key.to_pem()).value();
  BOOST_TEST((pkcs8.public_key_sha256() == key.public_key_sha256()));
  BOOST_TEST(key.to_pem().starts_with("-----BEGIN PRIVATE KEY-----"));
  const std::string locked = key.to_encrypted_pem("hush").value();
  BOOST_TEST(locked.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  BOOST_TEST((PrivateKey::from_pem(locked, "hush").value().public_key_der() == key.public_key_der()));
  const auto ec = PrivateKey::from_pem(ec_key).value();
  BOOST_TEST((ec.type() == KeyType::ec));
  BOOST_TEST(ec.decrypt_pkcs1(Bytes(64)).error().what == "expected an RSA key, this one is EC");
}

BOOST_AUTO_TEST_CASE(says_why_a_key_is_not_read) {
  BOOST_TEST(PrivateKey::from_pem("").error().what ==
             "there is no private key: expected a PEM block PRIVATE KEY");
  BOOST_TEST(PrivateKey::from_pem(encrypted_pkcs1_key).error().what ==
             "the private key is encrypted and no password is given");
  BOOST_TEST(PrivateKey::from_pem(encrypted_pkcs1_key, "wrong").error().what ==
             "the password does not open the private key");
  const auto broken = PrivateKey::from_pem("text\n" + to_pem("PRIVATE KEY", Bytes(20, 1)));
  BOOST_TEST(broken.error().what.starts_with("the private key cannot be read"));
  BOOST_TEST((broken.error().offset == 5u));
}

BOOST_AUTO_TEST_CASE(a_wrong_key_is_noticed) {
  SeededRandom random(11);
  const LabCa ca = LabCa::create(random, Instant{}, "one", 1024).value();
  const LabCa other = LabCa::create(random, Instant{}, "two", 1024).value();
  const auto key = PrivateKey::from_pem(ca.root_key_pem()).value();
  const auto wrong = PrivateKey::from_pem(other.root_key_pem()).value();
  const Bytes premaster(48, 0x33);
  const Bytes sealed = key.encrypt_pkcs1(premaster).value();
  BOOST_TEST((key.decrypt_pkcs1(sealed).value() == premaster));
  const auto failed = wrong.decrypt_pkcs1(sealed);
  BOOST_REQUIRE(!failed);
  BOOST_TEST(failed.error().what.starts_with("the key does not open it"));
  BOOST_TEST(!key.decrypt_pkcs1(Bytes(129)));
  BOOST_TEST(!key.decrypt_pkcs1({}));
  BOOST_TEST(!key.encrypt_pkcs1(Bytes(118)));
}

BOOST_AUTO_TEST_CASE(keys_are_made_from_a_seed) {
  const Scratch scratch;
  const auto make = [](std::uint64_t seed) {
    SeededRandom random(seed);
    return std::vector<PrivateKey>{PrivateKey::generate_rsa(1024, random).value(),
                                   PrivateKey::generate_ec(Group::secp256r1, random).value(),
                                   PrivateKey::generate_ec(Group::secp384r1, random).value(),
                                   PrivateKey::generate_ec(Group::secp521r1, random).value(),
                                   PrivateKey::generate_ed25519(random)};
  };
  const auto keys = make(1);
  const auto same = make(1);
  const auto others = make(2);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    BOOST_TEST((keys[i].to_pem() == same[i].to_pem()));
    BOOST_TEST((keys[i].to_pem() != others[i].to_pem()));
    scratch.write("key.pem", keys[i].to_pem());
    BOOST_TEST(scratch.openssl("pkey -check -noout -in key.pem") == "Key is valid\n");
  }
  BOOST_TEST(keys[0].bits() == 1024u);
  BOOST_TEST(!keys[0].curve().has_value());
  BOOST_TEST((keys[1].curve() == Group::secp256r1));
  BOOST_TEST((keys[2].curve() == Group::secp384r1));
  BOOST_TEST((keys[3].curve() == Group::secp521r1));
  BOOST_TEST((keys[4].type() == KeyType::ed25519));
  BOOST_TEST(!keys[4].curve().has_value());
  SeededRandom random(3);
  BOOST_TEST(PrivateKey::generate_rsa(511, random).error().what ==
             "expected an RSA key of 512 to 8192 bits, got 511");
  BOOST_TEST(!PrivateKey::generate_rsa(8193, random));
  BOOST_TEST(PrivateKey::generate_ec(Group::x25519, random).error().what ==
             "expected a curve that signs, x25519 only exchanges keys");
}

BOOST_AUTO_TEST_CASE(encrypts_to_the_key_of_a_certificate) {
  SeededRandom random(12);
  const LabCa ca = LabCa::create(random, Instant{}, "one", 1024).value();
  const Certificate certificate = parse_certificates_pem(ca.root_pem()).value().front();
  const auto key = PrivateKey::from_pem(ca.root_key_pem()).value();
  const Bytes premaster(48, 0x33);
  SeededRandom once(1);
  SeededRandom again(1);
  const Bytes sealed = encrypt_pkcs1(certificate, premaster, once).value();
  BOOST_TEST((key.decrypt_pkcs1(sealed).value() == premaster));
  BOOST_TEST((encrypt_pkcs1(certificate, premaster, again).value() == sealed));
  BOOST_TEST((encrypt_pkcs1(certificate, premaster, again).value() != sealed));
  BOOST_TEST(!encrypt_pkcs1(certificate, Bytes(118), random));
  const Scratch scratch;
  scratch.write("key.pem", ca.root_key_pem());
  scratch.write("sealed", sealed);
  BOOST_TEST(scratch.openssl("pkeyutl -decrypt -inkey key.pem -in sealed") == std::string(48, '3'));

  Certificate ec = certificate;
  ec.key_type = KeyType::ec;
  BOOST_TEST(encrypt_pkcs1(ec, premaster, random).error().what ==
             "expected an RSA key in the certificate, this one is EC");
  BOOST_TEST(!encrypt_raw(ec, Bytes(128)));
  Certificate broken = certificate;
  broken.public_key_der.resize(30);
  BOOST_TEST(
      encrypt_pkcs1(broken, premaster, random).error().what.starts_with("the certificate's key cannot be"));
}

BOOST_AUTO_TEST_CASE(encrypts_blocks_as_they_are) {
  SeededRandom random(13);
  const LabCa ca = LabCa::create(random, Instant{}, "one", 1024).value();
  const Certificate certificate = parse_certificates_pem(ca.root_pem()).value().front();
  const auto key = PrivateKey::from_pem(ca.root_key_pem()).value();
  Bytes block(128, 0x55); // 00 02, 0x55 to octet 79, 00, and the message of 48 octets
  block[0] = 0;
  block[1] = 2;
  block[79] = 0;
  BOOST_TEST((key.decrypt_pkcs1(encrypt_raw(certificate, block).value()).value() == Bytes(48, 0x55)));
  block[1] = 1;
  BOOST_TEST(!key.decrypt_pkcs1(encrypt_raw(certificate, block).value()));
  const Scratch scratch;
  scratch.write("key.pem", ca.root_key_pem());
  scratch.write("sealed", encrypt_raw(certificate, block).value());
  BOOST_TEST(scratch.openssl("pkeyutl -decrypt -inkey key.pem -in sealed -pkeyopt rsa_padding_mode:none") ==
             std::string(as_text(block)));
  BOOST_TEST(encrypt_raw(certificate, Bytes(127)).error().what ==
             "expected a block as long as the modulus, 128 octets, got 127");
  BOOST_TEST(!encrypt_raw(certificate, Bytes(128, 0xff))); // larger than any modulus of this length
}

BOOST_AUTO_TEST_SUITE_END()
