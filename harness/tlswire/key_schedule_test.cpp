// Key schedule, transcript and Finished against RFC 8448 §3. TLS 1.0 to 1.2 are tested with real sessions in
// tls/.
#include "tlswire/finished.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/transcript.hpp"
#include "tlswire/version.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {
const Suite& suite = *find_suite(std::uint16_t{0x1301});
} // namespace

BOOST_AUTO_TEST_SUITE(key_schedule)

BOOST_AUTO_TEST_CASE(secrets_of_tls13) {
  Transcript transcript;
  transcript.add(rfc8448::client_hello);
  BOOST_TEST(transcript.hash().empty());
  transcript.choose(tls1_3, suite);
  transcript.add(rfc8448::server_hello);
  BOOST_TEST((derive_secret(suite, rfc8448::handshake_secret, "c hs traffic", transcript.hash()) ==
              rfc8448::client_handshake));
  BOOST_TEST((derive_secret(suite, rfc8448::handshake_secret, "s hs traffic", transcript.hash()) ==
              rfc8448::server_handshake));
  transcript.add(rfc8448::encrypted_extensions);
  transcript.add(rfc8448::certificate);
  transcript.add(rfc8448::certificate_verify);
  BOOST_TEST((finished_verify_data_13(suite, rfc8448::server_handshake, transcript.hash()) ==
              to_bytes(ByteView(rfc8448::server_finished).subspan(4))));
  transcript.add(rfc8448::server_finished);
  BOOST_TEST((derive_secret(suite, rfc8448::master_secret, "c ap traffic", transcript.hash()) ==
              rfc8448::client_traffic));
  BOOST_TEST((derive_secret(suite, rfc8448::master_secret, "s ap traffic", transcript.hash()) ==
              rfc8448::server_traffic));
  BOOST_TEST((finished_verify_data_13(suite, rfc8448::client_handshake, transcript.hash()) ==
              to_bytes(ByteView(rfc8448::client_finished).subspan(4))));
}

BOOST_AUTO_TEST_CASE(traffic_keys_of_tls13) {
  const DirectionKeys keys = traffic_keys(suite, rfc8448::client_traffic);
  BOOST_TEST(to_hex(keys.key) == "17422dda596ed5d9acd890e3c63f5051");
  BOOST_TEST(to_hex(keys.iv) == "5b78923dee08579033e523d9");
  BOOST_TEST(keys.mac_key.empty());
  BOOST_TEST(next_traffic_secret(suite, rfc8448::client_traffic).size() == 32u);
}

BOOST_AUTO_TEST_CASE(first_hello_becomes_its_hash_after_a_retry) {
  Transcript transcript;
  transcript.add(rfc8448::client_hello);
  transcript.choose(tls1_3, suite);
  transcript.replace_by_message_hash();
  Bytes expected{254, 0, 0, 32}; // RFC 8446 §4.4.1
  append(expected, crypto::digest(crypto::Hash::sha256, rfc8448::client_hello));
  BOOST_TEST((transcript.hash() == crypto::digest(crypto::Hash::sha256, expected)));
}

// RFC 5246 §6.3: the order and the lengths of the parts.
BOOST_AUTO_TEST_CASE(key_block_lengths) {
  struct Row {
    std::uint16_t version;
    const char* name;
    std::size_t mac, key, iv;
  };
  const Row rows[] = {
      {tls1_0, "TLS_RSA_WITH_AES_128_CBC_SHA", 20, 16, 16},
      {tls1_1, "TLS_RSA_WITH_AES_128_CBC_SHA", 20, 16, 0},
      {tls1_0, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", 20, 24, 8},
      {tls1_2, "TLS_RSA_WITH_AES_256_CBC_SHA256", 32, 32, 0},
      {tls1_2, "TLS_RSA_WITH_AES_256_GCM_SHA384", 0, 32, 4},
      {tls1_2, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0, 32, 12},
      {tls1_0, "TLS_RSA_WITH_RC4_128_MD5", 16, 16, 0},
      {tls1_0, "TLS_RSA_WITH_NULL_SHA", 20, 0, 0},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const Suite* found = find_suite(row.name);
      BOOST_REQUIRE(found != nullptr);
      const ConnectionKeys keys =
          connection_keys(row.version, *found, Bytes(48, 1), Bytes(32, 2), Bytes(32, 3));
      for (const DirectionKeys* side : {&keys.client, &keys.server}) {
        BOOST_TEST(side->mac_key.size() == row.mac);
        BOOST_TEST(side->key.size() == row.key);
        BOOST_TEST(side->iv.size() == row.iv);
      }
      Bytes seed(32, 3);
      append(seed, Bytes(32, 2));
      Bytes joined;
      for (const Bytes* part : {&keys.client.mac_key, &keys.server.mac_key, &keys.client.key,
                                &keys.server.key, &keys.client.iv, &keys.server.iv})
        append(joined, *part);
      BOOST_TEST((joined == prf(row.version, *found, Bytes(48, 1), "key expansion", seed, joined.size())));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(suites)

BOOST_AUTO_TEST_CASE(the_table_is_in_order_and_unique) {
  std::uint16_t before = 0;
  for (const Suite& each : all_suites()) {
    BOOST_TEST(each.code > before);
    before = each.code;
    BOOST_TEST(find_suite(each.code) == &each);
    BOOST_TEST(find_suite(each.name) == &each);
  }
  BOOST_TEST(find_suite(std::uint16_t{0x0a0a}) == nullptr);
  BOOST_TEST(suite_name(0x002f) == "TLS_RSA_WITH_AES_128_CBC_SHA");
  BOOST_TEST(suite_name(0x0a0a) == "0x0a0a");
  BOOST_TEST(find_suite(std::uint16_t{0xc102}) == nullptr);
  BOOST_TEST(suite_name(0xc102) == "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT");
}

BOOST_AUTO_TEST_SUITE_END()
