#include "tlswire/keylog.hpp"

#include "base/hex.hpp"
#include "base/text.hpp"

namespace sipvet::tlswire {
namespace {

constexpr std::size_t random_octets = 32;
constexpr std::size_t rsa_id_octets = 8;
// TLS 1.3 secrets are hash values; 48 is also the length of a master secret. Nothing longer is defined.
constexpr std::size_t max_secret_octets = 64;

Error line_error(std::size_t number, const std::string& what) {
  return fail("line " + std::to_string(number) + ": " + what);
}

bool is_label(std::string_view label) {
  for (const char c : label) {
    const bool allowed = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!allowed) return false;
  }
  return !label.empty();
}

std::string_view take_word(std::string_view& line) {
  line = trim(line);
  const std::size_t end = line.find_first_of(" \t");
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(word.size());
  return word;
}

// The old line "RSA Session-ID:<hex> Master-Key:<hex>" names a session, which is not looked up here.
bool is_session_line(std::string_view label, std::string_view id) {
  return label == keylog_label::rsa && id.starts_with("Session-ID:");
}

} // namespace

Result<void> Keylog::add_line(std::string_view line, std::size_t number) {
  std::string_view left = trim(line);
  if (left.empty() || left.front() == '#') return {};
  const std::string_view label = take_word(left);
  if (!is_label(label)) return line_error(number, "expected a label such as CLIENT_RANDOM");
  const std::string_view id_text = take_word(left);
  if (is_session_line(label, id_text)) return {};
  const std::size_t id_octets = label == keylog_label::rsa ? rsa_id_octets : random_octets;
  auto id = from_hex(id_text);
  if (!id || id->size() != id_octets)
    return line_error(number,
                      "expected " + std::to_string(2 * id_octets) + " hexadecimal digits of " +
                          (label == keylog_label::rsa ? "encrypted premaster secret" : "client random"));
  const std::string_view secret_text = take_word(left);
  auto secret = from_hex(secret_text);
  if (!secret || secret->empty() || secret->size() > max_secret_octets)
    return line_error(number, "expected a secret of 2 to 128 hexadecimal digits");
  if (!trim(left).empty()) return line_error(number, "expected the end of the line after the secret");
  secrets_[{std::string(label), std::move(*id)}] = std::move(*secret);
  return {};
}

Result<Keylog> Keylog::parse(std::string_view text) {
  Keylog log;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    SIPVET_CHECK(log.add_line(line, number));
  }
  return log;
}

void Keylog::merge(const Keylog& other) {
  for (const auto& [key, secret] : other.secrets_) secrets_[key] = secret;
}

const Bytes* Keylog::find(std::string_view label, ByteView id) const {
  const auto at = secrets_.find(std::pair(std::string(label), to_bytes(id)));
  return at == secrets_.end() ? nullptr : &at->second;
}

} // namespace sipvet::tlswire
