// Whether the signer of a MIKEY message is one that this side trusts.
#pragma once

#include "keying/mikey_party.hpp"

#include <vector>

namespace sipvet::keying {

// `signer`: its certificate first, then what leads to a root. Trusted is the certificate that is known as the
// other side's, and any that leads to one of the roots.
Result<void> check_signer(const MikeySettings& settings, const std::vector<crypto::Certificate>& signer,
                          Instant now);
// Certificates to check a message by that has none of its own.
std::vector<crypto::Certificate> known_signers(const MikeySettings& settings);

} // namespace sipvet::keying
