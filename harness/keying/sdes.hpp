// SDES (RFC 4568): from offered and answered crypto lines to the SRTP keys of both directions.
#pragma once

#include "base/random.hpp"
#include "base/result.hpp"
#include "keying/media_keys.hpp"
#include "keying/sdes_line.hpp"
#include "rtp/srtp_suite.hpp"
#include "sdp/crypto.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sipvet::keying {

// One line with a fresh key; no lifetime, no MKI, no session parameters.
sdp::Crypto make_crypto(std::uint32_t tag, rtp::SrtpSuite suite, Random& random);
// One line for each suite, most preferred first, in the style of the settings.
std::vector<sdp::Crypto> make_offer(std::span<const rtp::SrtpSuite> suites_in_order, Random& random,
                                    const SdesSettings& settings = {});

struct SdesAnswer {
  sdp::Crypto
      crypto; // to be put into the answer: the chosen line's tag and suite with our key (RFC 4568 §5.1.2)
  MediaKeys keys; // each side chooses the key it sends with (RFC 4568 §7.1.1)
};

// The first suite of `accepted` that was offered in a line that can be used, or with `offerers_order` the
// first such line of one of these suites. Lines that cannot be used are passed over: unknown suite, a key of
// the wrong length, a session parameter that must be understood and is not accepted, a tag that stands there
// twice (§5.1.1). The error names, line by line, why nothing was left.
Result<SdesAnswer> answer(std::span<const sdp::Crypto> offered, std::span<const rtp::SrtpSuite> accepted,
                          Random& random, const SdesSettings& settings = {});
// The same from the offered section; the error says of lines that cannot be read where they stand.
Result<SdesAnswer> answer_section(const sdp::Media& offered, std::span<const rtp::SrtpSuite> accepted,
                                  Random& random, const SdesSettings& settings = {});
// Our key of before, for an offerer that keeps its own: an unchanged stream goes on under the keys it has
// (RFC 4568 §7.1.4). True when it was kept.
bool keep_local_key(SdesAnswer& answer, const MediaKeys& previous);
// The crypto lines of the answer: one, as far as no deviation says otherwise.
std::vector<sdp::Crypto> written_lines(const SdesAnswer& answer, std::span<const sdp::Crypto> offered,
                                       const SdesSettings& settings, Random& random);

// The offerer's side: the answered line's tag must be an offered one, its suite that line's, and so must be
// its negotiated session parameters (RFC 4568 §5.1.3). `local` comes from the offered line, `remote`
// from the answered one.
Result<MediaKeys> complete(std::span<const sdp::Crypto> offered, const sdp::Crypto& answered,
                           const SdesSettings& settings = {});
// The same from the answered section, which must hold exactly one crypto line (§5.1.2).
Result<MediaKeys> complete_section(std::span<const sdp::Crypto> offered, const sdp::Media& answered,
                                   const SdesSettings& settings = {});

// Fails when negotiated session parameters of the answered line are not those of the offered one (§5.1.3).
Result<void> check_negotiated(const sdp::Crypto& offered, const sdp::Crypto& answered);

// Every a=crypto of a section in order, each parsed or the reason why it cannot be, with its line and column
// in the description; the error's offset counts from the start of the value.
std::vector<Result<sdp::Crypto>> crypto_lines(const sdp::Media& media);
// Those of crypto_lines() that could be read.
std::vector<sdp::Crypto> readable_crypto_lines(const sdp::Media& media);

} // namespace sipvet::keying
