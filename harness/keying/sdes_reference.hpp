// The tables of SDES as Markdown: parts of docs/sdes.md, which a test compares with them.
#pragma once

#include <string>

namespace sipvet::keying {

std::string suite_reference();             // suites, other names for them, and those that are not done
std::string session_parameter_reference(); // of RFC 4568 §6.3
std::string form_reference();              // of an offer of SRTP and RTP
std::string sdes_deviation_reference();

} // namespace sipvet::keying
