#include "gateway/property_file.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace sipvet::gateway {

namespace {

using script::MapEntry;
using script::SourceLocation;
using script::Value;

constexpr std::size_t max_expansion_depth = 16;
constexpr std::string_view blanks = " \t\f";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

// One logical line: natural lines joined at continuations. Each character knows where it stood.
struct Line {
  std::string text;
  std::vector<SourceLocation> places;
};

class LineReader {
 public:
  LineReader(std::string_view text, const std::string& file) : rest_(text), file_(file) {}

  // The next line that is neither blank nor a comment.
  std::optional<Line> next() {
    Line line;
    while (const auto natural = next_natural()) {
      const std::size_t start = natural->find_first_not_of(blanks);
      const bool fresh = line.places.empty();
      if (start == std::string_view::npos) {
        if (fresh) continue;
        return line;
      }
      if (fresh && ((*natural)[start] == '#' || (*natural)[start] == '!')) continue;
      const std::size_t slashes = natural->size() - (natural->find_last_not_of('\\') + 1);
      const bool goes_on = slashes % 2 == 1;
      const std::size_t end = natural->size() - (goes_on ? 1 : 0);
      for (std::size_t i = start; i < end; ++i) {
        line.text += (*natural)[i];
        line.places.push_back({file_, number_, i + 1});
      }
      if (!goes_on) return line;
    }
    if (line.places.empty()) return std::nullopt;
    return line;
  }

 private:
  std::optional<std::string_view> next_natural() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return line;
  }

  std::string_view rest_;
  const std::string& file_;
  std::size_t number_ = 0;
};

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

class Parser {
 public:
  explicit Parser(PropertyFile& file) : file_(file) {}

  void take(const Line& line) {
    std::size_t at = 0;
    MapEntry entry;
    entry.at = line.places.front();
    entry.key = unescape(line, at, true);
    while (at < line.text.size() && is_blank(line.text[at])) ++at;
    if (at < line.text.size() && (line.text[at] == '=' || line.text[at] == ':')) ++at;
    while (at < line.text.size() && is_blank(line.text[at])) ++at;
    entry.value.kind = Value::Kind::scalar;
    entry.value.at = at < line.places.size() ? line.places[at] : line.places.back();
    entry.value.text = unescape(line, at, false);
    entry.value.text.erase(entry.value.text.find_last_not_of(" \t") + 1);
    if (entry.key.empty()) {
      file_.errors.push_back(
          {entry.at, "expected the name of a property before '" + line.text.substr(0, 1) + "'"});
    } else {
      add(std::move(entry));
    }
  }

 private:
  // Up to the end, or in a key up to what ends it.
  std::string unescape(const Line& line, std::size_t& at, bool key) {
    std::string out;
    for (; at < line.text.size(); ++at) {
      const char c = line.text[at];
      if (key && (is_blank(c) || c == '=' || c == ':')) break;
      if (c == '\\') {
        escape(line, at, out);
      } else {
        out += c;
      }
    }
    return out;
  }

  void escape(const Line& line, std::size_t& at, std::string& out) {
    const SourceLocation place = line.places[at];
    if (++at == line.text.size()) return; // cannot be: an odd backslash at the end continues the line
    const char c = line.text[at];
    if (c == 'u') return unicode(line, at, place, out);
    constexpr std::string_view letters = "tnrf", meant = "\t\n\r\f";
    const std::size_t found = letters.find(c);
    out += found == std::string_view::npos ? c : meant[found];
    constexpr std::string_view needs_escape = "\\=:#! ";
    if (needs_escape.find(c) == std::string_view::npos) {
      file_.warnings.push_back(
          {place, std::string("a backslash before '") + c +
                      "' is an escape and no part of the value; write \\\\ or / in a path"});
    }
  }

