// Orders of the telephone side within a call: answer and decline by hand, keys by events and by INFO,
// recordings.
#include "gateway/test_phone.hpp"
#include "io/wav_file.hpp"
#include "rtp/dtmf_tones.hpp"
#include "ua/dtmf_relay.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace sipvet::gateway::test;
using keying::OfferShape;
using ua::Transport;

namespace {

Config by_hand() {
  Config config = Scene::config();
  config.auto_answer = false;
  return config;
}

// A call that rings at the gateway.
struct Ringing : Scene {
  explicit Ringing(Config config = by_hand()) : Scene(std::move(config)) {
    phone->invite(gateway_at(Transport::tcp), OfferShape::srtp_only);
    BOOST_TEST_REQUIRE(until([&] { return !gateway->calls().empty(); }));
  }
  CallHandle call() const { return last_call().handle; }
};

// A call that is answered, and heard.
struct Answered : Scene {
  explicit Answered(Config config = Scene::config()) : Scene(std::move(config)) {
    phone->invite(gateway_at(Transport::tcp), OfferShape::srtp_only);
    BOOST_TEST_REQUIRE(both_hear());
  }
  CallHandle call() const { return last_call().handle; }
  int send_info(const std::string& body, const std::string& type = ua::dtmf_relay_type) {
    const std::size_t seen = phone->seen.size();
    (void)phone->agent.request_in_call(phone->call, "INFO", ua::Body{body, type});
    (void)until([&] { return phone->seen.size() >= seen + 2; }, 3s);
    return std::atoi(phone->seen.back().c_str() + 2);
  }
};

struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "sipvet-telephone-XXXXXX").string();
  Folder() { BOOST_TEST_REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string why(const Result<void>& result) { return result ? "done" : result.error().what; }

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_telephone)

BOOST_AUTO_TEST_CASE(a_call_is_answered_once) {
  Ringing scene;
  const CallHandle call = scene.call();
  BOOST_TEST((scene.last_call().remote_at.ip == phone_ip));
  BOOST_TEST(why(scene.gateway->answer(call)) == "done");
  BOOST_TEST(scene.both_hear());
  BOOST_TEST(why(scene.gateway->answer(call)) == "the call is answered already");
  BOOST_TEST(why(scene.gateway->decline(call)) == "the call is answered already");
  BOOST_TEST(why(scene.gateway->hang_up(call)) == "done");
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::ended; }));
  BOOST_TEST(why(scene.gateway->answer(call)) == "the call is over");
  BOOST_TEST(why(scene.gateway->answer(CallHandle{77})) == "there is no such call");
  BOOST_TEST(why(scene.gateway->decline(CallHandle{77})) == "there is no such call");
}

BOOST_AUTO_TEST_CASE(a_declined_call_gets_the_configured_status) {
  for (const int status : {603, 486}) {
    Config config = by_hand();
    config.decline_status = status;
    Ringing scene(config);
    BOOST_TEST(why(scene.gateway->decline(scene.call())) == "done");
    BOOST_TEST(scene.until([&] { return scene.phone->final_status == status; }));
    BOOST_TEST((scene.last_call().state == CallState::ended));
    BOOST_TEST(scene.last_call().status == status);
    BOOST_TEST(why(scene.gateway->decline(scene.call())) == "the call is over");
  }
}

BOOST_AUTO_TEST_CASE(a_call_that_was_given_up_cannot_be_answered) {
  Ringing scene;
  scene.phone->agent.cancel(scene.phone->call).value();
  BOOST_TEST(scene.until([&] { return scene.phone->final_status == 487; }));
  BOOST_TEST(why(scene.gateway->answer(scene.call())) == "the call is over");
  BOOST_TEST((scene.last_call().state == CallState::ended));
}

BOOST_AUTO_TEST_CASE(a_call_placed_here_is_not_answered_here) {
  Scene scene;
  PlaceCall place;
  place.target = ua::Target{Transport::udp, {IpAddress::v4(10, 0, 0, 99), 5060}, {}, {}}; // nobody is there
  const CallHandle call = scene.gateway->place_call(place).value();
  BOOST_TEST(why(scene.gateway->answer(call)) == "the call was placed here");
  BOOST_TEST(why(scene.gateway->send_dtmf(call, "1")) != "done");
}

// Answered before it has rung as long as is configured.
BOOST_AUTO_TEST_CASE(a_hand_is_quicker_than_the_ring_timer) {
  Config config = Scene::config();
  config.ring_for = 5s;
  Ringing scene(config);
  BOOST_TEST(why(scene.gateway->answer(scene.call())) == "done");
  BOOST_TEST(scene.both_hear());
  BOOST_TEST(!scene.until([&] { return scene.phone->ended; }, 10s));
}

BOOST_AUTO_TEST_CASE(keys_go_out_as_events) {
  Answered scene;
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "1x")) == "expected one of 0-9, *, #, A-D");
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "12#")) == "done");
  BOOST_TEST(scene.until([&] { return scene.phone->used().dtmf_received() == "12#"; }, 3s));
  scene.gateway->hang_up(scene.call()).value();
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "1")) == "the call is over"); // its BYE is on the way
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::ended; }));
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "1")) == "the call is over");
}

