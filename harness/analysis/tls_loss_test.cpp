// Octets that were not captured, or were changed: reading goes on behind them, and what is missing is named.
#include "analysis/test_tls_session.hpp"
#include "crypto/hash.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

namespace {

struct Way {
  std::string_view suite;
  std::uint16_t version;
  bool encrypt_then_mac = false;
};
const Way ways[] = {
    {"TLS_RSA_WITH_AES_128_GCM_SHA256", 0x0303},    {"TLS_RSA_WITH_AES_256_CCM_8", 0x0303},
    {"TLS_RSA_WITH_ARIA_128_GCM_SHA256", 0x0303},   {"TLS_RSA_WITH_AES_128_CBC_SHA256", 0x0303},
    {"TLS_RSA_WITH_AES_128_CBC_SHA", 0x0303, true}, {"TLS_RSA_WITH_CAMELLIA_256_CBC_SHA", 0x0302},
    {"TLS_RSA_WITH_AES_128_CBC_SHA", 0x0301},       {"TLS_RSA_WITH_AES_128_CBC_SHA", 0x0301, true},
    {"TLS_RSA_WITH_3DES_EDE_CBC_SHA", 0x0300},      {"TLS_RSA_WITH_RC4_128_MD5", 0x0300},
    {"TLS_RSA_WITH_RC4_128_SHA", 0x0303},           {"TLS_RSA_WITH_NULL_SHA", 0x0302},
};

struct Session {
  explicit Session(const Way& way)
      : tls({.suite = way.suite,
             .version = way.version,
             .extended_master_secret = false,
             .encrypt_then_mac = way.encrypt_then_mac}) {
    capture.connect(client, server);
  }
  void handshake() { flights(capture, tls); }
  // A record that says `text`; it counts as one to be read when it is captured.
  Bytes says(std::string_view text) { return tls.data(Side::client, text); }
  void captured(std::string_view text) {
    capture.tcp(client, server, says(text));
    expected += text;
  }
  void lost(std::string_view text) { capture.lose(client, server, says(text).size()); }

  TlsConnection judge() const {
    auto report = inspect(capture.octets(), keys).value();
    BOOST_TEST_REQUIRE(report.tls.size() == 1);
    return report.tls[0];
  }
  void expect(std::uint64_t records, std::size_t losses = 1) const {
    const auto seen = judge();
    BOOST_TEST(seen.decrypted);
    BOOST_TEST(seen.client_sha256 == to_hex(crypto::digest(crypto::Hash::sha256, as_bytes(expected))));
    BOOST_TEST(seen.loss_count == losses);
    BOOST_TEST_REQUIRE(!seen.losses.empty());
    BOOST_TEST(seen.losses[0].from_client);
    BOOST_TEST(seen.losses[0].records == records);
    BOOST_TEST(seen.losses[0].resumed_at.has_value());
    BOOST_TEST(seen.reason.has_value());
  }

