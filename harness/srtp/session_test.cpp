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
  for (const auto engine : {Engine::own, Engine::library}) {
    auto receiver = Receiver::create(key, engine);
    BOOST_TEST((why(receiver->unprotect_rtp(*secured)) == Drop::unknown_mki));
    BOOST_TEST((why(receiver->unprotect_rtcp(*report)) == Drop::unknown_mki));
  }
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

BOOST_AUTO_TEST_CASE(contexts_that_say_nothing_clear) {
  const auto refused = [](const rtp::SrtpContext& context) {
    const auto receiver = Receiver::create(context);
    BOOST_REQUIRE(!receiver);
    BOOST_TEST(!Sender::create(context));
    return receiver.error().what;
  };
  const auto with_mki = [](SrtpSuite suite, Bytes mki) {
    auto key = key_for(suite);
    key.mki = std::move(mki);
    return key;
  };
  const auto suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
  rtp::SrtpContext context;
  BOOST_TEST(refused(context) == "expected a master key at least, got none");
  context.keys = {with_mki(suite, {1}), with_mki(suite, {1})};
  BOOST_TEST(refused(context) == "expected MKIs that tell several keys apart (RFC 4568 §6.1)");
  context.keys = {with_mki(suite, {}), with_mki(suite, {})};
  BOOST_TEST(refused(context) == "expected MKIs that tell several keys apart (RFC 4568 §6.1)");
  context.keys = {with_mki(suite, {1}), with_mki(suite, {1, 2})};
  BOOST_TEST(refused(context) == "expected MKIs of one length (RFC 4568 §6.1)");
  context.keys = {with_mki(suite, {1}), with_mki(SrtpSuite::aes_cm_128_hmac_sha1_32, {2})};
  BOOST_TEST(refused(context) == "expected one suite for all keys of a context");
  context = key_for(SrtpSuite::aead_aes_128_gcm);
  context.options.authenticate_rtp = false;
  BOOST_TEST(refused(context) == "an AEAD encrypts and authenticates every SRTP packet (RFC 7714 §8)");
}

// RFC 3711 §9.2: SRTP and SRTCP are counted apart, and what is full first ends both; the next key follows,
// and after the last nothing.
BOOST_AUTO_TEST_CASE(lifetimes) {
  rtp::SrtpContext context(key_for(SrtpSuite::aes_cm_128_hmac_sha1_80, 1));
  context.keys[0].mki = {1};
  context.keys[0].lifetime_packets = 3;
  context.keys.push_back(key_for(SrtpSuite::aes_cm_128_hmac_sha1_80, 2));
  context.keys[1].mki = {2};
  context.keys[1].lifetime_packets = 2;
  auto sender = Sender::create(context);
  auto receiver = Receiver::create(context);
  std::vector<std::uint8_t> mkis;
  for (std::uint16_t n = 0; n < 5; ++n) {
    const auto secured = sender->protect_rtp(packet(n % 2, n));
    BOOST_REQUIRE(secured);
    mkis.push_back((*secured)[secured->size() - 11]);
    BOOST_TEST(receiver->unprotect_rtp(*secured).has_value());
  }
  BOOST_TEST(mkis == (std::vector<std::uint8_t>{1, 1, 1, 2, 2}), boost::test_tools::per_element());
  const auto over = sender->protect_rtp(packet(7, 9));
  BOOST_REQUIRE(!over);
  BOOST_TEST(over.error().what == "the key's lifetime is over (RFC 3711 §9.2)");
  BOOST_TEST(!sender->protect_rtcp(receiver_report));
  // A sender that goes on all the same.
  rtp::SrtpContext endless = context;
  for (auto& key : endless.keys) key.lifetime_packets.reset();
  auto careless = Sender::create(endless);
  BOOST_TEST((why(receiver->unprotect_rtp(*careless->protect_rtp(packet(7, 10)))) == Drop::key_expired));
  // Packets that were dropped do not count.
  auto fresh = Receiver::create(context);
  for (std::uint16_t n = 0; n < 9; ++n) (void)fresh->unprotect_rtp(packet(7, n));
  BOOST_TEST(fresh->unprotect_rtp(*careless->protect_rtp(packet(7, 20))).has_value());
}

