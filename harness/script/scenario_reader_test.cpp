#include "script/scenario_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet::script;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view matrix_scenario = R"(scenario: srtp-mode/inbound-offer
title: The SRTP mode decides how the gateway answers an offer
covers: NBE-SRTP-IN-${mode}-${offer}
tags: [srtp]
matrix:
  mode:  [always, never]
  offer: [srtp-only, rtp-only]
oracle:
  answer:
    always: {srtp-only: srtp, rtp-only: 488}
    never:  {srtp-only: 488, rtp-only: rtp}
gateway:
  profile: netborder-express
  netborder.media.srtp.mode: ${mode}
peers:
  server: {profile: ocs-mediation-server}
steps:
  - server: {call: gateway, offer: "${offer}"}
  - server: {expect: "${answer}", within: 2s}
  - media:  {between: [server, gateway], for: 200ms, if: answered}
  - server: {hang up: gateway, if: answered}
wire:
  - tls: {version: TLSv1.2, connections: 1}
  - no_finding: plain-rtp
explain: Because the guide says so.
deadline: 5s
)";

ProfileStore profiles() {
  ProfileStore store("");
  store.add_text("netborder-express", "profile: netborder-express\ntitle: NBE\nrole: gateway\n"
                                      "gateway: {netborder.media.srtp.mode: as-needed, port: 5067}\n");
  store.add_text("ocs-mediation-server",
                 "profile: ocs-mediation-server\ntitle: OCS\nrole: peer\npeer: {transport: tls}\n");
  store.add_text("broken", "profile: broken\ntitle: x\nrole: gateway\ncolour: red\n");
  return store;
}

Loaded load(std::string_view text) {
  ProfileStore store = profiles();
  return load_scenario_text(text, "t.yaml", store);
}

std::string errors_of(std::string_view text) {
  const Loaded loaded = load(text);
  std::string out;
  for (const Diagnostic& error : loaded.errors) out += to_string(error) + "\n";
  BOOST_TEST((loaded.errors.empty() != loaded.cells.empty()));
  return out;
}

// A scenario that is right apart from what is added.
std::string with(std::string_view more) {
  return "scenario: a/b\ntitle: T\npeers: {server: , phone: }\nsteps: [server: {call: gateway}]\n" +
         std::string(more);
}

