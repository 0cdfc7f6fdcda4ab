// Our own engine against libsrtp2, packet for packet and in both directions.
#include "srtp/session.hpp"

#include "base/random.hpp"
#include "rtp/packet.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::srtp;
using rtp::SrtpContext;
using rtp::SrtpKey;
using rtp::SrtpSuite;

namespace {

constexpr std::size_t packets_each = 300;

SrtpKey random_key(SrtpSuite suite, Random& random, std::size_t mki_octets) {
  const auto& facts = rtp::info(suite);
  return {
      suite, random.bytes(facts.key_octets), random.bytes(facts.salt_octets), random.bytes(mki_octets), {}};
}

rtp::Packet random_packet(Random& random, std::uint32_t ssrc, std::uint16_t sequence) {
  rtp::Packet packet;
  packet.marker = random.below(2) == 1;
  packet.payload_type = static_cast<std::uint8_t>(random.below(64));
  packet.sequence = sequence;
  packet.timestamp = random.u32();
  packet.ssrc = ssrc;
  for (std::uint64_t left = random.below(3) == 0 ? random.below(16) : 0; left > 0; --left)
    packet.csrcs.push_back(random.u32());
  if (random.below(3) == 0) {
    packet.extension_profile = static_cast<std::uint16_t>(random.u32());
    packet.extension = random.bytes(4 * random.below(8));
  }
  packet.payload = random.bytes(random.below(4) == 0 ? random.below(1400) : random.below(200));
  return packet;
}

Bytes random_report(Random& random, std::uint32_t ssrc) {
  Bytes report = {0x81,
                  0xc9,
                  0,
                  static_cast<std::uint8_t>(1 + random.below(40)),
                  static_cast<std::uint8_t>(ssrc >> 24),
                  static_cast<std::uint8_t>(ssrc >> 16),
                  static_cast<std::uint8_t>(ssrc >> 8),
                  static_cast<std::uint8_t>(ssrc)};
  append(report, random.bytes(4 * (report[3] - 1u)));
  return report;
}

struct Pair {
  Sender ours, theirs;
  Receiver our_receiver, their_receiver;
};

// What the library cannot do is at least the same in both directions of ours.
Pair make_pair(const SrtpContext& context) {
  const Engine other = library_gap(context).empty() ? Engine::library : Engine::own;
  return {Sender::create(context, Engine::own).value(), Sender::create(context, other).value(),
          Receiver::create(context, Engine::own).value(), Receiver::create(context, other).value()};
}

// One packet through both senders and crosswise through both receivers.
void pass_rtp(Pair& pair, const Bytes& plain) {
  const Bytes secured = pair.ours.protect_rtp(plain).value();
  BOOST_REQUIRE(secured == pair.theirs.protect_rtp(plain).value());
  BOOST_REQUIRE(pair.our_receiver.unprotect_rtp(secured).value() == plain);
  const auto theirs = pair.their_receiver.unprotect_rtp(secured);
  BOOST_REQUIRE_MESSAGE(theirs.has_value(), theirs.error().what);
  BOOST_REQUIRE(*theirs == plain);
}

void pass_rtcp(Pair& pair, const Bytes& plain) {
  const Bytes secured = pair.ours.protect_rtcp(plain).value();
  BOOST_REQUIRE(secured == pair.theirs.protect_rtcp(plain).value());
  BOOST_REQUIRE(pair.our_receiver.unprotect_rtcp(secured).value() == plain);
  const auto theirs = pair.their_receiver.unprotect_rtcp(secured);
  BOOST_REQUIRE_MESSAGE(theirs.has_value(), theirs.error().what);
  BOOST_REQUIRE(*theirs == plain);
}

void pass_streams(const SrtpContext& context, Random& random) {
  Pair pair = make_pair(context);
  const std::uint32_t ssrcs[] = {random.u32(), random.u32(), random.u32()};
  // Three streams in steps of their own, which wrap at different times.
  std::uint32_t sequences[] = {0xff00, 0x7ff0, static_cast<std::uint32_t>(random.below(0x8000))};
  const std::uint32_t steps[] = {1, 211, 1};
  for (std::size_t n = 0; n < packets_each; ++n) {
    const std::size_t which = random.below(3);
    sequences[which] += steps[which];
    pass_rtp(pair,
             serialize(random_packet(random, ssrcs[which], static_cast<std::uint16_t>(sequences[which]))));
    if (n % 5 == 0) pass_rtcp(pair, random_report(random, ssrcs[which]));
  }
}

std::vector<rtp::SrtpOptions> option_sets(SrtpSuite suite) {
  std::vector<rtp::SrtpOptions> sets = {{}, {.encrypt_rtcp = false}};
  if (rtp::name(suite).starts_with("AEAD")) return sets;
  sets.push_back({.encrypt_rtp = false});
  sets.push_back({.authenticate_rtp = false});
  sets.push_back({.encrypt_rtp = false, .encrypt_rtcp = false, .authenticate_rtp = false});
  return sets;
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine)

BOOST_AUTO_TEST_CASE(every_suite_and_option_gives_the_same_packets) {
  SeededRandom random(3711);
  for (const auto& facts : rtp::srtp_suites()) {
    for (const auto& options : option_sets(facts.suite)) {
      for (const std::size_t mki_octets : {0u, 1u, 4u, 128u}) {
        BOOST_TEST_CONTEXT(facts.name << ", encrypted " << options.encrypt_rtp << options.encrypt_rtcp
                                      << ", authenticated " << options.authenticate_rtp << ", MKI of "
                                      << mki_octets) {
          SrtpContext context(random_key(facts.suite, random, mki_octets));
          context.options = options;
          pass_streams(context, random);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(several_keys_told_apart_by_their_mki) {
  SeededRandom random(4);
  for (const auto& facts : rtp::srtp_suites()) {
    BOOST_TEST_CONTEXT(facts.name) {
      SrtpContext context(random_key(facts.suite, random, 2));
      context.keys.push_back(random_key(facts.suite, random, 2));
      context.keys.push_back(random_key(facts.suite, random, 2));
      Pair pair = make_pair(context);
      for (std::uint16_t n = 0; n < 60; ++n) {
        const std::size_t key = random.below(3);
        BOOST_REQUIRE(pair.ours.use_key(key));
        BOOST_REQUIRE(pair.theirs.use_key(key));
        pass_rtp(pair, serialize(random_packet(random, 7, n)));
        pass_rtcp(pair, random_report(random, 7));
      }
      BOOST_TEST(!pair.ours.use_key(3));
      BOOST_TEST(!pair.theirs.use_key(3));
    }
  }
}

// Shuffled, repeated, broken and cut: both receivers must come to the same verdict on every datagram.
BOOST_AUTO_TEST_CASE(receivers_agree_on_disorder) {
  SeededRandom random(5);
  for (const auto suite : {SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32,
                           SrtpSuite::aead_aes_128_gcm, SrtpSuite::null_hmac_sha1_80}) {
    SrtpContext context(random_key(suite, random, 3));
    context.options.replay_window_packets = 128;
    Pair pair = make_pair(context);
    std::vector<Bytes> sent;
    for (std::uint32_t n = 0xfc00; n < 0x10800; ++n)
      sent.push_back(
          *pair.ours.protect_rtp(serialize(random_packet(random, 9, static_cast<std::uint16_t>(n)))));
    std::map<Drop, unsigned> dropped;
    for (std::size_t n = 0; n < sent.size(); ++n) {
      const std::size_t back = random.below(5) == 0 ? random.below(200) : random.below(8);
      Bytes datagram = sent[n - std::min(n, back)];
      if (random.below(8) == 0) datagram[random.below(datagram.size())] ^= 0x10;
      if (random.below(16) == 0) datagram.resize(random.below(datagram.size() + 1));
      const auto mine = pair.our_receiver.unprotect_rtp(datagram);
      const auto theirs = pair.their_receiver.unprotect_rtp(datagram);
      BOOST_REQUIRE(mine.has_value() == theirs.has_value());
      if (mine) {
        BOOST_REQUIRE(*mine == *theirs);
      } else {
        // The library looks at the MKI last; RFC 3711 §3.3 finds the master key before the replay list is
        // asked.
        if (mine.error().why != Drop::unknown_mki)
          BOOST_TEST((mine.error().why == theirs.error().why),
                     mine.error().what << " against " << theirs.error().what);
        ++dropped[mine.error().why];
      }
    }
    for (const auto why :
         {Drop::authentication, Drop::replay, Drop::too_old, Drop::malformed, Drop::unknown_mki})
      BOOST_TEST(dropped[why] > 0u);
  }
}

// RFC 3711 §3.3.1: new keys leave rollover counters, and SRTCP's indices, where they are.
BOOST_AUTO_TEST_CASE(new_keys_for_running_streams) {
  SeededRandom random(6);
  for (const auto suite : {SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aead_aes_256_gcm}) {
    Pair pair = make_pair(random_key(suite, random, 0));
    std::uint32_t sequence = 0xfff0;
    const auto pass = [&] {
      for (int n = 0; n < 40; ++n) {
        pass_rtp(pair, serialize(random_packet(random, 3, static_cast<std::uint16_t>(sequence++))));
        pass_rtcp(pair, random_report(random, 3));
      }
    };
    pass(); // wraps
    const SrtpContext next(
        random_key(SrtpSuite::aes_256_cm_hmac_sha1_80, random, 2)); // another suite as well
    BOOST_REQUIRE(pair.ours.rekey(next));
    BOOST_REQUIRE(pair.theirs.rekey(next));
    BOOST_REQUIRE(pair.our_receiver.rekey(next));
    BOOST_REQUIRE(pair.their_receiver.rekey(next));
    pass();
    // Who does not know of the packets before cannot follow.
    auto late = Receiver::create(next);
    const Bytes secured = *pair.ours.protect_rtp(serialize(random_packet(random, 3, 0x100)));
    BOOST_TEST((late->unprotect_rtp(secured).error().why == Drop::authentication));
  }
}

BOOST_AUTO_TEST_CASE(a_started_stream_goes_on_under_new_keys) {
  SeededRandom random(7);
  const SrtpContext context(random_key(SrtpSuite::aes_cm_128_hmac_sha1_80, random, 0));
  const SrtpContext next(random_key(SrtpSuite::aes_cm_128_hmac_sha1_80, random, 0));
  for (const auto engine : {Engine::own, Engine::library}) {
    auto sender = Sender::create(context);
    auto receiver = Receiver::create(context, engine);
    for (std::uint32_t n = 0; n < 5; ++n) // 65,536 twice
      (void)sender->protect_rtp(serialize(random_packet(random, 3, static_cast<std::uint16_t>(n * 0x7000))));
    BOOST_REQUIRE(receiver->set_rollover_counter(3, 1));
    BOOST_TEST(receiver->unprotect_rtp(*sender->protect_rtp(serialize(random_packet(random, 3, 0xc100))))
                   .has_value());
    BOOST_REQUIRE(sender->rekey(next));
    BOOST_REQUIRE(receiver->rekey(next));
    BOOST_TEST(receiver->unprotect_rtp(*sender->protect_rtp(serialize(random_packet(random, 3, 0xc101))))
                   .has_value());
  }
}

BOOST_AUTO_TEST_CASE(what_the_library_cannot_do) {
  SeededRandom random(8);
  SrtpContext context(random_key(SrtpSuite::aes_cm_128_hmac_sha1_80, random, 0));
  BOOST_TEST(library_gap(context).empty());
  context.keys[0].lifetime_packets = 10;
  BOOST_TEST(library_gap(context) == "lifetimes of keys");
  context.options.key_derivation_rate = 16;
  BOOST_TEST(library_gap(context) == "a key derivation rate");
  const auto refused = Sender::create(context, Engine::library);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().what == "libsrtp2 does not know a key derivation rate");
  BOOST_TEST(!Receiver::create(context, Engine::library));
  BOOST_TEST(Sender::create(context).has_value());
  const SrtpKey plain = random_key(SrtpSuite::aes_cm_128_hmac_sha1_80, random, 0);
  BOOST_TEST(!Receiver::create(plain, Engine::library, {.replays = true}));
  const SrtpContext two_tags(random_key(SrtpSuite::aes_cm_128_hmac_sha1_32, random, 1));
  BOOST_TEST(library_gap(two_tags) == "an MKI beside tags of two lengths");
  const SrtpContext aes_192(random_key(SrtpSuite::aes_192_cm_hmac_sha1_80, random, 0));
  BOOST_TEST(library_gap(aes_192) == "the key derivation of AES-192");
  auto sender = Sender::create(plain, Engine::library);
  BOOST_TEST(!sender->rekey(context));
}

BOOST_AUTO_TEST_SUITE_END()
