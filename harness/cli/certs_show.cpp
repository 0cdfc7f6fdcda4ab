// sipvet certs show: what stands in a file of certificates, requests or keys, and what peers would hold
// against it.
#include "cli/certs_commands.hpp"

#include "cli/certs_files.hpp"
#include "cli/certs_remarks.hpp"
#include "crypto/certificate_request.hpp"
#include "crypto/certificate_text.hpp"
#include "crypto/pem.hpp"
#include "crypto/pkcs7.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace sipvet::cli {

namespace {

using crypto::Certificate;

struct Options {
  std::string file, passphrase_file;
  Circumstances circumstances;
};

// Everything that was found, in order of the file.
struct Contents {
  Instant now;
  std::string passphrase;
  std::string text;
  std::vector<Certificate> certificates;
  std::vector<Bytes> public_keys;
};

void line(Contents& to, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  std::string head = "    " + std::string(label) + ':';
  head.resize(25, ' ');
  to.text.append(head).append(value).append("\n");
}

void show(const Certificate& certificate, Contents& to) {
  to.text += certificate_text(certificate);
  for (const std::string& remark : remarks_on(certificate, to.now)) to.text += "    ! " + remark + '\n';
  to.certificates.push_back(certificate);
}

void show(const crypto::CertificateRequest& request, Contents& to) {
  to.text += "Request for a certificate\n";
  line(to, "Subject", crypto::one_line(request.subject));
  line(to, "Names", crypto::names_text(request.dns_names, request.uris, request.ip_addresses));
  line(to, "Key", crypto::key_text(request.key_type, request.key_bits, request.curve));
  line(to, "Signature", request.signature_algorithm);
  if (!request.is_signed_by_its_key) to.text += "    ! Its own key did not sign it: no CA takes it.\n";
  to.public_keys.push_back(request.public_key_der);
}

bool is_encrypted(const crypto::PemBlock& block) {
  return block.label == "ENCRYPTED PRIVATE KEY" || block.headers.find("ENCRYPTED") != std::string::npos;
}

Result<void> show_key(const crypto::PemBlock& block, std::string_view pem, Contents& to) {
  to.text += "Private key\n";
  line(to, "Kept", is_encrypted(block) ? "encrypted" : "readable");
  if (is_encrypted(block) && to.passphrase.empty()) {
    to.text += "    (--passphrase-file opens it)\n";
    return {};
  }
  SIPVET_TRY(const crypto::PrivateKey key, crypto::PrivateKey::from_pem(pem, to.passphrase));
  line(to, "Key", crypto::key_text(key.type(), key.bits(), key.curve()));
  line(to, "SHA-256 of public key", crypto::fingerprint_text(key.public_key_sha256()));
  to.public_keys.push_back(key.public_key_der());
  return {};
}

Result<void> show_chain(const std::vector<Certificate>& chain, Contents& to) {
  for (const Certificate& each : chain) show(each, to);
  return {};
}

Result<void> show_block(const crypto::PemBlock& block, std::string_view pem, Contents& to) {
  if (block.label.ends_with("PRIVATE KEY")) return show_key(block, pem, to);
  if (block.label.ends_with("CERTIFICATE REQUEST")) {
    SIPVET_TRY(const auto request, crypto::parse_certificate_request(block.der));
    show(request, to);
    return {};
  }
  if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE") {
    const auto certificate = crypto::parse_certificate(block.der);
    if (certificate) {
      show(*certificate, to);
      return {};
    }
    // Some CAs put PKCS #7 under this label.
    if (const auto chain = crypto::parse_pkcs7(as_text(block.der))) return show_chain(*chain, to);
    return certificate.error();
  }
  if (block.label == "PKCS7" || block.label == "CMS") {
    SIPVET_TRY(const auto chain, crypto::parse_pkcs7(as_text(block.der)));
    return show_chain(chain, to);
  }
  to.text += "Something else: " + crypto::one_line(block.label) + '\n';
  return {};
}

Result<void> show_binary(std::string_view file, Contents& to) {
  if (const auto certificate = crypto::parse_certificate(as_bytes(file)))
    return show_chain({*certificate}, to);
  if (const auto chain = crypto::parse_pkcs7(file)) return show_chain(*chain, to);
  const auto request = crypto::parse_certificate_request(as_bytes(file));
  if (!request) return fail("expected PEM, or a certificate, a request or PKCS #7 in DER");
  show(*request, to);
  return {};
}

Result<void> show_file(std::string_view file, Contents& to) {
  SIPVET_TRY(const auto blocks, crypto::find_pem_blocks(file));
  if (blocks.empty()) return show_binary(file, to);
  for (const crypto::PemBlock& block : blocks) {
    auto shown = show_block(block, file.substr(block.offset), to);
    if (!shown) return fail(to_string(shown.error()), block.offset);
    to.text += '\n';
  }
  return {};
}

// A file with certificate and key: do they belong together?
void compare(Contents& to) {
  if (to.certificates.empty() || to.public_keys.empty()) return;
  for (const Bytes& key : to.public_keys) {
    const bool fits = std::any_of(to.certificates.begin(), to.certificates.end(),
                                  [&](const Certificate& each) { return each.public_key_der == key; });
    to.text += fits ? "The key belongs to a certificate of this file.\n"
                    : "! The key belongs to no certificate of this file.\n";
  }
}

Exit show_and_print(const Options& options) {
  const auto now = options.circumstances.now();
  if (!now) return complain(now.error());
  const auto file = read_file(options.file);
  if (!file) return complain(file.error());
  auto passphrase = read_passphrase(options.passphrase_file);
  if (!passphrase) return complain(passphrase.error());
  Contents contents{*now, std::move(*passphrase), {}, {}, {}};
  if (const auto shown = show_file(*file, contents); !shown)
    return complain(fail(options.file + ": " + to_string(shown.error())));
  compare(contents);
  std::fputs(contents.text.c_str(), stdout);
  return Exit::good;
}

} // namespace

void add_certs_show(CLI::App& certs, Work& work) {
  CLI::App* command =
      certs.add_subcommand("show", "Say what a file holds, and what SIP peers would hold against it");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "certificates, requests, PKCS #7 or keys")->required();
  command->add_option("--passphrase-file", options->passphrase_file, "what opens an encrypted key");
  command->add_option("--at", options->circumstances.at, "the time it is, as 2026-01-01T00:00:00Z");
  command->callback([&work, options] { work = [options] { return show_and_print(*options); }; });
}

} // namespace sipvet::cli
