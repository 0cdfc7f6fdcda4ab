#include "keying/mikey_party.hpp"

#include "keying/mikey_trust.hpp"
#include "keying/sdes.hpp"
#include "mikey/dh_exchange.hpp"
#include "mikey/public_key.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace sipvet::keying {

namespace {

constexpr std::array<std::string_view, 3> mode_names = {"psk", "public-key", "dh"};
constexpr std::string_view foreign_protocol =
    "keyp1"; // the example of RFC 4567 §4.1.4; nobody has registered it
constexpr Duration stale = std::chrono::hours(1);
constexpr std::uint8_t unassigned_parameter = 200;

std::optional<mikey::Id> id_of(const std::string& uri) {
  return uri.empty() ? std::nullopt : std::optional(mikey::uri_id(uri));
}

Bytes psk_of(const MikeySettings& settings) {
  Bytes psk = settings.psk;
  if (settings.deviations.wrong_psk) psk.push_back(0xFF);
  return psk;
}

void spoil(Bytes& message, const MikeyDeviations& deviations) {
  if (deviations.wrong_mac && !message.empty()) message.back() ^= 1;
}

// RFC 4567 §4.1.4: in the order of the description.
std::vector<std::string> repeated_protocols(const MikeySettings& settings) {
  const bool several = settings.deviations.foreign_protocol;
  if (settings.deviations.no_protocol_list || !(settings.protocol_list || several)) return {};
  std::vector<std::string> out = {std::string(mikey_protocol)};
  if (several) out.emplace_back(foreign_protocol);
  return out;
}

MikeyOfferPlan plan_of(const MikeySettings& settings, std::uint32_t ssrc, std::uint32_t rollovers) {
  MikeyOfferPlan plan;
  if (!settings.deviations.wrong_cs_map)
    plan.sessions = {{0, ssrc, settings.deviations.rollover_not_told ? 0 : rollovers}, {0, 0, 0}};
  plan.suite = settings.suites.front();
  plan.options = settings.options;
  plan.verification_wanted = settings.verification_wanted;
  plan.mki = settings.mki;
  plan.null_protection = settings.null_protection;
  plan.initiator = id_of(settings.identity);
  plan.offered_protocols = repeated_protocols(settings);
  return plan;
}

void deviate(mikey::InitPlan& plan, const MikeyDeviations& deviations) {
  if (deviations.wrong_cs_map) plan.header.map_type = mikey::MapType::empty;
  for (mikey::SecurityPolicy& policy : plan.policies) {
    const auto parameter = [&](std::uint8_t number) {
      return std::ranges::find(policy.parameters, number, &mikey::PolicyParameter::number);
    };
    constexpr std::uint8_t key_length = 3, tag_length = 11;
    if (deviations.tag_length_as_key_length) parameter(key_length)->value = parameter(tag_length)->value;
    if (deviations.unknown_policy_parameter) policy.parameters.push_back({unassigned_parameter, {1}});
  }
}

Result<const crypto::PrivateKey*> signing_key(const MikeySettings& settings) {
  if (settings.key) return &*settings.key;
  return fail(fmt::format("MIKEY in mode {} needs an RSA key and its certificate", name(settings.mode)));
}

struct Opened {
  mikey::InitMessage init;
  Bytes key;                            // shared; of a Diffie-Hellman offer none
  std::optional<crypto::ModpKey> value; // of ours, where the offer is Diffie-Hellman
};

Result<Opened> open_psk(const MikeySettings& settings, ByteView message) {
  if (settings.psk.empty()) return fail("the offer has a pre-shared key message, and no key is shared");
  const Bytes psk = psk_of(settings);
  const auto lenience = settings.deviations.ignore_mac ? mikey::MacCheck::skipped
                        : settings.null_protection     ? mikey::MacCheck::null_allowed
                                                       : mikey::MacCheck::required;
  SIPVET_TRY(mikey::InitMessage init, mikey::open_psk_init(message, psk, lenience));
  return Opened{std::move(init), psk, std::nullopt};
}

Result<Opened> open_public_key(const MikeySettings& settings, ByteView message, Instant now,
                               mikey::ErrorNumber& number) {
  if (!settings.key) return fail("the offer has a public-key message, and there is no key to open it with");
  if (settings.deviations.ignore_mac) {
    SIPVET_TRY(mikey::InitMessage init, mikey::open_pk_envelope(message, *settings.key));
    return Opened{init, init.envelope_key, std::nullopt};
  }
  const auto own = settings.chain.empty() ? std::nullopt : std::optional(settings.chain.front());
  SIPVET_TRY(mikey::OpenedPkInit opened,
             mikey::open_pk_init(message, *settings.key, own, known_signers(settings)));
  number = mikey::ErrorNumber::invalid_certificate;
  SIPVET_CHECK(check_signer(settings, opened.signer, now));
  return Opened{opened.init, opened.init.envelope_key, std::nullopt};
}

Result<Opened> open_dh(const MikeySettings& settings, ByteView message, Random& random, Instant now,
                       mikey::ErrorNumber& number) {
  SIPVET_CHECK(signing_key(settings));
  SIPVET_TRY(mikey::OpenedDhMessage opened, mikey::open_dh_init(message, known_signers(settings)));
  number = mikey::ErrorNumber::invalid_certificate;
  SIPVET_CHECK(check_signer(settings, opened.signer, now));
  number = mikey::ErrorNumber::invalid_dh_group;
  const mikey::Dh& offered = *opened.init.message.find<mikey::Dh>();
  const auto group = mikey::modp_group(offered.group);
  if (!group) return fail(fmt::format("DH group {} is not supported", static_cast<unsigned>(offered.group)));
  crypto::ModpKey own = crypto::ModpKey::make(*group, random);
  SIPVET_TRY(mikey::KeyData tgk, mikey::agree_dh(opened.init, own, offered.value));
  opened.init.keys = {std::move(tgk)};
  return Opened{std::move(opened.init), {}, std::move(own)};
}

Result<Opened> open(const MikeySettings& settings, const mikey::Message& parsed, ByteView message,
                    Random& random, Instant now, mikey::ErrorNumber& number) {
  number = mikey::ErrorNumber::authentication_failure;
  switch (parsed.header.data_type) {
  case mikey::DataType::psk_init:
    return open_psk(settings, message);
  case mikey::DataType::pk_init:
    return open_public_key(settings, message, now, number);
  case mikey::DataType::dh_init:
    return open_dh(settings, message, random, now, number);
  default:
    number = mikey::ErrorNumber::invalid_data_type;
    return fail(fmt::format("expected an initiator's message in the offer, found a {}",
                            mikey::to_string(parsed.header.data_type)),
                1);
  }
}

std::optional<std::string> protocol_list(const mikey::Message& message) {
  for (const auto& extension : message.all<mikey::GeneralExtension>())
    if (extension.extension == mikey::ExtensionType::sdp_ids)
      return std::string(extension.data.begin(), extension.data.end());
  return std::nullopt;
}

Result<void> check_suites(const MikeyKeys& keys, const MikeySettings& settings) {
  for (const CsKey& session : keys.sessions)
    if (std::ranges::find(settings.suites, session.key.suite) == settings.suites.end())
      return fail(fmt::format("the security policy asks for {}, which is not accepted here",
                              rtp::name(session.key.suite)));
  return {};
}

std::vector<mikey::SrtpId> answered_map(const MikeySettings& settings, const mikey::Header& offered,
                                        std::uint32_t ssrc, std::uint32_t rollovers) {
  std::vector<mikey::SrtpId> sessions = offered.sessions;
  const auto unknown = std::ranges::find(sessions, 0u, &mikey::SrtpId::ssrc);
  if (unknown != sessions.end()) {
    unknown->ssrc = ssrc;
    unknown->roc = settings.deviations.rollover_not_told ? 0 : rollovers;
  }
  if (settings.deviations.wrong_cs_map && !sessions.empty()) sessions.front().ssrc ^= 1;
  return sessions;
}

Result<Bytes> response_to(const MikeySettings& settings, const Opened& opened,
                          const std::vector<mikey::SrtpId>& sessions, Random& random) {
  if (settings.deviations.answer_with_error)
    return mikey::seal_error(opened.init, mikey::ErrorNumber::unspecified, opened.key);
  if (opened.value)
    return mikey::seal_dh_response(opened.init, sessions, *opened.value,
                                   {*settings.key, settings.chain, id_of(settings.identity)}, random);
  return mikey::seal_verification(opened.init, {id_of(settings.identity), sessions}, opened.key);
}

} // namespace

