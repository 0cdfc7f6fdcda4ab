// Reading session descriptions: what an answer, or an offer with our answer to it, agrees on.
#include "base/text.hpp"
#include "sdp/rtpmap.hpp"
#include "ua/session_description.hpp"
#include <algorithm>
#include <array>

namespace sipvet::ua {

namespace {

bool answers_dtls(const sdp::Session& answer, const sdp::Media& answered) {
  return keying::is_dtls_profile(answered.protocol) || !keying::fingerprint_lines(answer, answered).empty();
}

// RFC 5763 §5: without a fingerprint the certificate could be anybody's.
Result<keying::DtlsDescription> dtls_of(const sdp::Session& session, const sdp::Media& media,
                                        keying::Setup unwritten) {
  SIPVET_TRY(const auto found, keying::read_dtls(session, media, unwritten));
  if (!found) return fail("expected a=fingerprint with " + media.protocol + " (RFC 5763 §5)");
  return *found;
}

Endpoint rtcp_endpoint(const sdp::Media& media, const Endpoint& rtp) {
  Endpoint rtcp = rtp;
  rtcp.port = static_cast<std::uint16_t>(rtp.port + 1);
  const auto value = media.attributes.value("rtcp"); // RFC 3605 §2.1: port [nettype addrtype address]
  if (!value) return rtcp;
  const std::vector<std::string_view> words = split(*value, ' ');
  if (const auto port = parse_decimal(words.front(), 65535, "rtcp port"))
    rtcp.port = static_cast<std::uint16_t>(*port);
  if (words.size() == 4) {
    if (const auto address = parse_ip(words[3])) rtcp.ip = *address;
  }
  return rtcp;
}

// The part of an agreement that offerer and answerer read alike: `theirs` says where to send and what, `ours`
// what they may send.
Result<AgreedMedia> agree(const sdp::Session& ours, const sdp::Session& theirs, const sdp::Session& answer,
                          std::size_t section) {
  AgreedMedia agreed;
  agreed.section = section;
  const sdp::Media& their_media = theirs.media[section];
  SIPVET_TRY(agreed.remote_rtp, media_endpoint(theirs, their_media));
  agreed.remote_rtcp = rtcp_endpoint(their_media, agreed.remote_rtp);
  std::vector<std::uint8_t>& sounds = agreed.sound_payload_types;
  for (const sdp::Codec& codec : sdp::codecs(answer.media[section])) {
    if (iequals(codec.encoding, "telephone-event")) {
      agreed.event_payload_type = codec.payload_type;
    } else if (codec.payload_type == payload_type_pcmu || codec.payload_type == payload_type_pcma) {
      sounds.push_back(codec.payload_type);
    }
  }
  if (sounds.empty()) return fail("expected PCMU or PCMA among the answered formats");
  agreed.send_payload_type = sounds.front();
  const std::string_view mine = direction(ours, ours.media[section]);
  const std::string_view other = direction(theirs, their_media);
  // RFC 3264 §8.4: an address of 0.0.0.0 puts the stream on hold.
  agreed.may_send = (mine == "sendrecv" || mine == "sendonly") &&
                    (other == "sendrecv" || other == "recvonly") && !agreed.remote_rtp.ip.is_unspecified();
  agreed.may_receive =
      (mine == "sendrecv" || mine == "recvonly") && (other == "sendrecv" || other == "sendonly");
  return agreed;
}

Result<std::size_t> accepted_section(const sdp::Session& offer, const sdp::Session& answer) {
  if (offer.media.size() != answer.media.size()) {
    return fail("expected " + std::to_string(offer.media.size()) +
                " media sections in the answer as in the offer, found " +
                std::to_string(answer.media.size()) + " (RFC 3264 §6)");
  }
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < answer.media.size(); ++i) {
    if (answer.media[i].port == 0) continue;
    if (offer.media[i].port == 0)
      return fail("the answer accepts section " + std::to_string(i + 1) + ", which was not on offer");
    if (found) return fail("the answer accepts more than one of the alternative sections");
    found = i;
  }
  if (!found) return fail("the answer accepts no section");
  const sdp::Media& offered = offer.media[*found];
  const sdp::Media& answered = answer.media[*found];
  if (!iequals(offered.type, answered.type) || !iequals(offered.protocol, answered.protocol)) {
    return fail("expected " + offered.type + " " + offered.protocol + " in section " +
                std::to_string(*found + 1) + " of the answer as offered, found " + answered.type + " " +
                answered.protocol + " (RFC 3264 §6)");
  }
  return *found;
}

// A deviation: a profile that was only a capability counts as if the answer had named the configuration.
void take_any_profile(sdp::Session& offer, const sdp::Session& answer) {
  for (std::size_t i = 0; i < std::min(offer.media.size(), answer.media.size()); ++i)
    for (keying::PotentialSection& each : keying::potential_sections(offer, i).sections)
      if (each.media.protocol == answer.media[i].protocol) offer.media[i] = std::move(each.media);
}

// Keys come in one way only, and in one that was offered.
Result<void> check_exchanges(const sdp::Media& offered, bool lines_answered,
                             const keying::KeyMgmtLines& key_mgmt, const keying::MikeyExchange* our_mikey) {
  const bool mikey_answered = !key_mgmt.values.empty();
  if (lines_answered && mikey_answered)
    return fail("the answer has crypto lines and key-mgmt attributes both");
  if (mikey_answered && our_mikey == nullptr)
    return fail("the answer has key-mgmt attributes where none were offered");
  if (!lines_answered || !keying::readable_crypto_lines(offered).empty()) return {};
  return fail(our_mikey == nullptr ? "the answer has keys where none were offered"
                                   : "the answer has SDES keys where MIKEY was offered");
}

} // namespace

