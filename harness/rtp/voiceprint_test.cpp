#include "rtp/voiceprint.hpp"

#include "base/random.hpp"
#include "rtp/g711.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>
#include <set>

using namespace sipvet;
using namespace sipvet::rtp;

namespace {

using Samples = std::vector<std::int16_t>;
constexpr std::size_t packet = 160;

Samples scaled(Samples samples, double decibels) {
  const double factor = std::pow(10.0, decibels / 20);
  for (auto& sample : samples)
    sample = static_cast<std::int16_t>(std::clamp(sample * factor, -32768.0, 32767.0));
  return samples;
}

Samples through(Law law, const Samples& samples) { return decode(law, encode(law, samples)); }

Samples tone(double hz, double amplitude, std::size_t count) {
  Samples samples(count);
  for (std::size_t i = 0; i < count; ++i) {
    samples[i] = static_cast<std::int16_t>(
        amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 8000 + 0.3));
  }
  return samples;
}

Samples sum(Samples a, const Samples& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<std::int16_t>(a[i] + b[i]);
  return a;
}

// As a simple program would: straight lines between samples up to 48 kHz, and every sixth sample, off the
// original instants, back down.
Samples resampled(const Samples& samples) {
  Samples up;
  for (std::size_t i = 0; i + 1 < samples.size(); ++i) {
    for (int k = 0; k < 6; ++k)
      up.push_back(static_cast<std::int16_t>(samples[i] + (samples[i + 1] - samples[i]) * k / 6));
  }
  Samples down;
  for (std::size_t i = 3; i < up.size(); i += 6) down.push_back(up[i]);
  return down;
}

bool heard(const Samples& samples, const Voiceprint& print) { return recognise(samples) == print; }

} // namespace

BOOST_AUTO_TEST_SUITE(voiceprint)

BOOST_AUTO_TEST_CASE(grid) {
  BOOST_TEST(voiceprint_count >= 66u);
  std::set<std::pair<double, double>> pairs;
  for (unsigned i = 0; i < voiceprint_count; ++i) {
    const Voiceprint print(i);
    BOOST_TEST(print.number() == i);
    BOOST_TEST(print.low_hz() >= 400);
    BOOST_TEST(print.high_hz() <= 3000);
    BOOST_TEST(print.high_hz() - print.low_hz() >= 100);
    pairs.emplace(print.low_hz(), print.high_hz());
  }
  BOOST_TEST(pairs.size() == voiceprint_count);
  BOOST_TEST((Voiceprint(voiceprint_count + 2) == Voiceprint(2)));
  BOOST_TEST(to_string(Voiceprint(0)) == "550+2900 Hz");
}

BOOST_AUTO_TEST_CASE(the_first_prints_share_no_tone) {
  std::set<double> tones;
  for (unsigned i = 0; i < 7; ++i) {
    tones.insert(Voiceprint(i).low_hz());
    tones.insert(Voiceprint(i).high_hz());
  }
  BOOST_TEST(tones.size() == 14u);
}

