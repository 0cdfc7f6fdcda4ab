#include "cli/certs_remarks.hpp"

#include "base/text.hpp"
#include "base/utc.hpp"
#include "crypto/certificate_text.hpp"

#include <algorithm>

namespace sipvet::cli {

namespace {

using crypto::Certificate;
using crypto::KeyUsage;
using Remarks = std::vector<std::string>;

constexpr std::size_t enough_rsa_bits = 2048;
constexpr std::string_view sip_scheme = "sip:";

bool is_sip(const std::string& uri) {
  return iequals(std::string_view(uri).substr(0, sip_scheme.size()), sip_scheme);
}
bool has_user(const std::string& uri) { return uri.find('@') != std::string::npos; }

void on_dates(const Certificate& it, Instant now, Remarks& remarks) {
  if (now < it.not_before) remarks.push_back("It is not valid before " + to_utc(it.not_before) + '.');
  if (now >= it.not_before && !is_valid_at(it, now))
    remarks.push_back("It expired after " + to_utc(it.not_after) + '.');
}

void on_strength(const Certificate& it, Remarks& remarks) {
  if (it.key_type == crypto::KeyType::rsa && it.key_bits < enough_rsa_bits)
    remarks.push_back("The RSA key has " + std::to_string(it.key_bits) +
                      " bits; peers ask for 2048 (RFC 9325 §4.5).");
  const std::string signature = to_lower(it.signature_algorithm);
  const bool weak = signature.find("sha1") != std::string::npos || signature.find("md5") != std::string::npos;
  // Nobody looks at how a root signed itself.
  if (weak && !(it.is_ca && it.is_self_issued()))
    remarks.push_back("It is signed with " + it.signature_algorithm +
                      ", which peers refuse (RFC 8446 §4.4.2.4).");
}

void on_uris(const Certificate& it, Remarks& remarks) {
  for (const std::string& uri : it.uris) {
    const std::string shown = crypto::one_line(uri);
    if (!is_sip(uri))
      remarks.push_back("The URI " + shown + " names no SIP domain: its scheme is not sip (RFC 5922 §7.1).");
    else if (has_user(uri))
      remarks.push_back("The URI " + shown + " names a user and no SIP domain (RFC 5922 §7.1).");
  }
}

void on_names(const Certificate& it, Remarks& remarks) {
  on_uris(it, remarks);
  const bool has_domain = std::any_of(it.uris.begin(), it.uris.end(),
                                      [](const std::string& uri) { return is_sip(uri) && !has_user(uri); });
  for (const std::string& dns : it.dns_names) {
    if (dns.find('*') != std::string::npos)
      remarks.push_back("The DNS name " + crypto::one_line(dns) +
                        " has a wildcard, which matches no SIP domain (RFC 5922 §7.2).");
  }
  const bool has_others = !it.dns_names.empty() || !it.uris.empty() || !it.ip_addresses.empty();
  if (has_domain) return;
  if (!has_others && it.common_name.empty())
    remarks.push_back("It names nobody.");
  else if (!has_others)
    remarks.push_back("The domain stands in the common name only, where few peers still look (RFC 9525).");
  else if (it.dns_names.empty())
    remarks.push_back("No SIP domain is among its names, and then the common name does not count "
                      "(RFC 5922 §7.1).");
  else
    remarks.push_back("Its domain is a DNS name; peers that look for a SIP URI alone find none.");
}

void on_usage(const Certificate& it, Remarks& remarks) {
  if (!allows(it, KeyUsage::digital_signature))
    remarks.push_back("The key may not sign: no ephemeral key exchange and no TLS 1.3 (RFC 8446 §4.4.2.2).");
  if (it.key_type == crypto::KeyType::rsa && !allows(it, KeyUsage::key_encipherment))
    remarks.push_back("The key may not encipher keys: no TLS_RSA suites (RFC 5246 §7.4.2).");
  if (!allows(it, crypto::purpose::server))
    remarks.push_back("It may not be a TLS server's (extended key usage, RFC 5280 §4.2.1.12).");
  if (!allows(it, crypto::purpose::client))
    remarks.push_back("It may not be a TLS client's, which the connections a gateway opens need "
                      "(extended key usage, RFC 5280 §4.2.1.12).");
}

} // namespace

std::vector<std::string> remarks_on(const Certificate& certificate, Instant now) {
  Remarks remarks;
  on_dates(certificate, now, remarks);
  on_strength(certificate, remarks);
  if (certificate.is_ca) return remarks;
  if (certificate.is_self_issued())
    remarks.push_back("It signed itself: only peers that hold it as a root trust it.");
  on_names(certificate, remarks);
  on_usage(certificate, remarks);
  return remarks;
}

} // namespace sipvet::cli
