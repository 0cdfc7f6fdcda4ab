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
  std::uint32_t ssrc = 0;                   // of the section with keys
  std::uint32_t rollovers = 0;              // of that stream, so far
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
  bool wrong_key_management = false; // the offer has keys, but none in a way that is configured
  // Without media: what MIKEY says of it (RFC 3830 §5.1.2).
  std::optional<sdp::Session> description = {};
};

struct Answer {
  std::optional<Refusal> refusal; // then nothing else counts
  std::optional<keying::OfferShape> shape;
  sdp::Session sdp;
  std::vector<std::string> notes; // for the log: what was odd about the offer, and why RTP had to do
  ua::DtlsLeg dtls;               // as it is from now on
  bool no_media = false;          // every stream of the offer has ended; nothing is agreed
  ua::AgreedMedia agreed;
};

// What keys are made from.
struct KeySources {
  Random& random;
  keying::MikeyParty& mikey;
  Instant now; // by the gateway's clock
};

// `previous`: the keys in use, kept where a new offer brings the same remote key again.
Answer answer_offer(const Config& config, const sdp::Session& offer, const LocalMedia& local,
                    const std::optional<keying::MediaKeys>& previous, const KeySources& sources);

// Whether media can go there from our address: both IPv4 or both IPv6.
bool can_reach(const LocalMedia& local, const ua::AgreedMedia& agreed);

struct Offer {
  keying::OfferShape shape = keying::OfferShape::rtp_only;
  sdp::Session sdp;
  std::optional<keying::DtlsDescription> dtls; // what it says of DTLS-SRTP, for who reads the answer
  ua::DtlsLeg dtls_leg;                        // as it is from now on
  std::optional<keying::MikeyExchange> mikey;  // what it says of MIKEY, likewise
};
// Fails where MIKEY is configured and cannot make a message.
Result<Offer> make_own_offer(const Config& config, const LocalMedia& local, const KeySources& sources);
// The answer to it, by the gateway's settings of SDES. `our_dtls` and `our_mikey` are of that offer.
Result<ua::AgreedMedia> read_answer(const Config& config, const sdp::Session& our_offer,
                                    const sdp::Session& answer,
                                    const std::optional<keying::DtlsDescription>& our_dtls,
                                    const keying::MikeyExchange* our_mikey);
// Whether that offer needs a second port.
bool offers_two_sections(const Config& config);

} // namespace sipvet::gateway