BOOST_AUTO_TEST_CASE(sound_is_endless_and_the_same_every_time) {
  const Voiceprint print(5);
  const Samples whole = sound(print, 1000, 480);
  const Samples later = sound(print, 1000 + 160, 320);
  BOOST_TEST(Samples(whole.begin() + 160, whole.end()) == later, boost::test_tools::per_element());
  BOOST_TEST(sound(print, 160'000'000'000ull, 160) == sound(print, 0, 160), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_print_at_every_level_through_both_laws) {
  for (unsigned i = 0; i < voiceprint_count; ++i) {
    const Voiceprint print(i);
    const Samples samples = sound(print, 37 * i, 320);
    BOOST_TEST_CONTEXT(to_string(print)) {
      BOOST_TEST(heard(samples, print));
      for (const double level : {-12.0, 0.0, 12.0}) {
        BOOST_TEST(heard(through(Law::mu, scaled(samples, level)), print));
        BOOST_TEST(heard(through(Law::a, scaled(samples, level)), print));
      }
      // Both laws one after the other, as through a gateway that transcodes.
      BOOST_TEST(heard(through(Law::a, through(Law::mu, samples)), print));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_print_survives_resampling) {
  for (unsigned i = 0; i < voiceprint_count; ++i) {
    const Voiceprint print(i);
    BOOST_TEST_CONTEXT(to_string(print)) {
      BOOST_TEST(heard(through(Law::mu, resampled(through(Law::a, sound(print, 11, 1600)))), print));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_packet_in_ten_missing) {
  for (unsigned i = 0; i < voiceprint_count; ++i) {
    const Voiceprint print(i);
    Samples silent, dropped;
    for (std::size_t n = 0; n < 50; ++n) {
      Samples part = through(Law::mu, sound(print, n * packet, packet));
      if (n % 10 != i % 10) dropped.insert(dropped.end(), part.begin(), part.end());
      if (n % 10 == i % 10) part.assign(packet, 0);
      silent.insert(silent.end(), part.begin(), part.end());
    }
    BOOST_TEST(heard(silent, print));
    BOOST_TEST(heard(dropped, print));
    // Windows that do not start where packets do.
    BOOST_TEST(heard(Samples(silent.begin() + 77, silent.end()), print));
  }
}

BOOST_AUTO_TEST_CASE(too_short) {
  const Samples samples = sound(Voiceprint(3), 0, 320);
  BOOST_TEST(!recognise(std::span(samples).first(319)));
  BOOST_TEST(!recognise({}));
}

BOOST_AUTO_TEST_CASE(silence_and_idle_noise) {
  BOOST_TEST(!recognise(Samples(1600, 0)));
  BOOST_TEST(!recognise(Samples(1600, 8)));     // what A-law makes of silence
  BOOST_TEST(!recognise(Samples(1600, 20000))); // a constant is no sound
  BOOST_TEST(!recognise(scaled(sound(Voiceprint(3), 0, 1600), -45)));
}

BOOST_AUTO_TEST_CASE(noise) {
  SeededRandom random(7);
  for (int round = 0; round < 300; ++round) {
    Samples samples(320);
    for (auto& sample : samples)
      sample = static_cast<std::int16_t>(static_cast<int>(random.below(20000)) - 10000);
    BOOST_TEST(!recognise(samples));
  }
}

BOOST_AUTO_TEST_CASE(single_tones) {
  for (int hz = 300; hz <= 3400; hz += 7) {
    const Samples samples = tone(hz, 10000, 640);
    BOOST_TEST(!recognise(samples));
    BOOST_TEST(!recognise(through(Law::mu, samples)));
  }
}

BOOST_AUTO_TEST_CASE(a_tone_with_its_harmonics) {
  for (int hz = 200; hz <= 1500; hz += 10) {
    Samples samples = tone(hz, 8000, 1600);
    for (int k = 2; k <= 6 && k * hz < 3900; ++k) samples = sum(samples, tone(hz * k, 8000.0 / k, 1600));
    BOOST_TEST(!recognise(samples));
  }
}

BOOST_AUTO_TEST_CASE(two_prints_at_once_or_one_after_the_other) {
  for (unsigned i = 1; i < voiceprint_count; ++i) {
    const Samples one = sound(Voiceprint(0), 0, 640), other = sound(Voiceprint(i), 0, 640);
    BOOST_TEST(!recognise(sum(one, other)));
    Samples both = one;
    both.insert(both.end(), other.begin(), other.end());
    BOOST_TEST(!recognise(both));
  }
}

// Dialling and progress tones that a real telephone network puts in front of a call (ITU-T Q.23, Q.35 and
// E.180).
BOOST_AUTO_TEST_CASE(telephone_tones) {
  const double low[] = {697, 770, 852, 941}, high[] = {1209, 1336, 1477, 1633};
  for (const double a : low) {
    for (const double b : high) BOOST_TEST(!recognise(sum(tone(a, 6000, 800), tone(b, 6000, 800))));
  }
  BOOST_TEST(!recognise(sum(tone(350, 6000, 800), tone(440, 6000, 800))));
  BOOST_TEST(!recognise(sum(tone(440, 6000, 800), tone(480, 6000, 800))));
  BOOST_TEST(!recognise(sum(tone(480, 6000, 800), tone(620, 6000, 800))));
  BOOST_TEST(!recognise(tone(425, 8000, 800)));
}

BOOST_AUTO_TEST_SUITE_END()
