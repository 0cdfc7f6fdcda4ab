#include "base/hex.hpp"
#include "base/writer.hpp"
#include "tlswire/dtls_hello.hpp"
#include "tlswire/dtls_record.hpp"
#include "tlswire/use_srtp.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {

Bytes record(std::uint8_t type, std::uint16_t version, std::uint16_t epoch, std::uint64_t sequence,
             ByteView fragment) {
  Writer writer;
  writer.u8(type).u16(version).u16(epoch).u48(sequence);
  {
    const auto length = writer.prefixed16();
    writer.bytes(fragment);
  }
  return writer.take();
}

DtlsFragment part(std::uint16_t sequence, std::uint32_t length, std::uint32_t offset, ByteView octets,
                  HandshakeType type = HandshakeType::certificate) {
  return {type, length, sequence, offset, octets};
}

Bytes counting(std::size_t count) {
  Bytes out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(i);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dtls)

BOOST_AUTO_TEST_CASE(use_srtp_is_written_and_read_back) {
  // RFC 5764 §4.1.1: a list of two profiles, and no MKI.
  const Extension made = make_use_srtp({{1, 2}, {}});
  BOOST_TEST(made.type == 14);
  BOOST_TEST(to_hex(made.body) == "00040001000200");
  const UseSrtp with_mki{{7}, {1, 2, 3}};
  BOOST_TEST((parse_use_srtp(make_use_srtp(with_mki).body).value() == with_mki));
  BOOST_TEST(to_hex(make_use_srtp(with_mki).body) == "0002000703010203");
}

BOOST_AUTO_TEST_CASE(use_srtp_that_is_cut_or_too_long_is_refused) {
  const Bytes whole = make_use_srtp({{1, 7}, {9}}).body;
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!parse_use_srtp(ByteView(whole).first(size)));
  Bytes longer = whole;
  longer.push_back(0);
  BOOST_TEST(to_string(parse_use_srtp(longer).error()).find("use_srtp") != std::string::npos);
  BOOST_TEST(to_string(parse_use_srtp(from_hex("000000").value()).error()) ==
             "expected one SRTP protection profile or more (at octet 2)");
  BOOST_TEST(!parse_use_srtp(from_hex("00030001020000").value()));
}

BOOST_AUTO_TEST_CASE(profiles_have_their_names_and_lengths) {
  BOOST_TEST(srtp_profile_name(1) == "SRTP_AES128_CM_HMAC_SHA1_80");
  BOOST_TEST(srtp_profile_name(8) == "SRTP_AEAD_AES_256_GCM");
  BOOST_TEST(srtp_profile_name(0x1234) == "0x1234");
  for (const SrtpProfileInfo& row : srtp_profiles()) {
    BOOST_TEST((find_srtp_profile(row.name) == row.profile));
    BOOST_TEST((find_srtp_profile(static_cast<std::uint16_t>(row.profile)) == row.profile));
  }
  BOOST_TEST(!find_srtp_profile("SRTP_FROM_NOWHERE"));
  BOOST_TEST(exported_octets(SrtpProfile::aes128_cm_hmac_sha1_80) == 60u);
  BOOST_TEST(exported_octets(SrtpProfile::aead_aes_128_gcm) == 56u);
  BOOST_TEST(exported_octets(SrtpProfile::aead_aes_256_gcm) == 88u);
}

BOOST_AUTO_TEST_CASE(the_records_of_a_datagram) {
  Bytes datagram = record(22, dtls1_2, 0, 3, counting(4));
  append(datagram, record(20, dtls1_2, 0, 4, Bytes{1}));
  append(datagram, record(22, dtls1_2, 1, 0, counting(40)));
  BOOST_TEST(looks_like_dtls(datagram));
  const auto records = parse_dtls_records(datagram).value();
  BOOST_REQUIRE(records.size() == 3u);
  BOOST_TEST((records[0].type == ContentType::handshake && records[0].sequence == 3));
  BOOST_TEST((records[1].type == ContentType::change_cipher_spec && records[1].epoch == 0));
  BOOST_TEST((records[2].epoch == 1 && records[2].fragment.size() == 40));
  for (std::size_t size = 1; size < datagram.size(); ++size) {
    const bool boundary = size == 17 || size == 31;
    BOOST_TEST(parse_dtls_records(ByteView(datagram).first(size)).has_value() == boundary);
  }
  BOOST_TEST(to_string(parse_dtls_records(record(19, dtls1_2, 0, 0, {})).error()) ==
             "expected a DTLS content type from 20 to 25, found 19 (at octet 0)");
  BOOST_TEST(!parse_dtls_records(record(22, 0x0303, 0, 0, {})));
  BOOST_TEST(!looks_like_dtls(record(22, 0x0303, 0, 0, {})));
  BOOST_TEST(!looks_like_dtls(Bytes(13, 0x80))); // RTP
  BOOST_TEST(dtls_version_name(0xfeff) == "DTLSv1.0");
  BOOST_TEST(tls_version_of(dtls1_0) == 0x0302);
  BOOST_TEST(tls_version_of(dtls1_2) == 0x0303);
}

