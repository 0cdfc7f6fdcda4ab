#include "ua/media_session.hpp"

#include "net/sim_network.hpp"
#include "rtp/dtmf_tones.hpp"
#include "rtp/packet.hpp"
#include "ua/dtmf_sender.hpp"
#include "ua/heard_sound.hpp"
#include "ua/sound_recorder.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using namespace std::chrono_literals;

namespace {

const IpAddress left_ip = IpAddress::v4(10, 0, 0, 1), right_ip = IpAddress::v4(10, 0, 0, 2);

rtp::SrtpKey key(std::uint8_t fill) {
  rtp::SrtpKey made;
  made.master_key.assign(16, fill);
  made.master_salt.assign(14, fill);
  return made;
}

struct Pair {
  net::SimNetwork network{5};
  MediaSession left, right;
  explicit Pair(MediaOptions left_options = {}, MediaOptions right_options = {})
      : left(network, left_options), right(network, right_options) {
    left.open(left_ip).value();
    right.open(right_ip).value();
    join();
    for (MediaSession* each : {&left, &right}) each->expect_payload_types(0, 101);
  }
  void join() {
    left.set_remote(right.local_rtp(), next(right.local_rtp()));
    right.set_remote(left.local_rtp(), next(left.local_rtp()));
  }
  static Endpoint next(Endpoint rtp) {
    ++rtp.port;
    return rtp;
  }
  void run(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
};

// A bare socket of a third party.
struct Stranger final : net::Node {
  net::SocketId socket = net::SocketId::none;
};

} // namespace

BOOST_AUTO_TEST_SUITE(media_session)

BOOST_AUTO_TEST_CASE(ports_are_an_even_one_and_the_next) {
  net::SimNetwork network(1);
  Stranger stranger;
  MediaSession first(network), second(network);
  first.open(left_ip).value();
  second.open(left_ip).value();
  BOOST_TEST(first.rtp_port() % 2 == 0);
  BOOST_TEST(second.rtp_port() % 2 == 0);
  BOOST_TEST(first.rtp_port() != second.rtp_port());
  BOOST_TEST(!MediaSession(network).open(left_ip, 4001));
  network.open_datagram(stranger, {left_ip, 7001}).value();
  BOOST_TEST(!MediaSession(network).open(left_ip, 7000)); // its RTCP port is taken
  BOOST_TEST(MediaSession(network).open(left_ip, 7002).has_value());
}

BOOST_AUTO_TEST_CASE(each_hears_the_other) {
  for (const std::uint8_t type : {std::uint8_t{0}, std::uint8_t{8}}) {
    Pair pair;
    for (MediaSession* each : {&pair.left, &pair.right}) each->expect_payload_types(type, 101);
    pair.left.start(rtp::Voiceprint(1), type);
    pair.right.start(rtp::Voiceprint(2), type);
    pair.run(1s);
    BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) >= 900u);
    BOOST_TEST(pair.left.heard_ms(rtp::Voiceprint(2)) >= 900u);
    BOOST_TEST(pair.left.heard_ms(rtp::Voiceprint(1)) == 0u);
    BOOST_TEST(pair.left.unrecognised_ms() == 0u);
    BOOST_TEST(pair.left.counters().rtp_sent == 51u); // at 0 and then every 20 ms
  }
}

BOOST_AUTO_TEST_CASE(a_faster_pace_carries_the_same_sound) {
  MediaOptions fast;
  fast.pace = 1ms;
  Pair pair(fast, fast);
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(20ms);
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) >= 320u);
}

