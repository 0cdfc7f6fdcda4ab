// Published vectors: RFC 3711 appendix B, RFC 6188 §7, RFC 7714 §16 and §17.
#include "srtp/packet_transform.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>

using namespace sipvet;
using namespace sipvet::srtp;
using rtp::SrtpKey;
using rtp::SrtpSuite;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Bytes counting(std::size_t octets) {
  Bytes key(octets);
  std::iota(key.begin(), key.end(), std::uint8_t{0});
  return key;
}

PacketTransform transform(const SessionKeys& keys, SrtpSuite suite, Traffic traffic,
                          crypto::Direction direction = crypto::Direction::encrypt, Services services = {}) {
  return PacketTransform::make(keys, suite, traffic, services, direction).value();
}

// RFC 7714 §16.1 and §17.1.
const Bytes gcm_salt = hex("517569642070726f2071756f");
const Bytes gcm_packet = hex("8040f17b8041f8d35501a0b2"
                             "47616c6c696120657374206f6d6e697320646976697361"
                             "20696e207061727465732074726573");
const Bytes gcm_report = hex("81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
                             "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");

} // namespace

BOOST_AUTO_TEST_SUITE(packet_transform)

// RFC 3711 B.2, with the SSRC and index that leave the salt alone.
BOOST_AUTO_TEST_CASE(counter_mode_keystream) {
  struct Vector {
    SrtpSuite suite;
    std::string_view key, keystream;
  };
  for (const Vector& vector :
       {Vector{SrtpSuite::aes_cm_128_hmac_sha1_80, "2b7e151628aed2a6abf7158809cf4f3c",
               "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"
               "41e95b3bb0a2e8dd477901e4fca894c0"},
        // RFC 6188 §7.1 and §7.2.
        Vector{SrtpSuite::aes_192_cm_hmac_sha1_80, "eab234764e517b2d3d160d587d8c86219740f65f99b6bcf7",
               "35096cba4610028dc1b57503804ce37c5de986291dcce161d5165ec4568f5c9a"
               "474a40c77894bc17180202272a4c264d"},
        Vector{SrtpSuite::aes_256_cm_hmac_sha1_80,
               "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
               "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac"
               "63c4868b7096d88421b563b8c94c9a31"}}) {
    auto sender = transform({hex(vector.key), Bytes(20), hex("f0f1f2f3f4f5f6f7f8f9fafbfcfd")}, vector.suite,
                            Traffic::rtp);
    const Bytes header(12);
    Bytes packet = header;
    packet.resize(12 + 48);
    const auto secured = sender.protect_rtp(packet, 12, 0, {});
    BOOST_REQUIRE(secured);
    BOOST_TEST(to_hex(ByteView(*secured).subspan(12, 48)) == vector.keystream);
  }
}

// RFC 3711 B.3, RFC 6188 §7.3 and §7.4.
BOOST_AUTO_TEST_CASE(session_keys) {
  struct Vector {
    SrtpSuite suite;
    std::string_view key, salt, encryption, session_salt, authentication;
  };
  for (const Vector& vector :
       {Vector{SrtpSuite::aes_cm_128_hmac_sha1_80, "e1f97a0d3e018be0d64fa32c06de4139",
               "0ec675ad498afeebb6960b3aabe6", "c61e7a93744f39ee10734afe3ff7a087",
               "30cbbc08863d8c85d49db34a9ae1", "cebe321f6ff7716b6fd4ab49af256a156d38baa4"},
        Vector{SrtpSuite::aes_192_cm_hmac_sha1_80, "73edc66c4fa15776fb57f9505c17136550ffda71f3e8e5f1",
               "c8522f3acd4ce86d5add78edbb11", "31874736a8f1143870c26e4857d8a5b2c4a354407faadabb",
               "2372b82d639b6d8503a47adc0a6c", "355b10973cd95b9eacf4061c7e1a7151e7cfbfcb"},
        Vector{SrtpSuite::aes_256_cm_hmac_sha1_80,
               "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6",
               "3b04803de51ee7c96423ab5b78d2",
               "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
               "fa31791685ca444a9e07c6c64e93", "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05"}}) {
    const auto keys =
        derive_session_keys({vector.suite, hex(vector.key), hex(vector.salt), {}, {}}, Traffic::rtp, 0);
    BOOST_REQUIRE(keys);
    BOOST_TEST(to_hex(keys->encryption) == vector.encryption);
    BOOST_TEST(to_hex(keys->salt) == vector.session_salt);
    BOOST_TEST(to_hex(keys->authentication) == vector.authentication);
  }
}

