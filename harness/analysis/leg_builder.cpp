#include "analysis/leg_builder.hpp"

#include "base/text.hpp"
#include "keying/dtls_fingerprint.hpp"
#include "keying/offer_shape.hpp"
#include "keying/sdes.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

bool has_mikey(const sdp::Session& session, const sdp::Media& media) {
  return !media.attributes.values("key-mgmt").empty() || !session.attributes.values("key-mgmt").empty();
}

bool is_dtls(const sdp::Media& media) { return media.protocol.starts_with("UDP/TLS/"); } // RFC 5764 §8

// A fingerprint in a profile from before RFC 5764, or in RTP/AVP (RFC 8643).
bool has_fingerprint(const sdp::Session& session, const sdp::Media& media) {
  return !keying::fingerprint_lines(session, media).empty();
}

bool is_secure(const sdp::Session& session, const sdp::Media& media) {
  return keying::is_secure_profile(media.protocol) || is_dtls(media) ||
         !keying::crypto_lines(media).empty() || has_fingerprint(session, media);
}

bool is_t38(const sdp::Media& media) { return media.type == "image" && iequals(media.protocol, "udptl"); }

std::string keying_of(const sdp::Session& session, const sdp::Media& media) {
  if (!keying::crypto_lines(media).empty()) return "sdes";
  if (is_dtls(media)) return "dtls";
  if (has_mikey(session, media)) return "mikey";
  if (has_fingerprint(session, media)) return "dtls";
  return {};
}

// a=rtcp (RFC 3605 §2.1): a port, and perhaps an address.
Endpoint rtcp_endpoint(const sdp::Media& media, Endpoint rtp) {
  if (rtp.port == 0) return rtp;
  if (media.attributes.value("rtcp-mux")) return rtp;
  Endpoint rtcp{rtp.ip, static_cast<std::uint16_t>(rtp.port + 1)};
  const auto value = media.attributes.value("rtcp");
  if (!value) return rtcp;
  const auto words = split(*value, ' ');
  if (const auto port = parse_decimal(words.front(), 65'535, "port"))
    rtcp.port = static_cast<std::uint16_t>(*port);
  if (words.size() >= 4)
    if (const auto ip = parse_ip(words[3])) rtcp.ip = *ip;
  return rtcp;
}

LegSide side_of(const sdp::Session& session, const sdp::Media& media) {
  LegSide side;
  if (const auto ip = parse_ip(sdp::media_address(session, media))) side.rtp = {*ip, media.port};
  side.rtcp = rtcp_endpoint(media, side.rtp);
  side.codecs = sdp::codecs(media);
  for (auto& print : keying::fingerprint_lines(session, media))
    if (print) side.fingerprints.push_back(std::move(*print));
  const auto direction = sdp::direction(session, media);
  side.sends = direction == "sendrecv" || direction == "sendonly";
  return side;
}

void add_line(std::vector<rtp::SrtpKey>& to, const sdp::Crypto& line) {
  if (auto keys = keying::keys_of(line)) std::ranges::move(*keys, std::back_inserter(to));
}

// RFC 4568 §6.1: how many packets a key may protect.
std::optional<std::uint64_t> lifetime_of(const sdp::Crypto& line) {
  std::optional<std::uint64_t> shortest;
  for (const auto& key : line.keys)
    if (key.lifetime && (!shortest || key.lifetime->packets < *shortest)) shortest = key.lifetime->packets;
  return shortest;
}

// The answered line goes with the offered line of its tag (RFC 4568 §5.1.2), or, where the answerer
// renumbers, with the first of its suite.
const sdp::Crypto* partner(std::span<const sdp::Crypto> offered, const sdp::Crypto& answered) {
  const auto fits = [&](const sdp::Crypto& line) { return iequals(line.suite, answered.suite); };
  for (const auto& line : offered)
    if (line.tag == answered.tag && fits(line)) return &line;
  const auto found = std::ranges::find_if(offered, fits);
  return found == offered.end() ? nullptr : &*found;
}

void add_sdes(const sdp::Media& offer, const sdp::Media& answer, Leg& leg) {
  const auto offered = keying::readable_crypto_lines(offer);
  const auto answered = keying::readable_crypto_lines(answer);
  const sdp::Crypto* chosen = nullptr;
  if (!answered.empty()) {
    leg.suite = answered.front().suite;
    add_line(leg.answerer.keys, answered.front());
    leg.answerer.lifetime_packets = lifetime_of(answered.front());
    chosen = partner(offered, answered.front());
  }
  if (chosen != nullptr) leg.offerer.lifetime_packets = lifetime_of(*chosen);
  for (const auto& line : offered)
    add_line(&line == chosen ? leg.offerer.keys : leg.offerer.other_keys, line);
  for (std::size_t i = 1; i < answered.size(); ++i) add_line(leg.answerer.other_keys, answered[i]);
}

MediaSide describe(const sdp::Session& session, const sdp::Media& media, const LegSide& side) {
  MediaSide out;
  out.rtp = side.rtp;
  out.rtcp = side.rtcp;
  out.protocol = media.protocol;
  out.direction = std::string(sdp::direction(session, media));
  for (const auto& line : keying::readable_crypto_lines(media)) out.suites.push_back(line.suite);
  return out;
}

} // namespace

Leg offered_leg(const sdp::Session& offer, std::size_t section, const std::string& call_id,
                std::size_t frame) {
  const auto& media = offer.media[section];
  Leg leg;
  leg.call_id = call_id;
  leg.frame = frame;
  leg.offerer = side_of(offer, media);
  leg.secured = keying::is_secure_profile(media.protocol) || is_dtls(media);
  leg.keying = keying_of(offer, media);
  for (const auto& line : keying::readable_crypto_lines(media)) add_line(leg.offerer.keys, line);
  return leg;
}

Leg answered_leg(const sdp::Session& offer, const sdp::Session& answer, std::size_t section,
                 const std::string& call_id, std::size_t frame) {
  const auto& offered = offer.media[section];
  const auto& answered = answer.media[section];
  Leg leg;
  leg.call_id = call_id;
  leg.frame = frame;
  leg.answered = true;
  leg.offerer = side_of(offer, offered);
  leg.answerer = side_of(answer, answered);
  if (answered.port == 0 || offered.port == 0) { // RFC 3264 §6: refused
    leg.offerer.rtp = leg.offerer.rtcp = leg.answerer.rtp = leg.answerer.rtcp = {};
    return leg;
  }
  leg.t38 = is_t38(answered);
  leg.secured = is_secure(answer, answered);
  if (!leg.secured) { // keys that were offered in vain: some use them all the same
    for (const auto& line : keying::readable_crypto_lines(offered)) add_line(leg.offerer.other_keys, line);
    return leg;
  }
  leg.keying = keying_of(answer, answered);
  if (leg.keying.empty()) leg.keying = keying_of(offer, offered);
  add_sdes(offered, answered, leg);
  return leg;
}

NegotiatedMedia negotiated_media(const sdp::Session& offer, const sdp::Session& answer, std::size_t section,
                                 const Leg& leg) {
  NegotiatedMedia media;
  media.section = section;
  media.type = offer.media[section].type;
  media.offer = describe(offer, offer.media[section], leg.offerer);
  media.answer = describe(answer, answer.media[section], leg.answerer);
  media.accepted = offer.media[section].port != 0 && answer.media[section].port != 0;
  media.secured = leg.secured;
  if (!media.secured) return media;
  media.keying = leg.keying;
  media.suite = leg.suite;
  return media;
}

} // namespace sipvet::analysis
