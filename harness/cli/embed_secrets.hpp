// Copies captures with the TLS secrets that open them inside, so that Wireshark needs nothing else.
#pragma once

#include "analysis/report.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace sipvet::cli {

// Frames as they are, into one pcapng file. Its secrets are the lines of `keylogs` and of the captures
// themselves that belong to connections of the report, and what RSA keys opened. Gives the number of lines.
Result<std::size_t> embed_secrets(std::span<const std::string> captures, std::span<const std::string> keylogs,
                                  const analysis::Report& report, const std::string& path);

} // namespace sipvet::cli
