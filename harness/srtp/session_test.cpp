#include "srtp/session.hpp"

#include "base/hex.hpp"
#include "rtp/packet.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace sipvet;
using namespace sipvet::srtp;
using rtp::SrtpKey;
using rtp::SrtpSuite;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

// The master key and salt that libsrtp's own driver and several other implementations publish their vectors
// with.
const Bytes known_key = hex("e1f97a0d3e018be0d64fa32c06de4139");
const Bytes known_salt = hex("0ec675ad498afeebb6960b3aabe6");

SrtpKey key_for(SrtpSuite suite, std::uint8_t fill = 0x5a) {
  const auto& facts = rtp::info(suite);
  return {suite, Bytes(facts.key_octets, fill), Bytes(facts.salt_octets, 0xa5), {}};
}

Bytes packet(std::uint32_t ssrc, std::uint16_t sequence, std::size_t payload_octets = 160) {
  rtp::Packet made;
  made.ssrc = ssrc;
  made.sequence = sequence;
  made.timestamp = sequence * 160u;
  made.payload = Bytes(payload_octets, static_cast<std::uint8_t>(sequence));
  return serialize(made);
}

const Bytes receiver_report = hex("81c90007 cafebabe 11111111 00000000 00000001 00000002 00000000 00000000");

Drop why(const boost::system::result<Bytes, Dropped>& result) {
  BOOST_REQUIRE(!result);
  BOOST_TEST(!result.error().what.empty());
  return result.error().why;
}

} // namespace

BOOST_AUTO_TEST_SUITE(session)

// The published AES_CM_128_HMAC_SHA1_80 vector.
BOOST_AUTO_TEST_CASE(known_rtp_packet) {
  const SrtpKey key{SrtpSuite::aes_cm_128_hmac_sha1_80, known_key, known_salt, {}};
  const Bytes plain = hex("800f1234decafbadcafebabeabababababababababababababababab");
  const Bytes secured = hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
  BOOST_TEST(to_hex(*Sender::create(key)->protect_rtp(plain)) == to_hex(secured));
  BOOST_TEST(to_hex(*Receiver::create(key)->unprotect_rtp(secured)) == to_hex(plain));
}

