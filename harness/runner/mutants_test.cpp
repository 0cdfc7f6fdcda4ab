#include "runner/mutants.hpp"
#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace sipvet;
using namespace sipvet::runner;
using namespace sipvet::runner::test;

namespace {

const Mutant* mutant_with(const std::vector<Mutant>& all, const std::string& deviation) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Mutant& each) { return each.deviation.starts_with(deviation); });
  return found == all.end() ? nullptr : &*found;
}

const MutantVerdict& verdict_on(const std::vector<MutantVerdict>& all, const std::string& deviation) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const MutantVerdict& each) {
    return each.mutant.deviation.starts_with(deviation);
  });
  BOOST_TEST_REQUIRE((found != all.end()));
  return *found;
}

std::vector<MutantVerdict> run_against(const std::vector<script::Cell>& cells, std::atomic<bool>& stop,
                                       const std::function<void(const MutantVerdict&)>& told = {}) {
  const Folder folder;
  return run_mutants(cells, {.folder = folder.path.string()}, told, stop);
}

} // namespace

BOOST_AUTO_TEST_SUITE(mutants_of_the_gateway)

BOOST_AUTO_TEST_CASE(every_entry_of_both_tables_has_one) {
  const std::vector<Mutant> all = mutants();
  for (const std::string mode : {"always", "as-needed", "never"}) {
    for (const std::string offer : {"srtp-only", "srtp-and-rtp", "rtp-only"}) {
      const Mutant* one = mutant_with(all, "srtp_answer: {mode: " + mode + ", offer: " + offer + ",");
      BOOST_TEST_CONTEXT(mode + " " + offer) {
        BOOST_TEST_REQUIRE((one != nullptr));
        BOOST_TEST(one->caught == "NBE-SRTP-IN-" + mode + "-" + offer);
        BOOST_TEST(one->spared == "NBE-SRTP-IN-*");
      }
    }
    const Mutant* one = mutant_with(all, "srtp_offer: {mode: " + mode + ",");
    BOOST_TEST_REQUIRE((one != nullptr));
    BOOST_TEST(one->caught == "NBE-SRTP-OUT-" + mode);
  }
}

// The guide's table, written down once more: a mutant that does the right thing would prove nothing.
BOOST_AUTO_TEST_CASE(each_changes_its_entry) {
  const std::string guide[][3] = {{"always", "srtp-only", "srtp"},       {"always", "srtp-and-rtp", "srtp"},
                                  {"always", "rtp-only", "488"},         {"as-needed", "srtp-only", "srtp"},
                                  {"as-needed", "srtp-and-rtp", "srtp"}, {"as-needed", "rtp-only", "rtp"},
                                  {"never", "srtp-only", "488"},         {"never", "srtp-and-rtp", "rtp"},
                                  {"never", "rtp-only", "rtp"}};
  for (const auto& [mode, offer, treatment] : guide)
    BOOST_TEST((mutant_with(mutants(), "srtp_answer: {mode: " + mode + ", offer: " + offer +
                                           ", treatment: " + treatment + "}") == nullptr));
  for (const char* offer : {"{mode: always, offer: srtp-only}", "{mode: as-needed, offer: srtp-and-rtp}",
                            "{mode: never, offer: rtp-only}"})
    BOOST_TEST((mutant_with(mutants(), "srtp_offer: " + std::string(offer)) == nullptr));
}

BOOST_AUTO_TEST_CASE(they_differ_and_the_gateway_knows_them) {
  std::set<std::string> names, deviations;
  for (const Mutant& mutant : mutants()) {
    BOOST_TEST(names.insert(mutant.name).second, mutant.name);
    BOOST_TEST(deviations.insert(mutant.deviation + mutant.setting + mutant.caught).second, mutant.name);
    const script::Document settings =
        script::load_yaml_text("deviations: {" + mutant.deviation + "}\n" + mutant.setting, "m.yaml");
    BOOST_TEST_REQUIRE(settings.errors.empty(), mutant.deviation);
    script::Cell cell;
    cell.gateway.settings = settings.root;
    for (const verdict::Diagnostic& problem : check_cell(cell)) BOOST_ERROR(to_string(problem));
  }
}

