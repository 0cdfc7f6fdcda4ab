#include "gateway/deviations.hpp"

namespace sipvet::gateway {

SrtpPolicy policy_of(const Deviations& deviations) {
  SrtpPolicy policy;
  if (const auto& changed = deviations.srtp_answer) {
    policy.inbound[static_cast<std::size_t>(changed->mode)][static_cast<std::size_t>(changed->offer)] =
        changed->treatment;
  }
  if (const auto& changed = deviations.srtp_offer) {
    policy.outbound[static_cast<std::size_t>(changed->mode)] = changed->offer;
  }
  return policy;
}

} // namespace sipvet::gateway
