#include "ua/media_deviations.hpp"

#include "net/sim_network.hpp"
#include "ua/media_session.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sipvet;
using namespace sipvet::ua;
using namespace std::chrono_literals;

namespace {

rtp::SrtpKey key(std::uint8_t fill) {
  rtp::SrtpKey made;
  made.master_key.assign(16, fill);
  made.master_salt.assign(14, fill);
  return made;
}

MediaDeviations deviations(std::initializer_list<std::pair<std::string_view, std::vector<std::string>>> set) {
  MediaDeviations out;
  for (const auto& [name, values] : set) set_media_deviation(out, name, values).value();
  return out;
}

MediaOptions options(MediaDeviations with, srtp::Engine engine = srtp::Engine::own) {
  MediaOptions out;
  out.deviations = std::move(with);
  out.engine = engine;
  return out;
}

// A sender that misbehaves, and a receiver on each of the engines.
struct Call {
  net::SimNetwork network{7};
  MediaSession sender, receiver;
  explicit Call(MediaDeviations sends, MediaDeviations takes = {},
                srtp::Engine engine = srtp::Engine::library)
      : sender(network, options(std::move(sends))), receiver(network, options(std::move(takes), engine)) {
    sender.open(IpAddress::v4(10, 0, 0, 1)).value();
    receiver.open(IpAddress::v4(10, 0, 0, 2)).value();
    join(sender, receiver);
    join(receiver, sender);
    for (MediaSession* each : {&sender, &receiver}) each->expect_payload_types(0, 101);
    keys(1);
  }
  static void join(MediaSession& from, MediaSession& to) {
    Endpoint rtcp = to.local_rtp();
    ++rtcp.port;
    from.set_remote(to.local_rtp(), rtcp);
  }
  void keys(std::uint8_t of_sender) {
    receiver.secure(key(200), key(of_sender)).value();
    sender.secure(key(of_sender), key(200)).value();
  }
  const MediaCounters& talk(Duration time = 1s) {
    sender.start(rtp::Voiceprint(1), 0);
    run(time);
    return receiver.counters();
  }
  void run(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
};

struct Outcome {
  std::uint64_t accepted = 0;
  std::map<MediaDrop, std::uint64_t> dropped;
  bool operator==(const Outcome&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  out << outcome.accepted << " accepted";
  for (const auto& [why, count] : outcome.dropped) out << ", " << count << " " << name(why);
  return out;
}
Outcome outcome_of(const MediaCounters& counters) { return {counters.rtp_accepted, counters.dropped}; }

using enum MediaDrop;

} // namespace

BOOST_AUTO_TEST_SUITE(media_deviations)

BOOST_AUTO_TEST_CASE(numbers_of_packets) {
  const auto set = PacketSet::parse({"3", "5-7", "20-"});
  BOOST_REQUIRE(set);
  for (const std::uint64_t in : {3u, 5u, 6u, 7u, 20u, 4'000'000'000u}) BOOST_TEST(set->contains(in));
  for (const std::uint64_t out : {0u, 1u, 4u, 8u, 19u}) BOOST_TEST(!set->contains(out));
  for (const char* wrong : {"", "0", "-", "-3", "7-5", "x", "3-x", "3 ", "4294967296"})
    BOOST_TEST(!PacketSet::parse({wrong}), wrong);
  BOOST_TEST(!PacketSet::parse({}));
}

BOOST_AUTO_TEST_CASE(names_and_values) {
  MediaDeviations made;
  const auto what = [&](std::string_view name, const std::vector<std::string>& values) {
    const auto set = set_media_deviation(made, name, values);
    BOOST_REQUIRE(!set);
    return set.error().what;
  };
  BOOST_TEST(what("replay", {"3"}) == "unknown media deviation 'replay': did you mean 'replayed'?");
  BOOST_TEST(what("srtcp_plain", {"yes"}) == "expected true or false for srtcp_plain");
  BOOST_TEST(what("first_sequence", {"65536"}) == "expected a number from 0 to 65535 for first_sequence");
  BOOST_TEST(what("stop_after", {"-1"}) == "expected a number from 0 to 4294967295 for stop_after");
  BOOST_TEST((made == MediaDeviations{}));
  std::set<std::string_view> names;
  for (const MediaDeviationInfo& info : media_deviation_infos()) {
    BOOST_TEST(names.insert(info.name).second);
    MediaDeviations one;
    const bool flag = info.value == "true or false";
    BOOST_REQUIRE(set_media_deviation(one, info.name, {flag ? "true" : "3"}));
    BOOST_TEST((one != MediaDeviations{}), info.name);
  }
}

// What an honest receiver makes of twenty packets, exact to the packet, on both engines.
BOOST_AUTO_TEST_CASE(what_is_sent) {
  struct Row {
    std::string_view name;
    std::vector<std::string> values;
    Outcome outcome;
  };
  const Row rows[] = {
      {"replayed", {"3", "7-9"}, {20, {{replay, 4}}}},
      {"reordered", {"3", "8"}, {20, {}}},
      {"lost", {"1", "4-6"}, {16, {}}},
      {"wrong_tag", {"4"}, {19, {{authentication, 1}}}},
      {"truncated", {"4", "20"}, {18, {{authentication, 2}}}},
      {"plain", {"1", "9-10"}, {17, {{plain_on_secured, 3}}}},
      {"other_source", {"2-4"}, {20, {}}},
      {"first_sequence", {"65530"}, {20, {}}},
      {"first_rollover", {"1"}, {0, {{authentication, 20}}}},
      {"ssrc_changes_at", {"9"}, {20, {}}},
  };
  for (const auto engine : {srtp::Engine::own, srtp::Engine::library})
    for (const Row& row : rows) {
      Call call(deviations({{row.name, row.values}, {"stop_after", {"20"}}}), {}, engine);
      BOOST_TEST(outcome_of(call.talk()) == row.outcome,
                 row.name << ": " << outcome_of(call.receiver.counters()));
      BOOST_TEST(call.receiver.counters().rtcp_accepted == 1u);
    }
}

BOOST_AUTO_TEST_CASE(rtcp_that_is_not_secured) {
  Call plain(deviations({{"srtcp_plain", {"true"}}}));
  BOOST_TEST(plain.talk(100ms).dropped_for(plain_on_secured) == 1u);
  Call tag(deviations({{"srtcp_short_tag", {"true"}}}));
  BOOST_TEST(tag.talk(100ms).dropped_for(authentication) == 1u);
  BOOST_TEST(tag.receiver.counters().rtcp_accepted == 0u);
}

// What a faulty receiver takes of the same.
BOOST_AUTO_TEST_CASE(what_is_taken) {
  struct Row {
    std::string_view takes;
    MediaDeviations sends;
    std::uint64_t packets, reports;
  };
  const Row rows[] = {
      {"accept_replays", deviations({{"replayed", {"3"}}}), 21, 1},
      {"accept_wrong_tags", deviations({{"wrong_tag", {"3"}}}), 20, 1},
      {"accept_plain", deviations({{"plain", {"3"}}}), 20, 1},
      {"accept_plain_rtcp", deviations({{"srtcp_plain", {"true"}}}), 20, 1},
      {"accept_short_rtcp_tags", deviations({{"srtcp_short_tag", {"true"}}}), 20, 1},
      {"gap_refused", deviations({{"lost", {"11"}}}), 10, 1},
      {"rollover_ignored", deviations({{"first_sequence", {"65526"}}}), 10, 1},
      {"rollover_shared", deviations({{"first_sequence", {"65530"}}, {"ssrc_changes_at", {"11"}}}), 10, 1},
  };
  for (const Row& row : rows) {
    MediaDeviations sends = row.sends;
    sends.stop_after = 20;
    Call call(sends, deviations({{row.takes, {"true"}}}));
    const MediaCounters& counters = call.talk();
    BOOST_TEST(counters.rtp_accepted == row.packets, row.takes << ": " << counters.rtp_accepted);
    BOOST_TEST(counters.rtcp_accepted == row.reports, row.takes);
  }
}

// RFC 3711 §3.3.1: the sequence number has wrapped before the keys change.
BOOST_AUTO_TEST_CASE(new_keys_for_a_running_stream) {
  for (const auto engine : {srtp::Engine::own, srtp::Engine::library}) {
    Call call(deviations({{"first_sequence", {"65530"}}}), {}, engine);
    call.talk(500ms);
    call.receiver.secure(key(200), key(2)).value(); // while packets under the old key still come
    call.run(200ms);
    call.sender.secure(key(2), key(200)).value();
    call.run(500ms);
    BOOST_TEST(call.receiver.counters().dropped.empty());
    BOOST_TEST(call.receiver.counters().rtp_accepted + 1 >= call.sender.counters().rtp_sent);
  }
  Call forgetful(deviations({{"first_sequence", {"65530"}}}), deviations({{"rollover_forgotten", {"true"}}}));
  forgetful.talk(500ms);
  forgetful.keys(2);
  forgetful.run(500ms);
  BOOST_TEST(forgetful.receiver.counters().dropped_for(authentication) >= 20u);
  Call anew(deviations({{"first_sequence", {"65530"}}, {"rollover_begins_anew", {"true"}}}));
  anew.talk(500ms);
  anew.keys(2);
  anew.run(500ms);
  BOOST_TEST(anew.receiver.counters().dropped_for(authentication) >= 20u);
}

BOOST_AUTO_TEST_CASE(the_old_key_after_the_new_one) {
  for (const bool accepted : {false, true}) {
    Call call(deviations({{"old_key", {"2-4"}}, {"first_sequence", {"65530"}}}),
              accepted ? deviations({{"accept_old_keys", {"true"}}}) : MediaDeviations{});
    call.talk(500ms);
    call.keys(2);
    call.run(500ms);
    BOOST_TEST(call.receiver.counters().dropped_for(authentication) == (accepted ? 0u : 3u));
  }
}

// RFC 4568 §7.1.4, RFC 5764 §5.2: what the first packet under the new key has overtaken is taken, across a
// wrap as well.
BOOST_AUTO_TEST_CASE(a_late_packet_under_the_old_key) {
  for (const std::string first : {"100", "65512", "65511", "65510"}) {
    for (const bool forgotten : {false, true}) {
      Call call(deviations({{"old_key_late", {"true"}}, {"first_sequence", {first}}}),
                forgotten ? deviations({{"old_keys_forgotten", {"true"}}}) : MediaDeviations{});
      call.talk(500ms);
      call.keys(2);
      call.run(500ms);
      BOOST_TEST(call.receiver.counters().dropped_for(authentication) == (forgotten ? 1u : 0u), first);
      BOOST_TEST(call.receiver.counters().rtp_accepted + (forgotten ? 2 : 1) >= // one is under way
                 call.sender.counters().rtp_sent);
    }
  }
}

// Nothing is taken twice because a key is on its way out.
BOOST_AUTO_TEST_CASE(replays_under_the_old_key) {
  Call call(deviations({{"replayed", {"1-"}}}));
  call.talk(500ms);
  call.receiver.secure(key(200), key(2)).value();
  call.run(200ms);
  BOOST_TEST(call.receiver.counters().rtp_accepted + 1 >= call.sender.counters().rtp_sent);
  BOOST_TEST(call.receiver.counters().rtp_accepted <= call.sender.counters().rtp_sent);
}

// RFC 3550 §8.2.
BOOST_AUTO_TEST_CASE(colliding_ssrcs) {
  for (const bool ignored : {false, true}) {
    Call call(deviations({{"ssrc_collides_at", {"10"}}}),
              ignored ? deviations({{"collision_ignored", {"true"}}}) : MediaDeviations{});
    const std::uint32_t before = call.receiver.ssrc();
    call.receiver.start(rtp::Voiceprint(2), 0);
    call.talk();
    BOOST_TEST((call.receiver.ssrc() == before) == ignored);
    BOOST_TEST(call.sender.counters().rtcp_accepted == (ignored ? 1u : 3u)); // report, goodbye, report
    BOOST_TEST(call.sender.counters().dropped.empty());
    BOOST_TEST(call.receiver.counters().dropped.empty());
  }
}

BOOST_AUTO_TEST_CASE(sources_that_nobody_named) {
  Call call(deviations({{"other_source", {"2-4"}}, {"stop_after", {"20"}}}));
  MediaSession locked(call.network, [] {
    MediaOptions with;
    with.source = SourcePolicy::sdp_only;
    return with;
  }());
  locked.open(IpAddress::v4(10, 0, 0, 3)).value();
  locked.expect_payload_types(0, 101);
  Call::join(locked, call.sender);
  Call::join(call.sender, locked);
  locked.secure(key(200), key(1)).value();
  call.talk();
  BOOST_TEST(outcome_of(locked.counters()) == (Outcome{17, {{wrong_source, 3}}}));
}

BOOST_AUTO_TEST_CASE(names_of_drops) {
  for (const std::string_view name : media_drop_names())
    BOOST_TEST(ua::name(find_media_drop(name).value()) == name);
  BOOST_TEST(!find_media_drop("lost"));
}

BOOST_AUTO_TEST_SUITE_END()