  TestTls tls;
  TestCapture capture;
  Keys keys = rsa_key();
  std::string expected;
};

template <typename Test>
void with_every_way(Test test) {
  for (const Way& way : ways)
    BOOST_TEST_CONTEXT(way.suite << " " << way.version << (way.encrypt_then_mac ? " encrypt-then-MAC" : "")) {
      Session session(way);
      session.handshake();
      session.captured("before ");
      test(session);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_loss)

// CBC of SSL 3.0 and TLS 1.0 needs the block in front of a record: without it one record more is lost.
BOOST_AUTO_TEST_CASE(whole_records_are_lost) {
  with_every_way([](Session& session) {
    session.lost("one"), session.lost("two, which is longer"), session.lost("three");
    const bool chains =
        session.tls.shape.version <= 0x0301 && session.tls.suite.mode() == tlswire::SuiteMode::cbc;
    if (chains)
      session.capture.tcp(client, server, session.says("cannot be read"));
    else
      session.captured("behind ");
    session.captured("and on");
    session.expect(chains ? 4 : 3);
  });
}

BOOST_AUTO_TEST_CASE(the_loss_begins_and_ends_within_records) {
  with_every_way([](Session& session) {
    const auto first = session.says(std::string(700, 'x')), second = session.says(std::string(900, 'y'));
    session.capture.tcp(client, server, ByteView(first).first(50));
    session.capture.lose(client, server, first.size() - 50 + 300);
    session.capture.tcp(client, server, ByteView(second).subspan(300, 100));
    session.capture.tcp(client, server, ByteView(second).subspan(400));
    session.captured("behind ");
    session.captured("and on");
    session.expect(2);
    const auto seen = session.judge();
    BOOST_TEST(seen.losses[0].octets == first.size() - 50 + 300);
    BOOST_TEST(seen.reason.value_or("") ==
               fmt::format("bytes lost at offset {}, client: {} octets, read on from offset {} after 2 lost "
                           "records",
                           seen.losses[0].offset, seen.losses[0].octets, *seen.losses[0].resumed_at));
  });
}

BOOST_AUTO_TEST_CASE(it_happens_again) {
  with_every_way([](Session& session) {
    for (int i = 0; i < 5; ++i) {
      const auto record = session.says("lost in part, but not quite to its end");
      session.capture.lose(client, server, 10);
      session.capture.tcp(client, server, ByteView(record).subspan(10));
      session.captured("read ");
    }
    session.expect(1, 5);
    BOOST_TEST(session.judge().reason.value_or("").ends_with("; and 2 more"));
  });
}

BOOST_AUTO_TEST_CASE(a_changed_record_is_left_out) {
  with_every_way([](Session& session) {
    auto record = session.says("changed on its way, somewhere in the middle");
    record[record.size() / 2] ^= 1;
    session.capture.tcp(client, server, record);
    session.captured("behind ");
    session.captured("and on");
    session.expect(1);
    BOOST_TEST(session.judge().reason.value_or("").starts_with("damaged record at offset"));
  });
}

BOOST_AUTO_TEST_CASE(a_changed_header_loses_the_framing_until_the_next_one) {
  with_every_way([](Session& session) {
    auto record = session.says("no longer framed: its type is none, wherever its end may be");
    record[0] = 99;
    session.capture.tcp(client, server, record);
    session.captured("behind ");
    session.captured("and on");
    session.expect(1);
    BOOST_TEST(session.judge().reason.value_or("").find("expected a TLS record") != std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(a_key_log_reads_on_behind_a_lost_handshake) {
  for (const Way& way : ways) BOOST_TEST_CONTEXT(way.suite << " " << way.version) {
      Session session(way);
      session.keys.rsa.clear();
      session.capture.tcp(client, server, session.tls.client_hello());
      session.capture.tcp(server, client, session.tls.server_flight());
      const auto flight = session.tls.client_flight();
      session.capture.lose(client, server, flight.size() - 40); // ClientKeyExchange and part of what follows
      session.capture.tcp(client, server, ByteView(flight).last(40));
      session.capture.tcp(server, client, session.tls.server_finish());
      session.keys.keylog.add_line(session.tls.keylog_line()).value();
      session.captured("behind");
      session.capture.tcp(server, client, session.tls.data(Side::server, "the other side"));
      const auto seen = session.judge();
      BOOST_TEST(seen.client_bytes == 6);
      BOOST_TEST(seen.server_bytes == 14);
      BOOST_TEST(seen.loss_count == 1);
    }
}

BOOST_AUTO_TEST_CASE(without_a_hello_nothing_can_be_read) {
  Session session(ways[0]);
  session.capture.lose(client, server, session.tls.client_hello().size());
  session.capture.tcp(server, client, session.tls.server_flight());
  session.capture.tcp(client, server, session.tls.client_flight());
  const auto seen = session.judge();
  BOOST_TEST(!seen.decrypted);
  BOOST_TEST(seen.reason.value_or("").starts_with("bytes lost at offset 0, client"));
}

BOOST_AUTO_TEST_CASE(a_loss_to_the_end_is_named) {
  Session session(ways[0]);
  session.handshake();
  session.captured("before");
  session.capture.lose(client, server, 100);
  session.capture.tcp(client, server, Bytes(3000, 0x55)); // nothing that could be a record
  const auto seen = session.judge();
  BOOST_TEST(seen.client_bytes == 6);
  BOOST_TEST_REQUIRE(seen.losses.size() == 1);
  BOOST_TEST(!seen.losses[0].resumed_at.has_value());
  BOOST_TEST(seen.reason.value_or("").ends_with("client: 100 octets"));
}

// Records that nothing opens cost a bounded effort, and then the direction is over.
BOOST_AUTO_TEST_CASE(a_search_in_vain_ends) {
  Session session(ways[0]);
  session.handshake();
  session.capture.lose(client, server, 4'000'000);
  Bytes stream;
  for (int i = 0; i < 200; ++i)
    tlswire::append_record(stream, tlswire::ContentType::application_data, 0x0303, Bytes(1000, 7));
  for (std::size_t i = 0; i < stream.size(); i += 1000)
    session.capture.tcp(client, server,
                        ByteView(stream).subspan(i, std::min<std::size_t>(1000, stream.size() - i)));
  session.captured("too late");
  BOOST_TEST(session.judge().client_bytes == 0);
}

BOOST_AUTO_TEST_SUITE_END()