// RFC 7714 §16.1.1 and §17.1 are for session keys; the suites are checked for what stands on the wire.
BOOST_AUTO_TEST_CASE(every_suite_protects_and_says_how_long_its_tags_are) {
  for (const auto& facts : rtp::srtp_suites()) {
    BOOST_TEST_CONTEXT(facts.name) {
      auto sender = Sender::create(key_for(facts.suite));
      auto receiver = Receiver::create(key_for(facts.suite));
      BOOST_REQUIRE(sender);
      BOOST_REQUIRE(receiver);
      const Bytes plain = packet(1, 1);
      const auto secured = sender->protect_rtp(plain);
      BOOST_REQUIRE(secured);
      BOOST_TEST(secured->size() == plain.size() + facts.rtp_tag_octets);
      const bool payload_in_clear = std::equal(plain.begin(), plain.end(), secured->begin());
      BOOST_TEST(payload_in_clear == facts.name.starts_with("NULL"));
      BOOST_TEST(*receiver->unprotect_rtp(*secured) == plain, boost::test_tools::per_element());
      const auto secured_report = sender->protect_rtcp(receiver_report);
      BOOST_REQUIRE(secured_report);
      BOOST_TEST(secured_report->size() == receiver_report.size() + 4 + facts.rtcp_tag_octets);
      BOOST_TEST(*receiver->unprotect_rtcp(*secured_report) == receiver_report,
                 boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(every_changed_octet_is_noticed) {
  for (const auto suite : {SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32,
                           SrtpSuite::aead_aes_128_gcm, SrtpSuite::null_hmac_sha1_80}) {
    auto sender = Sender::create(key_for(suite));
    const Bytes secured = *sender->protect_rtp(packet(7, 100, 20));
    for (std::size_t i = 1; i < secured.size(); ++i) { // octet 0 also says where the payload starts
      Bytes changed = secured;
      changed[i] ^= 1;
      BOOST_TEST((why(Receiver::create(key_for(suite))->unprotect_rtp(changed)) == Drop::authentication),
                 "octet " << i);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_changed_octet_of_rtcp_is_noticed) {
  auto sender = Sender::create(key_for(SrtpSuite::aes_cm_128_hmac_sha1_32));
  const Bytes secured = *sender->protect_rtcp(receiver_report);
  for (std::size_t i = 1; i < secured.size(); ++i) {
    Bytes changed = secured;
    changed[i] ^= 1;
    BOOST_TEST((why(Receiver::create(key_for(SrtpSuite::aes_cm_128_hmac_sha1_32))->unprotect_rtcp(changed)) ==
                Drop::authentication),
               "octet " << i);
  }
}

BOOST_AUTO_TEST_CASE(wrong_key_and_wrong_suite) {
  const auto suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
  const Bytes secured = *Sender::create(key_for(suite))->protect_rtp(packet(7, 100));
  BOOST_TEST((why(Receiver::create(key_for(suite, 0x5b))->unprotect_rtp(secured)) == Drop::authentication));
  const auto short_tag = SrtpSuite::aes_cm_128_hmac_sha1_32;
  BOOST_TEST((why(Receiver::create(key_for(short_tag))->unprotect_rtp(secured)) == Drop::authentication));
}

BOOST_AUTO_TEST_CASE(replay_and_age) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = Sender::create(key);
  auto receiver = Receiver::create(key);
  const Bytes first = *sender->protect_rtp(packet(7, 1));
  const Bytes second = *sender->protect_rtp(packet(7, 2));
  const Bytes third = *sender->protect_rtp(packet(7, 3));
  BOOST_TEST(receiver->unprotect_rtp(third).has_value());
  BOOST_TEST(receiver->unprotect_rtp(first).has_value()); // out of order is fine
  BOOST_TEST((why(receiver->unprotect_rtp(first)) == Drop::replay));
  BOOST_TEST((why(receiver->unprotect_rtp(third)) == Drop::replay));
  const Bytes far = *sender->protect_rtp(packet(7, 3000));
  BOOST_TEST(receiver->unprotect_rtp(far).has_value());
  BOOST_TEST((why(receiver->unprotect_rtp(second)) == Drop::too_old));
}

BOOST_AUTO_TEST_CASE(window_of_128_packets_at_least) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = Sender::create(key);
  auto receiver = Receiver::create(key);
  const Bytes early = *sender->protect_rtp(packet(7, 1000));
  BOOST_TEST(receiver->unprotect_rtp(*sender->protect_rtp(packet(7, 1127))).has_value());
  BOOST_TEST(receiver->unprotect_rtp(early).has_value());
}

BOOST_AUTO_TEST_CASE(rtcp_replay) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = Sender::create(key);
  auto receiver = Receiver::create(key);
  const Bytes once = *sender->protect_rtcp(receiver_report);
  BOOST_TEST(receiver->unprotect_rtcp(once).has_value());
  BOOST_TEST((why(receiver->unprotect_rtcp(once)) == Drop::replay));
}

BOOST_AUTO_TEST_CASE(sequence_numbers_wrap) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = Sender::create(key);
  auto receiver = Receiver::create(key);
  for (std::uint32_t i = 65000; i < 66000; ++i) {
    const Bytes plain = packet(7, static_cast<std::uint16_t>(i));
    const auto received = receiver->unprotect_rtp(*sender->protect_rtp(plain));
    BOOST_REQUIRE(received);
    BOOST_REQUIRE(*received == plain);
  }
}

// RFC 3711 §3.3.1: who joins after a wrap must be told the rollover counter.
BOOST_AUTO_TEST_CASE(late_join) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = Sender::create(key);
  for (std::uint32_t i = 60000; i < 65536 + 65536 + 100; i += 50) {
    BOOST_REQUIRE(sender->protect_rtp(packet(7, static_cast<std::uint16_t>(i))));
  }
  const Bytes secured = *sender->protect_rtp(packet(7, 200)); // rollover counter 2
  const Bytes next = *sender->protect_rtp(packet(7, 201));
  auto late = Receiver::create(key);
  BOOST_TEST((why(late->unprotect_rtp(secured)) == Drop::authentication));
  BOOST_TEST(late->set_rollover_counter(7, 1).has_value());
  BOOST_TEST((why(late->unprotect_rtp(secured)) == Drop::authentication));
  BOOST_TEST(late->set_rollover_counter(7, 2).has_value());
  BOOST_TEST(*late->unprotect_rtp(secured) == packet(7, 200), boost::test_tools::per_element());
  BOOST_TEST(late->unprotect_rtp(next).has_value());
  // And back to nothing, for a stream that starts again.
  BOOST_TEST(late->set_rollover_counter(7, 0).has_value());
  BOOST_TEST(late->unprotect_rtp(*Sender::create(key)->protect_rtp(packet(7, 5))).has_value());
}

BOOST_AUTO_TEST_CASE(streams_are_apart_by_ssrc) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = Sender::create(key);
  auto receiver = Receiver::create(key);
  for (std::uint16_t i = 1; i < 50; ++i) {
    for (const std::uint32_t ssrc : {1u, 2u}) {
      BOOST_TEST(
          receiver->unprotect_rtp(*sender->protect_rtp(packet(ssrc, static_cast<std::uint16_t>(i * ssrc))))
              .has_value());
    }
  }
  // A counter set for one leaves the other alone.
  BOOST_TEST(receiver->set_rollover_counter(1, 9).has_value());
  BOOST_TEST(receiver->unprotect_rtp(*sender->protect_rtp(packet(2, 99))).has_value());
  BOOST_TEST((why(receiver->unprotect_rtp(*sender->protect_rtp(packet(1, 50)))) == Drop::authentication));
}

