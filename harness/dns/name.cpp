#include "dns/name.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sipvet::dns {

namespace {

constexpr std::uint8_t pointer_mark = 0xc0;
constexpr std::uint16_t last_pointer = 0x3fff; // 14 bits of offset

bool is_plain(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet > ' ' && octet < 0x7f && c != '.' && c != '\\';
}

std::size_t wire_octets(const Name& name) {
  std::size_t octets = 1;
  for (const std::string& label : name.labels) octets += 1 + label.size();
  return octets;
}

Result<void> check(const Name& name, std::string_view text) {
  for (const std::string& label : name.labels) {
    if (label.empty()) return fail(fmt::format("expected a domain name, found an empty label in '{}'", text));
    if (label.size() > max_label_octets)
      return fail(fmt::format("expected labels of at most {} octets in '{}'", max_label_octets, text));
  }
  if (wire_octets(name) > max_name_octets)
    return fail(
        fmt::format("expected a domain name of at most {} octets, found '{}'", max_name_octets, text));
  return {};
}

// Takes the text of an escape behind its backslash off the front.
Result<char> unescape(std::string_view& rest, std::string_view whole) {
  const auto bad = [&] {
    return fail(fmt::format("expected a character or three digits behind \\ in '{}'", whole));
  };
  if (rest.empty()) return bad();
  const bool digit = rest.front() >= '0' && rest.front() <= '9';
  if (!digit) {
    const char c = rest.front();
    rest.remove_prefix(1);
    return c;
  }
  const std::string_view digits = rest.substr(0, 3);
  const auto value = parse_decimal(digits, 255, "an octet");
  if (digits.size() != 3 || !value) return bad();
  rest.remove_prefix(3);
  return static_cast<char>(static_cast<std::uint8_t>(*value));
}

} // namespace

std::string Name::key() const { return to_lower(to_string(*this)); }

Result<Name> parse_name(std::string_view text) {
  Name name;
  if (text == ".") return name;
  std::string label;
  std::string_view rest = text;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '\\') {
      SIPVET_TRY(const char octet, unescape(rest, text));
      label += octet;
    } else if (c == '.') {
      name.labels.push_back(std::exchange(label, {}));
      if (rest.empty()) {
        SIPVET_CHECK(check(name, text));
        return name;
      }
    } else if (!is_plain(c)) {
      return fail(fmt::format("expected a domain name, found '{}'", text));
    } else {
      label += c;
    }
  }
  name.labels.push_back(label);
  SIPVET_CHECK(check(name, text));
  return name;
}

std::string to_string(const Name& name) {
  if (name.labels.empty()) return ".";
  std::string out;
  for (const std::string& label : name.labels) {
    if (!out.empty()) out += '.';
    for (const char c : label) {
      if (is_plain(c)) {
        out += c;
      } else if (c == '.' || c == '\\') {
        out += '\\';
        out += c;
      } else {
        out += fmt::format("\\{:03}", static_cast<unsigned char>(c));
      }
    }
  }
  return out;
}

Result<Name> read_name(Reader& reader, ByteView message) {
  Name name;
  std::size_t octets = 1;
  Reader at = reader;
  std::size_t limit = at.offset(); // a pointer leads to what stands before it
  bool jumped = false;
  while (true) {
    const std::size_t here = at.offset();
    SIPVET_TRY(const std::uint8_t length, at.u8("length of a label"));
    if (length == 0) break;
    if ((length & pointer_mark) == pointer_mark) {
      SIPVET_TRY(const std::uint8_t low, at.u8("compression pointer"));
      const std::size_t to = static_cast<std::size_t>((length & ~pointer_mark) << 8 | low);
      if (to >= limit)
        return fail(fmt::format("expected a pointer to before octet {}, got {}", limit, to), here);
      if (!std::exchange(jumped, true)) reader = at;
      limit = to;
      at = Reader(message.subspan(to), to);
      continue;
    }
    if ((length & pointer_mark) != 0)
      return fail("expected a label or a pointer, got another type of label", here);
    octets += 1u + length;
    if (octets > max_name_octets)
      return fail(fmt::format("expected a name of at most {} octets", max_name_octets), here);
    SIPVET_TRY(const ByteView label, at.bytes(length, "label"));
    name.labels.emplace_back(as_text(label));
  }
  if (!jumped) reader = at;
  return name;
}

void NameWriter::write_label(const std::string& label) {
  const auto prefix = writer_.prefixed8();
  writer_.bytes(as_bytes(label));
}

void NameWriter::write(const Name& name) {
  Name rest = name;
  while (!rest.labels.empty()) {
    const std::string key = rest.key();
    if (const auto found = known_.find(key); found != known_.end()) {
      writer_.u16(static_cast<std::uint16_t>(pointer_mark << 8 | found->second));
      return;
    }
    if (writer_.size() <= last_pointer) known_.emplace(key, static_cast<std::uint16_t>(writer_.size()));
    write_label(rest.labels.front());
    rest.labels.erase(rest.labels.begin());
  }
  writer_.u8(0);
}

void NameWriter::write_whole(const Name& name) {
  for (const std::string& label : name.labels) write_label(label);
  writer_.u8(0);
}

} // namespace sipvet::dns