BOOST_AUTO_TEST_CASE(secured_legs_hear_each_other_and_drop_the_rest) {
  Pair pair;
  pair.left.secure(key(1), key(2)).value();
  pair.right.secure(key(2), key(1)).value();
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.right.start(rtp::Voiceprint(2), 0);
  pair.run(500ms);
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) >= 400u);
  BOOST_TEST(pair.right.counters().dropped.empty());
  BOOST_TEST(pair.right.counters().rtcp_accepted == 1u);

  pair.left.plain(); // from now on without protection
  pair.right.reset_counters();
  pair.run(500ms);
  BOOST_TEST(pair.right.counters().rtp_accepted <= 1u); // on its way at the change
  BOOST_TEST(pair.right.counters().dropped_for(MediaDrop::plain_on_secured) >= 24u);

  pair.left.secure(key(9), key(2)).value(); // under another key
  pair.right.reset_counters();
  pair.run(500ms);
  BOOST_TEST(pair.right.counters().rtp_accepted == 0u);
  BOOST_TEST(pair.right.counters().dropped_for(MediaDrop::authentication) >= 24u);
}

BOOST_AUTO_TEST_CASE(other_sources_are_dropped_only_when_locked) {
  for (const SourcePolicy policy : {SourcePolicy::any, SourcePolicy::sdp_only}) {
    MediaOptions locked;
    locked.source = policy;
    Pair pair({}, locked);
    Stranger stranger;
    const auto socket = *pair.network.open_datagram(stranger, {IpAddress::v4(10, 0, 0, 3), 9000});
    rtp::Packet packet;
    packet.ssrc = 77;
    packet.payload.assign(160, 0xFF);
    pair.network.send_to(socket, pair.right.local_rtp(), rtp::serialize(packet));
    pair.run(10ms);
    BOOST_TEST(pair.right.counters().dropped_for(MediaDrop::wrong_source) ==
               (policy == SourcePolicy::any ? 0u : 1u));
    pair.left.start(rtp::Voiceprint(1), 0);
    pair.run(200ms);
    BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) > 0u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_rtp_and_what_was_not_agreed) {
  Pair pair;
  Stranger stranger;
  const auto socket = *pair.network.open_datagram(stranger, {IpAddress::v4(10, 0, 0, 3), 9000});
  rtp::Packet packet;
  packet.payload_type = 18;
  packet.payload.assign(20, 0);
  pair.network.send_to(socket, pair.right.local_rtp(), rtp::serialize(packet));
  pair.network.send_to(socket, pair.right.local_rtp(), as_bytes("x"));
  pair.run(10ms);
  BOOST_TEST(pair.right.counters().dropped_for(MediaDrop::unknown_payload_type) == 1u);
  BOOST_TEST(pair.right.counters().dropped_for(MediaDrop::malformed) == 1u);
  BOOST_TEST(pair.right.counters().rtp_accepted == 0u);
}

BOOST_AUTO_TEST_CASE(loss_and_disorder_leave_sound_to_recognise) {
  Pair pair;
  pair.network.set_conditions({.latency = 5ms, .datagram_loss = 0.1, .jitter = 30ms});
  pair.left.secure(key(1), key(2)).value();
  pair.right.secure(key(2), key(1)).value();
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(5s);
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) > 1000u);
  BOOST_TEST(pair.right.counters().dropped_for(MediaDrop::authentication) == 0u);
}

BOOST_AUTO_TEST_CASE(digits_go_between_the_sound) {
  Pair pair;
  BOOST_TEST(!pair.left.send_dtmf("x"));
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.left.send_dtmf("159*#D").value();
  pair.run(3s);
  BOOST_TEST(pair.right.dtmf_received() == "159*#D");
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) > 500u);
  pair.left.expect_payload_types(0, std::nullopt);
  BOOST_TEST(!pair.left.send_dtmf("1"));
}

BOOST_AUTO_TEST_CASE(what_is_heard_can_be_recorded) {
  Pair pair;
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(100ms);
  const auto recorder = std::make_shared<SoundRecorder>();
  pair.right.record_to(recorder);
  pair.left.send_dtmf("4#").value();
  pair.run(1s);
  pair.right.record_to(nullptr);
  const std::size_t recorded = recorder->samples().size();
  pair.run(100ms);
  BOOST_TEST(recorder->samples().size() == recorded);
  BOOST_TEST(recorded >= 900u * 8);
  BOOST_TEST(rtp::recognise_keys(recorder->samples()) == "4#");
  HeardSound heard;
  heard.take(recorder->samples(), false);
  BOOST_TEST(heard.heard_ms().contains(1));
}

