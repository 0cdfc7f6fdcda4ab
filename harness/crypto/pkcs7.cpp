#include "crypto/pkcs7.hpp"

#include "crypto/encode_der.hpp"
#include "crypto/library_error.hpp"
#include "crypto/owned.hpp"
#include "crypto/pem.hpp"

#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

namespace sipvet::crypto {
namespace {

using Pkcs7 = Owned<PKCS7, PKCS7_free>;
using X509Ptr = Owned<X509, X509_free>;

Error library_failed(std::string_view what) { return fail(std::string(what) + ": " + take_library_error()); }

Result<Certificate> from_library(const X509* certificate) {
  const Bytes der = encode_der<i2d_X509>(certificate);
  if (der.empty()) return library_failed("a certificate inside cannot be written");
  return parse_certificate(der);
}

Result<std::vector<Certificate>> parse_der(ByteView der) {
  const unsigned char* at = der.data();
  const Pkcs7 parsed(d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())));
  if (parsed == nullptr) return library_failed("expected PKCS #7");
  const auto used = static_cast<std::size_t>(at - der.data());
  if (used != der.size()) return fail("expected the end of the PKCS #7 data", used);
  if (!PKCS7_type_is_signed(parsed.get()) || parsed->d.sign == nullptr)
    return fail("expected signed data in the PKCS #7 data");
  const STACK_OF(X509)* inside = parsed->d.sign->cert;
  std::vector<Certificate> certificates;
  for (int i = 0; i < sk_X509_num(inside); ++i) {
    SIPVET_TRY(Certificate each, from_library(sk_X509_value(inside, i)));
    certificates.push_back(std::move(each));
  }
  if (certificates.empty()) return fail("there is no certificate in the PKCS #7 data");
  return certificates;
}

bool may_hold_pkcs7(const PemBlock& block) {
  constexpr std::array<std::string_view, 4> labels{"PKCS7", "PKCS #7 SIGNED DATA", "CMS", "CERTIFICATE"};
  return std::find(labels.begin(), labels.end(), block.label) != labels.end();
}

} // namespace

Result<std::vector<Certificate>> parse_pkcs7(std::string_view file) {
  if (file.find("-----BEGIN ") == std::string_view::npos) return parse_der(as_bytes(file));
  SIPVET_TRY(const auto blocks, find_pem_blocks(file));
  const auto block = std::find_if(blocks.begin(), blocks.end(), may_hold_pkcs7);
  if (block == blocks.end()) return fail("there is no PKCS #7: expected a PEM block PKCS7");
  auto parsed = parse_der(block->der);
  if (!parsed) return fail(parsed.error().what, block->offset);
  return parsed;
}

Result<Bytes> make_pkcs7(std::span<const Certificate> certificates) {
  const Pkcs7 made(PKCS7_new());
  if (PKCS7_set_type(made.get(), NID_pkcs7_signed) != 1)
    return library_failed("the PKCS #7 data could not be made");
  // Data that is not there: what is signed by nobody needs no content (RFC 2315 §9.1 on the degenerate case).
  made->d.sign->contents->type = OBJ_nid2obj(NID_pkcs7_data);
  for (const Certificate& each : certificates) {
    const unsigned char* at = each.der.data();
    const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(each.der.size())));
    if (certificate == nullptr || PKCS7_add_certificate(made.get(), certificate.get()) != 1)
      return library_failed("the certificate of " + each.subject + " cannot be read");
  }
  Bytes der = encode_der<i2d_PKCS7>(made.get());
  if (der.empty()) return library_failed("the PKCS #7 data could not be written");
  return der;
}

} // namespace sipvet::crypto
