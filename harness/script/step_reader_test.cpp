#include "script/step_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::script;

namespace {

std::string print(Diagnostics& errors) {
  std::string out;
  for (const Diagnostic& error : errors.take()) out += to_string(error) + "\n";
  return out;
}

std::string errors_of(std::string_view step) {
  Diagnostics errors;
  Checker checker(errors);
  read_steps(load_yaml_text("- " + std::string(step), "t.yaml").root, {"server", "phone"}, checker);
  return print(errors);
}

std::string wire_errors_of(std::string_view check) {
  Diagnostics errors;
  Checker checker(errors);
  read_wire(load_yaml_text("- " + std::string(check), "t.yaml").root, checker);
  return print(errors);
}

} // namespace

BOOST_AUTO_TEST_SUITE(step_reader)

BOOST_AUTO_TEST_CASE(every_action_of_the_language_is_read) {
  for (const char* step :
       {"server: {call: gateway, offer: srtp-and-rtp, form: two-sections, suites: [A, B], to: '100', "
        "transport: tls, headers: {X: y}}",
        "server: {expect: srtp}",
        "server: {expect: 488}",
        "server: {expect: 4xx}",
        "server: {expect: {status: 200, media: srtp, suite: S, header: {X: y}, reason: OK}}",
        "server: {receive: INVITE, offer: srtp-only, suites: [A], header: {Contact: 'tls$'}}",
        "server: {ring: 180, sdp: true}",
        "server: {answer: 200, media: best, suite: A, headers: {}}",
        "server: {reject: 486, reason: Busy}",
        "server: {cancel: gateway}",
        "server: {hang up: gateway, if: rejected}",
        "server: {re-invite: gateway, offer: rtp-only}",
        "server: {options: gateway, headers: {X: y}}",
        "server: {connect: gateway, transport: tcp}",
        "server: {disconnect: gateway}",
        "server: {send: 'OPTIONS x'}",
        "server: {dtmf: '123#'}",
        "server: {expect: {tls: {established: true, version: TLSv1.2, cipher: C, resumed: false, alert: "
        "none, "
        "sent_alert: x, close_notify: true, server_name: none, certificate: true, closed: false}}}",
        "server: {expect: {status: 200, tls: {closed: true}}}",
        "server: {send: ['OPTIONS x', 'OPTIONS y'], pieces: 3}",
        "server: {send octets: '0d 0a', pieces: 2}",
        "server: {ping: gateway, within: 1s}",
        "gateway: {options: server}",
        "gateway: {disconnect: phone}",
        "gateway: {expect: {status: 5xx, reason: 'x.*', log: 'warning', call: failed}}",
        "gateway: {call: server, number: '100'}",
        "gateway: {hang up: phone}",
        "gateway: {answer: phone, refused: over}",
        "gateway: {decline: server}",
        "gateway: {dtmf: '12#', refused: ''}",
        "gateway: {record: call.wav}",
        "gateway: {expect: {ringing: true, dtmf: none, links: [a, b], recording: {file: a.wav, voice: phone, "
        "for: 1s, digits: '1'}}}",
        "phone: {expect: {dtmf: '12'}}",
        "phone: {dtmf: '12', by: info}",
        "phone: {expect: {tls: {port: 16000}}}",
        "media: {between: [server, phone], for: 1s, within: 3s}"})
    BOOST_TEST(errors_of(step) == "", step);
}

BOOST_AUTO_TEST_CASE(a_step_is_one_actor_and_one_action) {
  BOOST_TEST(errors_of("call") ==
             "t.yaml:1:3: error: a step needs a map of one actor to what it does, found the text 'call'\n");
  BOOST_TEST(errors_of("{server: {call: gateway}, phone: {call: gateway}}") ==
             "t.yaml:1:3: error: a step needs a map of one actor to what it does, found a map of 2 keys\n");
  BOOST_TEST(errors_of("server: call") ==
             "t.yaml:1:11: error: 'server' needs a map, found the text 'call'\n");
  BOOST_TEST(errors_of("server: {call: gateway, expect: 200}") ==
             "t.yaml:1:27: error: a step has one action, found 'expect' after 'call'\n");
  BOOST_TEST(errors_of("server: {reject: 486, reason: Busy, cancel: gateway}") ==
             "t.yaml:1:39: error: a step has one action, found 'cancel' after 'reject'\n");
}

