#include "tlswire/handshake_reader.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/version.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {

const Suite& aes128_gcm = *find_suite(std::uint16_t{0x1301});

ProtectionParameters parameters13(const Bytes& secret) {
  return {tls1_3, &aes128_gcm, traffic_keys(aes128_gcm, secret), false};
}

Record record_of(const Bytes& wire) {
  Record record;
  record.type = static_cast<ContentType>(wire[0]);
  record.version = static_cast<std::uint16_t>(wire[1] << 8 | wire[2]);
  record.fragment = ByteView(wire).subspan(5);
  return record;
}

ProtectionParameters parameters(std::uint16_t version, const Suite& suite, bool encrypt_then_mac = false) {
  const Bytes random(32, 5);
  return {version, &suite, connection_keys(version, suite, Bytes(48, 1), random, random).client,
          encrypt_then_mac};
}

Bytes sealed_octets(const ProtectionParameters& how, ByteView plain) {
  SeededRandom random(1);
  auto sealer = RecordEncrypter::make(how, random).value();
  Bytes wire;
  sealer.seal(ContentType::application_data, plain, wire);
  return wire;
}

RecordFault fault_of(const ProtectionParameters& how, const Bytes& wire) {
  return RecordDecrypter::make(how).value().open(record_of(wire)).fault;
}

const Suite& named(std::string_view iana) { return *find_suite(iana); }

} // namespace

BOOST_AUTO_TEST_SUITE(record_protection)

BOOST_AUTO_TEST_CASE(opens_the_records_of_rfc8448) {
  auto flight = RecordDecrypter::make(parameters13(rfc8448::server_handshake)).value();
  const auto opened = flight.open(record_of(rfc8448::server_flight_record));
  BOOST_REQUIRE(bool(opened));
  BOOST_TEST((opened.type == ContentType::handshake));
  HandshakeReader reader;
  reader.feed(opened.plaintext);
  for (const Bytes* message : {&rfc8448::encrypted_extensions, &rfc8448::certificate,
                               &rfc8448::certificate_verify, &rfc8448::server_finished})
    BOOST_TEST((to_bytes(reader.next().value()->raw) == *message));
  BOOST_TEST(!reader.partial());

  auto data = RecordDecrypter::make(parameters13(rfc8448::client_traffic)).value();
  const auto first = data.open(record_of(rfc8448::client_data_record));
  BOOST_REQUIRE(bool(first));
  BOOST_TEST(first.plaintext.size() == 50u);
  BOOST_TEST(first.plaintext[49] == 0x31);
  const auto second = data.open(record_of(rfc8448::client_close_record));
  BOOST_REQUIRE(bool(second));
  BOOST_TEST((second.type == ContentType::alert));
  BOOST_TEST((to_bytes(second.plaintext) == Bytes{1, 0}));
  BOOST_TEST(data.sequence() == 2u);
}

BOOST_AUTO_TEST_CASE(seals_the_records_of_rfc8448) {
  SeededRandom random(1);
  auto sealer = RecordEncrypter::make(parameters13(rfc8448::client_handshake), random).value();
  Bytes wire;
  sealer.seal(ContentType::handshake, rfc8448::client_finished, wire);
  BOOST_TEST((wire == rfc8448::client_finished_record));
}

BOOST_AUTO_TEST_CASE(a_record_that_does_not_open_changes_nothing) {
  auto data = RecordDecrypter::make(parameters13(rfc8448::client_traffic)).value();
  BOOST_TEST(
      (data.open(record_of(rfc8448::client_close_record)).fault == RecordFault::bad_mac)); // not its turn
  BOOST_TEST(data.sequence() == 0u);
  BOOST_TEST(bool(data.open(record_of(rfc8448::client_data_record))));
  data.set_sequence(0);
  BOOST_TEST((data.open(record_of(rfc8448::client_close_record)).fault == RecordFault::bad_mac));
  data.set_sequence(1);
  BOOST_TEST(bool(data.open(record_of(rfc8448::client_close_record))));
  Record outside = record_of(rfc8448::client_data_record);
  outside.type = ContentType::alert;
  BOOST_TEST((data.open(outside).fault == RecordFault::unexpected_type));
}

