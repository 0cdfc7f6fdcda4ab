#include "runner/run.hpp"
#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace sipvet;
using namespace sipvet::runner;
using namespace sipvet::runner::test;
using verdict::Outcome;

namespace {

// Four cells, of which those of mode `never` fail.
std::vector<script::Cell> some_cells() {
  std::string text =
      call_scenario("${mode}", "srtp", "matrix:\n  mode: [always, never]\n  turn: [one, two]\n");
  return cells_of(text);
}

struct Ran {
  Folder folder;
  std::vector<verdict::Result> results;
  std::vector<std::string> told;

  explicit Ran(RunOptions options, const std::vector<script::Cell>& cells = some_cells()) {
    options.network = NetworkKind::sim;
    options.folder = folder.path.string();
    const std::atomic<bool> stop = false;
    results = run_cells(
        cells, options, lab(), [this](const verdict::Result& one) { told.push_back(one.id); }, stop);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(run)

BOOST_AUTO_TEST_CASE(results_stand_in_the_order_of_the_cells) {
  for (const unsigned jobs : {0u, 3u, 50u}) {
    const Ran ran({.jobs = jobs, .folder = {}});
    BOOST_TEST_REQUIRE(ran.results.size() == 4u);
    BOOST_TEST(ran.results[0].id == "test/call[mode=always,turn=one]");
    BOOST_TEST(ran.results[1].id == "test/call[mode=always,turn=two]");
    BOOST_TEST(ran.results[2].id == "test/call[mode=never,turn=one]");
    BOOST_TEST(ran.results[3].id == "test/call[mode=never,turn=two]");
    BOOST_TEST((ran.results[0].outcome == Outcome::pass));
    BOOST_TEST((ran.results[2].outcome == Outcome::fail));
    BOOST_TEST((std::set<std::string>(ran.told.begin(), ran.told.end()).size() == 4u)); // each told once
    BOOST_TEST(ran.told.size() == 4u);
  }
}

BOOST_AUTO_TEST_CASE(evidence_is_kept_as_asked) {
  const std::string good = "evidence/test.call.mode=always.turn=one",
                    bad = "evidence/test.call.mode=never.turn=one";
  const Ran failures({.keep = Keep::failures, .folder = {}});
  BOOST_TEST(!failures.folder.has(good));
  BOOST_TEST(failures.folder.has(bad + "/capture.pcapng"));
  BOOST_TEST(failures.results[0].evidence == "");
  BOOST_TEST(failures.results[2].evidence == bad);

  const Ran all({.keep = Keep::all, .folder = {}});
  BOOST_TEST(all.folder.has(good + "/capture.pcapng"));
  BOOST_TEST(all.results[0].evidence == good);

  const Ran none({.keep = Keep::none, .folder = {}});
  BOOST_TEST(!none.folder.has(good));
  BOOST_TEST(!none.folder.has(bad));
  BOOST_TEST(none.results[2].evidence == "");
}

BOOST_AUTO_TEST_CASE(evidence_of_an_earlier_run_does_not_stay) {
  const Folder folder;
  const auto old = folder.path / "evidence" / "test.call.mode=always.turn=one";
  std::filesystem::create_directories(old);
  std::ofstream(old / "capture.pcapng") << "old";
  RunOptions options{.network = NetworkKind::sim, .folder = folder.path.string()};
  (void)run_cells(some_cells(), options, lab(), {}, std::atomic<bool>(false));
  BOOST_TEST(!std::filesystem::exists(old));
}

// A cell's seed comes from its name: run alone or among others, it is the same run.
BOOST_AUTO_TEST_CASE(filtering_changes_nothing) {
  const std::vector<script::Cell> cells = some_cells();
  const Ran all({.seed = 5, .keep = Keep::all, .folder = {}}),
      one({.seed = 5, .keep = Keep::all, .folder = {}}, {cells[1]});
  const std::string file = "evidence/test.call.mode=always.turn=two/capture.pcapng";
  BOOST_TEST(all.folder.text(file).size() > 10'000u);
  BOOST_TEST((all.folder.text(file) == one.folder.text(file)));
  BOOST_TEST(
      (all.folder.text(file) != all.folder.text("evidence/test.call.mode=always.turn=one/capture.pcapng")));
}

BOOST_AUTO_TEST_CASE(a_stop_leaves_the_rest_skipped) {
  for (const unsigned jobs : {1u, 2u}) {
    const Folder folder;
    std::atomic<bool> stop = false;
    RunOptions options{
        .network = NetworkKind::sim, .jobs = jobs, .keep = Keep::all, .folder = folder.path.string()};
    std::size_t told = 0;
    const auto results = run_cells(
        some_cells(), options, lab(),
        [&](const verdict::Result&) {
          ++told;
          stop = true;
        },
        stop);
    BOOST_TEST_REQUIRE(results.size() == 4u);
    const verdict::Summary summary = verdict::summarize(results);
    BOOST_TEST(summary.skipped >= 4u - jobs);
    BOOST_TEST(summary.skipped + told == 4u);
    BOOST_TEST((results.back().outcome == Outcome::skipped));
    BOOST_TEST(results.back().title == "A call");
    BOOST_TEST(results.back().evidence == "");
  }
  const std::atomic<bool> stopped = true;
  const Folder folder;
  const auto none =
      run_cells(some_cells(), {.network = NetworkKind::sim, .folder = folder.path.string()}, {}, stopped);
  BOOST_TEST(verdict::summarize(*none).skipped == 4u);
}

BOOST_AUTO_TEST_CASE(no_cells_give_no_results) {
  const Ran ran({.jobs = 4, .folder = {}}, {});
  BOOST_TEST(ran.results.empty());
}

BOOST_AUTO_TEST_CASE(names_of_keep_modes) {
  BOOST_TEST((find_keep("failures") == Keep::failures));
  BOOST_TEST((find_keep("all") == Keep::all));
  BOOST_TEST((find_keep("none") == Keep::none));
  BOOST_TEST(!find_keep("some").has_value());
}

BOOST_AUTO_TEST_CASE(evidence_names_are_single_folders_and_differ) {
  BOOST_TEST(evidence_name("srtp-mode/inbound-offer[mode=always]") == "srtp-mode.inbound-offer.mode=always");
  BOOST_TEST(evidence_name("a/b[v=TLSv1.2,n=1]") == "a.b.v=TLSv1.2.n=1");
  const std::vector<std::string> wild = {"",
                                         "..",
                                         "/",
                                         "../..",
                                         "/etc/passwd",
                                         "a/../b",
                                         "a b",
                                         "a  b",
                                         "a/b[m=+]",
                                         "a/b[m=*]",
                                         "a\\b",
                                         "a\nb",
                                         "a\xc3\xa4",
                                         "a\xc3\xb6",
                                         std::string("a\0b", 3),
                                         std::string(4000, 'x'),
                                         std::string(4000, 'x') + "y"};
  std::set<std::string> names;
  for (const std::string& id : wild) {
    const std::string name = evidence_name(id);
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(!name.empty()); // an empty one would be the folder of all
      BOOST_TEST(name.size() <= 200u);
      BOOST_TEST(name.front() != '.');
      BOOST_TEST(
          name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-=_.") ==
          std::string::npos);
      BOOST_TEST(name.find("..") == std::string::npos);
      BOOST_TEST(names.insert(name).second);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
