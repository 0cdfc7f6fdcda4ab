// The folder a run reports into: locked against a second run, and holding what is known at every moment.
#pragma once

#include "base/result.hpp"
#include "verdict/verdict.hpp"

#include <string>
#include <vector>

namespace sipvet::cli {

// Writes in place of the old file in one step, so that a reader never sees half of it.
Result<void> replace_file(const std::string& path, const std::string& text);

class ReportFolder {
 public:
  // Makes the folder and takes its lock. Fails when another run holds it or it cannot be written.
  static Result<ReportFolder> open(const std::string& path);
  ReportFolder(ReportFolder&& other) noexcept;
  ReportFolder& operator=(ReportFolder&&) = delete;
  ~ReportFolder();

  const std::string& path() const { return path_; }

 private:
  ReportFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

struct ReportContents {
  const std::vector<verdict::Result>& results;
  const std::vector<verdict::Requirement>& catalogue;
  bool show_keys = false;
};
// results.json alone: while a run goes on.
Result<void> write_results(const std::string& folder, const ReportContents& contents);
// results.json, junit.xml, report.html and summary.md.
Result<void> write_reports(const std::string& folder, const ReportContents& contents);

} // namespace sipvet::cli
