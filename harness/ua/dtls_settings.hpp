// What a user agent keys its media with by DTLS-SRTP: its settings, its certificate, and the descriptions
// made from them.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "keying/dtls_srtp.hpp"
#include "tls/dtls_engine.hpp"
#include "ua/media_dtls.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sipvet::ua {

struct DtlsSettings {
  std::vector<tls::DtlsVersion> versions = {tls::DtlsVersion::dtls1_2};
  keying::Setup offer_setup = keying::Setup::actpass; // RFC 8842 §5.2
  keying::Setup answer_setup = keying::Setup::active; // where the offer leaves the choice
  std::vector<std::string> hashes = {"sha-256"};      // of its fingerprints, in order
  Duration timeout = std::chrono::seconds(10);        // of the handshake, what is sent again included
  bool rtcp_mux = false;                              // offers and takes RTCP on the port of RTP
  DtlsDeviations deviations;
};

struct DtlsIdentity {
  std::string certificate_pem, private_key_pem;
  Bytes certificate_der;
};
// Its certificate names nobody.
Result<DtlsIdentity> make_dtls_identity(Random& random, Instant now);

// What one leg keeps from exchange to exchange.
struct DtlsLeg {
  std::string tls_id;                          // ours; made with the first description
  std::optional<keying::DtlsAgreement> agreed; // that is in force
};

// Our part of an offer, or of the answer to one. As the deviations want it: use `honest` of the same call to
// read what was agreed on.
struct OwnDtls {
  keying::DtlsDescription written;
  keying::DtlsDescription honest;
};
OwnDtls offer_dtls(const DtlsSettings& settings, const DtlsIdentity& identity, DtlsLeg& leg, Random& random);
// RFC 8842 §5.3: the role stays that of an association which goes on; no tls-id unless the offer has one.
OwnDtls answer_dtls(const DtlsSettings& settings, const DtlsIdentity& identity, DtlsLeg& leg,
                    const keying::DtlsDescription& offered, Random& random);

DtlsPlan dtls_plan(const DtlsSettings& settings, const DtlsIdentity& identity,
                   const keying::DtlsAgreement& agreement, const std::vector<rtp::SrtpSuite>& suites);

} // namespace sipvet::ua
