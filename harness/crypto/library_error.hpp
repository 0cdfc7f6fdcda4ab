// Why the cryptographic library refused, in its own words.
#pragma once

#include <string>

namespace sipvet::crypto {

// The reason of this thread's oldest waiting error ("wrong version number"), empty when there is none;
// forgets them all.
std::string take_library_error();

} // namespace sipvet::crypto
