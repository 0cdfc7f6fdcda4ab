// Measures and cuts UTF-8 text by the columns it takes on a terminal.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::report {

// Control characters must not reach a terminal: those of ASCII, and those of ISO 6429's second set, which
// UTF-8 writes as C2 80 to C2 9F and eight-bit terminals take alone. `instead` is asked what stands for each.
std::string replace_controls(std::string_view text,
                             const std::function<std::string(std::string_view)>& instead);

// Characters; every one counts as one column (no wide scripts are expected in identifiers and messages).
std::size_t columns_of(std::string_view text);
// Cut to at most `width` columns, the last of them "…". Width 0: as it is.
std::string shorten(std::string_view text, std::size_t width);
// Filled with blanks on the right, or on the left.
std::string pad(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);
// Lines of at most `width` columns, broken at blanks; longer words stay whole. Width 0: one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);
// Control characters become blanks, so that text from the network cannot steer a terminal.
std::string printable(std::string_view text);

} // namespace sipvet::report
