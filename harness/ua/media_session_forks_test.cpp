#include "net/sim_network.hpp"
#include "ua/media_session.hpp"
#include "ua/session_description.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using namespace std::chrono_literals;

namespace {

const rtp::Voiceprint our_voice(1);

rtp::SrtpKey key(std::uint8_t fill) {
  rtp::SrtpKey made;
  made.master_key.assign(16, fill);
  made.master_salt.assign(14, fill);
  return made;
}
const rtp::SrtpKey our_key = key(1);

// One fork of the call: its media, and what it answered.
struct Fork {
  MediaSession media;
  AgreedMedia agreed;
  rtp::Voiceprint voice;

  Fork(net::Network& network, unsigned number, const std::optional<rtp::SrtpKey>& own_key,
       const Endpoint& caller, MediaOptions options = {})
      : media(network, std::move(options)), voice(number) {
    media.open(IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(number))).value();
    agreed.remote_rtp = agreed.remote_rtcp = media.local_rtp();
    ++agreed.remote_rtcp.port;
    agreed.sound_payload_types = {0};
    Endpoint rtcp = caller;
    ++rtcp.port;
    media.set_remote(caller, rtcp);
    media.expect_payload_types(0, 101);
    if (!own_key) return;
    agreed.keys = keying::MediaKeys{keying::KeyExchange::sdes, our_key, *own_key};
    media.secure(*own_key, our_key).value();
  }
  void speak() { media.start(voice, 0); }
};

MediaOptions options_with(SourcePolicy source, MediaDeviations deviations) {
  MediaOptions options;
  options.source = source;
  options.deviations = std::move(deviations);
  return options;
}