BOOST_AUTO_TEST_CASE(every_suite_and_version_round_trips_and_notices_changes) {
  for (const Suite& suite : all_suites()) {
    for (const std::uint16_t version : {ssl3, tls1_0, tls1_1, tls1_2}) {
      for (const bool etm : {false, true}) {
        if (std::max(version, tls1_0) < suite.min_version || suite.is_tls13()) continue;
        BOOST_TEST_CONTEXT(suite.name << " " << version_name(version) << (etm ? " encrypt-then-MAC" : "")) {
          const ProtectionParameters how = parameters(version, suite, etm);
          SeededRandom random(1);
          auto sealer = RecordEncrypter::make(how, random).value();
          auto opener = RecordDecrypter::make(how).value();
          for (const std::size_t size : {0u, 1u, 15u, 16u, 300u}) {
            Bytes wire;
            sealer.seal(ContentType::application_data, Bytes(size, 0x41), wire);
            Bytes changed = wire;
            changed.back() ^= 0x80;
            BOOST_TEST(!opener.open(record_of(changed)));
            const auto opened = opener.open(record_of(wire));
            BOOST_REQUIRE(bool(opened));
            BOOST_TEST((to_bytes(opened.plaintext) == Bytes(size, 0x41)));
          }
          for (std::size_t size = 0; size < 20; ++size) {
            const Bytes stub(5 + size, 23);
            BOOST_TEST(!opener.open(record_of(stub)));
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(faults_have_names) {
  const Suite& suite = named("TLS_RSA_WITH_AES_128_CBC_SHA");
  const auto how = parameters(tls1_2, suite);
  const Bytes wire = sealed_octets(how, Bytes(100, 1));
  Bytes odd = wire;
  odd.pop_back();
  BOOST_TEST((fault_of(how, odd) == RecordFault::not_whole_blocks));
  Bytes changed = wire;
  changed[5 + 16 + 3] ^= 1; // first block of data: padding stays right
  BOOST_TEST((fault_of(how, changed) == RecordFault::bad_mac));
  Bytes padding = wire;
  padding[padding.size() - 17] ^= 0x55; // flips the last plaintext octet
  BOOST_TEST((fault_of(how, padding) == RecordFault::bad_padding));
  BOOST_TEST((fault_of(how, Bytes(wire.begin(), wire.begin() + 5 + 16)) == RecordFault::too_short));
  BOOST_TEST(name(RecordFault::bad_mac) == "bad MAC");
  auto wrong_key = how;
  wrong_key.keys.key[0] ^= 1;
  BOOST_TEST((fault_of(wrong_key, wire) != RecordFault::none));
}

BOOST_AUTO_TEST_CASE(tls10_chains_from_record_to_record) {
  const auto how = parameters(tls1_0, named("TLS_RSA_WITH_3DES_EDE_CBC_SHA"));
  SeededRandom random(1);
  auto sealer = RecordEncrypter::make(how, random).value();
  Bytes first;
  Bytes second;
  sealer.seal(ContentType::application_data, as_bytes("one"), first);
  sealer.seal(ContentType::application_data, as_bytes("two"), second);
  auto late = RecordDecrypter::make(how).value();
  late.set_sequence(1);
  late.set_chained_iv(ByteView(first).last(8));
  const auto opened = late.open(record_of(second));
  BOOST_REQUIRE(bool(opened));
  BOOST_TEST(as_text(opened.plaintext) == "two");
}

BOOST_AUTO_TEST_CASE(parameters_that_do_not_fit) {
  const Suite& cbc = named("TLS_RSA_WITH_AES_128_CBC_SHA");
  auto how = parameters(tls1_2, cbc);
  how.keys.key.pop_back();
  BOOST_TEST(RecordDecrypter::make(how).error().what == "expected 16 octets of key, got 15");
  how = parameters(tls1_2, cbc);
  how.version = tls1_3;
  BOOST_TEST(RecordDecrypter::make(how).error().what ==
             "TLS_RSA_WITH_AES_128_CBC_SHA does not go with TLSv1.3");
  how.suite = nullptr;
  BOOST_TEST(!RecordDecrypter::make(how));
  how = parameters13(rfc8448::client_traffic);
  how.version = tls1_2;
  BOOST_TEST(!RecordDecrypter::make(how));
  how = parameters(tls1_2, named("TLS_RSA_WITH_AES_128_GCM_SHA256"));
  how.version = tls1_1;
  BOOST_TEST(!RecordDecrypter::make(how));
}

BOOST_AUTO_TEST_SUITE_END()
