#include "runner/capture_check.hpp"

#include "analysis/inspect.hpp"
#include "base/text.hpp"
#include "io/pcapng_writer.hpp"
#include "runner/wire_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <set>

namespace sipvet::runner {

namespace {

namespace fs = std::filesystem;
using script::Value;

constexpr std::string_view subject = "capture";

// The files of keys, as long as they are needed.
class KeyFiles {
 public:
  explicit KeyFiles(const std::string& folder) : folder_(fs::path(folder) / "rsa-keys") {}
  ~KeyFiles() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  KeyFiles(const KeyFiles&) = delete;
  KeyFiles& operator=(const KeyFiles&) = delete;

  Result<std::string> file_of(const std::string& name, const std::string& pem) {
    std::error_code failed;
    fs::create_directories(folder_, failed);
    const fs::path path = folder_ / (name + ".key");
    std::ofstream out(path, std::ios::binary);
    out << pem;
    if (failed || !out.flush()) return fail(path.string() + " cannot be written");
    return path.string();
  }

 private:
  fs::path folder_;
};

// Replaces each {…}; `word` says by what.
Result<std::string> filled(std::string_view text,
                           const std::function<Result<std::string>(const std::string&)>& word) {
  std::string out;
  for (;;) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return out + std::string(text);
    out += text.substr(0, open);
    SIPVET_TRY(const std::string filling, word(std::string(text.substr(open + 1, close - open - 1))));
    out += filling;
    text.remove_prefix(close + 1);
  }
}

// {proxy}, {proxy:port}, {proxy:key}
struct Word {
  std::string name, what; // what: "", "port", "key"
};
Result<Word> read_word(const std::string& text) {
  const auto sides = split_once(text, ':');
  Word out{std::string(sides ? sides->first : text), std::string(sides ? sides->second : "")};
  if (!out.what.empty() && out.what != "port" && out.what != "key")
    return fail(fmt::format("expected {{NAME}}, {{NAME:port}} or {{NAME:key}}, found {{{}}}", text));
  return out;
}

Result<analysis::Keys> keys_of(const std::string& specification,
                               const std::map<std::string, TlsServerPlace>& servers, KeyFiles& files) {
  analysis::Keys keys;
  if (specification.empty()) return keys;
  SIPVET_TRY(const std::string text,
             filled(specification, [&](const std::string& piece) -> Result<std::string> {
               SIPVET_TRY(const Word word, read_word(piece));
               const auto server = servers.find(word.name);
               if (server == servers.end()) return fail("there is no TLS server '" + word.name + "'");
               if (word.what == "port") return std::to_string(server->second.at.port);
               if (word.what == "key") return files.file_of(word.name, server->second.private_key_pem);
               return to_string(server->second.at.ip);
             }));
  SIPVET_CHECK(analysis::add_tls_keys(keys, text));
  return keys;
}

// Without the secrets of the run; `first` is the number of the first frame in it, from 1.
Result<void> write_capture(const io::CaptureTap& tap, std::size_t first, const std::string& path) {
  SIPVET_TRY(const auto writer, io::PcapngWriter::create(path));
  std::size_t number = 0;
  tap.for_each_frame([&](Instant time, ByteView frame) {
    if (++number >= first) writer->frame(time, frame);
  });
  return writer->close();
}

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_search(text, std::regex(pattern));
}

// Of connections that could not be read: the reason, and what the finding advises.
void compare_unread(Differences& out, const Value& wanted, const analysis::Report& report) {
  for (const std::string_view key : {"reason", "advice"}) {
    const std::string pattern = text_of(wanted, key);
    if (pattern.empty()) continue;
    std::vector<std::string> said;
    if (key == "reason") {
      for (const analysis::TlsConnection& connection : report.tls)
        if (!connection.decrypted) said.push_back(connection.reason.value_or("none"));
    } else {
      for (const verdict::Finding& finding : report.findings)
        if (finding.id == "tls-not-decrypted") said.push_back(finding.fix);
    }
    if (said.empty())
      out.push_back({fmt::format("{}: /{}/", key, pattern), "every connection could be read"});
    for (const std::string& text : said)
      if (!matches(text, pattern)) out.push_back({fmt::format("{}: /{}/", key, pattern), text});
  }
}