Result<AgreedMedia> read_answer(const sdp::Session& our_offer, const sdp::Session& answer,
                                const std::optional<keying::DtlsDescription>& our_dtls,
                                const keying::SdesSettings& settings,
                                const keying::MikeyExchange* our_mikey) {
  SIPVET_TRY(sdp::Session taken, keying::offer_as_answered(our_offer, answer));
  if (settings.deviations.answered_configuration_not_checked) take_any_profile(taken, answer);
  SIPVET_TRY(const std::size_t section, accepted_section(taken, answer));
  const sdp::Media& offered = taken.media[section];
  const sdp::Media& answered = answer.media[section];
  SIPVET_TRY(AgreedMedia agreed, agree(taken, answer, answer, section));
  const std::vector<sdp::Crypto> offered_lines = keying::readable_crypto_lines(offered);
  const bool lines_answered = answered.attributes.value("crypto").has_value();
  const keying::KeyMgmtLines key_mgmt = keying::key_mgmt_lines(answer, answered);
  SIPVET_CHECK(check_exchanges(offered, lines_answered, key_mgmt, our_mikey));
  const bool mikey_may = our_mikey != nullptr && keying::is_secure_profile(offered.protocol);
  if (lines_answered) {
    SIPVET_TRY(agreed.keys, keying::complete_section(offered_lines, answered, settings));
    if (our_dtls && answers_dtls(answer, answered))
      agreed.notes.emplace_back(
          "the answer has crypto lines and a fingerprint; the crypto lines count (RFC 8643 "
          "§3.2 wants one of them)");
  } else if (our_dtls && answers_dtls(answer, answered)) {
    SIPVET_TRY(const keying::DtlsDescription theirs, dtls_of(answer, answered, keying::Setup::passive));
    SIPVET_TRY(agreed.dtls, keying::agree_as_offerer(*our_dtls, theirs));
  } else if (mikey_may || !key_mgmt.values.empty()) {
    SIPVET_TRY(agreed.keys, our_mikey->complete(key_mgmt, &agreed.notes));
  } else if (keying::is_secure_profile(offered.protocol) && !settings.deviations.missing_key_accepted) {
    return fail("the answer accepts " + offered.protocol + " without a crypto line (RFC 4568 §7.4)");
  }
  return agreed;
}

Result<AgreedMedia> agreed_as_answerer(const sdp::Session& offer, const sdp::Session& our_answer,
                                       std::optional<keying::MediaKeys> keys,
                                       const std::optional<keying::DtlsDescription>& our_dtls) {
  for (std::size_t i = 0; i < our_answer.media.size(); ++i) {
    if (our_answer.media[i].port == 0 || i >= offer.media.size()) continue;
    SIPVET_TRY(AgreedMedia agreed, agree(our_answer, offer, our_answer, i));
    agreed.keys = std::move(keys);
    if (our_dtls) {
      SIPVET_TRY(const keying::DtlsDescription theirs, dtls_of(offer, offer.media[i], keying::Setup::active));
      SIPVET_TRY(agreed.dtls, keying::agree_as_answerer(theirs, *our_dtls));
    }
    return agreed;
  }
  return fail("the answer accepts no section");
}

Result<Endpoint> media_endpoint(const sdp::Session& session, const sdp::Media& media) {
  const std::string_view address = media_address(session, media);
  if (address.empty()) return fail("expected a c= line for the media");
  const Result<IpAddress> ip = parse_ip(address);
  if (!ip)
    return fail("expected an IP address in c=, found " + std::string(address) +
                ": names are not resolved here");
  return Endpoint{*ip, media.port};
}

SdpInMessage sdp_of(std::string_view content_type, std::string_view body) {
  SdpInMessage found;
  if (body.empty()) return found;
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
  if (!iequals(type, "application/sdp")) {
    found.problem = SdpProblem::other_type;
    found.what = "expected application/sdp, found " +
                 (type.empty() ? std::string("no Content-Type") : std::string(type));
    return found;
  }
  Result<sdp::Session> session = sdp::parse_session(body);
  if (session) {
    found.session = std::move(*session);
  } else {
    found.problem = SdpProblem::unreadable;
    found.what = to_string(session.error());
  }
  return found;
}

} // namespace sipvet::ua
