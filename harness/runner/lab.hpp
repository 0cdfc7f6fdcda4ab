// What all cells of a run share: certificate authorities made for the run, and the addresses that gateway and
// peers get.
#pragma once

#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"
#include "crypto/lab_ca.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sipvet::runner {

struct Lab {
  std::string root_pem;       // signs for gateway and peers
  std::string other_root_pem; // of an authority that has nothing to do with them
  crypto::Identity gateway;
  crypto::Identity peer;
};
// Certificates valid around `now`. The same seed and time give the same certificates to the octet.
Result<Lab> make_lab(std::uint64_t seed, Instant now);

// The SIP domain of the gateway; peers have their own settings for theirs.
inline constexpr std::string_view gateway_domain = "gateway.example.test";

// In the simulated network: documentation addresses (RFC 5737), one for each.
IpAddress gateway_address();
IpAddress peer_address(std::size_t index);

} // namespace sipvet::runner
