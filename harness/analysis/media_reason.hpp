// Why SRTP packets could not be read, as a closed list that reports and scripts can rely on; each is found by
// trying.
#pragma once

#include <string_view>

namespace sipvet::analysis::media_reason {

inline constexpr std::string_view no_key = "no key for this SSRC";
inline constexpr std::string_view wrong_key = "no known key authenticates these packets";
inline constexpr std::string_view other_direction = "other direction's key";
inline constexpr std::string_view other_call = "key of another call";
inline constexpr std::string_view tag_length = "MKI or tag length";
inline constexpr std::string_view rollover_counter = "wrong ROC"; // found: opened with another one
inline constexpr std::string_view plain = "not encrypted";

} // namespace sipvet::analysis::media_reason
