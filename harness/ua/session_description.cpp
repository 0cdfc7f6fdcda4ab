#include "ua/session_description.hpp"

#include "base/text.hpp"
#include "sdp/rtpmap.hpp"

#include <algorithm>
#include <array>

namespace sipvet::ua {

namespace {

// RFC 3551, RFC 3711 §12, RFC 4585 §6.1, RFC 5124 §3.1.
std::string_view plain_protocol(const MediaPlan& plan) { return plan.feedback ? "RTP/AVPF" : "RTP/AVP"; }
std::string_view secure_protocol(const MediaPlan& plan) { return plan.feedback ? "RTP/SAVPF" : "RTP/SAVP"; }

std::string address_type(const IpAddress& address) { return address.v6 ? "IP6" : "IP4"; }

sdp::Session empty_session(const IpAddress& address, const OriginState& origin) {
  sdp::Session session;
  session.origin.session_id = std::to_string(origin.session_id);
  session.origin.version = std::to_string(origin.version);
  session.origin.address_type = address_type(address);
  session.origin.address = to_string(address);
  session.connection = sdp::Connection{"IN", address_type(address), to_string(address)};
  return session;
}

void add_own_codecs(sdp::Media& media, const std::vector<std::uint8_t>& payload_types) {
  for (const std::uint8_t type : payload_types) {
    if (type == payload_type_event) {
      add_codec(media, sdp::telephone_event_codec(type));
    } else if (const auto codec = sdp::static_codec(type)) {
      add_codec(media, *codec);
    }
  }
}

std::string_view dtls_protocol(const MediaPlan& plan) {
  return plan.feedback ? keying::dtls_savpf : keying::dtls_savp;
}

// What a section says of keys.
struct Keying {
  bool crypto = false, dtls = false;
};
constexpr Keying no_keys{false, false}, sdes_keys{true, false}, dtls_keys{false, true}, all_keys{true, true};

sdp::Media make_section(const MediaPlan& plan, std::string_view protocol, std::uint16_t port,
                        const Keying& keying) {
  sdp::Media media;
  media.type = "audio";
  media.port = port;
  media.protocol = protocol;
  add_own_codecs(media, plan.payload_types);
  if (keying.crypto) {
    for (const sdp::Crypto& crypto : plan.crypto) media.attributes.add("crypto", to_string(crypto));
  }
  if (keying.dtls && plan.dtls) add_dtls(media.attributes, *plan.dtls);
  media.attributes.add("ptime", std::to_string(plan.ptime_ms));
  media.attributes.add(plan.direction);
  return media;
}

// One section for each way to make keys.
void add_secure_sections(const MediaPlan& plan, sdp::Session& session) {
  const bool sdes = !plan.crypto.empty() || !plan.dtls;
  if (sdes) session.media.push_back(make_section(plan, secure_protocol(plan), plan.rtp_port, sdes_keys));
  if (!plan.dtls) return;
  session.media.insert(plan.dtls_first ? session.media.begin() : session.media.end(),
                       make_section(plan, dtls_protocol(plan), plan.rtp_port, dtls_keys));
}

// RFC 3264 §6.1: what an answer may say to each direction offered, given what the answerer would like.
struct DirectionRow {
  std::string_view offered, wanted, answered;
};
constexpr std::array<DirectionRow, 9> narrowing = {{
    {"sendrecv", "sendrecv", "sendrecv"},
    {"sendrecv", "sendonly", "sendonly"},
    {"sendrecv", "recvonly", "recvonly"},
    {"sendonly", "sendrecv", "recvonly"},
    {"sendonly", "recvonly", "recvonly"},
    {"sendonly", "sendonly", "inactive"},
    {"recvonly", "sendrecv", "sendonly"},
    {"recvonly", "sendonly", "sendonly"},
    {"recvonly", "recvonly", "inactive"},
}};
std::string_view answer_direction(std::string_view offered, std::string_view wanted) {
  for (const DirectionRow& row : narrowing) {
    if (row.offered == offered && row.wanted == wanted) return row.answered;
  }
  return "inactive";
}

bool is_event(const sdp::Codec& codec) { return iequals(codec.encoding, "telephone-event"); }

// Whether one of our payload types means the codec; the offerer chooses the number of dynamic ones.
bool can_do(const sdp::Codec& codec, const std::vector<std::uint8_t>& ours) {
  return std::any_of(ours.begin(), ours.end(), [&](std::uint8_t type) {
    if (type == payload_type_event) return is_event(codec) && codec.clock_hz == 8000;
    const auto own = sdp::static_codec(type);
    // Sound under a number of the offerer's own choice is left to those who can tell it apart.
    return own && codec.payload_type == type && iequals(own->encoding, codec.encoding) &&
           own->clock_hz == codec.clock_hz;
  });
}

std::size_t preference(const sdp::Codec& codec, const std::vector<std::uint8_t>& ours) {
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (can_do(codec, {ours[i]})) return i;
  }
  return ours.size();
}

// RFC 3264 §6: a section that is turned down comes back with port 0 and at least one format.
sdp::Media turned_down(const sdp::Media& offered) {
  sdp::Media media;
  media.type = offered.type;
  media.protocol = offered.protocol;
  media.formats = offered.formats;
  return media;
}

Result<sdp::Media> accepted(const sdp::Session& offer, const AnswerPlan& plan) {
  const sdp::Media& offered = offer.media[plan.section];
  sdp::Media media;
  media.type = offered.type;
  media.protocol = offered.protocol;
  media.port = plan.rtp_port;
  std::vector<sdp::Codec> common = sdp::codecs(offered);
  std::erase_if(common, [&](const sdp::Codec& codec) { return !can_do(codec, plan.payload_types); });
  std::stable_sort(common.begin(), common.end(), [&](const sdp::Codec& a, const sdp::Codec& b) {
    return preference(a, plan.payload_types) < preference(b, plan.payload_types);
  });
  if (std::all_of(common.begin(), common.end(), is_event)) return fail("no codec in common");
  for (sdp::Codec& codec : common) {
    if (is_event(codec)) codec.fmtp = sdp::telephone_event_codec().fmtp;
    add_codec(media, codec);
  }
  if (plan.crypto) media.attributes.add("crypto", to_string(*plan.crypto));
  if (plan.dtls) add_dtls(media.attributes, *plan.dtls);
  media.attributes.add("ptime", std::to_string(plan.ptime_ms));
  media.attributes.add(std::string(answer_direction(direction(offer, offered), plan.direction)));
  return media;
}

bool answers_dtls(const sdp::Session& answer, const sdp::Media& answered) {
  return keying::is_dtls_profile(answered.protocol) || !keying::fingerprint_lines(answer, answered).empty();
}

// RFC 5763 §5: without a fingerprint the certificate could be anybody's.
Result<keying::DtlsDescription> dtls_of(const sdp::Session& session, const sdp::Media& media) {
  SIPVET_TRY(const auto found, keying::read_dtls(session, media));
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
    if (is_event(codec)) {
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

} // namespace

sdp::Session make_offer(const MediaPlan& plan) {
  using keying::Form;
  using keying::OfferShape;
  sdp::Session session = empty_session(plan.address, plan.origin);
  const std::uint16_t second = plan.second_port.value_or(plan.rtp_port);
  switch (plan.shape) {
  case OfferShape::srtp_only:
    add_secure_sections(plan, session);
    break;
  case OfferShape::rtp_only:
    session.media.push_back(make_section(plan, plain_protocol(plan), plan.rtp_port, no_keys));
    break;
  case OfferShape::srtp_and_rtp:
    if (plan.form == Form::avp_with_crypto) {
      session.media.push_back(make_section(plan, plain_protocol(plan), plan.rtp_port, all_keys));
    } else {
      add_secure_sections(plan, session);
      session.media.push_back(make_section(plan, plain_protocol(plan), second, no_keys));
    }
    break;
  }
  while (session.media.size() < plan.least_sections) {
    sdp::Media unused = make_section(plan, plain_protocol(plan), 0, no_keys);
    session.media.push_back(turned_down(unused));
  }
  return session;
}

Result<sdp::Session> make_answer(const sdp::Session& offer, const AnswerPlan& plan) {
  if (plan.section >= offer.media.size())
    return fail("the offer has no section " + std::to_string(plan.section + 1));
  SIPVET_TRY(sdp::Media own, accepted(offer, plan));
  sdp::Session session = empty_session(plan.address, plan.origin);
  session.times = offer.times; // RFC 3264 §6: t= as in the offer
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    session.media.push_back(i == plan.section ? own : turned_down(offer.media[i]));
  }
  return session;
}

sdp::Session make_answer_without_media(const sdp::Session& offer, const AnswerPlan& plan) {
  sdp::Session session = empty_session(plan.address, plan.origin);
  session.times = offer.times;
  for (const sdp::Media& offered : offer.media) session.media.push_back(turned_down(offered));
  return session;
}

Result<AgreedMedia> read_answer(const sdp::Session& our_offer, const sdp::Session& answer,
                                const std::optional<keying::DtlsDescription>& our_dtls) {
  SIPVET_TRY(const std::size_t section, accepted_section(our_offer, answer));
  const sdp::Media& offered = our_offer.media[section];
  const sdp::Media& answered = answer.media[section];
  SIPVET_TRY(AgreedMedia agreed, agree(our_offer, answer, answer, section));
  const std::vector<sdp::Crypto> offered_lines = keying::readable_crypto_lines(offered);
  const bool keys_answered = answered.attributes.value("crypto").has_value();
  if (keys_answered && offered_lines.empty()) return fail("the answer has keys where none were offered");
  if (keys_answered) {
    SIPVET_TRY(agreed.keys, keying::complete_section(offered_lines, answered));
  } else if (our_dtls && answers_dtls(answer, answered)) {
    SIPVET_TRY(const keying::DtlsDescription theirs, dtls_of(answer, answered));
    SIPVET_TRY(agreed.dtls, keying::agree_as_offerer(*our_dtls, theirs));
  } else if (keying::is_secure_profile(offered.protocol)) {
    return fail("the answer accepts " + offered.protocol + " without a crypto line (RFC 4568 §5.1.2)");
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
      SIPVET_TRY(const keying::DtlsDescription theirs, dtls_of(offer, offer.media[i]));
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
