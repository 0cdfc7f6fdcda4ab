// Gateways whose key management with MIKEY misbehaves in one way each, and the scenario that must notice.
#include "runner/mutants.hpp"

#include <fmt/format.h>

namespace sipvet::runner {

namespace {

// Of keying/mikey_deviations.def.
struct Deviant {
  const char* deviation;
  const char* scenario;
};
constexpr Deviant deviants[] = {
    {"wrong_mac", "key-management/mikey-offered-to-gateway"},
    {"wrong_mac", "key-management/mikey-offered-by-gateway"},
    {"wrong_psk", "key-management/mikey-offered-to-gateway"},
    {"stale_timestamp", "key-management/mikey-offered-by-gateway"},
    {"no_verification", "key-management/mikey-offered-to-gateway"},
    {"wrong_cs_map", "key-management/mikey-modes"},
    {"wrong_mac", "key-management/mikey-modes-offered"},
    {"other_level", "key-management/secure-mode"},
    {"other_level", "key-management/attribute-levels"},
    {"answer_with_sdes", "key-management/both-protocols"},
    {"answer_with_error", "key-management/policies"},
    {"ignore_mac", "key-management/offers-refused"},
    {"ignore_timestamp", "key-management/offers-refused"},
    {"ignore_timestamp", "key-management/clocks"},
    {"ignore_protocol_list", "key-management/offers-refused"},
    {"no_protocol_list", "key-management/lone-protocol"},
    {"protocol_list_required", "key-management/lone-protocol"},
    {"ignore_mac", "key-management/untrusted-signer"},
    {"ignore_replay", "key-management/replayed-message"},
    {"ignore_verification", "key-management/answers-refused"},
    {"ignore_level", "key-management/answers-refused"},
    {"strict_policy", "key-management/odd-policies"},
    {"wrong_mac", "key-management/protocol-list"},
};

const Mutant others[] = {
    {"has SDES whatever is configured", "", "key-management/wrong-key-management", "",
     "KeyManagementProtocol: SDES"},
    {"has MIKEY whatever is configured", "", "key-management/wrong-key-management-elsewhere", "",
     "KeyManagementProtocol: MIKEY\nsipvet.mikey.presharedKey: another"},
    {"has SDES whatever is configured and answered", "", "key-management/answered-with-sdes", "",
     "KeyManagementProtocol: SDES"},
    {"says 488 where DGW says 415", "", "key-management/wrong-key-management", "",
     "sipvet.media.wrongKeyManagementStatus: 488"},
    {"says 503 whatever its profile says", "", "key-management/wrong-key-management-statuses", "",
     "sipvet.media.wrongKeyManagementStatus: 503"},
    {"encrypts where NULL is configured", "", "key-management/null-encryption", "",
     "sipvet.mikey.suites: AES_CM_128_HMAC_SHA1_80"},
    {"takes any encryption", "", "key-management/encryption-not-configured", "",
     "sipvet.mikey.suites: [AES_CM_128_HMAC_SHA1_80, NULL_HMAC_SHA1_80]"},
    {"takes no message without protection", "", "key-management/null-protection", "",
     "sipvet.mikey.nullProtection: false"},
    {"takes every message without protection", "", "key-management/null-protection", "",
     "sipvet.mikey.nullProtection: true"},
    {"refuses MIKEY without a word of MIKEY", "", "key-management/refusal-says-why", "",
     "sipvet.mikey.errorMessages: false"},
    {"sends plain RTP under MIKEY", "plain_media_on_secured_leg: true",
     "key-management/verification-not-wanted"},
};

} // namespace

std::vector<Mutant> mikey_mutants() {
  std::vector<Mutant> out;
  for (const Deviant& deviant : deviants)
    out.push_back({fmt::format("MIKEY with {} [{}]", deviant.deviation, deviant.scenario),
                   fmt::format("mikey: {{{}: true}}", deviant.deviation), deviant.scenario});
  out.insert(out.end(), std::begin(others), std::end(others));
  return out;
}

} // namespace sipvet::runner