  void unicode(const Line& line, std::size_t& at, const SourceLocation& place, std::string& out) {
    const std::string digits = line.text.substr(at + 1, 4);
    unsigned code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 4 || error != std::errc() || end != digits.data() + 4) {
      file_.errors.push_back({place, "expected four hexadecimal digits after \\u, found '" + digits + "'"});
      return;
    }
    append_utf8(out, code);
    at += 4;
  }

  void add(MapEntry entry) {
    std::vector<MapEntry>& entries = file_.root.entries;
    const auto same = std::find_if(entries.begin(), entries.end(),
                                   [&](const MapEntry& each) { return each.key == entry.key; });
    if (same == entries.end()) {
      entries.push_back(std::move(entry));
      return;
    }
    file_.warnings.push_back({entry.at, entry.key + " stands there twice; the value of line " +
                                            std::to_string(same->at.line) + " does not count"});
    *same = std::move(entry);
  }

  PropertyFile& file_;
};

class Expander {
 public:
  explicit Expander(PropertyFile& file) : file_(file) {}

  void expand_all() {
    const std::vector<MapEntry> written = file_.root.entries;
    for (std::size_t i = 0; i < written.size(); ++i) {
      const auto text = expand(written, written[i].value.text, 0);
      if (text) {
        file_.root.entries[i].value.text = *text;
      } else {
        file_.errors.push_back({written[i].value.at, written[i].key + ": " + text.error().what});
      }
    }
  }

 private:
  static Result<std::string> expand(const std::vector<MapEntry>& entries, std::string_view text,
                                    std::size_t depth) {
    if (depth > max_expansion_depth) return fail("its value leads back to itself through '${…}'");
    std::string out;
    for (std::size_t open; (open = text.find("${")) != std::string_view::npos;) {
      const std::size_t close = text.find('}', open);
      if (close == std::string_view::npos) return fail("expected '}' after '${'");
      const std::string_view name = text.substr(open + 2, close - open - 2);
      const auto found = std::find_if(entries.begin(), entries.end(),
                                      [&](const MapEntry& each) { return each.key == name; });
      if (found == entries.end()) return fail("'${" + std::string(name) + "}' is no property of this file");
      SIPVET_TRY(const std::string inner, expand(entries, found->value.text, depth + 1));
      out.append(text.substr(0, open)).append(inner);
      if (out.size() > script::max_document_octets) return fail("its value grows without bound");
      text.remove_prefix(close + 1);
    }
    return out.append(text);
  }

  PropertyFile& file_;
};

std::string installation_of(const std::string& file_name) {
  const std::filesystem::path folder = std::filesystem::absolute(file_name).lexically_normal().parent_path();
  return (folder.filename() == "config" ? folder.parent_path() : folder).string();
}

void add_installation(PropertyFile& file, const std::string& file_name) {
  if (file.root.find(installation_property) != nullptr) return;
  MapEntry entry;
  entry.key = installation_property;
  entry.at = entry.value.at = {file_name, 0, 0};
  entry.value.kind = Value::Kind::scalar;
  entry.value.text = installation_of(file_name);
  file.root.entries.push_back(std::move(entry));
}

} // namespace

PropertyFile read_property_file(std::string_view text, const std::string& file_name) {
  PropertyFile file;
  file.root.kind = Value::Kind::map;
  file.root.at = {file_name, 1, 1};
  if (text.size() > script::max_document_octets) {
    file.errors.push_back({file.root.at, "expected at most " + std::to_string(script::max_document_octets) +
                                             " octets, found " + std::to_string(text.size())});
    return file;
  }
  LineReader lines(text, file_name);
  Parser parser(file);
  while (const auto line = lines.next()) parser.take(*line);
  add_installation(file, file_name);
  Expander(file).expand_all();
  std::erase_if(file.root.entries, [](const MapEntry& entry) { return entry.value.text.empty(); });
  return file;
}

PropertyFile load_property_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad() || !in.is_open()) {
    PropertyFile file;
    file.errors.push_back({{path, 0, 0}, "the file cannot be read"});
    return file;
  }
  return read_property_file(text, path);
}

} // namespace sipvet::gateway
