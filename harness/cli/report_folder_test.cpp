#include "cli/report_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

using namespace sipvet;
using namespace sipvet::cli;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "sipvet-test-XXXXXX").string();
    BOOST_TEST_REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  std::string at(const std::string& name) const { return (path / name).string(); }
  std::string text(const std::string& name) const {
    std::ifstream in(path / name, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
};

verdict::Result result(const std::string& id) {
  verdict::Result out;
  out.id = id;
  out.outcome = verdict::Outcome::pass;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(report_folder)

BOOST_AUTO_TEST_CASE(a_file_is_made_and_replaced) {
  const Folder folder;
  BOOST_TEST(bool(replace_file(folder.at("a"), "one")));
  BOOST_TEST(folder.text("a") == "one");
  BOOST_TEST(bool(replace_file(folder.at("a"), std::string("tw\0o", 4))));
  BOOST_TEST(folder.text("a") == std::string("tw\0o", 4));
  BOOST_TEST(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) ==
             1); // nothing beside
}

// A reader that has the old file open keeps the old text to its end: the name moves, the file does not
// change.
BOOST_AUTO_TEST_CASE(readers_of_the_old_file_are_left_alone) {
  const Folder folder;
  BOOST_TEST_REQUIRE(bool(replace_file(folder.at("a"), "the old text")));
  std::ifstream reader(folder.path / "a");
  char first = 0;
  reader.get(first);
  BOOST_TEST_REQUIRE(bool(replace_file(folder.at("a"), "x")));
  std::string rest;
  std::getline(reader, rest);
  BOOST_TEST(first + rest == "the old text");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_written_say_so) {
  const Folder folder;
  const auto missing = replace_file(folder.at("no/such/file"), "x");
  BOOST_TEST_REQUIRE(!missing);
  BOOST_TEST(missing.error().what ==
             folder.at("no/such/file") + " cannot be written: No such file or directory");

  fs::create_directory(folder.path / "d");
  std::ofstream(folder.path / "d" / "inside") << "x";
  BOOST_TEST(!replace_file(folder.at("d"), "x"));
  BOOST_TEST(!fs::exists(folder.path / "d.new")); // no half of it stays
  BOOST_TEST(folder.text("d/inside") == "x");
}

BOOST_AUTO_TEST_CASE(a_folder_is_made_with_those_above_it) {
  const Folder folder;
  const auto opened = ReportFolder::open(folder.at("a/b/c"));
  BOOST_TEST_REQUIRE(bool(opened));
  BOOST_TEST(opened->path() == folder.at("a/b/c"));
  BOOST_TEST(fs::is_directory(folder.path / "a/b/c"));
}

BOOST_AUTO_TEST_CASE(one_run_at_a_time) {
  const Folder folder;
  {
    auto first = ReportFolder::open(folder.at("r"));
    BOOST_TEST_REQUIRE(bool(first));
    const auto second = ReportFolder::open(folder.at("r"));
    BOOST_TEST_REQUIRE(!second);
    BOOST_TEST(second.error().what == "another run reports into " + folder.at("r") + " right now");
    const ReportFolder moved = std::move(*first);
    BOOST_TEST(!ReportFolder::open(folder.at("r")));
    BOOST_TEST(bool(ReportFolder::open(folder.at("other"))));
  }
  BOOST_TEST(bool(ReportFolder::open(folder.at("r")))); // free again
  BOOST_TEST(fs::is_empty(folder.path / "r"));          // and no lock is left
}

// A run that died leaves its lock file, but no lock.
BOOST_AUTO_TEST_CASE(a_lock_file_alone_does_not_lock) {
  const Folder folder;
  std::ofstream(folder.path / ".lock") << "";
  BOOST_TEST(bool(ReportFolder::open(folder.path.string())));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written) {
  const Folder folder;
  std::ofstream(folder.path / "file") << "x";
  const auto in_a_file = ReportFolder::open(folder.at("file/r"));
  BOOST_TEST_REQUIRE(!in_a_file);
  BOOST_TEST(
      in_a_file.error().what.starts_with("the report folder " + folder.at("file/r") + " cannot be made: "),
      in_a_file.error().what);
  const auto is_a_file = ReportFolder::open(folder.at("file"));
  BOOST_TEST(!is_a_file);
  // Also for root, whom permissions do not stop: nothing can be made below /proc.
  const auto read_only = ReportFolder::open("/proc/self");
  BOOST_TEST_REQUIRE(!read_only);
  BOOST_TEST(read_only.error().what.starts_with("the report folder /proc/self cannot be written: "),
             read_only.error().what);
}

BOOST_AUTO_TEST_CASE(all_reports_are_written) {
  const Folder folder;
  const std::vector<verdict::Result> results = {result("test/one")};
  const std::vector<verdict::Requirement> catalogue;
  BOOST_TEST_REQUIRE(bool(write_results(folder.path.string(), {results, catalogue})));
  BOOST_TEST(folder.text("results.json").find("\"test/one\"") != std::string::npos);
  BOOST_TEST(!fs::exists(folder.path / "junit.xml"));
  BOOST_TEST_REQUIRE(bool(write_reports(folder.path.string(), {results, catalogue})));
  for (const char* name : {"results.json", "junit.xml", "report.html", "summary.md"})
    BOOST_TEST(folder.text(name).find("test/one") != std::string::npos, name);
  BOOST_TEST(!write_reports(folder.at("missing"), {results, catalogue}));
}

BOOST_AUTO_TEST_SUITE_END()
