// The events of a report as a ladder diagram shows them: who, to whom, when, what. Text and HTML draw it.
#pragma once

#include "analysis/report.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sipvet::cli {

struct LadderEvent {
  enum class Kind { request, response, tls, media, finding };
  Kind kind = Kind::request;
  std::size_t frame = 0;
  Instant time;
  // Indices into Ladder::parties; of a finding both are 0 and mean nothing.
  std::size_t from = 0;
  std::size_t to = 0;
  bool both_ways = false; // TLS
  std::string brief;      // where there is no room for the label
  std::string label;      // as captured: not yet made fit for a terminal or a page
  verdict::Severity severity = verdict::Severity::info; // findings; media: error when packets failed
};

struct Ladder {
  std::vector<std::string> parties; // from left to right, as they first appear
  std::vector<LadderEvent> events;  // by frame; findings behind what they are about
};

// A host is one party, unless it talks to itself (captures of a loopback): then each of its addresses with
// port is, and media belongs to who described it.
Ladder make_ladder(const analysis::Report& report);

} // namespace sipvet::cli
