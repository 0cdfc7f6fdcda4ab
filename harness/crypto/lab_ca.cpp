#include "crypto/lab_ca.hpp"

#include "base/endpoint.hpp"
#include "crypto/library_error.hpp"
#include "crypto/owned.hpp"
#include "crypto/pem.hpp"
#include "crypto/scoped_random.hpp"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace sipvet::crypto {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using Bio = Owned<BIO, BIO_free_all>;
using Names = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;

constexpr std::size_t max_common_name = 64; // X.520 ub-common-name (RFC 5280 appendix A.1)
constexpr auto day = std::chrono::hours(24);
constexpr int min_rsa_bits = 512; // below that the library makes no keys
constexpr int max_rsa_bits = 8192;

Error library_failed(std::string_view what) { return fail(std::string(what) + ": " + take_library_error()); }

Result<PrivateKey> make_key(int bits) {
  if (bits < min_rsa_bits || bits > max_rsa_bits)
    return fail("expected an RSA key of 512 to 8192 bits, got " + std::to_string(bits));
  const KeyPtr key(EVP_RSA_gen(static_cast<unsigned>(bits)));
  if (key == nullptr) return library_failed("no RSA key could be made");
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return PrivateKey::from_pem({data, static_cast<std::size_t>(size)});
}

KeyPtr library_key(const PrivateKey& key) {
  const std::string pem = key.to_pem();
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

std::time_t seconds_of(Instant when) {
  return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
}

// RFC 5280 §4.1.2.2: positive, at most 20 octets.
bool set_serial(X509* certificate, Random& random) {
  Bytes octets = random.bytes(16);
  octets[0] = static_cast<std::uint8_t>((octets[0] & 0x7f) | 0x40);
  const Owned<BIGNUM, BN_free> number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  return BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

struct Basics {
  std::string_view common_name;
  Instant not_before;
  Instant not_after;
};

// Version 3, serial, dates, subject and public key; no extensions, not signed.
Result<X509Ptr> start_certificate(const Basics& basics, EVP_PKEY* key, Random& random) {
  if (basics.common_name.empty() || basics.common_name.size() > max_common_name)
    return fail("expected a common name of 1 to 64 characters");
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>(basics.common_name.data());
  const bool made =
      set_serial(certificate.get(), random) &&
      ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds_of(basics.not_before)) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds_of(basics.not_after)) != nullptr &&
      X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text,
                                 static_cast<int>(basics.common_name.size()), -1, 0) == 1 &&
      X509_set_pubkey(certificate.get(), key) == 1;
  if (!made) return library_failed("the certificate could not be made");
  return certificate;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_name(GENERAL_NAMES* names, int type, const std::string& value) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, value.data(), static_cast<int>(value.size()));
  GENERAL_NAME_set0_value(name, type, text);
  return sk_GENERAL_NAME_push(names, name) > 0;
}

Result<void> add_ip(GENERAL_NAMES* names, const std::string& value) {
  SIPVET_TRY(const IpAddress address, parse_ip(value));
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_OCTET_STRING* octets = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(octets, address.octets.data(), address.v6 ? 16 : 4);
  GENERAL_NAME_set0_value(name, GEN_IPADD, octets);
  sk_GENERAL_NAME_push(names, name);
  return {};
}

Result<void> add_alternative_names(X509* certificate, const LabCa::Request& request) {
  const Names names(GENERAL_NAMES_new());
  for (const std::string& dns : request.dns_names) add_name(names.get(), GEN_DNS, dns);
  for (const std::string& uri : request.uris) add_name(names.get(), GEN_URI, uri);
  for (const std::string& ip : request.ips) SIPVET_CHECK(add_ip(names.get(), ip));
  if (sk_GENERAL_NAME_num(names.get()) == 0) return {};
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) != 1)
    return library_failed("the alternative names could not be added");
  return {};
}

Result<void> add_leaf_extensions(X509* certificate, X509* root, const LabCa::Request& request) {
  std::string usage;
  if (request.server_usage) usage = "serverAuth";
  if (request.client_usage) usage += usage.empty() ? "clientAuth" : ",clientAuth";
  const bool added =
      add_extension(certificate, root, NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(certificate, root, NID_key_usage, "critical,digitalSignature,keyEncipherment") &&
      add_extension(certificate, root, NID_subject_key_identifier, "hash") &&
      add_extension(certificate, root, NID_authority_key_identifier, "keyid") &&
      (usage.empty() || add_extension(certificate, root, NID_ext_key_usage, usage.c_str()));
  if (!added) return library_failed("the certificate's extensions could not be made");
  return add_alternative_names(certificate, request);
}

bool add_root_extensions(X509* certificate) {
  return add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE") &&
         add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
         add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
}

Result<std::string> sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  if (X509_sign(certificate, issuer_key, EVP_sha256()) <= 0)
    return library_failed("the certificate could not be signed");
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) return library_failed("the certificate could not be written");
  std::string pem = to_pem("CERTIFICATE", ByteView(der, static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return {boost::system::in_place_value, std::move(pem)};
}

X509Ptr library_certificate(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return X509Ptr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

} // namespace

Result<LabCa> LabCa::create(Random& random, Instant now, std::string name, int rsa_bits) {
  const ScopedRandom scope(random);
  SIPVET_TRY(PrivateKey key, make_key(rsa_bits));
  LabCa ca(random, now, std::move(key));
  const KeyPtr signer = library_key(ca.key_);
  const Basics basics{name, now - day, now + 3652 * day};
  SIPVET_TRY(const X509Ptr root, start_certificate(basics, signer.get(), random));
  X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
  if (!add_root_extensions(root.get())) return library_failed("the root's extensions could not be made");
  SIPVET_TRY(ca.root_pem_, sign(root.get(), root.get(), signer.get()));
  ca.root_key_pem_ = ca.key_.to_pem();
  return ca;
}

Result<Identity> LabCa::issue(const Request& request) {
  const ScopedRandom scope(*random_);
  SIPVET_TRY(const PrivateKey key, make_key(request.rsa_bits));
  const KeyPtr subject_key = library_key(key);
  const KeyPtr signer = library_key(key_);
  const X509Ptr root = library_certificate(root_pem_);
  const Basics basics{request.common_name, request.not_before.value_or(now_ - day),
                      request.not_after.value_or(now_ + 365 * day)};
  SIPVET_TRY(const X509Ptr leaf, start_certificate(basics, subject_key.get(), *random_));
  SIPVET_CHECK(add_leaf_extensions(leaf.get(), root.get(), request));
  Identity identity;
  SIPVET_TRY(identity.certificate_pem, sign(leaf.get(), root.get(), signer.get()));
  identity.private_key_pem = key.to_pem();
  return identity;
}

} // namespace sipvet::crypto
