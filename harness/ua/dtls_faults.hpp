// What a side of DTLS-SRTP does not look at in the other's session description, where it is told to
// misbehave.
#pragma once

#include "keying/dtls_srtp.hpp"
#include "sdp/session.hpp"
#include "ua/dtls_deviations.hpp"

#include <optional>

namespace sipvet::ua {

// The description as such a side reads it: with a role that fits and a fingerprint, where it has none. `ours`
// is what we offered; none: this is an offer.
sdp::Session overlook_faults(const DtlsDeviations& deviations, sdp::Session session,
                             const std::optional<keying::DtlsDescription>& ours);

} // namespace sipvet::ua