// RFC 3711 §3.1: the MKI stands between the payload and the tag.
BOOST_AUTO_TEST_CASE(master_key_identifier) {
  SrtpKey key{SrtpSuite::aes_cm_128_hmac_sha1_80, known_key, known_salt, hex("00000001")};
  const Bytes plain = hex("800f1234decafbadcafebabeabababababababababababababababab");
  const auto secured = Sender::create(key)->protect_rtp(plain);
  BOOST_REQUIRE(secured);
  BOOST_TEST(to_hex(*secured) == "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402"
                                 "00000001"
                                 "b78d6acc99ea179b8dbb");
  BOOST_TEST(*Receiver::create(key)->unprotect_rtp(*secured) == plain, boost::test_tools::per_element());
  const auto report = Sender::create(key)->protect_rtcp(receiver_report);
  BOOST_REQUIRE(report);
  BOOST_TEST(report->size() == receiver_report.size() + 4 + 4 + 10);
  BOOST_TEST(Receiver::create(key)->unprotect_rtcp(*report).has_value());
  key.mki = hex("00000002");
  BOOST_TEST((why(Receiver::create(key)->unprotect_rtp(*secured)) == Drop::other));
}

BOOST_AUTO_TEST_CASE(truncated_packets) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  const Bytes secured = *Sender::create(key)->protect_rtp(packet(7, 1, 0));
  auto receiver = Receiver::create(key);
  for (std::size_t length = 0; length < secured.size(); ++length) {
    BOOST_TEST((why(receiver->unprotect_rtp(ByteView(secured).first(length))) == Drop::malformed));
  }
  BOOST_TEST(receiver->unprotect_rtp(secured).has_value());
  const Bytes report = *Sender::create(key)->protect_rtcp(hex("80c90001 cafebabe"));
  for (std::size_t length = 0; length < report.size(); ++length) {
    BOOST_TEST((why(receiver->unprotect_rtcp(ByteView(report).first(length))) == Drop::malformed));
  }
  BOOST_TEST(receiver->unprotect_rtcp(report).has_value());
}

BOOST_AUTO_TEST_CASE(plain_packets_do_not_pass) {
  auto receiver = Receiver::create(key_for(SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST((why(receiver->unprotect_rtp(packet(7, 1))) == Drop::authentication));
  BOOST_TEST((why(receiver->unprotect_rtcp(receiver_report)) == Drop::authentication));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent) {
  auto sender = Sender::create(key_for(SrtpSuite::aes_cm_128_hmac_sha1_80));
  BOOST_TEST(!sender->protect_rtp(hex("8000")));
  BOOST_TEST(!sender->protect_rtp({}));
  BOOST_TEST(!sender->protect_rtcp(hex("80c90001")));
  BOOST_TEST(!sender->protect_rtp(packet(7, 1, 70000)));
  BOOST_TEST(sender->protect_rtp(packet(7, 1)).has_value());
  BOOST_TEST(!sender->protect_rtp(packet(7, 1))); // the same keystream twice
}

BOOST_AUTO_TEST_CASE(keys_of_the_wrong_length) {
  auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  key.master_key.pop_back();
  const auto sender = Sender::create(key);
  BOOST_REQUIRE(!sender);
  BOOST_TEST(sender.error().what.find("16 and a salt of 14 octets, not 15 and 14") != std::string::npos);
  key = key_for(SrtpSuite::aead_aes_256_gcm);
  key.master_salt.push_back(0);
  BOOST_TEST(!Receiver::create(key));
  key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  key.mki = Bytes(129);
  BOOST_TEST(!Receiver::create(key));
}

BOOST_AUTO_TEST_CASE(moved_sessions_go_on) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = std::move(*Sender::create(key));
  auto receiver = std::move(*Receiver::create(key));
  Receiver other = std::move(receiver);
  BOOST_TEST(other.unprotect_rtp(*sender.protect_rtp(packet(1, 1))).has_value());
}

BOOST_AUTO_TEST_CASE(threads_with_sessions_of_their_own) {
  std::vector<std::thread> threads;
  std::vector<int> good(4);
  for (std::size_t n = 0; n < good.size(); ++n) {
    threads.emplace_back([&good, n] {
      const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80, static_cast<std::uint8_t>(n));
      auto sender = Sender::create(key);
      auto receiver = Receiver::create(key);
      for (std::uint16_t i = 0; i < 200; ++i)
        good[n] += receiver->unprotect_rtp(*sender->protect_rtp(packet(1, i))).has_value();
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : good) BOOST_TEST(count == 200);
}

BOOST_AUTO_TEST_SUITE_END()
