#include "crypto/lab_ca.hpp"

#include "crypto/certificate_builder.hpp"

namespace sipvet::crypto {
namespace {

constexpr auto day = std::chrono::hours(24);
constexpr auto root_life = 3652 * day;
constexpr auto leaf_life = 365 * day;

Result<PrivateKey> key_of(const LabCa::Request& request, Random& random) {
  if (request.key) return *request.key;
  if (request.curve) return PrivateKey::generate_ec(*request.curve, random);
  return PrivateKey::generate_rsa(request.rsa_bits, random);
}

// What TLS does with the key: sign, and with RSA open the premaster secret (RFC 5246 §7.4.2).
std::vector<KeyUsage> honest_usage(bool is_ca, KeyType type) {
  if (is_ca) return {KeyUsage::key_cert_sign, KeyUsage::crl_sign};
  if (type == KeyType::rsa) return {KeyUsage::digital_signature, KeyUsage::key_encipherment};
  return {KeyUsage::digital_signature};
}

std::vector<std::string> purposes_of(const LabCa::Request& request) {
  std::vector<std::string> purposes;
  if (request.server_usage) purposes.emplace_back(purpose::server);
  if (request.client_usage) purposes.emplace_back(purpose::client);
  purposes.insert(purposes.end(), request.other_purposes.begin(), request.other_purposes.end());
  return purposes;
}

CertificatePlan plan_of(const LabCa::Request& request, Instant now, KeyType type) {
  CertificatePlan plan;
  plan.subject = request.subject;
  if (!request.common_name.empty() || request.subject.empty())
    plan.subject.push_back({"CN", request.common_name});
  plan.not_before = request.not_before.value_or(now - day);
  plan.not_after = request.not_after.value_or(now + leaf_life);
  plan.is_ca = request.is_ca;
  plan.path_length = request.path_length;
  plan.key_usage = request.key_usage.value_or(honest_usage(request.is_ca, type));
  plan.purposes = purposes_of(request);
  plan.names = {request.dns_names, request.uris, request.ips};
  plan.digest = request.digest;
  return plan;
}

Result<Certificate> only_certificate(std::string_view pem) {
  SIPVET_TRY(auto certificates, parse_certificates_pem(pem));
  return std::move(certificates.front());
}

} // namespace

LabCa::LabCa(Random& random, Instant now, PrivateKey key, Certificate certificate)
    : random_(&random), now_(now), key_(std::move(key)), key_pem_(key_.to_pem()),
      certificate_(std::move(certificate)), root_pem_(to_pem(certificate_)) {}

Result<LabCa> LabCa::create(Random& random, Instant now, std::string name, int rsa_bits) {
  Request root;
  root.common_name = std::move(name);
  root.rsa_bits = rsa_bits;
  root.server_usage = root.client_usage = false;
  return create(random, now, std::move(root));
}

Result<LabCa> LabCa::create(Random& random, Instant now, Request root) {
  root.is_ca = true;
  if (!root.not_after) root.not_after = now + root_life;
  SIPVET_TRY(const PrivateKey key, key_of(root, random));
  CertificatePlan plan = plan_of(root, now, key.type());
  plan.public_key_der = key.public_key_der();
  SIPVET_TRY(const std::string pem, build_certificate(plan, nullptr, key, random));
  SIPVET_TRY(Certificate certificate, only_certificate(pem));
  return LabCa(random, now, key, std::move(certificate));
}

Result<LabCa> LabCa::from_pem(std::string_view certificates, const PrivateKey& key, Random& random,
                              Instant now) {
  SIPVET_TRY(const auto chain, parse_certificates_pem(certificates));
  if (!is_for_key(chain.front(), key))
    return fail("the private key does not belong to the certificate of " + chain.front().subject);
  LabCa ca(random, now, key, chain.front());
  for (const Certificate& each : chain) {
    if (each.is_self_issued())
      ca.root_pem_ = to_pem(each);
    else
      ca.intermediates_pem_ += to_pem(each);
  }
  return ca;
}

Result<Identity> LabCa::issue(const Request& request) {
  SIPVET_TRY(const PrivateKey key, key_of(request, *random_));
  CertificatePlan plan = plan_of(request, now_, key.type());
  plan.public_key_der = key.public_key_der();
  Identity identity;
  if (request.self_signed) {
    SIPVET_TRY(identity.certificate_pem, build_certificate(plan, nullptr, key, *random_));
  } else {
    SIPVET_TRY(identity.certificate_pem, build_certificate(plan, &certificate_, key_, *random_));
    identity.certificate_pem += intermediates_pem_;
  }
  identity.private_key_pem = key.to_pem();
  return identity;
}

Result<LabCa> LabCa::issue_intermediate(Request request) {
  request.is_ca = true;
  request.self_signed = false;
  SIPVET_TRY(request.key, key_of(request, *random_));
  SIPVET_TRY(const Identity identity, issue(request));
  return from_pem(identity.certificate_pem + root_pem_, *request.key, *random_, now_);
}

Result<std::string> LabCa::sign(const CertificateRequest& request, const Request& terms) {
  if (!request.is_signed_by_its_key)
    return fail("the request of " + request.subject + " is not signed by its own key");
  CertificatePlan plan = plan_of(terms, now_, request.key_type);
  plan.subject.clear();
  plan.subject_der = request.subject_der;
  plan.names = {request.dns_names, request.uris, request.ip_addresses};
  plan.public_key_der = request.public_key_der;
  SIPVET_TRY(std::string pem, build_certificate(plan, &certificate_, key_, *random_));
  return {boost::system::in_place_value, pem + intermediates_pem_};
}

} // namespace sipvet::crypto
