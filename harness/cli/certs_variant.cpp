// sipvet certs variant: a certificate with the one fault that is asked for.
#include "cli/certs_commands.hpp"

#include "cli/certs_files.hpp"
#include "crypto/certificate_variants.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace sipvet::cli {

namespace {

using crypto::LabCa;

struct Options {
  std::string variant, folder, ca_certificate, ca_key, passphrase_file;
  crypto::VariantSubject subject;
  bool list = false;
  bool force = false;
  Circumstances circumstances;
};

Exit list() {
  for (const crypto::VariantInfo& each : crypto::certificate_variants())
    std::printf("%-24.*s  %.*s\n", static_cast<int>(each.name.size()), each.name.data(),
                static_cast<int>(each.text.size()), each.text.data());
  return Exit::good;
}

Result<LabCa> trusted_ca(const Options& options, Random& random, Instant now) {
  if (options.ca_certificate.empty() != options.ca_key.empty())
    return fail("--ca-cert and --ca-key go together");
  if (options.ca_certificate.empty()) return LabCa::create(random, now);
  return read_ca(options.ca_certificate, options.ca_key, options.passphrase_file, random, now);
}

Result<Products> make(const Options& options) {
  if (options.variant.empty() || options.subject.domain.empty() || options.folder.empty())
    return fail("certs variant needs NAME, --domain and --out, or --list");
  SIPVET_TRY(const Instant now, options.circumstances.now());
  const auto random = options.circumstances.random();
  SIPVET_TRY(LabCa trusted, trusted_ca(options, *random, now));
  SIPVET_TRY(LabCa other, LabCa::create(*random, now, "sipvet CA that is not trusted"));
  SIPVET_TRY(crypto::PrivateKey key, crypto::PrivateKey::generate_rsa(2048, *random));
  crypto::VariantMaker maker(trusted, other, now, std::move(key), *random);
  SIPVET_TRY(const crypto::Identity made, maker.make(options.variant, options.subject));
  return Products{{{options.folder + "/key.pem", made.private_key_pem, true},
                   {options.folder + "/certificate.pem", made.certificate_pem},
                   {options.folder + "/ca-certificate.pem", trusted.root_pem()}},
                  options.folder};
}

} // namespace

void add_certs_variant(CLI::App& certs, Work& work) {
  CLI::App* command =
      certs.add_subcommand("variant", "Make a certificate with the fault that a name stands for");
  const auto options = std::make_shared<Options>();
  command->add_option("NAME", options->variant, "of the variant; --list has them all");
  command->add_flag("--list", options->list, "print the variants and end");
  command->add_option("--domain", options->subject.domain, "the SIP domain it is for");
  command->add_option("--ip", options->subject.ips, "IP address; may be repeated");
  command->add_option("--out", options->folder,
                      "folder for certificate.pem, key.pem and ca-certificate.pem, what peers trust");
  command->add_option("--ca-cert", options->ca_certificate, "the CA that peers trust, if not a new one");
  command->add_option("--ca-key", options->ca_key, "its key");
  command->add_option("--passphrase-file", options->passphrase_file, "what opens that key");
  command->add_flag("--force", options->force, "overwrite keys");
  add_circumstances(*command, options->circumstances);
  command->callback([&work, options] {
    work = [options] { return options->list ? list() : write_or_complain(make(*options), options->force); };
  });
}

} // namespace sipvet::cli