struct Call {
  net::SimNetwork network{5};
  MediaSession media;
  explicit Call(SourcePolicy source, MediaDeviations deviations = {})
      : media(network, options_with(source, std::move(deviations))) {
    media.open(IpAddress::v4(10, 0, 0, 1)).value();
    media.await_keys();
  }
  void run(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
  std::uint64_t dropped(MediaDrop why) { return media.counters().dropped_for(why); }
  void add(const char* name, Fork& fork) {
    media.add_fork(name, fork.agreed);
    media.start(our_voice, 0);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(media_session_forks)

BOOST_AUTO_TEST_CASE(the_first_known_source_is_heard_and_sent_to) {
  Call call(SourcePolicy::sdp_only);
  Fork first(call.network, 2, key(2), call.media.local_rtp());
  Fork second(call.network, 3, key(3), call.media.local_rtp());
  call.add("first", first);
  call.add("second", second);
  call.run(100ms);
  BOOST_TEST(call.media.counters().rtp_sent == 0u); // nobody was heard
  second.speak();
  call.run(40ms);
  BOOST_TEST(call.media.heard_fork() == "second");
  first.speak();
  call.run(500ms);
  BOOST_TEST(call.media.heard_ms(second.voice) >= 400u);
  BOOST_TEST(call.media.heard_ms(first.voice) == 0u);
  BOOST_TEST(call.dropped(MediaDrop::other_fork) >= 24u);
  BOOST_TEST(second.media.heard_ms(our_voice) >= 400u);
  BOOST_TEST(first.media.counters().rtp_received == 0u);
  BOOST_TEST(call.media.counters().rtcp_accepted == 2u); // of both
}

BOOST_AUTO_TEST_CASE(where_sources_are_free_the_first_that_answered_is_sent_to) {
  Call call(SourcePolicy::any);
  Fork first(call.network, 2, key(2), call.media.local_rtp());
  Fork second(call.network, 3, std::nullopt, call.media.local_rtp());
  call.add("first", first);
  call.add("second", second);
  call.run(200ms);
  BOOST_TEST(first.media.heard_ms(our_voice) >= 100u);
  BOOST_TEST(first.media.counters().dropped.empty());
  // In the clear, as that fork has answered.
  second.speak();
  call.run(500ms);
  BOOST_TEST(call.media.heard_fork() == "second");
  BOOST_TEST(call.media.heard_ms(second.voice) >= 400u);
  BOOST_TEST(second.media.heard_ms(our_voice) >= 400u);
}

BOOST_AUTO_TEST_CASE(keys_tell_a_fork_from_an_unknown_source_where_sources_are_free) {
  for (const SourcePolicy policy : {SourcePolicy::any, SourcePolicy::sdp_only}) {
    Call call(policy);
    Fork first(call.network, 2, key(2), call.media.local_rtp());
    Fork moved(call.network, 3, key(3), call.media.local_rtp());
    Fork stranger(call.network, 4, key(4), call.media.local_rtp());
    Fork plain(call.network, 5, std::nullopt, call.media.local_rtp());
    ++moved.agreed.remote_rtp.port; // not where it sends from
    moved.agreed.remote_rtp.ip = IpAddress::v4(10, 0, 0, 9);
    call.add("first", first);
    call.add("moved", moved);
    for (Fork* each : {&moved, &stranger, &plain}) each->speak();
    call.run(190ms);
    const bool locked = policy == SourcePolicy::sdp_only;
    BOOST_TEST(call.media.heard_fork() == (locked ? "" : "moved"));
    BOOST_TEST(call.dropped(MediaDrop::wrong_source) >= (locked ? 27u : 0u));
    BOOST_TEST(call.dropped(MediaDrop::authentication) >= (locked ? 0u : 9u));
    BOOST_TEST(call.dropped(MediaDrop::plain_on_secured) >= (locked ? 0u : 9u));
    BOOST_TEST((call.media.heard_ms(moved.voice) >= 140u) == !locked);
  }
}

BOOST_AUTO_TEST_CASE(the_answered_fork_goes_on_and_the_others_are_dropped) {
  Call call(SourcePolicy::any);
  Fork first(call.network, 2, key(2), call.media.local_rtp());
  Fork second(call.network, 3, key(3), call.media.local_rtp());
  call.add("first", first);
  first.speak();
  call.run(200ms);
  call.add("second", second);
  call.media.choose_fork("second").value();
  BOOST_TEST(!call.media.choose_fork("third"));
  second.speak();
  call.run(500ms);
  BOOST_TEST(call.media.heard_ms(second.voice) >= 400u);
  BOOST_TEST(call.media.heard_ms(first.voice) <= 200u);
  BOOST_TEST(call.dropped(MediaDrop::other_fork) >= 24u);
  BOOST_TEST(second.media.heard_ms(our_voice) >= 400u);
  // One sender served both: an index never comes twice under the one key that was offered.
  BOOST_TEST(second.media.counters().dropped.empty());
  BOOST_TEST(call.media.secured());
}

BOOST_AUTO_TEST_CASE(what_was_heard_early_is_not_taken_again_after_the_answer) {
  Call call(SourcePolicy::sdp_only);
  MediaOptions options;
  options.deviations.replayed = PacketSet::parse({"1-"}).value();
  Fork only(call.network, 2, key(2), call.media.local_rtp(), options);
  call.add("only", only);
  only.speak();
  call.run(100ms);
  const std::uint64_t early = call.dropped(MediaDrop::replay);
  BOOST_TEST(early >= 4u);
  call.media.choose_fork("only").value();
  call.media.secure(our_key, key(2)).value(); // the same keys: nothing begins anew
  call.run(100ms);
  BOOST_TEST(call.dropped(MediaDrop::replay) >= early + 4u);
  BOOST_TEST(call.dropped(MediaDrop::authentication) == 0u);
}

BOOST_AUTO_TEST_CASE(a_fork_that_ends_makes_room) {
  Call call(SourcePolicy::sdp_only);
  Fork first(call.network, 2, key(2), call.media.local_rtp());
  Fork second(call.network, 3, key(3), call.media.local_rtp());
  call.add("first", first);
  first.speak();
  call.run(100ms);
  call.add("second", second);
  second.speak();
  call.run(100ms);
  BOOST_TEST(call.media.heard_ms(second.voice) == 0u);
  call.media.end_fork("first");
  call.run(300ms);
  BOOST_TEST(call.media.heard_fork() == "second");
  BOOST_TEST(call.media.heard_ms(second.voice) >= 200u);
  BOOST_TEST(second.media.heard_ms(our_voice) >= 200u);
  BOOST_TEST(call.dropped(MediaDrop::wrong_source) >= 14u); // of the first, which does not stop
}

BOOST_AUTO_TEST_CASE(two_sessions_of_one_offer_hear_one_fork) {
  Call call(SourcePolicy::any);
  MediaSession section(call.network); // for RTP
  section.open(IpAddress::v4(10, 0, 0, 1)).value();
  call.media.share_forks(section);
  Fork secured(call.network, 2, key(2), call.media.local_rtp());
  Fork plain(call.network, 3, std::nullopt, section.local_rtp());
  call.add("secured", secured);
  section.add_fork("plain", plain.agreed);
  section.start(our_voice, 0);
  plain.speak();
  call.run(200ms);
  secured.speak();
  call.run(200ms);
  BOOST_TEST(section.heard_ms(plain.voice) >= 300u);
  BOOST_TEST(call.media.heard_ms(secured.voice) == 0u);
  BOOST_TEST(call.dropped(MediaDrop::other_fork) >= 9u);
  BOOST_TEST(plain.media.heard_ms(our_voice) >= 300u);
  BOOST_TEST(secured.media.counters().rtp_received <= 1u); // before the other one was heard
}

BOOST_AUTO_TEST_CASE(misbehaviour) {
  MediaDeviations deviations;
  deviations.last_fork_heard = true;
  Call last(SourcePolicy::sdp_only, deviations);
  deviations = {};
  deviations.all_forks_heard = true;
  Call all(SourcePolicy::sdp_only, deviations);
  deviations = {};
  deviations.ended_fork_kept = true;
  Call kept(SourcePolicy::sdp_only, deviations);
  for (Call* call : {&last, &all, &kept}) {
    Fork first(call->network, 2, key(2), call->media.local_rtp());
    Fork second(call->network, 3, key(3), call->media.local_rtp());
    call->add("first", first);
    first.speak();
    call->run(100ms);
    call->add("second", second);
    second.speak();
    call->run(200ms);
    BOOST_TEST((second.media.counters().rtp_received > 0u) == (call == &last));
    BOOST_TEST((call->dropped(MediaDrop::other_fork) == 0u) == (call == &all));
    call->media.end_fork("first");
    call->run(200ms);
    BOOST_TEST((call->media.heard_fork() == "first") == (call == &kept));
  }
}

BOOST_AUTO_TEST_CASE(the_first_answer_of_a_fork_counts) {
  Call call(SourcePolicy::any);
  Fork only(call.network, 2, key(2), call.media.local_rtp());
  call.add("only", only);
  AgreedMedia later = only.agreed;
  later.keys->remote = rtp::SrtpContext(key(7));
  call.media.add_fork("only", later);
  only.speak();
  call.run(100ms);
  BOOST_TEST(call.media.heard_ms(only.voice) >= 60u);
}

BOOST_AUTO_TEST_SUITE_END()
