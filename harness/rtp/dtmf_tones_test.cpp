#include "rtp/dtmf_tones.hpp"

#include "rtp/g711.hpp"
#include "rtp/voiceprint.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace sipvet;
using namespace sipvet::rtp;

namespace {

constexpr std::string_view all_keys = "0123456789*#ABCD";
constexpr std::size_t ms = sample_rate_hz / 1000;

void add(std::vector<std::int16_t>& to, const std::vector<std::int16_t>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// Each key for so long, with a pause behind it.
std::vector<std::int16_t> pressed(std::string_view keys, std::size_t length_ms, std::size_t pause_ms,
                                  unsigned level = 10) {
  std::vector<std::int16_t> out;
  for (const char key : keys) {
    add(out, dtmf_sound(key, level, 0, length_ms * ms));
    add(out, std::vector<std::int16_t>(pause_ms * ms));
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dtmf_tones)

// ITU-T Q.23 table 1.
BOOST_AUTO_TEST_CASE(keys_have_the_tones_of_the_recommendation) {
  BOOST_TEST((tones_of_key('1') == DtmfTones{697, 1209}));
  BOOST_TEST((tones_of_key('5') == DtmfTones{770, 1336}));
  BOOST_TEST((tones_of_key('9') == DtmfTones{852, 1477}));
  BOOST_TEST((tones_of_key('*') == DtmfTones{941, 1209}));
  BOOST_TEST((tones_of_key('0') == DtmfTones{941, 1336}));
  BOOST_TEST((tones_of_key('#') == DtmfTones{941, 1477}));
  BOOST_TEST((tones_of_key('A') == DtmfTones{697, 1633}));
  BOOST_TEST((tones_of_key('d') == DtmfTones{941, 1633}));
  BOOST_TEST(!tones_of_key('x'));
}

BOOST_AUTO_TEST_CASE(every_key_is_heard_also_through_g711) {
  for (const unsigned level : {4u, 10u, 25u}) {
    const auto sound = pressed(all_keys, 100, 60, level);
    BOOST_TEST(recognise_keys(sound) == all_keys);
    for (const Law law : {Law::mu, Law::a})
      BOOST_TEST(recognise_keys(decode(law, encode(law, sound))) == all_keys, "level -" << level << " dBm0");
  }
}

BOOST_AUTO_TEST_CASE(a_key_held_is_one_press_and_pressed_again_two) {
  BOOST_TEST(recognise_keys(pressed("7", 2000, 0)) == "7");
  BOOST_TEST(recognise_keys(pressed("77", 50, 40)) == "77");
  BOOST_TEST(recognise_keys(pressed("12", 50, 0)) == "12");
}

BOOST_AUTO_TEST_CASE(what_is_too_short_or_too_quiet_is_no_press) {
  BOOST_TEST(recognise_keys(pressed("7", 15, 100)) == "");
  BOOST_TEST(recognise_keys(pressed("7", 100, 100, 60)) == "");
  BOOST_TEST(recognise_keys({}) == "");
}

BOOST_AUTO_TEST_CASE(no_voiceprint_is_taken_for_a_key) {
  for (unsigned number = 0; number < voiceprint_count; ++number) {
    const auto heard = recognise_keys(sound(Voiceprint(number), 0, 1000 * ms));
    BOOST_TEST(heard == "", to_string(Voiceprint(number)) << " is heard as " << heard);
  }
}

BOOST_AUTO_TEST_CASE(keys_between_voices_are_heard) {
  std::vector<std::int16_t> call;
  for (const char key : all_keys) {
    add(call, sound(Voiceprint(static_cast<unsigned>(key)), 40, 60 * ms));
    add(call, dtmf_sound(key, 10, 0, 100 * ms));
  }
  BOOST_TEST(recognise_keys(call) == all_keys);
}

BOOST_AUTO_TEST_CASE(what_is_no_key_sounds_like_nothing) {
  BOOST_TEST((dtmf_sound('x', 0, 0, 3) == std::vector<std::int16_t>(3)));
}

// The loudest that an event can ask for: nothing wraps around.
BOOST_AUTO_TEST_CASE(the_loudest_does_not_clip) {
  for (const char key : all_keys)
    BOOST_TEST(recognise_keys(pressed({&key, 1}, 100, 0, 0)) == std::string(1, key));
}

BOOST_AUTO_TEST_SUITE_END()