BOOST_AUTO_TEST_CASE(unknown_actions_are_named_with_the_nearest) {
  BOOST_TEST(errors_of("server: {expct: 200}") ==
             "t.yaml:1:12: error: unknown action 'expct' of a peer; did you mean 'expect'?\n");
  BOOST_TEST(errors_of("media: {if: answered}") ==
             "t.yaml:1:10: error: no action of media in this step; known: between\n");
  BOOST_TEST(errors_of("gateway: {ring: 180}") ==
             "t.yaml:1:12: error: no action of the gateway in this step; known: dial, call, hang up, answer, "
             "decline, dtmf, record, options, "
             "fax, disconnect, registers_with, unregisters, expect\n");
}

BOOST_AUTO_TEST_CASE(unknown_actors_are_named_with_the_nearest) {
  BOOST_TEST(errors_of("severs: {call: gateway}") ==
             "t.yaml:1:3: error: unknown actor 'severs'; did you mean 'server'?\n");
  BOOST_TEST(
      errors_of("someone: {call: gateway}") ==
      "t.yaml:1:3: error: unknown actor 'someone'; declared here: server, phone, gateway, media, time\n");
  BOOST_TEST(errors_of("gateway: {call: phne}") ==
             "t.yaml:1:19: error: unknown peer 'phne'; did you mean 'phone'?\n");
  BOOST_TEST(errors_of("media: {between: [server, gatway]}") ==
             "t.yaml:1:29: error: unknown actor 'gatway'; did you mean 'gateway'?\n");
}

