#include "runner/recording_expectation.hpp"

#include "rtp/dtmf_tones.hpp"
#include "script/value.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;

namespace {

using Samples = std::vector<std::int16_t>;
const rtp::Voiceprint voice(3), other(4);

Result<ExpectedRecording> read(const std::string& yaml) {
  return read_expected_recording(script::load_yaml_text(yaml, "s.yaml").root);
}
std::string why(const Result<ExpectedRecording>& result) { return result ? "" : result.error().what; }

void add(Samples& to, const Samples& more) { to.insert(to.end(), more.begin(), more.end()); }

// 400 ms of a voice, then the keys 1 and 9.
Samples call() {
  Samples out = rtp::sound(voice, 0, 3200);
  for (const char key : {'1', '9'}) {
    add(out, rtp::dtmf_sound(key, 10, 0, 800));
    add(out, Samples(480));
  }
  return out;
}

// Ids of the findings.
std::size_t findings(const std::string& yaml, const Samples& samples,
                     const std::optional<rtp::Voiceprint>& wanted = {}) {
  return compare({}, read(yaml).value(), samples, wanted).size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(recording_expectation)

BOOST_AUTO_TEST_CASE(what_is_expected_is_read) {
  const ExpectedRecording all = read("{file: a-1.wav, voice: phone, for: 1.5s, digits: '12#'}").value();
  BOOST_TEST(all.file == "a-1.wav");
  BOOST_TEST(all.voice == "phone");
  BOOST_TEST(all.voice_ms == 1500u);
  BOOST_TEST(all.digits == "12#");
  BOOST_TEST(read("{file: a.wav, voice: phone}")->voice_ms == 200u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_told) {
  BOOST_TEST(why(read("{voice: phone}")) == "'recording' needs the key 'file'");
  BOOST_TEST(why(read("{file: a.wav, for: 1s}")) == "'for' needs the key 'voice'");
  BOOST_TEST(why(read("{file: a.wav, digits: 1x}")) ==
             "'x' is no key of a telephone: expected 0-9, *, #, A-D");
  for (const char* name : {"a.mp3", "../a.wav", "/tmp/a.wav", ".wav", "a b.wav"})
    BOOST_TEST(
        why(read("{file: '" + std::string(name) + "'}")).starts_with("expected a file name of letters"),
        name);
}

BOOST_AUTO_TEST_CASE(voice_and_keys_must_be_there) {
  BOOST_TEST(findings("{file: a.wav, voice: phone, for: 360ms, digits: '19'}", call(), voice) == 0u);
  BOOST_TEST(findings("{file: a.wav, voice: phone, for: 500ms}", call(), voice) == 1u);
  BOOST_TEST(findings("{file: a.wav, voice: phone}", call(), other) == 1u);
  BOOST_TEST(findings("{file: a.wav, digits: '1'}", call()) == 1u);
  BOOST_TEST(findings("{file: a.wav, digits: '199'}", call()) == 1u);
  BOOST_TEST(findings("{file: a.wav, digits: none}", call()) == 1u);
  BOOST_TEST(findings("{file: a.wav, digits: none}", rtp::sound(voice, 0, 3200)) == 0u);
  BOOST_TEST(findings("{file: a.wav, voice: phone, digits: '19'}", Samples(8000), voice) == 2u);
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_no_recording) {
  BOOST_TEST(findings("{file: a.wav}", {}) == 1u);
  BOOST_TEST(findings("{file: a.wav}", Samples(160)) == 0u);
}

BOOST_AUTO_TEST_CASE(a_finding_says_what_was_heard) {
  const auto found = compare({}, read("{file: a.wav, digits: '7'}").value(), call(), {});
  BOOST_TEST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].expected == "keys 7");
  BOOST_TEST(found[0].actual == "400 ms of " + rtp::to_string(voice) + ", keys 19, 720 ms in all");
}

BOOST_AUTO_TEST_SUITE_END()
