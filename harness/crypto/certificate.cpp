#include "crypto/certificate.hpp"

#include "crypto/alternative_names.hpp"
#include "crypto/distinguished_name.hpp"
#include "crypto/encode_der.hpp"
#include "crypto/hash.hpp"
#include "crypto/library_error.hpp"
#include "crypto/library_key.hpp"
#include "crypto/owned.hpp"
#include "crypto/pem.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace sipvet::crypto {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using Purposes = Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

std::string serial_of(const X509* certificate) {
  const Owned<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (number == nullptr) return {};
  char* hex = BN_bn2hex(number.get());
  std::string out = hex != nullptr ? hex : "";
  OPENSSL_free(hex);
  return out;
}

Result<Instant> instant_of(const ASN1_TIME* time, std::string_view field) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return fail("expected a time in the certificate's " + std::string(field));
  const auto seconds = std::chrono::seconds(timegm(&parts));
  // Years beyond what nanoseconds in 64 bits can say (1677 to 2262) are brought to the nearest that can be
  // said.
  constexpr auto lowest = std::chrono::ceil<std::chrono::seconds>(Duration::min());
  constexpr auto highest = std::chrono::floor<std::chrono::seconds>(Duration::max());
  return Instant(std::clamp(seconds, lowest, highest));
}

void read_alternative_names(const X509* from, Certificate& to) {
  const GeneralNames names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(from, NID_subject_alt_name, nullptr, nullptr)));
  AlternativeNames read = from_library(names.get());
  to.dns_names = std::move(read.dns);
  to.uris = std::move(read.uris);
  to.ip_addresses = std::move(read.ips);
}

void read_key_usage(X509* from, Certificate& to) {
  struct Bit {
    std::uint32_t bit;
    KeyUsage usage;
  };
  constexpr Bit bits[] = {{KU_DIGITAL_SIGNATURE, KeyUsage::digital_signature},
                          {KU_NON_REPUDIATION, KeyUsage::non_repudiation},
                          {KU_KEY_ENCIPHERMENT, KeyUsage::key_encipherment},
                          {KU_DATA_ENCIPHERMENT, KeyUsage::data_encipherment},
                          {KU_KEY_AGREEMENT, KeyUsage::key_agreement},
                          {KU_KEY_CERT_SIGN, KeyUsage::key_cert_sign},
                          {KU_CRL_SIGN, KeyUsage::crl_sign},
                          {KU_ENCIPHER_ONLY, KeyUsage::encipher_only},
                          {KU_DECIPHER_ONLY, KeyUsage::decipher_only}};
  if ((X509_get_extension_flags(from) & EXFLAG_KUSAGE) == 0) return;
  to.key_usage.emplace();
  for (const auto& [bit, usage] : bits) {
    if ((X509_get_key_usage(from) & bit) != 0) to.key_usage->push_back(usage);
  }
}

void read_purposes(const X509* from, Certificate& to) {
  const Purposes purposes(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(from, NID_ext_key_usage, nullptr, nullptr)));
  if (purposes == nullptr) return;
  to.purposes.emplace();
  for (int i = 0; i < sk_ASN1_OBJECT_num(purposes.get()); ++i) {
    const ASN1_OBJECT* object = sk_ASN1_OBJECT_value(purposes.get(), i);
    std::array<char, 128> text{};
    const int known = OBJ_obj2nid(object);
    if (known != NID_undef)
      to.purposes->push_back(OBJ_nid2sn(known));
    else if (OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1) > 0)
      to.purposes->push_back(text.data());
  }
}

void read_key(X509* from, Certificate& to) {
  to.public_key_der = encode_der<i2d_X509_PUBKEY>(X509_get_X509_PUBKEY(from));
  const EVP_PKEY* key = X509_get0_pubkey(from);
  if (key == nullptr) return; // an algorithm the library does not know
  to.key_bits = static_cast<std::size_t>(EVP_PKEY_get_bits(key));
  to.key_type = type_of(key);
  to.curve = curve_of(key);
}

Bytes der_of(const X509_NAME* name) {
  const unsigned char* der = nullptr;
  std::size_t octets = 0;
  if (X509_NAME_get0_der(name, &der, &octets) != 1) return {};
  return {der, der + octets};
}

} // namespace

Result<Certificate> parse_certificate(ByteView der) {
  const unsigned char* at = der.data();
  const X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (x509 == nullptr) return fail("expected an X.509 certificate: " + take_library_error());
  const auto used = static_cast<std::size_t>(at - der.data());
  if (used != der.size()) return fail("expected the end of the certificate", used);
  Certificate out;
  out.der = to_bytes(der);
  out.subject = text_of(X509_get_subject_name(x509.get()));
  out.subject_der = der_of(X509_get_subject_name(x509.get()));
  out.issuer = text_of(X509_get_issuer_name(x509.get()));
  out.common_name = common_name_of(X509_get_subject_name(x509.get()));
  out.serial = serial_of(x509.get());
  SIPVET_TRY(out.not_before, instant_of(X509_get0_notBefore(x509.get()), "notBefore"));
  SIPVET_TRY(out.not_after, instant_of(X509_get0_notAfter(x509.get()), "notAfter"));
  read_alternative_names(x509.get(), out);
  read_key(x509.get(), out);
  out.signature_algorithm = OBJ_nid2ln(X509_get_signature_nid(x509.get()));
  read_key_usage(x509.get(), out);
  read_purposes(x509.get(), out);
  out.is_ca = X509_check_ca(x509.get()) == 1;
  if (const long length = X509_get_pathlen(x509.get()); length >= 0)
    out.path_length = static_cast<int>(length);
  take_library_error();
  return out;
}

Result<std::vector<Certificate>> parse_certificates_pem(std::string_view pem) {
  SIPVET_TRY(const auto blocks, find_pem_blocks(pem));
  std::vector<Certificate> out;
  for (const PemBlock& block : blocks) {
    if (block.label != "CERTIFICATE" && block.label != "X509 CERTIFICATE") continue;
    auto parsed = parse_certificate(block.der);
    if (!parsed) return fail(to_string(parsed.error()), block.offset);
    out.push_back(std::move(*parsed));
  }
  if (out.empty()) return fail("there is no certificate: expected a PEM block CERTIFICATE");
  return out;
}

std::string to_pem(const Certificate& certificate) { return to_pem("CERTIFICATE", certificate.der); }

Bytes fingerprint_sha256(const Certificate& certificate) { return digest(Hash::sha256, certificate.der); }

bool is_for_key(const Certificate& certificate, const PrivateKey& key) {
  return !certificate.public_key_der.empty() && certificate.public_key_der == key.public_key_der();
}

bool allows(const Certificate& certificate, KeyUsage usage) {
  return !certificate.key_usage || std::find(certificate.key_usage->begin(), certificate.key_usage->end(),
                                             usage) != certificate.key_usage->end();
}

bool allows(const Certificate& certificate, std::string_view purpose) {
  if (!certificate.purposes) return true;
  return std::any_of(certificate.purposes->begin(), certificate.purposes->end(),
                     [&](const std::string& each) { return each == purpose || each == purpose::any; });
}

bool is_valid_at(const Certificate& certificate, Instant when) {
  // notAfter names a second, all of which belongs to the validity.
  return when >= certificate.not_before &&
         std::chrono::floor<std::chrono::seconds>(when) <= certificate.not_after;
}

} // namespace sipvet::crypto
