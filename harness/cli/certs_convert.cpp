// sipvet certs pkcs7, pkcs7-to-pem, protect-key and unprotect-key: files in the form that a device wants.
#include "cli/certs_commands.hpp"

#include "cli/certs_files.hpp"
#include "crypto/certificate_text.hpp"
#include "crypto/pem.hpp"
#include "crypto/pkcs7.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace sipvet::cli {

namespace {

struct ChainOptions {
  std::vector<std::string> inputs;
  std::string out;
  bool der = false;
  bool text = false;
  bool force = false;
};

Result<Products> to_pkcs7(const ChainOptions& options) {
  std::vector<crypto::Certificate> all;
  for (const std::string& path : options.inputs) {
    SIPVET_TRY(auto certificates, read_certificates(path));
    all.insert(all.end(), certificates.begin(), certificates.end());
  }
  SIPVET_TRY(const Bytes der, crypto::make_pkcs7(all));
  const std::string text = options.der ? std::string(as_text(der)) : crypto::to_pem("PKCS7", der);
  return Products{{{options.out, text}}};
}

Result<Products> from_pkcs7(const ChainOptions& options) {
  const std::string& path = options.inputs.front();
  SIPVET_TRY(const std::string file, read_file(path));
  const auto certificates = crypto::parse_pkcs7(file);
  if (!certificates) return fail(path + ": " + to_string(certificates.error()));
  std::string text;
  if (options.text) {
    text = crypto::pem_with_text(*certificates);
  } else {
    for (const crypto::Certificate& each : *certificates) text += to_pem(each);
  }
  return Products{{{options.out, text}}};
}

struct KeyOptions {
  std::string in, out, passphrase_file, input_passphrase_file;
  bool force = false;
  Circumstances circumstances;
};

Result<Products> protect(const KeyOptions& options) {
  SIPVET_TRY(const crypto::PrivateKey key, read_key(options.in, options.input_passphrase_file));
  SIPVET_TRY(const std::string passphrase, read_passphrase(options.passphrase_file));
  const auto random = options.circumstances.random();
  SIPVET_TRY(const std::string text, key_pem(key, passphrase, *random));
  return Products{{{options.out, text, true}}};
}

Result<Products> unprotect(const KeyOptions& options) {
  SIPVET_TRY(const crypto::PrivateKey key, read_key(options.in, options.passphrase_file));
  return Products{{{options.out, key.to_pem(), true}}};
}

void add_key_files(CLI::App& command, KeyOptions& options) {
  command.add_option("IN", options.in, "private key in PEM")->required();
  command.add_option("OUT", options.out, "where it goes, as PKCS #8 in PEM")->required();
  command.add_flag("--force", options.force, "overwrite keys");
}

} // namespace

void add_certs_pkcs7(CLI::App& certs, Work& work) {
  CLI::App* command = certs.add_subcommand("pkcs7", "Put certificates into one PKCS #7 file (.p7b)");
  const auto options = std::make_shared<ChainOptions>();
  command->add_option("FILE", options->inputs, "certificates in PEM")->required();
  command->add_option("--out", options->out, "where they go")->required();
  command->add_flag("--der", options->der, "binary, not PEM");
  command->add_flag("--force", options->force, "overwrite keys");
  command->callback([&work, options] {
    work = [options] { return write_or_complain(to_pkcs7(*options), options->force); };
  });
}

void add_certs_pkcs7_to_pem(CLI::App& certs, Work& work) {
  CLI::App* command = certs.add_subcommand("pkcs7-to-pem", "Take the certificates out of a PKCS #7 file");
  const auto options = std::make_shared<ChainOptions>();
  command->add_option("FILE", options->inputs, "PKCS #7, DER or PEM")->required()->expected(1);
  command->add_option("--out", options->out, "where they go")->required();
  command->add_flag("--text", options->text, "each with what it says in words before it");
  command->add_flag("--force", options->force, "overwrite keys");
  command->callback([&work, options] {
    work = [options] { return write_or_complain(from_pkcs7(*options), options->force); };
  });
}

void add_certs_protect_key(CLI::App& certs, Work& work) {
  CLI::App* command = certs.add_subcommand("protect-key", "Encrypt a private key with a pass phrase");
  const auto options = std::make_shared<KeyOptions>();
  add_key_files(*command, *options);
  command->add_option("--passphrase-file", options->passphrase_file, "the new pass phrase: its first line")
      ->required();
  command->add_option("--input-passphrase-file", options->input_passphrase_file,
                      "what opens the key when it is encrypted already");
  add_circumstances(*command, options->circumstances);
  command->callback([&work, options] {
    work = [options] { return write_or_complain(protect(*options), options->force); };
  });
}

void add_certs_unprotect_key(CLI::App& certs, Work& work) {
  CLI::App* command = certs.add_subcommand("unprotect-key", "Write an encrypted private key readable");
  const auto options = std::make_shared<KeyOptions>();
  add_key_files(*command, *options);
  command->add_option("--passphrase-file", options->passphrase_file, "what opens the key: its first line")
      ->required();
  command->callback([&work, options] {
    work = [options] { return write_or_complain(unprotect(*options), options->force); };
  });
}

} // namespace sipvet::cli
