#include "crypto/certificate_builder.hpp"

#include "crypto/encode_der.hpp"
#include "crypto/forked_random.hpp"
#include "crypto/library_error.hpp"
#include "crypto/library_key.hpp"
#include "crypto/owned.hpp"
#include "crypto/pem.hpp"
#include "crypto/scoped_random.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace sipvet::crypto {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using NamePtr = Owned<X509_NAME, X509_NAME_free>;

Error library_failed(std::string_view what) { return fail(std::string(what) + ": " + take_library_error()); }

// RFC 5280 §4.1.2.2: positive, at most 20 octets.
bool set_serial(X509* certificate, Random& random) {
  Bytes octets = random.bytes(16);
  octets[0] = static_cast<std::uint8_t>((octets[0] & 0x7f) | 0x40);
  const Owned<BIGNUM, BN_free> number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  return BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_time(ASN1_TIME* field, Instant when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
  return ASN1_TIME_set(field, seconds) != nullptr;
}

Result<void> set_subject(X509* certificate, const CertificatePlan& plan) {
  if (!plan.subject_der.empty()) {
    const unsigned char* at = plan.subject_der.data();
    const NamePtr name(d2i_X509_NAME(nullptr, &at, static_cast<long>(plan.subject_der.size())));
    if (name == nullptr || X509_set_subject_name(certificate, name.get()) != 1)
      return library_failed("the subject cannot be read");
  }
  return add_fields(X509_get_subject_name(certificate), plan.subject);
}

// Version 3, serial, dates, subject and public key.
Result<X509Ptr> start(const CertificatePlan& plan, Random& random) {
  X509Ptr certificate(X509_new());
  const unsigned char* at = plan.public_key_der.data();
  const KeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(plan.public_key_der.size())));
  const bool made = X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                    set_serial(certificate.get(), random) &&
                    set_time(X509_getm_notBefore(certificate.get()), plan.not_before) &&
                    set_time(X509_getm_notAfter(certificate.get()), plan.not_after) && key != nullptr &&
                    X509_set_pubkey(certificate.get(), key.get()) == 1;
  if (!made) return library_failed("the certificate could not be made");
  SIPVET_CHECK(set_subject(certificate.get(), plan));
  return certificate;
}

// `value` in the words of the library's configuration files.
bool add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string key_usage_value(const std::vector<KeyUsage>& usages) {
  std::string value = "critical";
  for (const KeyUsage usage : usages) value.append(",").append(name(usage));
  return value;
}

std::string purposes_value(const std::vector<std::string>& purposes) {
  std::string value;
  for (const std::string& each : purposes) value.append(value.empty() ? "" : ",").append(each);
  return value;
}

Result<void> add_extensions(X509* certificate, X509* issuer, const CertificatePlan& plan) {
  std::string constraints = plan.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE";
  if (plan.path_length) constraints += ",pathlen:" + std::to_string(*plan.path_length);
  const bool issuer_has_id = issuer != certificate && X509_get0_subject_key_id(issuer) != nullptr;
  const bool added =
      add_extension(certificate, issuer, NID_basic_constraints, constraints) &&
      (plan.key_usage.empty() ||
       add_extension(certificate, issuer, NID_key_usage, key_usage_value(plan.key_usage))) &&
      add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
      (!issuer_has_id || add_extension(certificate, issuer, NID_authority_key_identifier, "keyid")) &&
      (plan.purposes.empty() ||
       add_extension(certificate, issuer, NID_ext_key_usage, purposes_value(plan.purposes)));
  if (!added) return library_failed("the certificate's extensions could not be made");
  if (plan.names.empty()) return {};
  SIPVET_TRY(const GeneralNames names, to_library(plan.names));
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) != 1)
    return library_failed("the alternative names could not be added");
  return {};
}

} // namespace

Result<std::string> build_certificate(const CertificatePlan& plan, const Certificate* issuer,
                                      const PrivateKey& signer, Random& random) {
  SIPVET_TRY(const X509Ptr certificate, start(plan, random));
  X509Ptr from;
  if (issuer != nullptr) {
    const unsigned char* at = issuer->der.data();
    from.reset(d2i_X509(nullptr, &at, static_cast<long>(issuer->der.size())));
    if (from == nullptr) return library_failed("the issuer's certificate cannot be read");
  }
  X509* by = from != nullptr ? from.get() : certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(by));
  SIPVET_CHECK(add_extensions(certificate.get(), by, plan));
  ForkedRandom fork(random);
  const ScopedRandom scope(fork);
  if (X509_sign(certificate.get(), LibraryKey::borrow(signer), library_hash(plan.digest, signer.type())) <= 0)
    return library_failed("the certificate could not be signed");
  const Bytes der = encode_der<i2d_X509>(certificate.get());
  if (der.empty()) return library_failed("the certificate could not be written");
  return {boost::system::in_place_value, to_pem("CERTIFICATE", der)};
}

} // namespace sipvet::crypto