BOOST_AUTO_TEST_CASE(keys_that_misbehave) {
  MediaOptions deaf, counting, mute, unasked;
  deaf.deviations.events_unheard = true;
  counting.deviations.each_event_packet_counts = true;
  mute.deviations.events_unsent = true;
  unasked.deviations.events_unasked = true;
  for (const auto& [left, right, heard] : {std::tuple{MediaOptions{}, deaf, ""},
                                           {MediaOptions{}, counting, "77777777"},
                                           {mute, MediaOptions{}, ""}}) {
    Pair pair(left, right);
    pair.left.start(rtp::Voiceprint(1), 0);
    pair.left.send_dtmf("7").value();
    BOOST_TEST(!pair.left.send_dtmf("x"));
    pair.run(1s);
    BOOST_TEST(pair.right.dtmf_received() == heard);
  }
  Pair pair(unasked);
  pair.left.expect_payload_types(0, std::nullopt);
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.left.send_dtmf("7").value();
  pair.run(1s);
  BOOST_TEST(pair.right.dtmf_received() == "7");
}

// RFC 4733 §2.5.1.4: three packets with the end bit; §2.5.1.2: the duration grows, the timestamp stays.
BOOST_AUTO_TEST_CASE(one_key_press_packet_by_packet) {
  DtmfSender sender;
  sender.press("5").value();
  unsigned packets = 0, ends = 0;
  std::uint16_t duration = 0;
  while (const auto next = sender.next()) {
    BOOST_TEST(next->marker == (packets == 0));
    BOOST_TEST(next->timestamp_offset == packets * 160);
    BOOST_TEST(next->payload.size() == 4u);
    const auto now = static_cast<std::uint16_t>(next->payload[2] << 8 | next->payload[3]);
    BOOST_TEST(now >= duration);
    duration = now;
    ends += next->payload[1] >> 7;
    ++packets;
  }
  BOOST_TEST(ends == 3u);
  BOOST_TEST(duration == 800);
}

// RFC 3711 §9.1: a sender that begins anew under its old key would send its keystream a second time. The
// receiver's replay window shows that it goes on instead.
BOOST_AUTO_TEST_CASE(a_direction_keeps_its_state_while_its_key_stays) {
  Pair pair;
  pair.left.secure(key(1), key(2)).value();
  pair.right.secure(key(2), key(1)).value();
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.right.start(rtp::Voiceprint(2), 0);
  pair.run(22min); // more than 65536 packets: the rollover counter is 1
  pair.left.secure(key(1), key(3)).value();
  pair.right.secure(key(3), key(1)).value();
  pair.run(20ms);
  pair.right.reset_counters();
  pair.left.reset_counters();
  pair.run(1s);
  BOOST_TEST(pair.right.counters().dropped.empty());
  BOOST_TEST(pair.right.counters().rtp_accepted >= 49u);
}

// RFC 4568 §7.1.4: who moves may have nothing left of its old context.
BOOST_AUTO_TEST_CASE(rollover_counters_begin_anew_when_the_other_side_moves_with_a_new_key) {
  for (const bool moves : {true, false}) {
    Pair pair;
    pair.left.secure(key(1), key(2)).value();
    pair.right.secure(key(2), key(1)).value();
    pair.left.start(rtp::Voiceprint(1), 0);
    pair.run(22min); // more than 65536 packets
    pair.left.pause();
    pair.run(100ms); // what is on its way
    Stranger elsewhere;
    const Endpoint rtp{left_ip, 7000};
    elsewhere.socket = pair.network.open_datagram(elsewhere, rtp).value();
    if (moves) pair.right.set_remote(rtp, Pair::next(rtp));
    pair.right.secure(key(2), key(3)).value();
    pair.right.reset_counters();
    auto sender = srtp::Sender::create(key(3)).value();
    for (std::uint16_t n = 0; n < 10; ++n) {
      rtp::Packet packet;
      packet.ssrc = pair.left.ssrc();
      packet.sequence = n;
      packet.payload.assign(samples_per_packet, 0xff);
      const Bytes datagram = sender.protect_rtp(rtp::serialize(packet)).value();
      pair.network.send_to(elsewhere.socket, pair.right.local_rtp(), datagram);
    }
    pair.run(100ms);
    BOOST_TEST(pair.right.counters().rtp_accepted == (moves ? 10u : 0u));
  }
}

