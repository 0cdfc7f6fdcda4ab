#include "script/scenario.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace sipvet::script;

namespace {

namespace fs = std::filesystem;

struct Tree {
  fs::path path = fs::temp_directory_path() / ("sipvet-scenarios-" + std::to_string(::getpid()));
  Tree() { fs::create_directories(path); }
  ~Tree() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

std::string scenario(const std::string& name) {
  return "scenario: " + name + "\ntitle: T\npeers: {p: {profile: phone}}\nsteps: [p: {call: gateway}]\n";
}

std::vector<std::string> ids(const Loaded& loaded) {
  std::vector<std::string> out;
  for (const Cell& cell : loaded.cells) out.push_back(cell.id);
  return out;
}

std::string errors_of(const Loaded& loaded) {
  std::string out;
  for (const Diagnostic& error : loaded.errors) out += to_string(error) + "\n";
  return out;
}

struct Fixture {
  Tree tree;
  std::string root = tree.path.string();
  Fixture() {
    tree.write("profiles/phone.yaml", "profile: phone\ntitle: t\nrole: peer\n");
    tree.write("b/two.yaml", scenario("b/two"));
    tree.write("a/one.yaml", scenario("a/one"));
    tree.write("a/readme.md", "no scenario");
  }
  Loaded load(const std::vector<std::string>& paths) const {
    return load_scenarios(paths, root + "/profiles");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(scenario_files, Fixture)

BOOST_AUTO_TEST_CASE(a_folder_is_read_in_name_order_without_its_profiles) {
  const Loaded loaded = load({root});
  BOOST_TEST(errors_of(loaded) == "");
  BOOST_TEST((ids(loaded) == std::vector<std::string>{"a/one", "b/two"}));
  BOOST_TEST(loaded.files == 2);
}

BOOST_AUTO_TEST_CASE(a_file_named_twice_runs_once) {
  const Loaded loaded = load({root + "/b/two.yaml", root, root + "/b"});
  BOOST_TEST(errors_of(loaded) == "");
  BOOST_TEST((ids(loaded) == std::vector<std::string>{"b/two", "a/one"}));
}

BOOST_AUTO_TEST_CASE(two_scenarios_of_one_name_are_an_error) {
  const std::string copy = tree.write("c/copy.yaml", scenario("a/one"));
  BOOST_TEST(errors_of(load({root})) ==
             copy + ":1:1: error: scenario 'a/one' is already at " + root + "/a/one.yaml:1:1\n");
}

BOOST_AUTO_TEST_CASE(a_path_that_is_not_there_and_a_folder_without_scenarios_are_errors) {
  fs::create_directories(tree.path / "empty");
  BOOST_TEST(errors_of(load({root + "/nowhere", root + "/empty"})) ==
             root + "/nowhere: error: no such file or folder\n" + root +
                 "/empty: error: expected scenarios (*.yaml) in this folder, found none\n");
}

BOOST_AUTO_TEST_CASE(errors_of_one_file_leave_the_cells_of_others) {
  const std::string bad = tree.write("c/bad.yaml", "scenario: c/bad\n");
  const Loaded loaded = load({root});
  BOOST_TEST(errors_of(loaded) ==
             bad + ":1:1: error: missing key 'title'\n" + bad + ":1:1: error: missing key 'steps'\n");
  BOOST_TEST(loaded.cells.size() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