BOOST_AUTO_TEST_CASE(no_keys_without_an_event_format) {
  Config config = Scene::config();
  config.payload_types = {0};
  Answered scene(config);
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "1")) ==
             "expected telephone-event among the agreed payload types");
}

BOOST_AUTO_TEST_CASE(keys_go_out_by_info_one_behind_the_other) {
  Config config = Scene::config();
  config.dtmf_by_info = true;
  Answered scene(config);
  std::string keys;
  scene.gateway->on_traffic([&](bool sent, const ua::Hop&, const sip::Message& message) {
    if (sent && message.is_request())
      if (const auto key = ua::dtmf_relay_key(message)) keys += *key;
  });
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "1?")) == "expected one of 0-9, *, #, A-D");
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "1*")) == "done");
  BOOST_TEST(keys == "1"); // the other waits for the response
  (void)scene.until([] { return false; }, 2s);
  // The phone answers INFO with 405: no further key is sent, and the log says why.
  BOOST_TEST(keys == "1");
  BOOST_TEST(scene.log.contains("does not take keys by INFO: 405"));
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "7")) == "done"); // but the next order is tried
  BOOST_TEST(keys == "17");
}

BOOST_AUTO_TEST_CASE(info_needs_an_answered_call) {
  Config config = by_hand();
  config.dtmf_by_info = true;
  Ringing scene(config);
  BOOST_TEST(why(scene.gateway->send_dtmf(scene.call(), "1")) ==
             "the call is not answered, and INFO needs that");
}

BOOST_AUTO_TEST_CASE(keys_that_come_by_info_are_heard) {
  Answered scene;
  BOOST_TEST(scene.send_info(ua::dtmf_relay_body('4', 100)) == 200);
  BOOST_TEST(scene.send_info(ua::dtmf_relay_body('#', 100)) == 200);
  BOOST_TEST(scene.last_call().dtmf == "4#");
  BOOST_TEST(scene.send_info("<media_control/>", "application/media_control+xml") == 415);
  BOOST_TEST(scene.send_info("Signal=x\r\n") == 415);
  BOOST_TEST(scene.send_info("", "application/dtmf-relay") == 200);
  BOOST_TEST(scene.last_call().dtmf == "4#");
}

BOOST_AUTO_TEST_CASE(a_recording_is_complete_when_the_call_ends) {
  const Folder folder;
  Answered scene;
  const std::string path = folder.path + "/call.wav";
  BOOST_TEST(why(scene.gateway->record(scene.call(), path)) == "done");
  BOOST_TEST(scene.last_call().recording == path);
  (void)scene.until([] { return false; }, 100ms);
  scene.phone->media.send_dtmf("58").value();
  BOOST_TEST(scene.until([&] { return scene.last_call().dtmf == "58"; }, 3s));
  (void)scene.until([] { return false; }, 300ms);
  scene.gateway->hang_up(scene.call()).value();
  BOOST_TEST(scene.until([&] { return scene.last_call().state == CallState::ended; }));
  const auto samples = io::read_wav(path, rtp::sample_rate_hz).value();
  BOOST_TEST_REQUIRE(samples.size() >= 320u);
  BOOST_TEST(rtp::recognise_keys(samples) == "58");
  BOOST_TEST((rtp::recognise(std::span(samples).first(320)) == scene.phone->voice));
  BOOST_TEST(why(scene.gateway->record(scene.call(), path)) == "the call is over");
}

BOOST_AUTO_TEST_CASE(a_second_recording_ends_the_first) {
  const Folder folder;
  Answered scene;
  scene.gateway->record(scene.call(), folder.path + "/1.wav").value();
  (void)scene.until([] { return false; }, 200ms);
  scene.gateway->record(scene.call(), folder.path + "/2.wav").value();
  const std::size_t first = io::read_wav(folder.path + "/1.wav", rtp::sample_rate_hz).value().size();
  BOOST_TEST(first >= 1280u); // eight packets at least
  (void)scene.until([] { return false; }, 100ms);
  scene.gateway->finish_recording(scene.call()).value();
  scene.gateway->finish_recording(scene.call()).value(); // nothing is left to be done
  BOOST_TEST(io::read_wav(folder.path + "/2.wav", rtp::sample_rate_hz).value().size() >= 480u);
}

BOOST_AUTO_TEST_CASE(who_stops_in_the_middle_has_what_was_heard) {
  const Folder folder;
  Answered scene;
  scene.gateway->record(scene.call(), folder.path + "/1.wav").value();
  (void)scene.until([] { return false; }, 200ms);
  scene.gateway.reset();
  BOOST_TEST(io::read_wav(folder.path + "/1.wav", rtp::sample_rate_hz).value().size() >= 1280u);
}

BOOST_AUTO_TEST_CASE(a_recording_that_cannot_be_written_is_refused_at_once) {
  Answered scene;
  const std::string said = why(scene.gateway->record(scene.call(), "/nowhere/call.wav"));
  BOOST_TEST(said.find("cannot write /nowhere/call.wav") == 0u);
  BOOST_TEST(scene.last_call().recording == "");
}

BOOST_AUTO_TEST_SUITE_END()
