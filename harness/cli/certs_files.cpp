#include "cli/certs_files.hpp"

#include "base/utc.hpp"
#include "cli/report_folder.hpp"
#include "crypto/scoped_random.hpp"

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>

namespace sipvet::cli {

namespace {

// Larger files are no certificates or keys.
constexpr std::size_t max_file_octets = 1024 * 1024;
constexpr Instant earliest = Instant{};
constexpr Instant end_of_time = std::chrono::sys_days(std::chrono::year(2150) / 1 / 1);

Error at_file(const std::string& path, const Error& error) { return fail(path + ": " + to_string(error)); }

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Error not_written(const std::string& path) {
  return fail(path + " cannot be written: " + std::strerror(errno));
}

// The file never exists with more rights. Without `force` it is made only where there is none.
Result<void> write_key(const Product& product, bool force) {
  const std::string path = force ? product.path + ".new" : product.path;
  if (force) ::unlink(path.c_str());
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return not_written(product.path);
  bool good = write_all(file, product.text);
  good = ::close(file) == 0 && good;
  if (force) good = good && ::rename(path.c_str(), product.path.c_str()) == 0;
  if (good) return {};
  const Error error = not_written(product.path);
  ::unlink(path.c_str());
  return error;
}

bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

bool holds_key(const std::string& path) {
  const auto text = read_file(path);
  return text && text->find("PRIVATE KEY-----") != std::string::npos;
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  if (!path.empty()) std::filesystem::create_directories(path, error);
  if (error) return fail("the folder " + path + " cannot be made: " + error.message());
  return {};
}

Result<void> check_places(const std::vector<Product>& products, bool force) {
  std::set<std::string> paths;
  for (const Product& each : products) {
    if (!paths.insert(each.path).second) return fail(each.path + ": two files of the same name to write");
    if (!force && each.is_key && is_there(each.path))
      return fail(each.path + ": there is a file already; --force puts a key in its place");
    if (!force && holds_key(each.path))
      return fail(each.path + ": there is a key in it; --force overwrites it");
  }
  return {};
}

} // namespace

Result<Instant> Circumstances::now() const {
  if (at.empty()) return SystemClock().now();
  const auto parsed = parse_utc(at);
  if (!parsed) return fail("--at: " + parsed.error().what);
  if (*parsed < earliest || *parsed >= end_of_time)
    return fail("--at: expected a time between 1970 and 2149");
  return *parsed;
}

std::unique_ptr<Random> Circumstances::random() const {
  if (seed) return std::make_unique<SeededRandom>(*seed);
  return std::make_unique<SystemRandom>();
}

void add_circumstances(CLI::App& command, Circumstances& circumstances) {
  command.add_option("--at", circumstances.at, "the time it is, as 2026-01-01T00:00:00Z");
  command.add_option("--seed", circumstances.seed,
                     "make keys and numbers from this: the same every time, and no secret");
}

Exit complain(const Error& error, Exit code) {
  std::fprintf(stderr, "sipvet: %s\n", to_string(error).c_str());
  return code;
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(max_file_octets + 1, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size())) && !in.eof())
    return fail(path + ": cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max_file_octets) return fail(path + ": too large for certificates and keys");
  return {boost::system::in_place_value, std::move(text)};
}

Result<std::string> read_passphrase(const std::string& path) {
  if (path.empty()) return {boost::system::in_place_value, ""};
  SIPVET_TRY(std::string text, read_file(path));
  text.resize(std::min(text.find('\n'), text.size()));
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return fail(path + ": expected a pass phrase on the first line");
  return {boost::system::in_place_value, std::move(text)};
}

Result<crypto::PrivateKey> read_key(const std::string& path, const std::string& passphrase_path) {
  SIPVET_TRY(const std::string text, read_file(path));
  SIPVET_TRY(const std::string passphrase, read_passphrase(passphrase_path));
  const auto key = crypto::PrivateKey::from_pem(text, passphrase);
  if (!key) return at_file(path, key.error());
  return *key;
}

Result<std::vector<crypto::Certificate>> read_certificates(const std::string& path) {
  SIPVET_TRY(const std::string text, read_file(path));
  const auto certificates = crypto::parse_certificates_pem(text);
  if (!certificates) return at_file(path, certificates.error());
  return *certificates;
}

Result<crypto::LabCa> read_ca(const std::string& certificate_path, const std::string& key_path,
                              const std::string& passphrase_path, Random& random, Instant now) {
  SIPVET_TRY(const std::string text, read_file(certificate_path));
  SIPVET_TRY(const auto certificates, read_certificates(certificate_path));
  if (!certificates.front().is_ca)
    return fail(certificate_path + ": the certificate of " + certificates.front().subject + " is no CA's");
  SIPVET_TRY(const crypto::PrivateKey key, read_key(key_path, passphrase_path));
  auto ca = crypto::LabCa::from_pem(text, key, random, now);
  if (!ca) return at_file(key_path, ca.error());
  return ca;
}

Result<std::string> key_pem(const crypto::PrivateKey& key, const std::string& passphrase, Random& random) {
  if (passphrase.empty()) return {boost::system::in_place_value, key.to_pem()};
  const crypto::ScopedRandom scope(random);
  return key.to_encrypted_pem(passphrase);
}

Exit write_products(const Products& products, bool force) {
  if (const auto checked = check_places(products.files, force); !checked) return complain(checked.error());
  if (const auto made = make_folder(products.folder); !made) return complain(made.error(), Exit::environment);
  for (const Product& each : products.files) {
    const auto written = each.is_key ? write_key(each, force) : replace_file(each.path, each.text);
    if (!written) return complain(written.error(), Exit::environment);
    std::printf("%s\n", each.path.c_str());
  }
  return Exit::good;
}

Exit write_or_complain(const Result<Products>& products, bool force) {
  return products ? write_products(*products, force) : complain(products.error());
}

} // namespace sipvet::cli
