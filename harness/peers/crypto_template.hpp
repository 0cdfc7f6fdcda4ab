// Crypto lines as a scenario writes them, with places that are filled in when they are sent.
#pragma once

#include "base/random.hpp"
#include "base/result.hpp"
#include "sdp/crypto.hpp"

#include <string>
#include <string_view>

namespace sipvet::peers {

// {key}: fresh key and salt in base64, as long as the suite that the line names has them (30 octets where it
// is not known); {key:29}: so many octets; {bare}, {bare:44}: the same without the = at the end. In an
// answer {tag} and {suite} are those of `chosen`. Anything else stands as it is. Fails for an unknown place.
Result<std::string> fill_crypto_template(std::string_view text, Random& random,
                                         const sdp::Crypto* chosen = nullptr);

} // namespace sipvet::peers
