// What all cells of a run share: certificate authorities made for the run, the certificates that they give to
// gateway and peers, and the addresses of these.
#pragma once

#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"
#include "crypto/lab_ca.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::runner {

enum class Holder { gateway, peer };

// May be used from several threads at a time.
class Lab {
 public:
  // Certificates valid around `now`. The same seed and time give the same certificates to the octet, in
  // whatever order they are asked for.
  static Result<Lab> make(std::uint64_t seed, Instant now);
  Lab(Lab&&) noexcept;
  Lab& operator=(Lab&&) noexcept;
  ~Lab();

  const std::string& root_pem() const;       // signs for gateway and peers
  const std::string& other_root_pem() const; // of an authority that has nothing to do with them

  // A certificate of the table in crypto/certificate_variants.hpp. Gateway and peers have different keys.
  // Fails on a name that is not in it, and on a domain that has no place in a certificate.
  Result<crypto::Identity> identity(Holder holder, const std::string& variant, const std::string& domain,
                                    const std::vector<IpAddress>& addresses) const;

 private:
  struct Parts;
  explicit Lab(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// The SIP domain of the gateway where its settings name none.
inline constexpr std::string_view gateway_domain = "gateway.example.test";

// In the simulated network: documentation addresses (RFC 5737), one for each.
IpAddress gateway_address();
IpAddress dns_address(); // of the lab's DNS server
IpAddress peer_address(std::size_t index);

} // namespace sipvet::runner
