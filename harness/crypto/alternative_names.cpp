#include "crypto/alternative_names.hpp"

#include "base/endpoint.hpp"
#include "crypto/distinguished_name.hpp"

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace sipvet::crypto {
namespace {

Result<void> add_text(GENERAL_NAMES* names, int type, const std::string& value) {
  const auto not_ascii =
      std::find_if(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7f; });
  if (value.empty() || not_ascii != value.end())
    return fail("expected a name of ASCII characters, got \"" + value + '"');
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, value.data(), static_cast<int>(value.size()));
  GENERAL_NAME_set0_value(name, type, text);
  sk_GENERAL_NAME_push(names, name);
  return {};
}

Result<void> add_ip(GENERAL_NAMES* names, const std::string& value) {
  const auto address = parse_ip(value);
  if (!address) return fail("expected an IP address, got \"" + value + '"');
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_OCTET_STRING* octets = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(octets, address->octets.data(), address->v6 ? 16 : 4);
  GENERAL_NAME_set0_value(name, GEN_IPADD, octets);
  sk_GENERAL_NAME_push(names, name);
  return {};
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

} // namespace

void FreeGeneralNames::operator()(stack_st_GENERAL_NAME* names) const { GENERAL_NAMES_free(names); }

Result<GeneralNames> to_library(const AlternativeNames& names) {
  GeneralNames made(GENERAL_NAMES_new());
  for (const std::string& dns : names.dns) SIPVET_CHECK(add_text(made.get(), GEN_DNS, dns));
  for (const std::string& uri : names.uris) SIPVET_CHECK(add_text(made.get(), GEN_URI, uri));
  for (const std::string& ip : names.ips) SIPVET_CHECK(add_ip(made.get(), ip));
  return made;
}

AlternativeNames from_library(const stack_st_GENERAL_NAME* names) {
  AlternativeNames out;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) out.dns.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_URI) out.uris.push_back(text_of(name->d.uniformResourceIdentifier));
    if (name->type == GEN_IPADD) {
      if (std::string text = ip_text(name->d.iPAddress); !text.empty()) out.ips.push_back(std::move(text));
    }
  }
  return out;
}

} // namespace sipvet::crypto
