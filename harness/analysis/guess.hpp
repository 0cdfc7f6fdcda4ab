// What a look at the first octets of a stream can tell.
#pragma once

namespace sipvet::analysis {

enum class Guess { no, yes, more }; // more: too few octets to tell

} // namespace sipvet::analysis
