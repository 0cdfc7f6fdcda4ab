// DTLS-SRTP (RFC 5763, RFC 5764): what session descriptions say of the association, and the SRTP keys of what
// it exports.
#pragma once

#include "base/random.hpp"
#include "base/result.hpp"
#include "keying/dtls_fingerprint.hpp"
#include "keying/dtls_setup.hpp"
#include "keying/media_keys.hpp"
#include "rtp/srtp_suite.hpp"
#include "sdp/session.hpp"
#include "tlswire/use_srtp.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::keying {

inline constexpr std::string_view dtls_savp = "UDP/TLS/RTP/SAVP"; // RFC 5764 §8
inline constexpr std::string_view dtls_savpf = "UDP/TLS/RTP/SAVPF";
bool is_dtls_profile(std::string_view protocol);

// One side's attributes for a section.
struct DtlsDescription {
  std::vector<Fingerprint> fingerprints;
  Setup setup = Setup::actpass;
  std::string tls_id; // RFC 8842 §4; empty: none
  bool rtcp_mux = false;
  bool operator==(const DtlsDescription&) const = default;
};
// From a section of a description, session level included. Nothing when there is no fingerprint at all; fails
// when one cannot be read, or when a=setup is none of the four. Without a=setup an offer is active (RFC 4145
// §4.1), and so is an answer.
// `unwritten`: what a missing a=setup stands for: active in an offer, passive in an answer (RFC 4145 §4.1).
Result<std::optional<DtlsDescription>> read_dtls(const sdp::Session& session, const sdp::Media& media,
                                                 Setup unwritten = Setup::active);
void add_dtls(sdp::AttributeList& attributes, const DtlsDescription& description);
// RFC 8842 §4: 20 to 255 characters; ours have 128 bits.
std::string new_tls_id(Random& random);

// What offer and answer make of it, seen from one side.
struct DtlsAgreement {
  DtlsRole role = DtlsRole::client;
  std::vector<Fingerprint> remote_fingerprints;
  bool rtcp_mux = false;
  std::string local_tls_id, remote_tls_id;
  bool operator==(const DtlsAgreement&) const = default;
};
// Fails when the roles contradict each other, or when holdconn leaves no association.
Result<DtlsAgreement> agree_as_offerer(const DtlsDescription& ours, const DtlsDescription& answer);
Result<DtlsAgreement> agree_as_answerer(const DtlsDescription& offer, const DtlsDescription& ours);
// RFC 8842 §3.1 and §5.5: whether a new exchange leaves the association as it is: same roles, fingerprints
// and, where there are any, identifiers.
bool keeps_association(const DtlsAgreement& before, const DtlsAgreement& after);

// Suites and protection profiles are two names for one thing.
std::optional<rtp::SrtpSuite> suite_of(tlswire::SrtpProfile profile);
std::optional<tlswire::SrtpProfile> profile_of(rtp::SrtpSuite suite);
// Those of `suites` that there is a profile for, in order.
std::vector<tlswire::SrtpProfile> profiles_of(const std::vector<rtp::SrtpSuite>& suites);

// RFC 5764 §4.2: the exported octets cut into the keys of both sides. Fails when there are too few or too
// many.
Result<MediaKeys> keys_of_export(tlswire::SrtpProfile profile, DtlsRole role, ByteView exported);

} // namespace sipvet::keying
