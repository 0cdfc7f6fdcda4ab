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

template <typename Plan>
std::vector<sdp::Attribute> key_attributes(const Plan& plan) {
  std::vector<sdp::Attribute> out;
  for (const std::string& value : plan.literal_crypto) out.push_back({"crypto", value, 0});
  if (!out.empty()) return out;
  for (const sdp::Crypto& line : plan.crypto) out.push_back({"crypto", to_string(line), 0});
  return out;
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
    for (sdp::Attribute& each : key_attributes(plan)) media.attributes.push_back(std::move(each));
  }
  if (keying.dtls && plan.dtls) add_dtls(media.attributes, *plan.dtls);
  media.attributes.add("ptime", std::to_string(plan.ptime_ms));
  media.attributes.add(plan.direction);
  return media;
}

// A section that leaves the choice between SRTP and RTP by itself.
void add_choice(sdp::Session& session, const MediaPlan& plan) {
  using keying::Form;
  const bool by_capabilities = plan.form == Form::capability_negotiation;
  const Keying keys{!by_capabilities, plan.form == Form::avp_with_crypto};
  session.media.push_back(make_section(plan, plain_protocol(plan), plan.rtp_port, keys));
  sdp::Media& media = session.media.back();
  if (!by_capabilities) {
    add_key_mgmt(session, media, plan.key_mgmt.level, plan.key_mgmt.values);
    return;
  }
  sdp::AttributeList of_dtls, of_keys;
  if (plan.dtls) add_dtls(of_dtls, *plan.dtls);
  for (sdp::Attribute& each : key_attributes(plan)) of_keys.push_back(std::move(each));
  for (const std::string& value : plan.key_mgmt.values) of_keys.add("key-mgmt", value);
  const auto offer_dtls = [&] {
    if (plan.dtls) keying::offer_configuration(media, dtls_protocol(plan), of_dtls);
  };
  if (plan.dtls_first) offer_dtls();
  if (!of_keys.empty() || !plan.dtls) keying::offer_configuration(media, secure_protocol(plan), of_keys);
  if (!plan.dtls_first) offer_dtls();
}

// [MS-SDP] §3.1.5.5: each offer of that form says whether encryption is wanted.
void add_encryption(sdp::Session& session, const MediaPlan& plan) {
  constexpr std::array<std::string_view, 3> words = {"required", "optional", "rejected"};
  if (plan.form != keying::Form::avp_with_encryption) return;
  session.media.front().attributes.add("encryption",
                                       std::string(words.at(static_cast<std::size_t>(plan.shape))));
}

// A section with keys of its own, and what the session says of them.
void add_keyed_section(const MediaPlan& plan, sdp::Session& session, std::string_view protocol,
                       const Keying& keying) {
  session.media.push_back(make_section(plan, protocol, plan.rtp_port, keying));
  add_key_mgmt(session, session.media.back(), plan.key_mgmt.level, plan.key_mgmt.values);
}

// One section for each way to make keys; those that stand in the description share one.
void add_secure_sections(const MediaPlan& plan, sdp::Session& session) {
  const bool sdes = !plan.crypto.empty() || !plan.key_mgmt.values.empty() || !plan.dtls;
  if (sdes) add_keyed_section(plan, session, secure_protocol(plan), sdes_keys);
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
  for (sdp::Attribute& each : key_attributes(plan)) media.attributes.push_back(std::move(each));
  for (const sdp::Attribute& attribute : plan.further) media.attributes.push_back(attribute);
  if (plan.dtls) add_dtls(media.attributes, *plan.dtls);
  media.attributes.add("ptime", std::to_string(plan.ptime_ms));
  media.attributes.add(std::string(answer_direction(direction(offer, offered), plan.direction)));
  return media;
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
    if (plan.form != Form::two_sections) {
      add_choice(session, plan);
    } else {
      add_secure_sections(plan, session);
      session.media.push_back(make_section(plan, plain_protocol(plan), second, no_keys));
    }
    break;
  }
  add_encryption(session, plan);
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
  add_key_mgmt(session, session.media[plan.section], plan.key_mgmt.level, plan.key_mgmt.values);
  return session;
}

sdp::Session make_answer_without_media(const sdp::Session& offer, const AnswerPlan& plan) {
  sdp::Session session = empty_session(plan.address, plan.origin);
  session.times = offer.times;
  for (const sdp::Media& offered : offer.media) session.media.push_back(turned_down(offered));
  return session;
}

} // namespace sipvet::ua
