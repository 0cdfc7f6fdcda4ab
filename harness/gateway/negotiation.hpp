// What the gateway makes of an offer, and what it offers itself: the SRTP policy, the suites and the
// deviations applied to SDP. Knows no call and no network.
#pragma once

#include "base/random.hpp"
#include "gateway/config.hpp"
#include "ua/dtls_settings.hpp"
#include "ua/session_description.hpp"

#include <optional>
#include <string>

namespace sipvet::gateway {

// What stays the same over the descriptions of one call.
struct LocalMedia {
  IpAddress address;
  std::uint16_t rtp_port = 0;
  std::optional<std::uint16_t> second_port; // of the RTP section, where two sections are offered
  ua::OriginState origin;
  bool in_call = false;                            // media was agreed before
  const ua::DtlsIdentity* dtls_identity = nullptr; // where DTLS-SRTP is used
  ua::DtlsLeg dtls;
  std::size_t sections = 0; // of the last exchange
};

// The Warning of a refusal (RFC 3261 §20.43): its code and text.
struct Refusal {
  int status = 488;
  int warning = 399;
  std::string text;
};

struct Answer {
  std::optional<Refusal> refusal; // then nothing else counts
  std::optional<keying::OfferShape> shape;
  sdp::Session sdp;
  ua::DtlsLeg dtls;      // as it is from now on
  bool no_media = false; // every stream of the offer has ended; nothing is agreed
  ua::AgreedMedia agreed;
};

// `previous`: the keys in use, kept where a new offer brings the same remote key again.
Answer answer_offer(const Config& config, const sdp::Session& offer, const LocalMedia& local,
                    const std::optional<keying::MediaKeys>& previous, Random& random);

// Whether media can go there from our address: both IPv4 or both IPv6.
bool can_reach(const LocalMedia& local, const ua::AgreedMedia& agreed);

struct Offer {
  keying::OfferShape shape = keying::OfferShape::rtp_only;
  sdp::Session sdp;
  std::optional<keying::DtlsDescription> dtls; // what it says of DTLS-SRTP, for who reads the answer
  ua::DtlsLeg dtls_leg;                        // as it is from now on
};
Offer make_own_offer(const Config& config, const LocalMedia& local, Random& random);
// Whether that offer needs a second port.
bool offers_two_sections(const Config& config);

} // namespace sipvet::gateway