BOOST_AUTO_TEST_CASE(fragments_are_read_with_their_place) {
  // type 11, length 5, message_seq 2, offset 1, 3 octets
  const Bytes octets = from_hex("0b000005 0002 000001 000003 aabbcc").value();
  const auto fragments = parse_dtls_fragments(octets).value();
  BOOST_REQUIRE(fragments.size() == 1u);
  BOOST_TEST((fragments[0].type == HandshakeType::certificate && fragments[0].length == 5));
  BOOST_TEST((fragments[0].message_sequence == 2 && fragments[0].offset == 1));
  BOOST_TEST(to_hex(fragments[0].part) == "aabbcc");
  for (std::size_t size = 1; size < octets.size(); ++size)
    BOOST_TEST(!parse_dtls_fragments(ByteView(octets).first(size)));
  BOOST_TEST(!parse_dtls_fragments(from_hex("0b000005 0002 000003 000003 aabbcc").value())); // past the end
  BOOST_TEST(!parse_dtls_fragments(from_hex("0bffffff 0002 000000 000001 aa").value()));     // 16 MiB
}

BOOST_AUTO_TEST_CASE(messages_are_put_together_from_parts_in_any_order) {
  const Bytes body = counting(100);
  const ByteView all(body);
  DtlsHandshakeReader reader;
  reader.add(part(1, 100, 60, all.subspan(60))).value();
  reader.add(part(1, 100, 0, all.first(30))).value();
  reader.add(part(1, 100, 0, all.first(30))).value(); // again
  BOOST_TEST(reader.take().empty());
  reader.add(part(0, 0, 0, {}, HandshakeType::server_hello_done)).value();
  reader.add(part(1, 100, 20, all.subspan(20, 45))).value(); // overlaps both
  const auto messages = reader.take();
  BOOST_REQUIRE(messages.size() == 2u);
  BOOST_TEST((messages[0].type == HandshakeType::server_hello_done && messages[0].body.empty()));
  BOOST_TEST((messages[1].sequence == 1 && messages[1].body == body));
  reader.add(part(1, 100, 0, all.first(30))).value(); // a retransmission
  BOOST_TEST(reader.take().empty());
}

BOOST_AUTO_TEST_CASE(parts_that_contradict_each_other_are_refused) {
  DtlsHandshakeReader reader;
  reader.add(part(1, 100, 0, counting(10))).value();
  BOOST_TEST(!reader.add(part(1, 90, 0, counting(10))));
  BOOST_TEST(!reader.add(part(1, 100, 0, counting(10), HandshakeType::server_hello)));
  for (std::uint16_t i = 2; i < 33; ++i) reader.add(part(i, 0, 0, {})).value();
  BOOST_TEST(!reader.add(part(40, 0, 0, {})));
}

BOOST_AUTO_TEST_CASE(a_client_hello_has_a_cookie) {
  ClientHello hello;
  hello.version = dtls1_2;
  hello.random.fill(7);
  hello.session_id = {1, 2};
  hello.suites = {0xc02b};
  hello.extensions.list.push_back(make_use_srtp({{1}, {}}));
  const Bytes plain = write_client_hello(hello);
  Bytes body(plain.begin(), plain.begin() + 2 + 32 + 1 + 2);
  append(body, Bytes{3, 9, 9, 9});
  append(body, ByteView(plain).subspan(2 + 32 + 1 + 2));
  const auto read = parse_dtls_client_hello(body).value();
  BOOST_TEST(to_hex(read.cookie) == "090909");
  BOOST_TEST((read.hello.random == hello.random && read.hello.suites == hello.suites));
  BOOST_TEST((read.hello.extensions == hello.extensions));
  for (std::size_t size = 0; size < 41; ++size)
    BOOST_TEST(!parse_dtls_client_hello(ByteView(body).first(size)));
  BOOST_TEST(to_hex(parse_hello_verify_request(from_hex("fefd020102").value()).value()) == "0102");
  BOOST_TEST(!parse_hello_verify_request(from_hex("fefd0201").value()));
  BOOST_TEST(!parse_hello_verify_request(from_hex("fefd02010203").value()));
}

BOOST_AUTO_TEST_SUITE_END()
