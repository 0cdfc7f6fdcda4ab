// Session descriptions that change a call to fax and back (ITU-T T.38 annex D): the section `m=image … udptl
// t38` beside those of the audio that it takes the place of.
#pragma once

#include "base/result.hpp"
#include "sdp/session.hpp"
#include "ua/session_description.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sipvet::ua {

// The section that asks for T.38, where no audio is asked for beside it: nothing when the offer is about
// audio.
std::optional<std::size_t> t38_section(const sdp::Session& offer);

// `sections` is how many the last description had: they come back with port 0 and the image behind them (RFC
// 3264 §8).
sdp::Session make_t38_offer(const IpAddress& address, std::uint16_t port, const OriginState& origin,
                            const sdp::Session& before);
// Every section but `section` with port 0.
sdp::Session make_t38_answer(const sdp::Session& offer, std::size_t section, const IpAddress& address,
                             std::uint16_t port, const OriginState& origin);
// Where the fax of the other side's description goes to. Fails when it accepts no image section.
Result<Endpoint> t38_endpoint(const sdp::Session& theirs);

} // namespace sipvet::ua
