#include "ua/dtls_settings.hpp"

#include "crypto/certificate.hpp"
#include "crypto/self_signed.hpp"

#include <algorithm>

namespace sipvet::ua {
namespace {

using keying::DtlsDescription;
using keying::Setup;

DtlsDescription describe(const DtlsSettings& settings, const DtlsIdentity& identity, Setup setup) {
  DtlsDescription out;
  for (const std::string& hash : settings.hashes)
    if (auto print = keying::fingerprint_of(hash, identity.certificate_der))
      out.fingerprints.push_back(std::move(*print));
  out.setup = setup;
  out.rtcp_mux = settings.rtcp_mux;
  return out;
}

void deviate(const DtlsDeviations& deviations, DtlsDescription& description) {
  if (deviations.no_fingerprint) description.fingerprints.clear();
  if (!deviations.wrong_fingerprint) return;
  for (keying::Fingerprint& each : description.fingerprints)
    for (std::uint8_t& octet : each.value) octet ^= 0xff;
}

const std::string& tls_id_of(DtlsLeg& leg, Random& random) {
  if (leg.tls_id.empty()) leg.tls_id = keying::new_tls_id(random);
  return leg.tls_id;
}

Setup setup_of(keying::DtlsRole role) {
  return role == keying::DtlsRole::client ? Setup::active : Setup::passive;
}

bool goes_on(const DtlsLeg& leg, const DtlsDescription& offered) {
  return leg.agreed && leg.agreed->remote_fingerprints == offered.fingerprints &&
         leg.agreed->remote_tls_id == offered.tls_id;
}

} // namespace

Result<DtlsIdentity> make_dtls_identity(Random& random, Instant now) {
  SIPVET_TRY(const crypto::Identity made, crypto::make_self_signed("DTLS-SRTP", random, now));
  SIPVET_TRY(const auto chain, crypto::parse_certificates_pem(made.certificate_pem));
  return DtlsIdentity{made.certificate_pem, made.private_key_pem, chain.front().der};
}

OwnDtls offer_dtls(const DtlsSettings& settings, const DtlsIdentity& identity, DtlsLeg& leg, Random& random) {
  if (settings.deviations.new_tls_id) leg.tls_id.clear();
  OwnDtls out;
  out.honest = describe(settings, identity, settings.offer_setup);
  out.honest.tls_id = tls_id_of(leg, random);
  out.written = out.honest;
  deviate(settings.deviations, out.written);
  return out;
}

OwnDtls answer_dtls(const DtlsSettings& settings, const DtlsIdentity& identity, DtlsLeg& leg,
                    const DtlsDescription& offered, Random& random) {
  if (settings.deviations.new_tls_id) leg.tls_id.clear();
  const Setup preferred = goes_on(leg, offered) ? setup_of(leg.agreed->role) : settings.answer_setup;
  OwnDtls out;
  out.honest = describe(settings, identity, keying::answer_to(offered.setup, preferred));
  out.honest.rtcp_mux = settings.rtcp_mux && offered.rtcp_mux;
  if (!offered.tls_id.empty()) out.honest.tls_id = tls_id_of(leg, random);
  out.written = out.honest;
  deviate(settings.deviations, out.written);
  if (settings.deviations.same_setup) out.written.setup = offered.setup;
  return out;
}

DtlsPlan dtls_plan(const DtlsSettings& settings, const DtlsIdentity& identity,
                   const keying::DtlsAgreement& agreement, const std::vector<rtp::SrtpSuite>& suites) {
  DtlsPlan plan;
  plan.agreement = agreement;
  plan.certificate_pem = identity.certificate_pem;
  plan.private_key_pem = identity.private_key_pem;
  plan.profiles = keying::profiles_of(suites);
  const auto versions = std::ranges::minmax(settings.versions); // the numbers of DTLS go down
  plan.min_version = versions.max;
  plan.max_version = versions.min;
  plan.deviations = settings.deviations;
  plan.deadline = settings.timeout;
  return plan;
}

} // namespace sipvet::ua
