#include "keying/mikey_party.hpp"
#include "keying/mikey_trust.hpp"
#include "mikey/dh_exchange.hpp"

#include <fmt/format.h>

namespace sipvet::keying {

namespace {

// RFC 3830 §6.1.1: the responder fills in what is 0 and changes nothing else.
Result<void> check_map(const std::vector<mikey::SrtpId>& answered,
                       const std::vector<mikey::SrtpId>& offered) {
  if (answered.size() != offered.size())
    return fail(fmt::format("the CS ID map of the answer has {} crypto sessions, expected {} as offered",
                            answered.size(), offered.size()));
  for (std::size_t i = 0; i < offered.size(); ++i) {
    if (offered[i].ssrc == 0 || answered[i].ssrc == offered[i].ssrc) continue;
    return fail(
        fmt::format("the CS ID map of the answer has SSRC {:08x} for crypto session {}, expected {:08x} as "
                    "offered",
                    answered[i].ssrc, i + 1, offered[i].ssrc));
  }
  return {};
}

ByteView shared_key(const MikeySettings& settings, const mikey::InitMessage& init) {
  return init.envelope_key.empty() ? ByteView(settings.psk) : ByteView(init.envelope_key);
}

} // namespace

Result<MediaKeys> MikeyExchange::complete(const KeyMgmtLines& answer, std::vector<std::string>* notes) const {
  const bool lenient = settings_->deviations.ignore_verification;
  if (answer.values.empty()) {
    if (!own_value_ && (!offer_.verification_wanted || lenient))
      return media_keys(offer_.keys, MikeySide::initiator);
    return fail("the answer has no MIKEY message though one was asked for (RFC 3830 §3)");
  }
  if (answer.level != level_ && !settings_->deviations.ignore_level)
    return fail(fmt::format(
        "the key-mgmt attribute of the answer stands at {} level, expected {} level as in the offer "
        "(RFC 4567 §3.1)",
        name(answer.level), name(level_)));
  const auto data = answer.data_of(mikey_protocol);
  if (!data)
    return fail(fmt::format("the answer has key management protocol {}, expected mikey as offered",
                            answer.protocols().front()));
  if (!*data) return data->error();
  auto keys = complete(ByteView(**data), notes);
  if (!keys && lenient && !own_value_) return media_keys(offer_.keys, MikeySide::initiator);
  return keys;
}

Result<MediaKeys> MikeyExchange::complete(ByteView answer, std::vector<std::string>* notes) const {
  const mikey::InitMessage& init = offer_.init;
  const auto& offered = init.message.header.sessions;
  if (!own_value_) {
    SIPVET_TRY(const mikey::CheckedVerification checked,
               mikey::open_verification(answer, init, shared_key(*settings_, init)));
    SIPVET_CHECK(check_map(checked.message.header.sessions, offered));
    if (notes != nullptr && checked.cover == mikey::VerificationCover::timestamp_only)
      notes->emplace_back(
          "the verification MAC leaves out the identities, which RFC 3830 §5.2 wants covered");
    return with_map(offer_.keys, checked.message.header.sessions);
  }
  SIPVET_TRY(const mikey::OpenedDhResponse response,
             mikey::open_dh_response(answer, init, known_signers(*settings_)));
  SIPVET_CHECK(check_signer(*settings_, response.signer, made_));
  SIPVET_CHECK(check_map(response.message.header.sessions, offered));
  mikey::InitMessage agreed = init;
  SIPVET_TRY(mikey::KeyData tgk, mikey::agree_dh(init, *own_value_, response.value));
  agreed.keys = {std::move(tgk)};
  SIPVET_TRY(MikeyKeys keys, derive_mikey_keys(agreed));
  return with_map(std::move(keys), response.message.header.sessions);
}

Result<MediaKeys> MikeyExchange::with_map(MikeyKeys keys, const std::vector<mikey::SrtpId>& answered) const {
  for (CsKey& each : keys.sessions) {
    if (each.ssrc != 0 || each.cs_id > answered.size()) continue;
    each.ssrc = answered[each.cs_id - 1].ssrc;
    each.roc = answered[each.cs_id - 1].roc;
  }
  SIPVET_TRY(MediaKeys out, media_keys(keys, MikeySide::initiator));
  if (settings_->deviations.ignore_rollover) out.remote.rollovers.clear();
  return out;
}

} // namespace sipvet::keying
