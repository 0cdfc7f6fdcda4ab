#include "cli/embed_secrets.hpp"

#include "base/hex.hpp"
#include "base/text.hpp"
#include "io/capture_file.hpp"
#include "io/pcapng_writer.hpp"

#include <algorithm>
#include <fstream>
#include <set>

namespace sipvet::cli {

namespace {

class Secrets {
 public:
  explicit Secrets(const analysis::Report& report) {
    for (const auto& tls : report.tls) {
      if (tls.client_random.empty()) continue;
      const auto random = to_hex(tls.client_random);
      randoms_.insert(random);
      if (!tls.master_secret.empty()) add("CLIENT_RANDOM " + random + " " + to_hex(tls.master_secret));
    }
  }
  // Lines of other connections stay out: they would open what is not in the capture.
  void add_line(std::string_view line) {
    const auto words = split(trim(line), ' ');
    if (words.size() == 3 && randoms_.contains(to_lower(words[1]))) add(std::string(trim(line)));
  }
  std::size_t lines() const { return lines_.size(); }
  std::string text() const {
    std::string out;
    for (const auto& line : lines_) out += line + "\n";
    return out;
  }

 private:
  void add(std::string line) {
    const auto key = to_lower(line);
    if (seen_.insert(key).second) lines_.push_back(std::move(line));
  }
  std::set<std::string> randoms_, seen_;
  std::vector<std::string> lines_;
};

Result<void> add_keylog(Secrets& secrets, const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail(path + ": cannot be opened");
  for (std::string line; std::getline(file, line);) secrets.add_line(line);
  return {};
}

Result<std::unique_ptr<io::CaptureReader>> open_again(const std::string& path) {
  if (path == "-") return fail("standard input cannot be read twice: give a file to embed secrets into");
  return io::CaptureReader::open(path);
}

// What cannot be read any further was said when the capture was inspected.
Result<void> add_own(Secrets& secrets, const std::string& path) {
  SIPVET_TRY(const auto reader, open_again(path));
  while (true) {
    const auto frame = reader->next();
    if (!frame || !*frame) break;
  }
  for (const auto& line : reader->keylog_lines()) secrets.add_line(line);
  return {};
}

Result<void> copy_frames(const std::string& path, io::PcapngWriter& writer) {
  SIPVET_TRY(const auto reader, open_again(path));
  while (true) {
    const auto frame = reader->next();
    if (!frame || !*frame) break;
    writer.frame((*frame)->time, (*frame)->data, (*frame)->original_octets, (*frame)->link_type);
  }
  return {};
}

} // namespace

Result<std::size_t> embed_secrets(std::span<const std::string> captures, std::span<const std::string> keylogs,
                                  const analysis::Report& report, const std::string& path) {
  if (std::ranges::find(captures, path) != captures.end()) return fail(path + ": is one of the captures");
  Secrets secrets(report);
  for (const auto& keylog : keylogs) SIPVET_CHECK(add_keylog(secrets, keylog));
  for (const auto& capture : captures) SIPVET_CHECK(add_own(secrets, capture));
  SIPVET_TRY(const auto writer, io::PcapngWriter::create(path, std::nullopt));
  writer->secrets(secrets.text());
  for (const auto& capture : captures) SIPVET_CHECK(copy_frames(capture, *writer));
  SIPVET_CHECK(writer->close());
  return secrets.lines();
}

} // namespace sipvet::cli