BOOST_AUTO_TEST_CASE(calls_through_a_proxy_and_time_that_passes) {
  BOOST_TEST(errors_of("phone: {call: '100', through: server}") == "");
  BOOST_TEST(errors_of("gateway: {call: phone, number: '101', through: server}") == "");
  BOOST_TEST(errors_of("gateway: {registers_with: server, outcome: refused}") == "");
  BOOST_TEST(errors_of("phone: {registers_with: server}") == "");
  BOOST_TEST(errors_of("time: {passes: 3min}") == "");
  BOOST_TEST(errors_of("phone: {call: '100', through: sever}") ==
             "t.yaml:1:33: error: unknown peer 'sever'; did you mean 'server'?\n");
  BOOST_TEST(errors_of("phone: {registers_with: sever}") ==
             "t.yaml:1:27: error: unknown peer 'sever'; did you mean 'server'?\n");
  BOOST_TEST(errors_of("phone: {call: '100'}") ==
             "t.yaml:1:17: error: 'call' needs 'gateway', or a user and 'through', found '100'\n");
  BOOST_TEST(errors_of("time: {passes: long}").find("a duration") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(arguments_are_checked_against_the_table) {
  BOOST_TEST(errors_of("server: {call: gatway}") ==
             "t.yaml:1:18: error: 'call' needs 'gateway', or a user and 'through', found 'gatway'; did you "
             "mean 'gateway'?\n");
  BOOST_TEST(
      errors_of("server: {call: gateway, offer: srtp-onl}") ==
      "t.yaml:1:34: error: 'offer' needs one of srtp-only, srtp-and-rtp, rtp-only, none, found the text "
      "'srtp-onl'; did you mean 'srtp-only'?\n");
  BOOST_TEST(errors_of("server: {ring: 200}") ==
             "t.yaml:1:18: error: 'ring' needs an integer from 180 to 199, found the text '200'\n");
  BOOST_TEST(errors_of("server: {answer: '200'}") ==
             "t.yaml:1:20: error: 'answer' needs an integer from 200 to 299, found the text '200'\n");
  BOOST_TEST(errors_of("server: {reject: busy}") ==
             "t.yaml:1:20: error: 'reject' needs an integer from 300 to 699, found the text 'busy'\n");
  BOOST_TEST(errors_of("server: {ring: 180, sdp: maybe}") ==
             "t.yaml:1:28: error: 'sdp' needs true or false, found the text 'maybe'\n");
  BOOST_TEST(errors_of("server: {call: gateway, headers: [a]}") ==
             "t.yaml:1:36: error: 'headers' needs a map, found a list\n");
  BOOST_TEST(errors_of("server: {hang up: }") ==
             "t.yaml:1:21: error: 'hang up' needs a text, found nothing\n");
}

BOOST_AUTO_TEST_CASE(conditions_and_deadlines_are_checked) {
  BOOST_TEST(
      errors_of("server: {hang up: gateway, if: answerd}") ==
      "t.yaml:1:34: error: 'if' needs one of answered, rejected, found the text 'answerd'; did you mean "
      "'answered'?\n");
  BOOST_TEST(errors_of("server: {hang up: gateway, within: 5}") ==
             "t.yaml:1:38: error: 'within' needs a duration such as 200ms, found the text '5'\n");
}

BOOST_AUTO_TEST_CASE(outcomes_are_words_codes_classes_or_maps) {
  BOOST_TEST(errors_of("server: {expect: strp}") == "t.yaml:1:20: error: 'expect' needs an outcome such as "
                                                    "srtp, rtp, answered, 488, 4xx or a map, found the "
                                                    "text 'strp'; did you mean 'srtp'?\n");
  for (const char* wrong : {"700", "48", "4884", "7xx", "4x", "099"})
    BOOST_TEST(errors_of("server: {expect: " + std::string(wrong) + "}") != "", wrong);
  BOOST_TEST(
      errors_of("server: {expect: [200]}") ==
      "t.yaml:1:20: error: 'expect' needs an outcome such as srtp, rtp, answered, 488, 4xx or a map, found a "
      "list\n");
  BOOST_TEST(errors_of("server: {expect: {}}") ==
             "t.yaml:1:20: error: 'expect' needs at least one thing to expect, found a map\n");
  BOOST_TEST(errors_of("server: {expect: {staus: 200}}") ==
             "t.yaml:1:21: error: unknown key 'staus'; did you mean 'status'?\n");
  BOOST_TEST(errors_of("server: {expect: {status: 999}}") ==
             "t.yaml:1:29: error: 'status' needs a status such as 488 or a class such as 4xx, found the text "
             "'999'\n");
  BOOST_TEST(errors_of("server: {expect: {media: video}}") ==
             "t.yaml:1:28: error: 'media' needs one of srtp, rtp, t38, found the text 'video'\n");
}

BOOST_AUTO_TEST_CASE(media_has_two_ends) {
  BOOST_TEST(errors_of("media: {between: [server]}") ==
             "t.yaml:1:20: error: 'between' needs two actors, found a list of 1\n");
  BOOST_TEST(errors_of("media: {between: server}") ==
             "t.yaml:1:20: error: 'between' needs two actors, found the text 'server'\n");
  BOOST_TEST(errors_of("media: {between: [server, server]}") ==
             "t.yaml:1:20: error: 'between' needs two different actors, found 'server' twice\n");
}

BOOST_AUTO_TEST_CASE(maps_in_maps_are_checked_to_the_bottom) {
  BOOST_TEST(errors_of("server: {expect: {tls: {establish: true}}}") ==
             "t.yaml:1:27: error: unknown key 'establish'; did you mean 'established'?\n");
  BOOST_TEST(errors_of("server: {expect: {tls: {}}}") ==
             "t.yaml:1:26: error: 'tls' needs at least one thing to expect, found a map\n");
  BOOST_TEST(errors_of("server: {expect: {tls: {version: SSLv3}}}") ==
             "t.yaml:1:36: error: 'version' needs one of TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3, found the text "
             "'SSLv3'\n");
  BOOST_TEST(errors_of("server: {expect: {tls: true}}") ==
             "t.yaml:1:26: error: 'tls' needs a map, found the text 'true'\n");
  BOOST_TEST(errors_of("gateway: {expect: {status: 50}}") ==
             "t.yaml:1:30: error: 'status' needs a status such as 488 or a class such as 4xx, found the text "
             "'50'\n");
  BOOST_TEST(errors_of("gateway: {expect: {call: ended}}") ==
             "t.yaml:1:28: error: 'call' needs one of answered, failed, found the text 'ended'\n");
  BOOST_TEST(errors_of("gateway: {options: phne}") ==
             "t.yaml:1:22: error: unknown peer 'phne'; did you mean 'phone'?\n");
  BOOST_TEST(wire_errors_of("tls: {client_hello: {format: ssl}}") ==
             "t.yaml:1:32: error: 'format' needs one of tls, sslv2, found the text 'ssl'\n");
  BOOST_TEST(wire_errors_of("tls: {server_hello: {compression: 256}}") ==
             "t.yaml:1:37: error: 'compression' needs an integer from 0 to 255, found the text '256'\n");
  BOOST_TEST(wire_errors_of("tls: {connection: 0}") ==
             "t.yaml:1:21: error: 'connection' needs an integer from 1 to 1000000, found the text '0'\n");
  BOOST_TEST(wire_errors_of("tls: {connection: 1, version: TLSv1.2, cipher: C, connections: 1, resumed: 0, "
                            "client_hello: {format: tls, version: TLSv1.2, versions: [TLSv1.3], suites: [A], "
                            "server_name: x, extensions: [a], extensions_absent: [b]}, server_hello: "
                            "{downgrade_mark: none, encrypt_then_mac: true, extended_master_secret: true, "
                            "renegotiation_info: true, compression: 0, extensions: a, extensions_absent: b}, "
                            "client_certificate: given, close_notify: both, alerts: [], premaster_version: "
                            "TLSv1.2}") == "");
}

BOOST_AUTO_TEST_CASE(wire_checks_are_those_of_the_table) {
  BOOST_TEST(wire_errors_of("tls: {version: TLSv1.2, cipher: X, connections: 2}") == "");
  BOOST_TEST(wire_errors_of("sip: {messages: 7, methods: [INVITE, ACK]}") == "");
  BOOST_TEST(wire_errors_of("finding: weak-suite") == "");
  BOOST_TEST(wire_errors_of("tsl: {}") == "t.yaml:1:3: error: unknown key 'tsl'; did you mean 'tls'?\n");
  BOOST_TEST(wire_errors_of("tls: {versoin: x}") ==
             "t.yaml:1:9: error: unknown key 'versoin'; did you mean 'version'?\n");
  BOOST_TEST(wire_errors_of("srtp: {streams: two}") ==
             "t.yaml:1:19: error: 'streams' needs an integer from 0 to 1000000, found the text 'two'\n");
  BOOST_TEST(wire_errors_of("rtp: {}") ==
             "t.yaml:1:8: error: 'rtp' needs at least one thing to expect, found a map\n");
  BOOST_TEST(wire_errors_of("x") == "t.yaml:1:3: error: a wire check needs a map, found the text 'x'\n");
  Diagnostics errors;
  Checker checker(errors);
  read_wire(load_yaml_text("{a: b}", "t.yaml").root, checker);
  BOOST_TEST(print(errors) == "t.yaml:1:1: error: 'wire' needs a list of checks, found a map\n");
}

BOOST_AUTO_TEST_SUITE_END()
