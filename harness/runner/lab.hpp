// What all cells of a run share: a certificate authority made for the run, and the addresses that gateway and
// peers get.
#pragma once

#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"
#include "crypto/lab_ca.hpp"

#include <cstdint>
#include <string>

namespace sipvet::runner {

struct Lab {
  std::string root_pem;
  crypto::Identity gateway;
  crypto::Identity peer;
};
// Certificates valid around `now`. The same seed and time give the same certificates to the octet.
Result<Lab> make_lab(std::uint64_t seed, Instant now);

// In the simulated network: documentation addresses (RFC 5737), one for each.
IpAddress gateway_address();
IpAddress peer_address(std::size_t index);

} // namespace sipvet::runner
