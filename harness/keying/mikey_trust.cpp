#include "keying/mikey_trust.hpp"

#include "crypto/chain.hpp"

namespace sipvet::keying {

std::vector<crypto::Certificate> known_signers(const MikeySettings& settings) {
  if (settings.peer) return {*settings.peer};
  return {};
}

Result<void> check_signer(const MikeySettings& settings, const std::vector<crypto::Certificate>& signer,
                          Instant now) {
  if (settings.peer && settings.peer->der == signer.front().der) return {};
  crypto::ChainRules rules;
  rules.roots = settings.roots;
  rules.now = now;
  rules.check_usage = false;
  rules.security_level = 0;
  if (const auto problem = crypto::check_chain(signer, rules))
    return fail("the signer of the MIKEY message is not trusted: " + problem->text);
  return {};
}

} // namespace sipvet::keying