BOOST_AUTO_TEST_CASE(each_period_and_kind_has_keys_of_its_own) {
  const SrtpKey key{SrtpSuite::aead_aes_128_gcm, counting(16), gcm_salt, {}, {}};
  std::vector<Bytes> seen;
  for (const auto traffic : {Traffic::rtp, Traffic::rtcp})
    for (const std::uint64_t period : {0ull, 1ull, 256ull, 0xffff'ffff'ffffull}) {
      const auto keys = derive_session_keys(key, traffic, period);
      BOOST_REQUIRE(keys);
      BOOST_TEST(keys->authentication.empty());
      BOOST_TEST(keys->salt.size() == 12u);
      for (const Bytes* part : {&keys->encryption, &keys->salt}) {
        BOOST_TEST((std::ranges::find(seen, *part) == seen.end()));
        seen.push_back(*part);
      }
    }
}

// RFC 7714 §16.1.1 and §16.2.1.
BOOST_AUTO_TEST_CASE(gcm_rtp) {
  struct Vector {
    SrtpSuite suite;
    std::size_t key_octets;
    std::string_view sealed;
  };
  for (const Vector& vector :
       {Vector{SrtpSuite::aead_aes_128_gcm, 16,
               "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
               "899d7f27beb16a9152cf765ee4390cce"},
        Vector{SrtpSuite::aead_aes_256_gcm, 32,
               "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
               "7aa3db36dfffd6b0f9bb7878d7a76c13"}}) {
    const SessionKeys keys{counting(vector.key_octets), {}, gcm_salt};
    auto sender = transform(keys, vector.suite, Traffic::rtp);
    const auto secured = sender.protect_rtp(gcm_packet, 12, 0xf17b, {});
    BOOST_REQUIRE(secured);
    BOOST_TEST(to_hex(*secured) == "8040f17b8041f8d35501a0b2" + std::string(vector.sealed));
    auto receiver = transform(keys, vector.suite, Traffic::rtp, crypto::Direction::decrypt);
    BOOST_TEST((receiver.unprotect_rtp(*secured, 12, 0xf17b, 0, false) == gcm_packet));
    BOOST_TEST(!receiver.unprotect_rtp(*secured, 12, 0x1f17b, 0, false));
  }
}

// RFC 7714 §17.1 and §17.3: encrypted, and only authenticated.
BOOST_AUTO_TEST_CASE(gcm_rtcp) {
  const SessionKeys keys{counting(16), {}, gcm_salt};
  auto sender = transform(keys, SrtpSuite::aead_aes_128_gcm, Traffic::rtcp);
  const auto secured = sender.protect_rtcp(gcm_report, 0x5d4, {});
  BOOST_REQUIRE(secured);
  BOOST_TEST(to_hex(*secured) == "81c8000d4d617273"
                                 "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
                                 "4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade"
                                 "800005d4");
  auto receiver = transform(keys, SrtpSuite::aead_aes_128_gcm, Traffic::rtcp, crypto::Direction::decrypt);
  BOOST_TEST((receiver.unprotect_rtcp(*secured, 0, 16, false) == gcm_report));
  const Services clear{.encrypts = false};
  auto open_sender =
      transform(keys, SrtpSuite::aead_aes_128_gcm, Traffic::rtcp, crypto::Direction::encrypt, clear);
  const auto tagged = open_sender.protect_rtcp(gcm_report, 0x5d4, {});
  BOOST_REQUIRE(tagged);
  BOOST_TEST(to_hex(*tagged) == to_hex(gcm_report) + "841dd9683dd78ec92ae58790125f62b3" + "000005d4");
  auto open_receiver =
      transform(keys, SrtpSuite::aead_aes_128_gcm, Traffic::rtcp, crypto::Direction::decrypt, clear);
  BOOST_TEST((open_receiver.unprotect_rtcp(*tagged, 0, 16, false) == gcm_report));
  // Whether packets are encrypted was agreed on: the other kind is not taken.
  BOOST_TEST(!open_receiver.unprotect_rtcp(*secured, 0, 16, false));
  BOOST_TEST(!receiver.unprotect_rtcp(*tagged, 0, 16, false));
}

BOOST_AUTO_TEST_SUITE_END()
