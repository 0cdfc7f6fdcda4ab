#include "peers/actor.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

ActiveStep finished(Findings findings) {
  return {[findings = std::move(findings)] { return std::optional<Findings>(findings); },
          [] { return std::string(); }};
}

verdict::Finding step_finding(const script::Step& step, std::string id, std::string text,
                              std::string expected, std::string actual) {
  verdict::Finding finding;
  finding.id = std::move(id);
  finding.text = std::move(text);
  finding.expected = std::move(expected);
  finding.actual = std::move(actual);
  finding.where = step.at;
  return finding;
}

std::string describe_counters(const ua::MediaCounters& counters) {
  std::string out =
      fmt::format("{} RTP packets received, {} accepted", counters.rtp_received, counters.rtp_accepted);
  if (counters.rtcp_received > 0)
    out += fmt::format(", {} RTCP packets received, {} accepted", counters.rtcp_received,
                       counters.rtcp_accepted);
  for (const auto& [why, count] : counters.dropped)
    out += fmt::format(", {} dropped ({})", count, ua::name(why));
  return out;
}

} // namespace sipvet::peers
