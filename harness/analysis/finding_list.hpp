// Collects findings, so that a capture with a million damaged frames still gives a report that can be read.
#pragma once

#include "verdict/verdict.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::analysis {

class FindingList {
 public:
  // After so many of one id the rest is only counted; a reader needs the first ones and the number.
  static constexpr std::size_t max_of_one_id = 50;

  void add(std::string_view id, verdict::Severity severity, std::optional<std::size_t> frame,
           std::string text, std::string fix);
  void error(std::string_view id, std::optional<std::size_t> frame, std::string text, std::string fix) {
    add(id, verdict::Severity::error, frame, std::move(text), std::move(fix));
  }
  void warning(std::string_view id, std::optional<std::size_t> frame, std::string text, std::string fix) {
    add(id, verdict::Severity::warning, frame, std::move(text), std::move(fix));
  }
  void info(std::string_view id, std::optional<std::size_t> frame, std::string text, std::string fix) {
    add(id, verdict::Severity::info, frame, std::move(text), std::move(fix));
  }

  // Severity and remedy as the table of kinds has them (finding_kinds.hpp).
  void note(std::string_view id, std::optional<std::size_t> frame, std::string text);

  // Puts those of `other` behind these.
  void absorb(FindingList& other);
  // Those about keys first (a wrong key explains everything after it), then those without a frame, then by
  // frame; of one frame in the order of the table of kinds, and of one kind by their texts. At the end one
  // for each id of which some were left out.
  std::vector<verdict::Finding> take();

 private:
  std::vector<verdict::Finding> findings_;
  std::map<std::string, std::size_t, std::less<>> counts_;
};

} // namespace sipvet::analysis