// The step stands at line 4, the inner map from column 11 on.
std::string with_step(std::string_view step) {
  return "scenario: a/b\ntitle: T\npeers: {server: , phone: }\nsteps: [" + std::string(step) + "]\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(scenario_reader)

BOOST_AUTO_TEST_CASE(cells_are_spelled_out_in_matrix_order) {
  const Loaded loaded = load(matrix_scenario);
  BOOST_REQUIRE(loaded.errors.empty());
  BOOST_REQUIRE(loaded.cells.size() == 4);
  BOOST_TEST(loaded.cells[0].id == "srtp-mode/inbound-offer[mode=always,offer=srtp-only]");
  BOOST_TEST(loaded.cells[1].id == "srtp-mode/inbound-offer[mode=always,offer=rtp-only]");
  BOOST_TEST(loaded.cells[3].id == "srtp-mode/inbound-offer[mode=never,offer=rtp-only]");
  BOOST_TEST(loaded.cells[0].scenario == "srtp-mode/inbound-offer");
}

BOOST_AUTO_TEST_CASE(a_cell_has_its_variables_put_in) {
  const Loaded loaded = load(matrix_scenario);
  BOOST_REQUIRE(loaded.cells.size() == 4);
  const Cell& cell = loaded.cells[1];
  BOOST_TEST((cell.covers == std::vector<std::string>{"NBE-SRTP-IN-always-rtp-only"}));
  BOOST_TEST((cell.tags == std::vector<std::string>{"srtp"}));
  BOOST_TEST(cell.variables.at("answer") == "488");
  BOOST_TEST(cell.variables.at("mode") == "always");
  BOOST_TEST(cell.gateway.profile == "netborder-express");
  BOOST_TEST(cell.gateway.settings.find("netborder.media.srtp.mode")->text == "always");
  BOOST_TEST(cell.gateway.settings.find("port")->text == "5067");
  BOOST_TEST((cell.gateway.settings.find("profile") == nullptr));
  BOOST_REQUIRE(cell.peers.size() == 1);
  BOOST_TEST(cell.peers[0].profile == "ocs-mediation-server");
  BOOST_TEST(cell.peers[0].settings.find("transport")->text == "tls");
  BOOST_TEST(cell.explain == "Because the guide says so.");
  BOOST_TEST((cell.deadline == sipvet::Duration(5s)));
  BOOST_TEST(to_string(cell.at) == "t.yaml:1:1");
}

BOOST_AUTO_TEST_CASE(steps_keep_order_condition_and_deadline) {
  const Loaded loaded = load(matrix_scenario);
  BOOST_REQUIRE(loaded.cells.size() == 4);
  const std::vector<Step>& steps = loaded.cells[0].steps;
  BOOST_REQUIRE(steps.size() == 4);
  BOOST_TEST(steps[0].actor == "server");
  BOOST_TEST(steps[0].action == "call");
  BOOST_TEST(steps[0].argument.text == "gateway");
  BOOST_TEST(steps[0].options.find("offer")->text == "srtp-only");
  BOOST_TEST(to_string(steps[0].at) == "t.yaml:18:5");
  BOOST_TEST(steps[1].argument.text == "srtp");
  BOOST_TEST((steps[1].within == sipvet::Duration(2s)));
  BOOST_TEST(steps[1].options.entries.empty());
  BOOST_TEST(steps[2].actor == "media");
  BOOST_TEST(steps[2].condition == "answered");
  BOOST_TEST(steps[3].action == "hang up");
  BOOST_REQUIRE(loaded.cells[0].wire.size() == 2);
  BOOST_TEST(loaded.cells[0].wire[0].subject == "tls");
  BOOST_TEST(loaded.cells[0].wire[1].argument.text == "plain-rtp");
}

BOOST_AUTO_TEST_CASE(the_gateway_section_may_be_missing) {
  const Loaded loaded = load(with(""));
  BOOST_REQUIRE(loaded.cells.size() == 1);
  BOOST_TEST(loaded.cells[0].id == "a/b");
  BOOST_TEST(loaded.cells[0].gateway.settings.is_map());
  BOOST_TEST(loaded.cells[0].peers[1].settings.is_map());
  BOOST_TEST((loaded.cells[0].deadline == sipvet::Duration(10s)));
}

BOOST_AUTO_TEST_CASE(all_errors_of_a_file_come_at_once_in_its_order) {
  BOOST_TEST(
      errors_of(
          "scenario: a/b\ntitel: T\npeers: {server: }\nsteps:\n  - server: {call: gateway, offr: none}\n"
          "  - servr: {call: gateway}\n  - media: {between: [server, gateway], for: soon}\n") ==
      "t.yaml:1:1: error: missing key 'title'\n"
      "t.yaml:2:1: error: unknown key 'titel'; did you mean 'title'?\n"
      "t.yaml:5:29: error: unknown key 'offr'; did you mean 'offer'?\n"
      "t.yaml:6:5: error: unknown actor 'servr'; did you mean 'server'?\n"
      "t.yaml:7:46: error: 'for' needs a duration such as 200ms, found the text 'soon'\n");
}

BOOST_AUTO_TEST_CASE(an_error_in_every_cell_is_told_once) {
  const std::string text =
      with_step("server: {call: gateway, offr: none}") + "matrix: {a: [1, 2, 3], b: [4, 5]}\n";
  BOOST_TEST(errors_of(text) == "t.yaml:4:33: error: unknown key 'offr'; did you mean 'offer'?\n");
}

BOOST_AUTO_TEST_CASE(required_keys) {
  BOOST_TEST(errors_of("tags: [a]\n") == "t.yaml:1:1: error: missing key 'scenario'\n"
                                         "t.yaml:1:1: error: missing key 'title'\n"
                                         "t.yaml:1:1: error: missing key 'steps'\n");
  BOOST_TEST(errors_of("[a]") == "t.yaml:1:1: error: a scenario needs a map, found a list\n");
  BOOST_TEST(errors_of("") == "t.yaml:1:1: error: a scenario needs a map, found nothing\n");
  BOOST_TEST(errors_of("scenario: a/b\ntitle: T\nsteps: []\n") ==
             "t.yaml:3:8: error: 'steps' has no steps\n");
  BOOST_TEST(errors_of("scenario: a/b\ntitle: T\nsteps:\n") ==
             "t.yaml:3:1: error: 'steps' needs a list, found nothing\n");
}

BOOST_AUTO_TEST_CASE(names_become_file_names_and_are_checked) {
  for (const char* name : {"../x", "a/../b", "/a", "a//b", "a b", "a/", ".a", "${x}", "a[b]"})
    BOOST_TEST(errors_of("scenario: '" + std::string(name) +
                         "'\ntitle: T\npeers: {p: }\nsteps: [p: {call: gateway}]\n") ==
               "t.yaml:1:11: error: 'scenario' needs a name of the form folder/name, found the text '" +
                   std::string(name) + "'\n");
}

BOOST_AUTO_TEST_CASE(wrong_types_say_what_is_needed) {
  BOOST_TEST(errors_of(with("tags: {a: b}\n")) ==
             "t.yaml:5:7: error: 'tags' needs a text or a list of texts, found a map\n");
  BOOST_TEST(errors_of(with("deadline: 10\n")) ==
             "t.yaml:5:11: error: 'deadline' needs a duration such as 200ms, found the text '10'\n");
  BOOST_TEST(errors_of(with("deadline: 0s\n")) ==
             "t.yaml:5:11: error: 'deadline' needs a duration above zero, found the text '0s'\n");
  BOOST_TEST(errors_of(with("explain: [a]\n")) ==
             "t.yaml:5:10: error: 'explain' needs a text, found a list\n");
  BOOST_TEST(errors_of(with("gateway: x\n")) ==
             "t.yaml:5:10: error: 'gateway' needs a map, found the text 'x'\n");
  BOOST_TEST(errors_of("scenario: a/b\ntitle: T\npeers: {p: x}\nsteps: [p: {call: gateway}]\n") ==
             "t.yaml:3:12: error: 'p' needs a map, found the text 'x'\n");
}

BOOST_AUTO_TEST_CASE(undefined_variables_are_named) {
  BOOST_TEST(errors_of(with("matrix: {mode: [a]}\nexplain: 'x ${mod}'\n")) ==
             "t.yaml:6:10: error: undefined variable 'mod'; did you mean 'mode'?\n");
}

BOOST_AUTO_TEST_CASE(oracle_values_may_use_matrix_variables) {
  const Loaded loaded =
      load(with("matrix: {mode: [a, b]}\noracle: {word: {a: 'x-${mode}', b: y}}\nexplain: ${word}\n"));
  BOOST_REQUIRE(loaded.cells.size() == 2);
  BOOST_TEST(loaded.cells[0].explain == "x-a");
  BOOST_TEST(loaded.cells[1].explain == "y");
}

BOOST_AUTO_TEST_CASE(oracle_gaps_are_told_without_follow_up_errors) {
  BOOST_TEST(
      errors_of(with("matrix: {mode: [a, b]}\noracle: {within: {a: 1s}}\n") + "deadline: ${within}\n") ==
      "t.yaml:6:18: error: oracle 'within' has no value for mode=b\n");
}

BOOST_AUTO_TEST_CASE(a_broken_matrix_does_not_hide_or_invent_other_errors) {
  BOOST_TEST(errors_of(with(
                 "matrix: {mode: []}\noracle: {o: {a: 1}}\ndeadline: ${o}\nexplain: ${mode}\ntag: x\n")) ==
             "t.yaml:5:16: error: matrix dimension 'mode' has no values\n"
             "t.yaml:9:1: error: unknown key 'tag'; did you mean 'tags'?\n");
}

BOOST_AUTO_TEST_CASE(profiles_are_found_or_suggested) {
  BOOST_TEST(errors_of(with("gateway: {profile: netborder-expres}\n")) ==
             "t.yaml:5:20: error: unknown profile 'netborder-expres'; did you mean 'netborder-express'?\n");
  BOOST_TEST(errors_of(with("gateway: {profile: nobody}\n")) ==
             "t.yaml:5:20: error: unknown profile 'nobody'; known: broken, netborder-express, "
             "ocs-mediation-server\n");
  BOOST_TEST(
      errors_of(with("gateway: {profile: ocs-mediation-server}\n")) ==
      "t.yaml:5:20: error: profile 'ocs-mediation-server' is for role 'peer', needed here: 'gateway'\n");
  BOOST_TEST(errors_of(with("gateway: {profile: [a]}\n")) ==
             "t.yaml:5:20: error: 'profile' needs a text, found a list\n");
}

BOOST_AUTO_TEST_CASE(errors_of_a_profile_are_told_with_its_own_place) {
  BOOST_TEST(errors_of(with("gateway: {profile: broken}\n")) ==
             "broken.yaml:4:1: error: unknown key 'colour'; known here: profile, title, source, role, "
             "gateway, peer\n"
             "t.yaml:5:20: error: profile 'broken' has errors\n");
}

BOOST_AUTO_TEST_CASE(peer_names_are_not_those_of_other_actors) {
  BOOST_TEST(errors_of("scenario: a/b\ntitle: T\npeers: {gateway: , p: }\nsteps: [p: {call: gateway}]\n") ==
             "t.yaml:3:9: error: 'gateway' is no name for a peer\n");
}

BOOST_AUTO_TEST_CASE(known_failures_name_reason_and_finding) {
  const Loaded loaded = load(with("known_failure: {reason: not built yet, finding: answer-media}\n"));
  BOOST_REQUIRE(loaded.cells.size() == 1);
  BOOST_REQUIRE(loaded.cells[0].known_failure.has_value());
  BOOST_TEST(loaded.cells[0].known_failure->finding == "answer-media");
  BOOST_TEST(errors_of(with("known_failure: {reason: x, findng: y}\n")) ==
             "t.yaml:5:16: error: missing key 'finding' in 'known_failure'\n"
             "t.yaml:5:28: error: unknown key 'findng'; did you mean 'finding'?\n");
}

BOOST_AUTO_TEST_CASE(a_yaml_error_is_the_only_one) {
  BOOST_TEST(errors_of(with("scenario: c/d\n")) ==
             "t.yaml:5:1: error: duplicate key 'scenario'; the first is at line 1\n");
}

BOOST_AUTO_TEST_CASE(many_cells_of_a_large_scenario_are_refused) {
  std::string text = with("matrix:\n");
  for (const char* name : {"a", "b", "c", "d"})
    text += "  " + std::string(name) + ": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
  text += "gateway:\n";
  for (int i = 0; i < 1000; ++i) text += "  k" + std::to_string(i) + ": v\n";
  BOOST_TEST(errors_of(text) == "t.yaml:1:1: error: expected at most 500000 values in all cells together\n");
}

BOOST_AUTO_TEST_SUITE_END()