BOOST_AUTO_TEST_CASE(what_comes_before_the_keys_is_not_taken_for_plain_sound) {
  Pair pair;
  pair.right.await_keys();
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(200ms);
  BOOST_TEST(pair.right.counters().rtp_accepted == 0u);
  BOOST_TEST(pair.right.counters().rtcp_accepted == 0u);
  BOOST_TEST(pair.right.counters().dropped_for(MediaDrop::before_keys) >= 10u);
  BOOST_TEST(name(MediaDrop::before_keys) == "before-keys");
  pair.left.secure(key(1), key(2)).value();
  pair.right.secure(key(2), key(1)).value();
  pair.run(200ms);
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) > 100u);
  pair.left.plain();
  pair.right.plain();
  pair.right.await_keys();
  pair.right.plain(); // the answer took RTP
  pair.right.reset_counters();
  pair.run(200ms);
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) > 100u);
}

BOOST_AUTO_TEST_CASE(keys_that_cannot_be_used_change_nothing) {
  Pair pair;
  pair.left.secure(key(1), key(2)).value();
  pair.right.secure(key(2), key(1)).value();
  rtp::SrtpKey short_one = key(3);
  short_one.master_key.pop_back();
  BOOST_TEST(!pair.left.secure(key(3), short_one));
  BOOST_TEST(!pair.left.secure(short_one, key(3)));
  BOOST_TEST(pair.left.secured());
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(300ms);
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) >= 200u);
}

// RFC 3264 §6.1: any format of the answer may come at any time.
BOOST_AUTO_TEST_CASE(both_laws_are_heard_where_both_were_agreed) {
  Pair pair;
  pair.right.expect_payload_types(0, 101, {0, 8});
  pair.left.start(rtp::Voiceprint(1), 8);
  pair.run(300ms);
  BOOST_TEST(pair.right.heard_ms(rtp::Voiceprint(1)) >= 200u);
  BOOST_TEST(pair.right.counters().dropped.empty());
}

// RFC 3264 §8.4 and RFC 3550 §6.3.7: a stream on hold has not said goodbye, and 0.0.0.0 gets nothing.
BOOST_AUTO_TEST_CASE(holding) {
  Pair pair;
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(100ms);
  pair.left.pause();
  const auto sent = pair.left.counters();
  pair.run(1s);
  BOOST_TEST(pair.left.counters().rtp_sent == sent.rtp_sent);
  BOOST_TEST(pair.left.counters().rtcp_sent == sent.rtcp_sent);
  pair.left.set_remote({{}, 4000}, {{}, 4001});
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(1s);
  BOOST_TEST(pair.left.counters().rtp_sent == sent.rtp_sent);
  BOOST_TEST(pair.left.counters().rtcp_sent == sent.rtcp_sent);
}

BOOST_AUTO_TEST_CASE(stop_ends_sending_with_a_report) {
  Pair pair;
  pair.left.start(rtp::Voiceprint(1), 0);
  pair.run(100ms);
  pair.left.stop();
  const auto sent = pair.left.counters().rtp_sent;
  pair.run(1s);
  BOOST_TEST(pair.left.counters().rtp_sent == sent);
  BOOST_TEST(pair.right.counters().rtcp_accepted == 2u);
  BOOST_TEST(!pair.left.sending());
}

BOOST_AUTO_TEST_SUITE_END()
