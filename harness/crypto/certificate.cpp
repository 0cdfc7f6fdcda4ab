#include "crypto/certificate.hpp"

#include "base/endpoint.hpp"
#include "crypto/hash.hpp"
#include "crypto/library_error.hpp"
#include "crypto/library_key.hpp"
#include "crypto/owned.hpp"
#include "crypto/pem.hpp"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

namespace sipvet::crypto {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using Bio = Owned<BIO, BIO_free_all>;
using Names = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;

std::string text_of(const X509_NAME* name) {
  const Bio bio(BIO_new(BIO_s_mem()));
  // UTF-8 as it is, everything else escaped as RFC 2253 §2.4 says.
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string text_of(const ASN1_STRING* value) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, value);
  if (size < 0) return {};
  std::string out(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return out;
}

std::string common_name_of(const X509_NAME* name) {
  std::string found;
  for (int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(name, NID_commonName, at))
    found = text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  return found;
}

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

std::string ip_text(const ASN1_OCTET_STRING* octets) {
  const int size = ASN1_STRING_length(octets);
  if (size != 4 && size != 16) return {};
  IpAddress address;
  address.v6 = size == 16;
  const unsigned char* data = ASN1_STRING_get0_data(octets);
  std::copy(data, data + size, address.octets.begin());
  return to_string(address);
}

void read_alternative_names(const X509* from, Certificate& to) {
  const Names names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(from, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) to.dns_names.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_URI) to.uris.push_back(text_of(name->d.uniformResourceIdentifier));
    if (name->type == GEN_IPADD) {
      if (std::string text = ip_text(name->d.iPAddress); !text.empty())
        to.ip_addresses.push_back(std::move(text));
    }
  }
}

void read_key(X509* from, Certificate& to) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(from), &der);
  if (size > 0) to.public_key_der.assign(der, der + size);
  OPENSSL_free(der);
  const EVP_PKEY* key = X509_get0_pubkey(from);
  if (key == nullptr) return; // an algorithm the library does not know
  to.key_bits = static_cast<std::size_t>(EVP_PKEY_get_bits(key));
  to.key_type = type_of(key);
  to.curve = curve_of(key);
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
  out.issuer = text_of(X509_get_issuer_name(x509.get()));
  out.common_name = common_name_of(X509_get_subject_name(x509.get()));
  out.serial = serial_of(x509.get());
  SIPVET_TRY(out.not_before, instant_of(X509_get0_notBefore(x509.get()), "notBefore"));
  SIPVET_TRY(out.not_after, instant_of(X509_get0_notAfter(x509.get()), "notAfter"));
  read_alternative_names(x509.get(), out);
  read_key(x509.get(), out);
  out.is_ca = X509_check_ca(x509.get()) == 1;
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

bool is_valid_at(const Certificate& certificate, Instant when) {
  // notAfter names a second, all of which belongs to the validity.
  return when >= certificate.not_before &&
         std::chrono::floor<std::chrono::seconds>(when) <= certificate.not_after;
}

} // namespace sipvet::crypto
