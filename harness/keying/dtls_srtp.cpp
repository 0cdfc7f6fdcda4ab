#include "keying/dtls_srtp.hpp"

#include "base/hex.hpp"
#include "base/reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sipvet::keying {
namespace {

using tlswire::SrtpProfile;

constexpr std::array<std::pair<SrtpProfile, rtp::SrtpSuite>, 6> suites{{
    {SrtpProfile::aes128_cm_hmac_sha1_80, rtp::SrtpSuite::aes_cm_128_hmac_sha1_80},
    {SrtpProfile::aes128_cm_hmac_sha1_32, rtp::SrtpSuite::aes_cm_128_hmac_sha1_32},
    {SrtpProfile::null_hmac_sha1_80, rtp::SrtpSuite::null_hmac_sha1_80},
    {SrtpProfile::null_hmac_sha1_32, rtp::SrtpSuite::null_hmac_sha1_32},
    {SrtpProfile::aead_aes_128_gcm, rtp::SrtpSuite::aead_aes_128_gcm},
    {SrtpProfile::aead_aes_256_gcm, rtp::SrtpSuite::aead_aes_256_gcm},
}};

std::string_view value_for(const sdp::Session& session, const sdp::Media& media, std::string_view name,
                           std::string_view otherwise) {
  const auto own = media.attributes.value(name);
  return own ? *own : session.attributes.value(name).value_or(otherwise);
}

// Both sides are told the answer's role.
Result<DtlsAgreement> agree(const DtlsDescription& offer, const DtlsDescription& answer, bool as_answerer) {
  if (!may_answer(offer.setup, answer.setup))
    return fail("a=setup:" + std::string(name(answer.setup)) +
                " is no answer to a=setup:" + std::string(name(offer.setup)) + " (RFC 4145 §4.1)");
  const auto role = role_of(answer.setup);
  if (!role) return fail("a=setup:holdconn leaves no DTLS association for the media (RFC 4145 §4)");
  const DtlsDescription& ours = as_answerer ? answer : offer;
  const DtlsDescription& theirs = as_answerer ? offer : answer;
  DtlsAgreement out;
  out.role = as_answerer ? *role : other(*role);
  out.remote_fingerprints = theirs.fingerprints;
  out.rtcp_mux = offer.rtcp_mux && answer.rtcp_mux;
  out.local_tls_id = ours.tls_id;
  out.remote_tls_id = theirs.tls_id;
  return out;
}

} // namespace

bool is_dtls_profile(std::string_view protocol) { return protocol == dtls_savp || protocol == dtls_savpf; }

Result<std::optional<DtlsDescription>> read_dtls(const sdp::Session& session, const sdp::Media& media,
                                                 Setup unwritten) {
  DtlsDescription out;
  for (const Result<Fingerprint>& line : fingerprint_lines(session, media)) {
    if (!line) return line.error();
    out.fingerprints.push_back(*line);
  }
  if (out.fingerprints.empty()) return std::optional<DtlsDescription>();
  const std::string_view written = value_for(session, media, "setup", name(unwritten));
  const auto setup = find_setup(written);
  if (!setup)
    return fail("expected active, passive, actpass or holdconn in a=setup, found " + std::string(written));
  out.setup = *setup;
  out.tls_id = value_for(session, media, "tls-id", "");
  out.rtcp_mux = media.attributes.value("rtcp-mux").has_value();
  return std::optional(out);
}

void add_dtls(sdp::AttributeList& attributes, const DtlsDescription& description) {
  for (const Fingerprint& each : description.fingerprints) attributes.add("fingerprint", to_string(each));
  attributes.add("setup", std::string(name(description.setup)));
  if (!description.tls_id.empty()) attributes.add("tls-id", description.tls_id);
  if (description.rtcp_mux) attributes.add("rtcp-mux");
}

std::string new_tls_id(Random& random) {
  Bytes octets(16);
  random.fill(octets);
  return to_hex(octets);
}

Result<DtlsAgreement> agree_as_offerer(const DtlsDescription& ours, const DtlsDescription& answer) {
  return agree(ours, answer, false);
}

Result<DtlsAgreement> agree_as_answerer(const DtlsDescription& offer, const DtlsDescription& ours) {
  return agree(offer, ours, true);
}

bool keeps_association(const DtlsAgreement& before, const DtlsAgreement& after) {
  return before.role == after.role && before.remote_fingerprints == after.remote_fingerprints &&
         before.local_tls_id == after.local_tls_id && before.remote_tls_id == after.remote_tls_id;
}

std::optional<rtp::SrtpSuite> suite_of(SrtpProfile profile) {
  for (const auto& [each, suite] : suites)
    if (each == profile) return suite;
  return std::nullopt;
}

std::optional<SrtpProfile> profile_of(rtp::SrtpSuite suite) {
  for (const auto& [profile, each] : suites)
    if (each == suite) return profile;
  return std::nullopt;
}

std::vector<SrtpProfile> profiles_of(const std::vector<rtp::SrtpSuite>& wanted) {
  std::vector<SrtpProfile> out;
  for (const rtp::SrtpSuite suite : wanted) {
    // Those without encryption are registered, and no TLS library at hand has them.
    const bool encrypts =
        suite != rtp::SrtpSuite::null_hmac_sha1_80 && suite != rtp::SrtpSuite::null_hmac_sha1_32;
    const auto profile = profile_of(suite);
    if (profile && encrypts) out.push_back(*profile);
  }
  return out;
}

namespace {

// RFC 5764 §4.1.2; RFC 7714 §14.2 has more for its own.
std::uint64_t most_packets(SrtpProfile profile) {
  const bool aead = profile == SrtpProfile::aead_aes_128_gcm || profile == SrtpProfile::aead_aes_256_gcm;
  return std::uint64_t{1} << (aead ? 48 : 31);
}

} // namespace

Result<MediaKeys> keys_of_export(SrtpProfile profile, DtlsRole role, ByteView exported) {
  const tlswire::SrtpProfileInfo& info = tlswire::info(profile);
  rtp::SrtpKey client, server;
  client.suite = server.suite = *suite_of(profile);
  Reader reader(exported);
  SIPVET_TRY(const ByteView client_key, reader.bytes(info.key_octets, "client_write_SRTP_master_key"));
  SIPVET_TRY(const ByteView server_key, reader.bytes(info.key_octets, "server_write_SRTP_master_key"));
  SIPVET_TRY(const ByteView client_salt, reader.bytes(info.salt_octets, "client_write_SRTP_master_salt"));
  SIPVET_TRY(const ByteView server_salt, reader.bytes(info.salt_octets, "server_write_SRTP_master_salt"));
  SIPVET_CHECK(reader.expect_end("exported keying material"));
  client.master_key = to_bytes(client_key);
  client.master_salt = to_bytes(client_salt);
  server.master_key = to_bytes(server_key);
  server.master_salt = to_bytes(server_salt);
  if (role == DtlsRole::server) std::swap(client, server);
  MediaKeys keys{KeyExchange::dtls_srtp, client, server};
  keys.local.options.most_packets = keys.remote.options.most_packets = most_packets(profile);
  return keys;
}

} // namespace sipvet::keying
