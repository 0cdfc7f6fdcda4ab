// What a peer that speaks SIP over TLS would hold against a certificate.
#pragma once

#include "base/clock.hpp"
#include "crypto/certificate.hpp"

#include <string>
#include <vector>

namespace sipvet::cli {

// One sentence each, with the clause it rests on; none is good. A CA's certificate is judged as an issuer's,
// any other as that of a server and client of SIP.
std::vector<std::string> remarks_on(const crypto::Certificate& certificate, Instant now);

} // namespace sipvet::cli