Differences compare(const Value& wanted, const analysis::Report& report) {
  Differences out;
  const auto decrypted =
      std::ranges::count_if(report.tls, [](const analysis::TlsConnection& each) { return each.decrypted; });
  compare_count(out, wanted, "decrypted", static_cast<std::size_t>(decrypted));
  compare_count(out, wanted, "messages", report.sip.messages.size());
  compare_unread(out, wanted, report);
  return out;
}

Result<Differences> judge(const Value& wanted, const io::CaptureTap& tap, const analysis::Report& whole,
                          const std::map<std::string, TlsServerPlace>& servers, const std::string& folder,
                          std::size_t number) {
  KeyFiles files(folder);
  SIPVET_TRY(const analysis::Keys keys, keys_of(text_of(wanted, "rsa-keys"), servers, files));
  std::size_t first = 1;
  if (text_of(wanted, "begins") == "after-handshake") {
    if (whole.sip.messages.empty()) return fail("there is no SIP message that the capture could begin with");
    first = (*whole.sip.messages.begin()).frame;
  }
  const std::string path = fmt::format("{}/capture-without-secrets-{}.pcapng", folder, number);
  SIPVET_CHECK(write_capture(tap, first, path));
  SIPVET_TRY(const analysis::Report report, analysis::inspect(path, keys));
  return compare(wanted, report);
}

} // namespace

std::vector<verdict::Finding> check_captures(const script::Cell& cell, const io::CaptureTap& tap,
                                             const analysis::Report& whole,
                                             const std::map<std::string, TlsServerPlace>& servers,
                                             const std::string& folder) {
  std::vector<verdict::Finding> out;
  std::size_t number = 0;
  for (const script::WireExpectation& wanted : cell.wire) {
    if (wanted.subject != subject) continue;
    const auto judged = judge(wanted.argument, tap, whole, servers, folder, ++number);
    const Differences differences =
        judged ? *judged : Differences{{"a capture to be read", judged.error().what}};
    for (const Difference& difference : differences) {
      verdict::Finding finding;
      finding.id = "wire-capture";
      finding.witness = verdict::Witness::wire;
      finding.text = "Without the secrets of the run, its capture shows something else than it should.";
      finding.expected = difference.expected;
      finding.actual = difference.actual;
      finding.where = wanted.at;
      out.push_back(std::move(finding));
    }
  }
  return out;
}

std::vector<verdict::Diagnostic> check_capture_words(const script::Cell& cell) {
  std::set<std::string> names = {"gateway"};
  for (const script::Peer& peer : cell.peers) names.insert(peer.name);
  std::vector<verdict::Diagnostic> out;
  for (const script::WireExpectation& wanted : cell.wire) {
    if (wanted.subject != subject) continue;
    const auto known =
        filled(text_of(wanted.argument, "rsa-keys"), [&](const std::string& piece) -> Result<std::string> {
          SIPVET_TRY(const Word word, read_word(piece));
          if (!names.contains(word.name)) return fail("there is no peer '" + word.name + "'");
          return std::string();
        });
    if (!known) out.push_back({wanted.argument.find("rsa-keys")->at, "'rsa-keys': " + known.error().what});
    for (const std::string_view key : {"reason", "advice"}) {
      const Value* value = wanted.argument.find(key);
      if (value == nullptr) continue;
      try {
        std::regex{value->text};
      } catch (const std::regex_error&) {
        out.push_back({value->at, fmt::format("'{}' is no regular expression", value->text)});
      }
    }
  }
  return out;
}

} // namespace sipvet::runner
