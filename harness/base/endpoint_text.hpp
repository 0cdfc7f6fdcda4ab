// Endpoints written behind other text, for listings of very many.
#pragma once

#include "base/endpoint.hpp"

#include <string>

namespace sipvet {

// What to_string(endpoint) gives.
void append_text(std::string& to, const Endpoint& endpoint);

} // namespace sipvet
