// sipvet certs ca, request and sign: what is needed for a gateway's certificate.
#include "cli/certs_commands.hpp"

#include "cli/certs_files.hpp"
#include "crypto/certificate_request.hpp"
#include "crypto/lab_ca.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <memory>

namespace sipvet::cli {

namespace {

using crypto::LabCa;

constexpr int max_days = 36500;
constexpr auto day = std::chrono::hours(24);

const std::map<std::string, crypto::Hash> digests{{"sha1", crypto::Hash::sha1},
                                                  {"sha256", crypto::Hash::sha256},
                                                  {"sha384", crypto::Hash::sha384},
                                                  {"sha512", crypto::Hash::sha512}};
const std::map<std::string, crypto::Group> curves{{"secp256r1", crypto::Group::secp256r1},
                                                  {"secp384r1", crypto::Group::secp384r1},
                                                  {"secp521r1", crypto::Group::secp521r1}};

template <typename Value>
std::vector<std::string> keys_of(const std::map<std::string, Value>& table) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : table) keys.push_back(key);
  return keys;
}

void add_digest(CLI::App& command, std::string& digest) {
  command.add_option("--digest", digest, "hash that is signed")
      ->check(CLI::IsMember(keys_of(digests)))
      ->capture_default_str();
}

void add_days(CLI::App& command, int& days) {
  command.add_option("--days", days, "how long it is valid, from a day before now")
      ->check(CLI::Range(1, max_days))
      ->capture_default_str();
}

struct CaOptions {
  std::string name, folder, digest = "sha256", passphrase_file;
  int days = 3652;
  int bits = 2048;
  bool force = false;
  Circumstances circumstances;
};

Result<Products> make_ca(const CaOptions& options) {
  SIPVET_TRY(const Instant now, options.circumstances.now());
  SIPVET_TRY(const std::string passphrase, read_passphrase(options.passphrase_file));
  const auto random = options.circumstances.random();
  LabCa::Request root;
  root.common_name = options.name;
  root.rsa_bits = options.bits;
  root.digest = digests.at(options.digest);
  root.not_after = now + options.days * day;
  root.server_usage = root.client_usage = false;
  SIPVET_TRY(const LabCa ca, LabCa::create(*random, now, root));
  SIPVET_TRY(const std::string key, key_pem(ca.key(), passphrase, *random));
  return Products{
      {{options.folder + "/ca-key.pem", key, true}, {options.folder + "/ca-certificate.pem", ca.root_pem()}},
      options.folder};
}

struct RequestOptions {
  std::string subject, digest = "sha256", curve, passphrase_file, key_out, out;
  std::vector<std::string> dns_names, uris, ips;
  int bits = 2048;
  bool no_passphrase = false;
  bool force = false;
  Circumstances circumstances;
};

Result<Products> make_request(const RequestOptions& options) {
  if (options.passphrase_file.empty() == !options.no_passphrase)
    return fail("certs request needs --passphrase-file FILE, or --no-passphrase to leave the key readable");
  SIPVET_TRY(const std::string passphrase, read_passphrase(options.passphrase_file));
  crypto::RequestContents contents{.dns_names = options.dns_names, .uris = options.uris, .ips = options.ips};
  auto subject = crypto::parse_subject(options.subject);
  if (!subject) return fail("--subject: " + to_string(subject.error()));
  contents.subject = std::move(*subject);
  contents.digest = digests.at(options.digest);
  const auto random = options.circumstances.random();
  SIPVET_TRY(const crypto::PrivateKey key,
             options.curve.empty() ? crypto::PrivateKey::generate_rsa(options.bits, *random)
                                   : crypto::PrivateKey::generate_ec(curves.at(options.curve), *random));
  SIPVET_TRY(const std::string request, make_certificate_request(key, contents, *random));
  SIPVET_TRY(const std::string stored, key_pem(key, passphrase, *random));
  return Products{{{options.key_out, stored, true}, {options.out, request}}};
}

struct SignOptions {
  std::string request, ca_certificate, ca_key, passphrase_file, digest = "sha256", out;
  int days = 365;
  bool force = false;
  Circumstances circumstances;
};

