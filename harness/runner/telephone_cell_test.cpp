// Cells in which the gateway's telephone side is used, and what others make of their captures.
#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::runner;
using namespace sipvet::runner::test;

namespace {

std::string scenario(const std::string& steps, const std::string& gateway = "",
                     const std::string& wire = "") {
  return "scenario: test/telephone\ntitle: At the telephone\n"
         "gateway: {netborder.sip.userAgent.IPAddress: 'INADDR_ANY:5067/tls', sipvet.sip.tls.verifyPeer: "
         "none" +
         (gateway.empty() ? "" : ", " + gateway) +
         "}\npeers:\n  phone: {user: phone, tls: {versions: [TLSv1.2], ciphers: "
         "[TLS_RSA_WITH_AES_128_CBC_SHA]}}\n"
         "deadline: 5s\nsteps:\n" +
         steps + (wire.empty() ? "" : "wire:\n" + wire);
}

const std::string by_hand = "sipvet.telephone.autoAnswer: false";
const std::string static_rsa = "netborder.sip.tls.cypherSuites: TLS_RSA_WITH_AES_128_CBC_SHA";
const std::string call = "  - phone: {call: gateway, offer: rtp-only}\n  - phone: {expect: answered}\n";
const std::string hang_up = "  - phone: {hang up: gateway}\n";

std::string ids_of(const std::string& text) {
  const Folder folder;
  return ids(run_text(text, folder).findings);
}

std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> out;
  for (const verdict::Diagnostic& problem : check_cell(cells_of(text).at(0)))
    out.push_back(to_string(problem));
  return out;
}

