#include "cli/report_folder.hpp"

#include "report/html.hpp"
#include "report/junit.hpp"
#include "report/markdown.hpp"
#include "report/results_json.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace sipvet::cli {

namespace {

report::ReportInput input_of(const ReportContents& contents) {
  return {contents.results, contents.catalogue, contents.show_keys, "reference", SIPVET_VERSION};
}

} // namespace

Result<void> replace_file(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return fail(path + " cannot be written: " + std::strerror(errno));
  }
  std::error_code error, ignored;
  std::filesystem::rename(beside, path, error);
  if (!error) return {};
  std::filesystem::remove(beside, ignored);
  return fail(path + " cannot be written: " + error.message());
}

Result<ReportFolder> ReportFolder::open(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail("the report folder " + path + " cannot be made: " + error.message());
  const std::string lock_path = path + "/.lock";
  const int lock = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0) return fail("the report folder " + path + " cannot be written: " + std::strerror(errno));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return fail("another run reports into " + path + " right now");
  }
  return ReportFolder(path, lock);
}

ReportFolder::ReportFolder(ReportFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

ReportFolder::~ReportFolder() {
  if (lock_ < 0) return;
  ::unlink((path_ + "/.lock").c_str());
  ::close(lock_);
}

Result<void> write_results(const std::string& folder, const ReportContents& contents) {
  return replace_file(folder + "/results.json", report::results_json(input_of(contents)));
}

Result<void> write_reports(const std::string& folder, const ReportContents& contents) {
  SIPVET_CHECK(write_results(folder, contents));
  SIPVET_CHECK(replace_file(folder + "/junit.xml", report::junit_xml(input_of(contents))));
  SIPVET_CHECK(replace_file(folder + "/report.html", report::html(input_of(contents))));
  return replace_file(folder + "/summary.md", report::markdown(input_of(contents)));
}

} // namespace sipvet::cli
