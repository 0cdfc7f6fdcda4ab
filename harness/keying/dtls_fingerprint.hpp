// The certificate fingerprints that tie a DTLS association to its signalling: a=fingerprint (RFC 8122 §5).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sdp/session.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::keying {

struct Fingerprint {
  std::string hash; // "sha-256", in lower case
  Bytes value;
  bool operator==(const Fingerprint&) const = default;
};

// "sha-256 12:DF:…": pairs of hexadecimal digits with colons between them, as many as the hash has octets
// where it is one of those known here. Digits of either case are read, upper case is written.
Result<Fingerprint> parse_fingerprint(std::string_view value);
std::string to_string(const Fingerprint& fingerprint);

// Of a certificate in DER form. Fails for a hash that is not known: sha-1, sha-256, sha-384 and sha-512 are
// (RFC 8122 §5 forbids md5 and md2).
Result<Fingerprint> fingerprint_of(std::string_view hash, ByteView certificate_der);

// Every a=fingerprint that holds for a section: its own, else the session's. Each read, or why it cannot be.
std::vector<Result<Fingerprint>> fingerprint_lines(const sdp::Session& session, const sdp::Media& media);

// What is wrong with a certificate: nothing when it is one of those that `promised` stands for. Of several
// hashes the strongest known one decides, and any of its fingerprints will do (RFC 8122 §5.1).
std::optional<std::string> fingerprint_mismatch(std::span<const Fingerprint> promised,
                                                ByteView certificate_der);

} // namespace sipvet::keying
