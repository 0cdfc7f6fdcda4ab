#include "crypto/certificate_request.hpp"

#include "crypto/alternative_names.hpp"
#include "crypto/encode_der.hpp"
#include "crypto/forked_random.hpp"
#include "crypto/library_error.hpp"
#include "crypto/library_key.hpp"
#include "crypto/owned.hpp"
#include "crypto/pem.hpp"
#include "crypto/scoped_random.hpp"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace sipvet::crypto {
namespace {

using RequestPtr = Owned<X509_REQ, X509_REQ_free>;
struct FreeExtensions {
  void operator()(STACK_OF(X509_EXTENSION) * extensions) const {
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  }
};
using Extensions = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeExtensions>;

Error library_failed(std::string_view what) { return fail(std::string(what) + ": " + take_library_error()); }

void read_names(X509_REQ* from, CertificateRequest& to) {
  const Extensions extensions(X509_REQ_get_extensions(from));
  const GeneralNames names(
      static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
  AlternativeNames read = from_library(names.get());
  to.dns_names = std::move(read.dns);
  to.uris = std::move(read.uris);
  to.ip_addresses = std::move(read.ips);
}

void read_key(X509_REQ* from, CertificateRequest& to) {
  EVP_PKEY* key = X509_REQ_get0_pubkey(from);
  if (key == nullptr) return; // an algorithm the library does not know
  to.key_type = type_of(key);
  to.key_bits = static_cast<std::size_t>(EVP_PKEY_get_bits(key));
  to.curve = curve_of(key);
  to.public_key_der = public_key_der_of(key);
  to.is_signed_by_its_key = X509_REQ_verify(from, key) == 1;
}

Result<void> add_names(X509_REQ* request, const AlternativeNames& names) {
  if (names.empty()) return {};
  SIPVET_TRY(const GeneralNames made, to_library(names));
  STACK_OF(X509_EXTENSION)* list = nullptr;
  const int added = X509V3_add1_i2d(&list, NID_subject_alt_name, made.get(), 0, 0);
  const Extensions extensions(list);
  if (added != 1 || X509_REQ_add_extensions(request, extensions.get()) != 1)
    return library_failed("the alternative names could not be added");
  return {};
}

} // namespace

Result<CertificateRequest> parse_certificate_request(ByteView der) {
  const unsigned char* at = der.data();
  const RequestPtr request(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
  if (request == nullptr) return library_failed("expected a PKCS #10 request");
  const auto used = static_cast<std::size_t>(at - der.data());
  if (used != der.size()) return fail("expected the end of the request", used);
  CertificateRequest out;
  out.der = to_bytes(der);
  const X509_NAME* subject = X509_REQ_get_subject_name(request.get());
  out.subject = text_of(subject);
  out.common_name = common_name_of(subject);
  const unsigned char* name = nullptr;
  std::size_t name_octets = 0;
  if (X509_NAME_get0_der(subject, &name, &name_octets) == 1) out.subject_der.assign(name, name + name_octets);
  read_names(request.get(), out);
  read_key(request.get(), out);
  out.signature_algorithm = OBJ_nid2ln(X509_REQ_get_signature_nid(request.get()));
  take_library_error();
  return out;
}

Result<CertificateRequest> parse_certificate_request_pem(std::string_view pem) {
  SIPVET_TRY(const auto blocks, find_pem_blocks(pem));
  const auto block = std::find_if(blocks.begin(), blocks.end(), [](const PemBlock& each) {
    return each.label == "CERTIFICATE REQUEST" || each.label == "NEW CERTIFICATE REQUEST";
  });
  if (block == blocks.end()) return fail("there is no request: expected a PEM block CERTIFICATE REQUEST");
  auto parsed = parse_certificate_request(block->der);
  if (!parsed) return fail(to_string(parsed.error()), block->offset);
  return parsed;
}

Result<std::string> make_certificate_request(const PrivateKey& key, const RequestContents& contents,
                                             Random& random) {
  const RequestPtr request(X509_REQ_new());
  if (X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), LibraryKey::borrow(key)) != 1)
    return library_failed("the request could not be made");
  SIPVET_CHECK(add_fields(X509_REQ_get_subject_name(request.get()), contents.subject));
  SIPVET_CHECK(add_names(request.get(), {contents.dns_names, contents.uris, contents.ips}));
  ForkedRandom fork(random);
  const ScopedRandom scope(fork);
  if (X509_REQ_sign(request.get(), LibraryKey::borrow(key), library_hash(contents.digest, key.type())) <= 0)
    return library_failed("the request could not be signed");
  const Bytes der = encode_der<i2d_X509_REQ>(request.get());
  if (der.empty()) return library_failed("the request could not be written");
  return {boost::system::in_place_value, to_pem("CERTIFICATE REQUEST", der)};
}

} // namespace sipvet::crypto
