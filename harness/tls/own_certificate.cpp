#include "tls/own_certificate.hpp"

namespace sipvet::tls {

Result<OwnCertificate> read_own_certificate(const Config& config) {
  OwnCertificate own;
  if (config.certificate_pem.empty()) {
    if (config.role == Role::server) return fail("a TLS server needs a certificate");
    return own;
  }
  SIPVET_TRY(own.chain, crypto::parse_certificates_pem(config.certificate_pem));
  if (config.private_key_pem.empty()) return fail("the certificate has no private key with it");
  SIPVET_TRY(auto key, crypto::PrivateKey::from_pem(config.private_key_pem, config.private_key_password));
  if (!crypto::is_for_key(own.chain.front(), key))
    return fail("the private key does not belong to the certificate of " + own.chain.front().subject);
  own.key = std::move(key);
  return own;
}

Result<std::vector<crypto::Certificate>> read_trusted_roots(const Config& config) {
  if (!config.trusted_roots_pem.empty()) return crypto::parse_certificates_pem(config.trusted_roots_pem);
  if (config.verify == Verify::chain_required)
    return fail("checking the peer's certificate needs trusted roots");
  return std::vector<crypto::Certificate>();
}

} // namespace sipvet::tls