struct MikeyParty::Refusing {
  mikey::ErrorNumber number = mikey::ErrorNumber::unspecified;
  std::optional<Opened> opened; // by whose key the error message is authenticated
};

std::string_view name(MikeyMode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

std::optional<MikeyMode> find_mikey_mode(std::string_view wanted) {
  for (const MikeyMode mode : {MikeyMode::psk, MikeyMode::public_key, MikeyMode::diffie_hellman})
    if (name(mode) == wanted) return mode;
  return std::nullopt;
}

std::optional<crypto::ModpGroup> find_dh_group(std::string_view wanted) {
  using crypto::ModpGroup;
  if (wanted == "oakley-1") return ModpGroup::oakley_1;
  if (wanted == "oakley-2") return ModpGroup::oakley_2;
  if (wanted == "oakley-5") return ModpGroup::oakley_5;
  return std::nullopt;
}

void give_identity(MikeySettings& settings, std::string_view certificates_pem, std::string_view key_pem,
                   std::string_view key_password, std::string_view roots_pem) {
  if (auto key = crypto::PrivateKey::from_pem(key_pem, key_password);
      key && key->type() == crypto::KeyType::rsa)
    settings.key = std::move(*key);
  if (auto chain = crypto::parse_certificates_pem(certificates_pem)) settings.chain = std::move(*chain);
  if (auto roots = crypto::parse_certificates_pem(roots_pem)) settings.roots = std::move(*roots);
}

MikeyParty::MikeyParty(MikeySettings settings)
    : settings_(std::make_shared<const MikeySettings>(std::move(settings))), guard_(settings_->limits) {}

Result<MikeyExchange> MikeyParty::offer(std::uint32_t ssrc, Random& random, Instant now,
                                        std::uint32_t rollovers) {
  const MikeySettings& own = *settings_;
  if (own.deviations.repeat_message && first_) return *first_;
  MikeyExchange out;
  out.settings_ = settings_;
  out.made_ = now;
  mikey::InitPlan plan =
      init_plan(plan_of(own, ssrc, rollovers), random, own.deviations.stale_timestamp ? now - stale : now);
  deviate(plan, own.deviations);
  if (own.mode == MikeyMode::psk) {
    if (own.psk.empty()) return fail("MIKEY in mode psk needs a pre-shared key");
    SIPVET_TRY(out.offer_.init, mikey::seal_psk_init(plan, psk_of(own)));
  } else if (own.mode == MikeyMode::public_key) {
    SIPVET_TRY(const crypto::PrivateKey* const key, signing_key(own));
    if (!own.peer) return fail("MIKEY in mode public-key needs the certificate of the other side");
    if (!plan.initiator)
      plan.initiator = mikey::uri_id(own.chain.empty() ? "" : own.chain.front().common_name);
    SIPVET_TRY(out.offer_.init, mikey::seal_pk_init(plan, {*key, own.chain, *own.peer}, random));
  } else {
    SIPVET_TRY(const crypto::PrivateKey* const key, signing_key(own));
    out.own_value_ = crypto::ModpKey::make(own.group, random);
    const mikey::KeyValidity validity = own.mki.empty() ? mikey::KeyValidity{} : mikey::Spi{own.mki};
    SIPVET_TRY(
        out.offer_.init,
        mikey::seal_dh_init(plan, *out.own_value_, {*key, own.chain, id_of(own.identity)}, random, validity));
  }
  if (!own.deviations.wrong_cs_map) {
    SIPVET_TRY(out.offer_, to_offer(std::move(out.offer_.init)));
  }
  out.message_ = out.offer_.init.octets;
  spoil(out.message_, own.deviations);
  out.attributes_ = {mikey_attribute(out.message_)};
  if (own.deviations.foreign_protocol)
    out.attributes_.push_back(to_string(KeyMgmt{std::string(foreign_protocol), random.bytes(12)}));
  if (own.deviations.other_level) out.level_ = KeyMgmtLevel::media;
  if (!first_) first_ = out;
  return out;
}

Result<MikeyAnswer> MikeyParty::answer(const KeyMgmtLines& offered, std::uint32_t ssrc, Random& random,
                                       Instant now, std::uint32_t rollovers,
                                       std::vector<std::string>* refusal) {
  const auto data = offered.data_of(mikey_protocol);
  if (!data) return fail("no MIKEY message was offered");
  if (!*data) return data->error();
  Refusing refusing;
  auto made = answer(ByteView(**data), offered, OwnStream{ssrc, rollovers}, random, now, refusing);
  if (made || refusal == nullptr || !settings_->error_messages) return made;
  const auto& opened = refusing.opened;
  const auto error = opened && !opened->key.empty()
                         ? mikey::seal_error(opened->init, refusing.number, opened->key)
                         : mikey::refuse_message(**data, refusing.number);
  if (error) *refusal = {mikey_attribute(*error)};
  return made;
}

Result<MikeyAnswer> MikeyParty::answer(ByteView message, const KeyMgmtLines& offered, const OwnStream& stream,
                                       Random& random, Instant now, Refusing& refusing) {
  using mikey::ErrorNumber;
  const MikeySettings& own = *settings_;
  const MikeyReplayLenience lenience{own.deviations.ignore_timestamp, own.deviations.ignore_replay};
  SIPVET_TRY(const mikey::Message parsed, mikey::parse_message(message));
  refusing.number = ErrorNumber::invalid_timestamp;
  SIPVET_CHECK(guard_.check(message, parsed, now, lenience)); // RFC 3830 §5.3: before what costs more
  SIPVET_TRY(refusing.opened, open(own, parsed, message, random, now, refusing.number));
  const Opened& opened = *refusing.opened;
  refusing.number = ErrorNumber::unspecified;
  if (!own.deviations.ignore_protocol_list)
    SIPVET_CHECK(check_protocol_list(offered.protocols(), protocol_list(opened.init.message)));
  refusing.number = ErrorNumber::invalid_policy_parameters;
  SIPVET_TRY(const MikeyOffer open_offer, to_offer(opened.init));
  SIPVET_CHECK(check_suites(open_offer.keys, own));
  if (own.deviations.strict_policy && !open_offer.notes.empty()) return fail(open_offer.notes.front());
  MikeyAnswer out;
  refusing.number = ErrorNumber::unspecified;
  SIPVET_TRY(out.keys, media_keys(open_offer.keys, MikeySide::responder));
  if (own.deviations.ignore_rollover) out.keys.remote.rollovers.clear();
  SIPVET_CHECK(guard_.accept(opened.init, now, lenience));
  out.notes = open_offer.notes;
  const bool listed = protocol_list(opened.init.message).has_value();
  if (!listed && own.deviations.protocol_list_required)
    return fail("the message does not repeat the list of key management protocols (RFC 4567 §4.1.4)");
  if (!listed)
    out.notes.push_back(fmt::format("the message does not repeat the list of key management protocols, {} "
                                    "(RFC 4567 §4.1.4)",
                                    fmt::join(offered.protocols(), ";")));
  out.level = offered.level;
  if (own.deviations.other_level)
    out.level = offered.level == KeyMgmtLevel::media ? KeyMgmtLevel::session : KeyMgmtLevel::media;
  if (own.deviations.answer_with_sdes) {
    out.crypto = make_crypto(1, out.keys.local.suite(), random);
    return out;
  }
  const bool wanted = open_offer.verification_wanted || opened.value;
  if (!wanted || own.deviations.no_verification) return out;
  const auto sessions = answered_map(own, opened.init.message.header, stream.ssrc, stream.rollovers);
  SIPVET_TRY(Bytes response, response_to(own, opened, sessions, random));
  spoil(response, own.deviations);
  out.attributes = {mikey_attribute(response)};
  return out;
}

} // namespace sipvet::keying