BOOST_AUTO_TEST_CASE(without_cells_every_mutant_gets_away_and_that_is_said) {
  std::atomic<bool> stop = false;
  std::size_t told = 0;
  const auto verdicts = run_against({}, stop, [&](const MutantVerdict&) { ++told; });
  BOOST_TEST(verdicts.size() == mutants().size());
  BOOST_TEST(told == verdicts.size());
  for (const MutantVerdict& one : verdicts) {
    BOOST_TEST(one.caught_by.empty());
    BOOST_TEST_REQUIRE(one.problems.size() == 2u);
    BOOST_TEST(one.problems[0] == "no cell covers " + one.mutant.caught);
    BOOST_TEST(one.problems[1] == "no cell failed");
  }
}

BOOST_AUTO_TEST_CASE(a_cell_that_looks_catches_the_mutant) {
  std::atomic<bool> stop = false;
  const auto verdicts = run_against(cells_of(call_scenario("always", "srtp", "deadline: 3s\n")), stop);
  const MutantVerdict& changed = verdict_on(verdicts, "srtp_answer: {mode: always, offer: srtp-only");
  BOOST_TEST(changed.problems.empty());
  BOOST_TEST_REQUIRE(changed.caught_by.size() == 1u);
  BOOST_TEST(changed.caught_by[0].id == "test/call");
  for (const std::string deviation :
       {"plain_media", "reuse_key", "answer_tag", "silent_media", "one_way", "wrong_voice"})
    BOOST_TEST(verdict_on(verdicts, deviation).problems.empty(), deviation);
}

BOOST_AUTO_TEST_CASE(a_cell_that_does_not_look_lets_it_away) {
  std::atomic<bool> stop = false;
  std::vector<script::Cell> cells = cells_of(call_scenario("always", "srtp"));
  cells[0].steps.resize(1); // the call alone
  const auto verdicts = run_against(cells, stop);
  const MutantVerdict& changed = verdict_on(verdicts, "srtp_answer: {mode: always, offer: srtp-only");
  BOOST_TEST(changed.caught_by.empty());
  BOOST_TEST_REQUIRE(changed.problems.size() == 2u);
  BOOST_TEST(changed.problems[0] == "test/call passes");
  BOOST_TEST(changed.problems[1] == "no cell failed");
}

// A mutant must change its entry and no other.
BOOST_AUTO_TEST_CASE(a_cell_that_fails_for_nothing_is_a_problem) {
  std::atomic<bool> stop = false;
  std::vector<script::Cell> cells = cells_of(call_scenario("always", "srtp"));
  cells.push_back(cells_of(call_scenario("never", "srtp")).at(0)); // wrong without any mutant
  const auto verdicts = run_against(cells, stop);
  const MutantVerdict& changed = verdict_on(verdicts, "srtp_answer: {mode: always, offer: srtp-only");
  BOOST_TEST_REQUIRE(changed.problems.size() == 1u);
  BOOST_TEST(changed.problems[0] == "test/call fails and has nothing to do with it");
}

BOOST_AUTO_TEST_CASE(known_failures_are_no_excuse) {
  std::atomic<bool> stop = false;
  const auto cells = cells_of(
      call_scenario("always", "srtp", "known_failure: {reason: long ago, finding: response-status}\n"));
  BOOST_TEST(
      verdict_on(run_against(cells, stop), "srtp_answer: {mode: always, offer: srtp-only").problems.empty());
}

BOOST_AUTO_TEST_CASE(a_stop_ends_it_without_blaming_a_mutant) {
  std::atomic<bool> stop = false;
  std::size_t told = 0;
  const auto verdicts = run_against({}, stop, [&](const MutantVerdict&) { stop = ++told == 3; });
  BOOST_TEST(verdicts.size() == 3u);
  std::atomic<bool> stopped = true;
  BOOST_TEST(run_against({}, stopped).empty());
}

BOOST_AUTO_TEST_SUITE_END()
