// MIKEY with a pre-shared key (RFC 3830 §3.1): offer and answer in, the SRTP keys of every crypto session
// out.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "crypto/rsa.hpp"
#include "keying/mikey_keys.hpp"
#include "mikey/psk.hpp"
#include "mikey/response.hpp"
#include "rtp/srtp_suite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::keying {

// An offer whose MAC was right, with everything needed to answer it or to check the answer.
struct MikeyOffer {
  mikey::InitMessage init;
  MikeyKeys keys;
  bool verification_wanted = false;
  std::vector<std::string> notes; // what is odd but did not stop us: material for findings
};

// A pre-shared key as people write it: text, or "hex:" and hexadecimal digits. Fails when it is empty.
Result<Bytes> mikey_psk(std::string_view text);

// Checks the MAC, decrypts the key data and derives the keys of every session. Says nothing about time: see
// MikeyReplayGuard.
Result<MikeyOffer> open_offer_psk(ByteView message, ByteView psk,
                                  mikey::MacCheck check = mikey::MacCheck::required);

// A public-key message with the responder's key. Says nothing about who signed it: see MikeyParty.
Result<MikeyOffer> open_offer_pk(ByteView message, const crypto::PrivateKey& responder);
// What follows from a message that is open.
Result<MikeyOffer> to_offer(mikey::InitMessage init);

struct MikeyOfferPlan {
  // One for each crypto session, usually the offerer's stream and the answerer's (SSRC 0 when not known yet).
  std::vector<mikey::SrtpId> sessions;
  rtp::SrtpSuite suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80;
  bool verification_wanted = true;
  rtp::SrtpOptions options = {};
  Bytes mki;                    // empty: packets carry none
  bool null_protection = false; // keys in the open and no MAC, as some devices send it
  std::optional<mikey::Id> initiator, responder;
  // Names of all offered key management protocols, against bidding down (RFC 4567 §4.1.4). Usually {"mikey"}
  // or empty.
  std::vector<std::string> offered_protocols;
};

// A fresh CSB ID, RAND and TGK, for any kind of exchange.
mikey::InitPlan init_plan(const MikeyOfferPlan& plan, Random& random, Instant now);
// The result's `init.octets` goes into the key-mgmt attribute.
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
