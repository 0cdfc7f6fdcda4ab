// What is wrong with media: packets that are not what the signalling promised.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/media_map.hpp"
#include "analysis/report.hpp"
#include "analysis/srtp_keying.hpp"

#include <optional>

namespace sipvet::analysis {

void check_stream(const MediaStream& stream, std::optional<Fit> fit, const MediaMap& map,
                  FindingList& findings);
// SRTP between addresses that agreed on plain RTP.
void report_unnegotiated(const MediaStream& stream, FindingList& findings);
// Loss, jitter and packets that came again.
void check_arrival(const MediaStream& stream, FindingList& findings);
// `leg`: what the signalling said of the stream's addresses. Says nothing where descriptions may be hidden in
// connections that could not be read.
void check_addresses(const MediaStream& stream, const std::optional<MediaMap::Match>& leg,
                     const Report& report, const MediaMap& map, FindingList& findings);
void check_rtcp(const RtcpStream& stream, FindingList& findings);
// Over the whole report: audio that was promised both ways and came one way.
void check_directions(const Report& report, const MediaMap& map, FindingList& findings);

} // namespace sipvet::analysis
