#include "ua/sound_recorder.hpp"

#include "rtp/dtmf_tones.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;

namespace {
using Samples = std::vector<std::int16_t>;
}

BOOST_AUTO_TEST_SUITE(sound_recorder)

BOOST_AUTO_TEST_CASE(sound_stands_where_its_timestamp_says) {
  SoundRecorder recorder;
  recorder.take_sound(1, 1000, Samples{1, 2});
  recorder.take_sound(1, 1004, Samples{5, 6}); // what was in between is silence
  BOOST_TEST((recorder.samples() == Samples{1, 2, 0, 0, 5, 6}));
  recorder.take_sound(1, 1002, Samples{3, 4}); // late
  BOOST_TEST((recorder.samples() == Samples{1, 2, 3, 4, 5, 6}));
  recorder.take_sound(1, 998, Samples{9, 9}); // from before the recording
  BOOST_TEST(recorder.samples().size() == 6u);
}

BOOST_AUTO_TEST_CASE(timestamps_wrap) {
  SoundRecorder recorder;
  recorder.take_sound(1, 0xffffffffu, Samples{1});
  recorder.take_sound(1, 0, Samples{2});
  BOOST_TEST((recorder.samples() == Samples{1, 2}));
}

BOOST_AUTO_TEST_CASE(another_source_or_a_leap_goes_on_at_the_end) {
  SoundRecorder recorder;
  recorder.take_sound(1, 1000, Samples{1});
  recorder.take_sound(2, 500, Samples{2});
  BOOST_TEST((recorder.samples() == Samples{1, 2}));
  recorder.take_sound(2, 501 + static_cast<std::uint32_t>(longest_recorded_gap) + 1, Samples{3});
  BOOST_TEST((recorder.samples() == Samples{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(the_longest_gap_is_still_silence) {
  SoundRecorder recorder;
  recorder.take_sound(1, 0, Samples{1});
  recorder.take_sound(1, 1 + static_cast<std::uint32_t>(longest_recorded_gap), Samples{2});
  BOOST_TEST(recorder.samples().size() == longest_recorded_gap + 2);
}

BOOST_AUTO_TEST_CASE(keys_are_heard_as_their_tones) {
  SoundRecorder recorder;
  recorder.take_sound(1, 0, Samples(160));
  for (const std::uint16_t duration :
       std::initializer_list<std::uint16_t>{160, 320, 480, 640}) // the same press, longer each time
    recorder.take_event(1, 160, {5, false, 10, duration});
  recorder.take_event(1, 160, {16, false, 10, 800}); // a hook flash makes no tone
  recorder.take_sound(1, 800, Samples(160));
  BOOST_TEST(recorder.samples().size() == 960u);
  BOOST_TEST(rtp::recognise_keys(recorder.samples()) == "5");
}

BOOST_AUTO_TEST_CASE(memory_ends) {
  SoundRecorder recorder;
  const Samples second(8000, 1);
  for (std::uint32_t at = 0; at < 11 * 60; ++at) recorder.take_sound(1, at * 8000, second);
  recorder.take_sound(2, 0, second);
  BOOST_TEST(recorder.samples().size() == max_recorded_samples);
}

BOOST_AUTO_TEST_SUITE_END()