bool has(const std::vector<std::string>& all, std::string_view part) {
  return std::ranges::any_of(all,
                             [&](const std::string& each) { return each.find(part) != std::string::npos; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(telephone_cell)

BOOST_AUTO_TEST_CASE(orders_that_should_be_refused_and_are_not) {
  BOOST_TEST(ids_of(scenario(call + "  - gateway: {dtmf: '1', refused: never}\n" + hang_up)) ==
             "order-refused");
  BOOST_TEST(ids_of(scenario(call + "  - gateway: {answer: phone, refused: never}\n" + hang_up)) ==
             "order-refused"); // for another reason
  BOOST_TEST(ids_of(scenario(call + "  - gateway: {answer: phone, refused: already}\n" + hang_up)) == "");
  BOOST_TEST(ids_of(scenario(call + "  - gateway: {answer: phone}\n" + hang_up)) == "step-impossible");
}

BOOST_AUTO_TEST_CASE(orders_without_a_call_are_impossible) {
  for (const char* order :
       {"answer: phone", "decline: phone", "dtmf: '1'", "record: a.wav", "hang up: phone"})
    BOOST_TEST(ids_of(scenario("  - gateway: {" + std::string(order) + "}\n")) == "step-impossible", order);
  BOOST_TEST(ids_of(scenario("  - gateway: {dtmf: '1', refused: it has no call}\n")) == "");
}

BOOST_AUTO_TEST_CASE(ringing_is_waited_for) {
  const std::string ring =
      "  - phone: {call: gateway, offer: rtp-only}\n  - gateway: {expect: {ringing: true}}\n";
  BOOST_TEST(ids_of(scenario(ring + "  - gateway: {decline: phone}\n  - phone: {expect: 603}\n", by_hand)) ==
             "");
  const Folder folder;
  const auto result = run_text(scenario(ring + "  - gateway: {expect: {ringing: false}}\n", by_hand), folder);
  BOOST_TEST(ids(result.findings) == "deadline");
  BOOST_TEST(result.findings.at(0).expected == "the telephone to stop ringing");
}

BOOST_AUTO_TEST_CASE(digits_that_were_not_heard_are_findings) {
  const std::string keys = call + "  - phone: {dtmf: '12'}\n  - gateway: {expect: {dtmf: '12'}}\n";
  BOOST_TEST(ids_of(scenario(keys + hang_up, "", "  - rtp: {dtmf: '12'}\n")) == "");
  BOOST_TEST(ids_of(scenario(keys + "  - gateway: {expect: {dtmf: '21'}}\n" + hang_up)) == "dtmf");
  BOOST_TEST(ids_of(scenario(keys + hang_up, "", "  - rtp: {dtmf: '1'}\n")) == "wire-rtp");
  BOOST_TEST(ids_of(scenario(keys + hang_up, "", "  - rtp: {dtmf: none}\n")) == "wire-rtp");
  const Folder folder;
  const auto result =
      run_text(scenario(keys + "  - gateway: {expect: {dtmf: '123'}, within: 1s}\n" + hang_up), folder);
  BOOST_TEST(ids(result.findings) == "deadline");
  BOOST_TEST(result.findings.at(0).expected == "the digits 123 to the gateway, which has heard '12'");
}

BOOST_AUTO_TEST_CASE(recordings_are_files_of_the_cell) {
  const std::string record = call + "  - gateway: {record: a.wav}\n  - media: {between: [phone, gateway]}\n";
  const Folder folder;
  const auto good = run_text(
      scenario(record + "  - gateway: {expect: {recording: {file: a.wav, voice: phone, digits: none}}}\n" +
               hang_up),
      folder);
  BOOST_TEST(ids(good.findings) == "");
  BOOST_TEST(folder.has("a.wav"));
  const auto expect = [&](const std::string& wanted) {
    return ids_of(scenario(record + "  - gateway: {expect: {recording: {" + wanted + "}}}\n" + hang_up));
  };
  BOOST_TEST(expect("file: b.wav, voice: phone") == "recording");          // there is none
  BOOST_TEST(expect("file: a.wav, digits: '1'") == "recording");           // nobody pressed it
  BOOST_TEST(expect("file: a.wav, voice: phone, for: 5s") == "recording"); // it was shorter
  BOOST_TEST(expect("file: a.wav, voice: somebody") == "recording");       // there is no such peer
  BOOST_TEST(
      ids_of(scenario(record + "  - gateway: {expect: {recording: {file: a.wav, voice: phone}}}\n" + hang_up,
                      "deviations: {silent_recording: true}")) == "recording");
}

BOOST_AUTO_TEST_CASE(what_others_see_in_a_capture) {
  const std::string ask = "  - phone: {options: gateway}\n  - phone: {expect: 200}\n";
  const auto seen = [&](const std::string& wanted) {
    return ids_of(scenario(ask, static_rsa, "  - capture: {" + wanted + "}\n"));
  };
  const std::string key = "rsa-keys: '{gateway},{gateway:port},sip,{gateway:key}', ";
  BOOST_TEST(seen(key + "decrypted: 1, messages: 2") == "");
  BOOST_TEST(seen(key + "decrypted: 0") == "wire-capture");
  BOOST_TEST(seen(key + "messages: 3") == "wire-capture");
  BOOST_TEST(seen("decrypted: 0, messages: 0, reason: no key was given, advice: --tls-key") == "");
  BOOST_TEST(seen("decrypted: 0, reason: ephemeral") == "wire-capture");
  BOOST_TEST(seen(key + "reason: ephemeral") == "wire-capture"); // every connection could be read
  BOOST_TEST(seen(key + "begins: after-handshake, decrypted: 0, reason: handshake not captured") == "");
  BOOST_TEST(seen("rsa-keys: '{gateway},{gateway:port},sip', decrypted: 0") ==
             "wire-capture"); // no such syntax
  BOOST_TEST(seen("rsa-keys: '0.0.0.0,0,sip,{phone:key}', decrypted: 0, reason: key does not match") == "");
}

BOOST_AUTO_TEST_CASE(no_key_stays_in_the_evidence) {
  const Folder folder;
  const std::string key = "rsa-keys: '{gateway},{gateway:port},sip,{gateway:key}', decrypted: 1";
  const auto result = run_text(scenario("  - phone: {options: gateway}\n  - phone: {expect: 200}\n",
                                        static_rsa, "  - capture: {" + key + "}\n"),
                               folder);
  BOOST_TEST(ids(result.findings) == "");
  BOOST_TEST(folder.has("capture-without-secrets-1.pcapng"));
  BOOST_TEST(!folder.has("rsa-keys"));
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_with_their_place) {
  const auto steps = problems(scenario("  - gateway: {dtmf: '1x'}\n"
                                       "  - gateway: {record: /tmp/a.wav}\n"
                                       "  - gateway: {answer: phone, refused: '('}\n"
                                       "  - gateway: {expect: {dtmf: '?'}}\n"
                                       "  - gateway: {expect: {recording: {voice: phone}}}\n"
                                       "  - phone: {dtmf: '1y'}\n"));
  BOOST_TEST(
      has(steps, "cell.yaml:8:21: error: 'dtmf': 'x' is no key of a telephone: expected 0-9, *, #, A-D"));
  BOOST_TEST(has(steps, "cell.yaml:9:23: error: 'record': expected a file name of letters, digits"));
  BOOST_TEST(has(steps, "cell.yaml:10:39: error: '(' is no regular expression"));
  BOOST_TEST(has(steps, "cell.yaml:11:30: error: 'dtmf': '?' is no key"));
  BOOST_TEST(has(steps, "cell.yaml:12:35: error: 'recording': 'recording' needs the key 'file'"));
  BOOST_TEST(has(steps, "cell.yaml:13:19: error: 'dtmf': 'y' is no key"));
  BOOST_TEST(steps.size() == 6u);
  const auto wire = problems(scenario("  - phone: {options: gateway}\n", "",
                                      "  - capture: {rsa-keys: '{nobody},1,sip,x', reason: '('}\n"
                                      "  - capture: {rsa-keys: '{phone:name},1,sip,x'}\n"));
  BOOST_TEST(has(wire, "cell.yaml:10:25: error: 'rsa-keys': there is no peer 'nobody'"));
  BOOST_TEST(has(wire, "'(' is no regular expression"));
  BOOST_TEST(has(wire, "cell.yaml:11:25: error: 'rsa-keys': expected {NAME}, {NAME:port} or {NAME:key}"));
}

BOOST_AUTO_TEST_SUITE_END()
