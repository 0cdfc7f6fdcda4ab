#include "crypto/self_signed.hpp"

#include "crypto/certificate_builder.hpp"

namespace sipvet::crypto {
namespace {

constexpr auto day = std::chrono::hours(24);
constexpr auto life = 30 * day;

} // namespace

Result<Identity> make_self_signed(const std::string& common_name, Random& random, Instant now) {
  SIPVET_TRY(const PrivateKey key, PrivateKey::generate_ec(Group::secp256r1, random));
  CertificatePlan plan;
  plan.subject = {{"CN", common_name}};
  plan.public_key_der = key.public_key_der();
  plan.not_before = now - day;
  plan.not_after = now + life;
  plan.key_usage = {KeyUsage::digital_signature};
  Identity out;
  SIPVET_TRY(out.certificate_pem, build_certificate(plan, nullptr, key, random));
  out.private_key_pem = key.to_pem();
  return out;
}

} // namespace sipvet::crypto
