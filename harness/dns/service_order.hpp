// The order in which the servers of SRV records are tried (RFC 2782).
#pragma once

#include "base/random.hpp"
#include "dns/record.hpp"

#include <vector>

namespace sipvet::dns {

// Lowest priority first; among equals drawn by weight, those of weight 0 seldom but not never.
std::vector<Service> in_order(std::vector<Service> services, Random& random);

} // namespace sipvet::dns