Result<Products> make_certificate(const SignOptions& options) {
  SIPVET_TRY(const Instant now, options.circumstances.now());
  SIPVET_TRY(const std::string text, read_file(options.request));
  const auto request = crypto::parse_certificate_request_pem(text);
  if (!request) return fail(options.request + ": " + to_string(request.error()));
  const auto random = options.circumstances.random();
  SIPVET_TRY(LabCa ca,
             read_ca(options.ca_certificate, options.ca_key, options.passphrase_file, *random, now));
  LabCa::Request terms;
  terms.not_after = now + options.days * day;
  terms.digest = digests.at(options.digest);
  const auto made = ca.sign(*request, terms);
  if (!made) return fail(options.request + ": " + to_string(made.error()));
  return Products{{{options.out, *made}}};
}

} // namespace

void add_certs_ca(CLI::App& certs, Work& work) {
  CLI::App* command = certs.add_subcommand("ca", "Make a certificate authority");
  const auto options = std::make_shared<CaOptions>();
  command->add_option("--name", options->name, "its common name")->required();
  command->add_option("--out", options->folder, "folder for ca-certificate.pem and ca-key.pem")->required();
  command->add_option("--bits", options->bits, "length of the RSA key")->capture_default_str();
  add_days(*command, options->days);
  add_digest(*command, options->digest);
  command->add_option("--passphrase-file", options->passphrase_file, "encrypt the key with its first line");
  command->add_flag("--force", options->force, "overwrite keys");
  add_circumstances(*command, options->circumstances);
  command->callback([&work, options] {
    work = [options] { return write_or_complain(make_ca(*options), options->force); };
  });
}

void add_certs_request(CLI::App& certs, Work& work) {
  CLI::App* command =
      certs.add_subcommand("request", "Make a key and a request for its certificate (PKCS #10)");
  const auto options = std::make_shared<RequestOptions>();
  command->add_option("--subject", options->subject, "as C=DE,O=Lab,CN=gw.example.com")->required();
  command->add_option("--dns", options->dns_names, "DNS name; may be repeated");
  command->add_option("--uri", options->uris, "URI, as sip:example.com; may be repeated");
  command->add_option("--ip", options->ips, "IP address; may be repeated");
  command->add_option("--bits", options->bits, "length of the RSA key")->capture_default_str();
  command->add_option("--curve", options->curve, "an EC key of this curve instead")
      ->check(CLI::IsMember(keys_of(curves)));
  add_digest(*command, options->digest);
  auto* passphrase = command->add_option("--passphrase-file", options->passphrase_file,
                                         "encrypt the key with the first line of this file");
  command->add_flag("--no-passphrase", options->no_passphrase, "leave the key readable")
      ->excludes(passphrase);
  command->add_option("--key-out", options->key_out, "where the key goes")->required();
  command->add_option("--out", options->out, "where the request goes")->required();
  command->add_flag("--force", options->force, "overwrite keys");
  add_circumstances(*command, options->circumstances);
  command->callback([&work, options] {
    work = [options] { return write_or_complain(make_request(*options), options->force); };
  });
}

void add_certs_sign(CLI::App& certs, Work& work) {
  CLI::App* command = certs.add_subcommand("sign", "Make a certificate for a request");
  const auto options = std::make_shared<SignOptions>();
  command->add_option("REQUEST", options->request, "PKCS #10 in PEM")->required();
  command->add_option("--ca-cert", options->ca_certificate, "the CA's certificate, those above it may follow")
      ->required();
  command->add_option("--ca-key", options->ca_key, "the CA's key")->required();
  command->add_option("--passphrase-file", options->passphrase_file, "what opens the CA's key");
  add_days(*command, options->days);
  add_digest(*command, options->digest);
  command->add_option("--out", options->out, "where the certificate goes")->required();
  command->add_flag("--force", options->force, "overwrite keys");
  add_circumstances(*command, options->circumstances);
  command->callback([&work, options] {
    work = [options] { return write_or_complain(make_certificate(*options), options->force); };
  });
}

} // namespace sipvet::cli