// RFC 4568 §6.4.2: what streams of several SSRCs share ends sooner; RFC 5764 §4.1.2: SRTP and SRTCP apart.
BOOST_AUTO_TEST_CASE(limits_of_the_key_exchange) {
  rtp::SrtpContext context(key_for(SrtpSuite::aes_cm_128_hmac_sha1_80, 1));
  context.options.most_packets = 4;
  context.options.most_shared_packets = 3;
  const auto taken_of = [&](const std::vector<std::uint32_t>& ssrcs) {
    auto sender = Sender::create(context);
    auto receiver = Receiver::create(context);
    rtp::SrtpContext endless = context;
    endless.options = {};
    auto careless = Sender::create(endless);
    std::size_t sent = 0, taken = 0;
    for (std::uint16_t n = 0; n < ssrcs.size(); ++n) {
      sent += sender->protect_rtp(packet(ssrcs[n], n)).has_value();
      taken += receiver->unprotect_rtp(*careless->protect_rtp(packet(ssrcs[n], n))).has_value();
    }
    BOOST_TEST(sent == taken);
    return sent;
  };
  BOOST_TEST(taken_of({7, 7, 7, 7, 7, 7}) == 4u);
  BOOST_TEST(taken_of({7, 8, 7, 8, 7, 8}) == 3u);
  BOOST_TEST(taken_of({7, 7, 7, 8, 8}) == 4u); // it is known with the first packet of the second
}

// RFC 3711 §4.3.1, computed with another implementation of AES and HMAC under the published key.
BOOST_AUTO_TEST_CASE(key_derivation_rate) {
  rtp::SrtpContext context(SrtpKey{SrtpSuite::aes_cm_128_hmac_sha1_80, known_key, known_salt, {}, {}});
  context.options.key_derivation_rate = 16;
  const auto plain = [](std::uint16_t sequence) {
    rtp::Packet made;
    made.payload_type = 15;
    made.sequence = sequence;
    made.timestamp = 0xdecafbad;
    made.ssrc = 0xcafebabe;
    made.payload = Bytes(16, 0xab);
    return serialize(made);
  };
  auto sender = Sender::create(context);
  auto receiver = Receiver::create(context);
  const Bytes last = *sender->protect_rtp(plain(15)), next = *sender->protect_rtp(plain(16));
  BOOST_TEST(to_hex(last) == "800f000fdecafbadcafebabe5f06a513a4ac0d8a57de0bf98d5b48452f7fda5df329a6a18423");
  BOOST_TEST(to_hex(next) == "800f0010decafbadcafebabec100dd0a6871191192494699250a7c4dc6d43b7833100e9c17fb");
  for (const std::uint16_t sequence : {std::uint16_t{0x7000}, std::uint16_t{0xe000}})
    BOOST_REQUIRE(sender->protect_rtp(plain(sequence)));
  const Bytes wrapped = *sender->protect_rtp(plain(4464));
  BOOST_TEST(to_hex(wrapped) ==
             "800f1170decafbadcafebabeecdea7aa53a57222636c7c73d18525a98ff12b643096b8afe900");
  BOOST_TEST(receiver->unprotect_rtp(next).has_value());
  BOOST_TEST(*receiver->unprotect_rtp(last) == plain(15), boost::test_tools::per_element()); // late
  context.options.key_derivation_rate = 2;
  auto reporter = Sender::create(context);
  const Bytes report = hex("81c90007cafebabe111111110000000000000001000000020000000000000000");
  for (int n = 0; n < 2; ++n) BOOST_REQUIRE(reporter->protect_rtcp(report));
  const Bytes third = *reporter->protect_rtcp(report);
  BOOST_TEST(to_hex(third) == "81c90007cafebabecac881ad8bd7e5228ebaa7922bdd8cea2d721debb23f99eb"
                              "80000003d56ba6156bb04c03b7d6");
  BOOST_TEST(*Receiver::create(context)->unprotect_rtcp(third) == report, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(receivers_that_do_not_look) {
  const auto key = key_for(SrtpSuite::aes_cm_128_hmac_sha1_80);
  auto sender = Sender::create(key);
  const Bytes plain = packet(7, 1);
  const Bytes secured = *sender->protect_rtp(plain);
  auto replayed = *Receiver::create(key, Engine::own, {.replays = true});
  BOOST_TEST(*replayed.unprotect_rtp(secured) == plain, boost::test_tools::per_element());
  BOOST_TEST(*replayed.unprotect_rtp(secured) == plain, boost::test_tools::per_element());
  auto trusting = *Receiver::create(key, Engine::own, {.wrong_tags = true});
  Bytes broken = secured;
  broken.back() ^= 1;
  BOOST_TEST(*trusting.unprotect_rtp(broken) == plain, boost::test_tools::per_element());
  auto careless = *Receiver::create(key, Engine::own, {.short_rtcp_tags = true});
  Bytes report = *sender->protect_rtcp(receiver_report);
  const Bytes whole = *sender->protect_rtcp(receiver_report);
  report.resize(report.size() - 6);
  BOOST_TEST((why(Receiver::create(key)->unprotect_rtcp(report)) == Drop::authentication));
  BOOST_TEST(*careless.unprotect_rtcp(report) == receiver_report, boost::test_tools::per_element());
  BOOST_TEST(*careless.unprotect_rtcp(whole) == receiver_report, boost::test_tools::per_element());
  BOOST_TEST((why(careless.unprotect_rtcp(whole)) == Drop::replay));
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
