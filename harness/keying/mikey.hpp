// MIKEY with a pre-shared key (RFC 3830 §3.1): offer and answer in, the SRTP keys of every crypto session
// out.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "mikey/psk.hpp"
#include "rtp/srtp_suite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::keying {

// The SRTP key of one crypto session. A message that carries several keys with different MKIs gives several
// of these for the same session.
struct CsKey {
  std::uint8_t cs_id = 0; // position in the offer's CS ID map, from 1
  std::uint32_t ssrc = 0; // 0: not known yet (the answerer fills in that of its own stream)
  std::uint32_t roc = 0;
  rtp::SrtpKey key;
  bool operator==(const CsKey&) const = default;
};

struct MikeyKeys {
  std::vector<CsKey> sessions;
  Bytes tgk; // the first TGK; empty when the message carries TEKs only

  // The keys of the session whose stream has this SSRC; the first one when a session has several.
  const CsKey* find_ssrc(std::uint32_t ssrc) const;
  const CsKey* find_session(std::uint8_t cs_id) const;
};

// An offer whose MAC was right, with everything needed to answer it or to check the answer.
struct MikeyOffer {
  mikey::PskInit init;
  MikeyKeys keys;
  bool verification_wanted = false;
  std::vector<std::string> notes; // what is odd but did not stop us: material for findings
};

// Checks the MAC, decrypts the key data and derives the keys of every session. Says nothing about time: see
// MikeyReplayGuard.
Result<MikeyOffer> open_offer_psk(ByteView message, ByteView psk);

struct MikeyOfferPlan {
  // One for each crypto session, usually the offerer's stream and the answerer's (SSRC 0 when not known yet).
  std::vector<mikey::SrtpId> sessions;
  rtp::SrtpSuite suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80;
  bool verification_wanted = true;
  Bytes mki; // empty: packets carry none
  std::optional<mikey::Id> initiator, responder;
  // Names of all offered key management protocols, against bidding down (RFC 4567 §4.1). Usually {"mikey"} or
  // empty.
  std::vector<std::string> offered_protocols;
};

// A fresh CSB ID, RAND and TGK; the result's `init.octets` goes into the key-mgmt attribute.
Result<MikeyOffer> create_offer_psk(const MikeyOfferPlan& plan, ByteView psk, Random& random, Instant now);

// The verification message for the answer. `ssrc` is that of our own stream: it fills the first session of
// the map that has none (RFC 3830 §6.1.1).
Result<Bytes> create_answer_psk(const MikeyOffer& offer, ByteView psk, std::optional<std::uint32_t> ssrc = {},
                                const std::optional<mikey::Id>& responder = {});

// Whether the answer proves that its sender knows the key: the MAC must cover what RFC 3830 §5.2 says. A
// MIKEY error message is an error that carries its text.
Result<void> check_verification(ByteView response, const MikeyOffer& offer, ByteView psk);
// The same, and the offer's keys with the SSRCs that the answer filled in.
Result<MikeyKeys> complete_psk(ByteView response, const MikeyOffer& offer, ByteView psk);

} // namespace sipvet::keying
