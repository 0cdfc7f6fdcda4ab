// Session descriptions of one audio call: making offers and answers (RFC 3264), and reading what was agreed,
// with SDES keys or DTLS-SRTP.
#pragma once

#include "base/endpoint.hpp"
#include "keying/dtls_srtp.hpp"
#include "keying/mikey_party.hpp"
#include "keying/offer_shape.hpp"
#include "keying/sdes.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::ua {

inline constexpr std::uint8_t payload_type_pcmu = 0;
inline constexpr std::uint8_t payload_type_pcma = 8;
inline constexpr std::uint8_t payload_type_event = 101;

// The o= line of one side of a session: the id stays, the version grows by one with each change (RFC 3264
// §8).
struct OriginState {
  std::uint64_t session_id = 1;
  std::uint64_t version = 0; // of the next description made
};

// One side's own part of a description.
struct MediaPlan {
  IpAddress address;
  std::uint16_t rtp_port = 0;
  std::optional<std::uint16_t>
      second_port; // of the RTP/AVP section where there are two; none: rtp_port for both
  std::vector<std::uint8_t> payload_types = {payload_type_pcmu, payload_type_pcma,
                                             payload_type_event}; // by preference
  keying::OfferShape shape = keying::OfferShape::rtp_only;
  keying::Form form = keying::Form::two_sections; // how srtp_and_rtp is written
  bool feedback = false; // RTP/AVPF and RTP/SAVPF (RFC 4585, RFC 5124) in place of RTP/AVP and RTP/SAVP
  std::vector<sdp::Crypto> crypto;         // of the section with keys
  std::vector<std::string> literal_crypto; // values of a=crypto in their place, whatever they say
  keying::KeyMgmtLines key_mgmt;           // of the same section, or of the session
  // Of the section for DTLS-SRTP, which stands beside that with keys where there are both: in front of it or
  // behind. In one RTP/AVP section with crypto both stand together (RFC 8643).
  std::optional<keying::DtlsDescription> dtls;
  bool dtls_first = true;
  std::string direction = "sendrecv";
  std::uint32_t ptime_ms = 20;
  OriginState origin;
  // As many at least as the description before had (RFC 3264 §8): the rest comes with port 0.
  std::size_t least_sections = 0;
};

sdp::Session make_offer(const MediaPlan& plan);

struct AnswerPlan {
  IpAddress address;
  std::uint16_t rtp_port = 0;
  std::vector<std::uint8_t> payload_types = {payload_type_pcmu, payload_type_pcma,
                                             payload_type_event}; // what we can do
  std::size_t section = 0;                                        // the one that is accepted
  std::vector<sdp::Crypto> crypto;             // the answered line; neither this nor `dtls`: RTP
  std::vector<std::string> literal_crypto;     // values of a=crypto in its place, whatever they say
  keying::KeyMgmtLines key_mgmt;               // MIKEY, where it has something to say
  std::optional<keying::DtlsDescription> dtls; // DTLS-SRTP
  sdp::AttributeList further;                  // attributes of that section besides
  std::string direction = "sendrecv"; // what we would like; narrowed to what the offer leaves (RFC 3264 §6.1)
  std::uint32_t ptime_ms = 20;
  OriginState origin;
};

// Every section of the offer comes back in order, all but the accepted one with port 0 (RFC 3264 §6). Formats
// are those of the offer that we can do, with the offer's payload types. Fails when the section has no codec
// in common.
Result<sdp::Session> make_answer(const sdp::Session& offer, const AnswerPlan& plan);

// The answer to an offer that has no stream left, or none that is taken: every section with port 0.
sdp::Session make_answer_without_media(const sdp::Session& offer, const AnswerPlan& plan);

// What both sides of a finished exchange agreed on, seen from one of them.
struct AgreedMedia {
  std::size_t section = 0;
  std::optional<keying::MediaKeys> keys;     // neither this nor `dtls`: RTP
  std::optional<keying::DtlsAgreement> dtls; // the keys are made by a handshake
  Endpoint remote_rtp, remote_rtcp;          // remote_rtcp from a=rtcp (RFC 3605), else the next port
  std::uint8_t send_payload_type = 0;
  std::vector<std::uint8_t> sound_payload_types;  // all that the answer has: each of them may be received
  std::optional<std::uint8_t> event_payload_type; // telephone-event, when both have it
  bool may_send = true, may_receive = true;
  std::vector<std::string> notes = {}; // what was odd about the answer and did not matter
  bool srtp() const { return keys || dtls; }
};

// As offerer: reads the answer to our offer. Says what is wrong with it: number of sections, protocol, key
// lines, MIKEY messages, fingerprints and roles, codecs, no section accepted, more than one accepted.
// `our_dtls` and `our_mikey` are what we offered of DTLS-SRTP and MIKEY; `settings` say which crypto lines
// are taken.
Result<AgreedMedia> read_answer(const sdp::Session& our_offer, const sdp::Session& answer,
                                const std::optional<keying::DtlsDescription>& our_dtls = {},
                                const keying::SdesSettings& settings = {},
                                const keying::MikeyExchange* our_mikey = nullptr);
// As answerer: what follows from the answer we made to this offer. `keys` as keying::answer() gave them;
// `our_dtls` is what we answered of DTLS-SRTP; neither: RTP.
Result<AgreedMedia> agreed_as_answerer(const sdp::Session& offer, const sdp::Session& our_answer,
                                       std::optional<keying::MediaKeys> keys,
                                       const std::optional<keying::DtlsDescription>& our_dtls = {});

// Where the media of a section goes to. Fails for host names and for what is no address.
Result<Endpoint> media_endpoint(const sdp::Session& session, const sdp::Media& media);

// The SDP in a message: its body when the Content-Type is application/sdp. Empty when there is no body at
// all; a problem for another type or for text that cannot be read.
enum class SdpProblem { none, other_type, unreadable };
struct SdpInMessage {
  std::optional<sdp::Session> session;
  SdpProblem problem = SdpProblem::none;
  std::string what; // of the problem
};
SdpInMessage sdp_of(std::string_view content_type, std::string_view body);

} // namespace sipvet::ua
