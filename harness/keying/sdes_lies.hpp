// The deviations of SDES put into effect: in the lines that are written and in the keys that are used. Only
// keying/ includes it.
#pragma once

#include "keying/media_keys.hpp"
#include "keying/sdes_deviations.hpp"
#include "sdp/crypto.hpp"

#include <span>
#include <vector>

namespace sipvet::keying {

void change_offer(std::vector<sdp::Crypto>& lines, const SdesDeviations& deviations);
void change_answer(std::vector<sdp::Crypto>& lines, std::span<const sdp::Crypto> offered,
                   const SdesDeviations& deviations);
// Keys that were agreed on, as a side that does not do what it says uses them.
void change_media(MediaKeys& keys, const SdesDeviations& deviations);

} // namespace sipvet::keying
