#include "crypto/certificate_text.hpp"

#include "base/utc.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::crypto {
namespace {

constexpr std::size_t pem_hyphens = 5; // RFC 7468 §3

void line(std::string& to, std::string_view label, std::string_view value) {
  if (!value.empty()) to += fmt::format("    {:<20} {}\n", fmt::format("{}:", label), value);
}

std::string authority_text(const Certificate& certificate) {
  if (!certificate.is_ca) return "no";
  if (!certificate.path_length) return "yes";
  return fmt::format("yes, with at most {} below it", *certificate.path_length);
}

std::string joined(std::span<const std::string> words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(one_line(word));
  return out;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

} // namespace

std::string one_line(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t run = std::min(text.find_first_not_of('-', at), text.size()) - at;
    if (run >= pem_hyphens) {
      for (std::size_t i = 0; i < run; ++i) out += "\\2D";
      at += run;
    } else if (is_control(text[at])) {
      out += fmt::format("\\{:02X}", static_cast<unsigned char>(text[at++]));
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string key_text(KeyType type, std::size_t bits, std::optional<Group> curve) {
  if (curve) return fmt::format("{}, {}", name(type), name(*curve));
  return fmt::format("{}, {} bits", name(type), bits);
}

std::string names_text(std::span<const std::string> dns_names, std::span<const std::string> uris,
                       std::span<const std::string> ips) {
  std::string out;
  const auto add = [&](std::string_view kind, std::span<const std::string> names) {
    for (const std::string& each : names)
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", kind, one_line(each));
  };
  add("URI", uris);
  add("DNS", dns_names);
  add("IP", ips);
  return out;
}

std::string fingerprint_text(ByteView hash) {
  std::string out;
  for (const std::uint8_t octet : hash) out += fmt::format("{}{:02X}", out.empty() ? "" : ":", octet);
  return out;
}

std::string certificate_text(const Certificate& certificate) {
  std::string out = "Certificate\n";
  line(out, "Subject", one_line(certificate.subject));
  line(out, "Issuer", one_line(certificate.issuer));
  line(out, "Serial number", certificate.serial);
  line(out, "Valid from", to_utc(certificate.not_before));
  line(out, "Valid to", to_utc(certificate.not_after));
  line(out, "Names", names_text(certificate.dns_names, certificate.uris, certificate.ip_addresses));
  line(out, "Key", key_text(certificate.key_type, certificate.key_bits, certificate.curve));
  line(out, "CA", authority_text(certificate));
  if (certificate.key_usage) line(out, "Key usage", names_of(*certificate.key_usage));
  if (certificate.purposes) line(out, "Extended key usage", joined(*certificate.purposes));
  line(out, "Signature", certificate.signature_algorithm);
  line(out, "SHA-256 fingerprint", fingerprint_text(fingerprint_sha256(certificate)));
  return out;
}

std::string pem_with_text(std::span<const Certificate> certificates) {
  std::string out;
  for (const Certificate& each : certificates) out += certificate_text(each) + to_pem(each) + "\n";
  return out;
}

} // namespace sipvet::crypto
