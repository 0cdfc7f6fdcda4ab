// What the certs commands have in common: files read and written, pass phrases, the clock and the randomness.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "cli/commands.hpp"
#include "crypto/certificate.hpp"
#include "crypto/lab_ca.hpp"
#include "crypto/rsa.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::cli {

// `--at` and `--seed`: what makes a product repeatable.
struct Circumstances {
  std::string at;
  std::optional<std::uint64_t> seed;

  // The machine's clock when `at` is empty. Times outside 1970 to 2149 are refused: the life of a certificate
  // is added to them.
  Result<Instant> now() const;
  std::unique_ptr<Random> random() const;
};
void add_circumstances(CLI::App& command, Circumstances& circumstances);

// Prints the error for a person; returns the code it was given.
Exit complain(const Error& error, Exit code = Exit::bad_input);

// Errors of these name the file.
Result<std::string> read_file(const std::string& path); // at most 1 MiB
// The first line, without its end. Empty only when `path` is.
Result<std::string> read_passphrase(const std::string& path);
// `passphrase_path` may be empty.
Result<crypto::PrivateKey> read_key(const std::string& path, const std::string& passphrase_path);
Result<std::vector<crypto::Certificate>> read_certificates(const std::string& path);
// Fails also when the certificate is no CA's or the key is another's.
Result<crypto::LabCa> read_ca(const std::string& certificate_path, const std::string& key_path,
                              const std::string& passphrase_path, Random& random, Instant now);

// Encrypted when a pass phrase is given.
Result<std::string> key_pem(const crypto::PrivateKey& key, const std::string& passphrase, Random& random);

// One file to write; keys are readable by their owner only.
struct Product {
  std::string path;
  std::string text;
  bool is_key = false;
};
struct Products {
  std::vector<Product> files;
  std::string folder = {}; // made when it is named and not there
};
// Writes in order and prints each name. Without `force` nothing is written when a key stands where something
// would be, or anything where a key would be.
Exit write_products(const Products& products, bool force);
// The same, or the reason there is nothing to write.
Exit write_or_complain(const Result<Products>& products, bool force);

} // namespace sipvet::cli
