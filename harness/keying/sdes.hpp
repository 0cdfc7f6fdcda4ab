// SDES (RFC 4568): from offered and answered crypto lines to the SRTP keys of both directions.
#pragma once

#include "base/random.hpp"
#include "base/result.hpp"
#include "keying/media_keys.hpp"
#include "rtp/srtp_suite.hpp"
#include "sdp/crypto.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sipvet::keying {

// One line with a fresh key; no lifetime, no MKI, no session parameters.
sdp::Crypto make_crypto(std::uint32_t tag, rtp::SrtpSuite suite, Random& random);
// One line for each suite, most preferred first, tags 1, 2, …
std::vector<sdp::Crypto> make_offer(std::span<const rtp::SrtpSuite> suites_in_order, Random& random);

struct SdesAnswer {
  sdp::Crypto
      crypto; // to be put into the answer: the chosen line's tag and suite with our key (RFC 4568 §5.1.2)
  MediaKeys keys; // each side chooses the key it sends with (RFC 4568 §5.1)
};

// The first suite of `accepted` that was offered in a line that can be used: OUR order decides, not the
// offerer's. Lines that cannot be used are passed over: unknown suite, a key of the wrong length, a session
// parameter that must be understood and is not. The error names, line by line, why nothing was left.
Result<SdesAnswer> answer(std::span<const sdp::Crypto> offered, std::span<const rtp::SrtpSuite> accepted,
                          Random& random);

// The offerer's side: the answered line's tag must be an offered one and its suite that line's (RFC 4568
// §5.1.3). `local` comes from the offered line, `remote` from the answered one.
Result<MediaKeys> complete(std::span<const sdp::Crypto> offered, const sdp::Crypto& answered);
// The same from the answered section, which must hold exactly one crypto line (§5.1.2).
Result<MediaKeys> complete_section(std::span<const sdp::Crypto> offered, const sdp::Media& answered);

// The key a line hands over: its first key, with its MKI, the length checked against the suite (RFC 4568
// §6.1).
Result<rtp::SrtpKey> key_of(const sdp::Crypto& crypto);
// All keys of a line, in order; a receiver tells them apart by MKI.
Result<std::vector<rtp::SrtpKey>> keys_of(const sdp::Crypto& crypto);
// Fails, naming it, at the first session parameter that changes how packets look and that the SRTP engines do
// not do. WSH is a hint (RFC 4568 §6.3.6) and fine, and so is everything that is optional ("-" in front).
Result<void> check_parameters(const sdp::Crypto& crypto);

// Every a=crypto of a section in order, each parsed or the reason why it cannot be.
std::vector<Result<sdp::Crypto>> crypto_lines(const sdp::Media& media);
// Those of crypto_lines() that could be read.
std::vector<sdp::Crypto> readable_crypto_lines(const sdp::Media& media);

} // namespace sipvet::keying
