#include "sdp/crypto.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <bit>

namespace sipvet::sdp {
namespace {

constexpr std::size_t max_tag_digits = 9;                  // §9.1
constexpr std::uint64_t max_lifetime_packets = 1ull << 48; // §6.2; the index of RFC 3711 §3.3.1 has 48 bits
constexpr std::uint64_t max_lifetime_exponent = 48;
constexpr std::uint64_t max_mki_octets = 128; // §6.1
constexpr std::size_t max_mki_digits = 309;   // 2^1024 - 1, the largest of 128 octets, has so many
constexpr std::uint64_t max_kdr = 24;         // §9.2: the rate is 2^n packets
constexpr std::uint64_t min_window = 64;      // §9.2, §6.3.6

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool is_visible(char c) { return c >= 0x21 && c <= 0x7E; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// §4.1, §6.1, §6.3.1: no number of the attribute may have them.
bool has_leading_zero(std::string_view digits) { return digits.size() > 1 && digits.front() == '0'; }

// A piece of the attribute that remembers where in it the piece stands.
struct Piece {
  std::string_view text;
  std::size_t at = 0;

  bool empty() const { return text.empty(); }
  std::size_t end() const { return at + text.size(); }
  Piece from(std::size_t start) const { return {text.substr(start), at + start}; }
  Piece first(std::size_t count) const { return {text.substr(0, count), at}; }
};

template <typename Accepts>
Piece take_while(Piece& rest, Accepts accepts) {
  std::size_t count = 0;
  while (count < rest.text.size() && accepts(rest.text[count])) ++count;
  const Piece taken = rest.first(count);
  rest = rest.from(count);
  return taken;
}

// Cuts off what stands in front of the separator, or everything.
Piece take_until(Piece& rest, char separator) {
  const Piece taken = take_while(rest, [&](char c) { return c != separator; });
  if (!rest.empty()) rest = rest.from(1);
  return taken;
}

Result<std::uint64_t> decimal(Piece piece, std::uint64_t min, std::uint64_t max, std::string_view what) {
  const auto value = parse_decimal(piece.text, max, what);
  if (has_leading_zero(piece.text))
    return fail("leading zeroes are not allowed in " + std::string(what), piece.at);
  if (!value || *value < min) {
    return fail("expected " + std::string(what) + " from " + std::to_string(min) + " to " +
                    std::to_string(max),
                piece.at);
  }
  return *value;
}

Result<void> blanks(Piece& rest, std::string_view before) {
  if (take_while(rest, is_blank).empty())
    return fail("expected a space before " + std::string(before), rest.at);
  return {};
}

Result<void> decode_key(Piece piece, InlineKey& key) {
  if (piece.empty()) return fail("expected a base64 key after \"inline:\"", piece.at);
  key.base64 = piece.text;
  auto octets = from_base64(piece.text, Padding::strict);
  if (!octets) {
    const Error strict = octets.error();
    octets = from_base64(piece.text, Padding::lenient);
    if (!octets) return fail("key is not base64: " + strict.what, piece.at + strict.offset.value_or(0));
    key.padding_missing = true;
  }
  key.key_and_salt = std::move(*octets);
  return {};
}

Result<Lifetime> read_lifetime(Piece piece) {
  if (piece.text.starts_with("2^")) {
    SIPVET_TRY(const auto exponent, decimal(piece.from(2), 0, max_lifetime_exponent, "a lifetime exponent"));
    return Lifetime{1ull << exponent, true};
  }
  SIPVET_TRY(const auto packets, decimal(piece, 1, max_lifetime_packets, "a lifetime in packets"));
  return Lifetime{packets, false};
}

Result<Mki> parse_mki(Piece piece) {
  Piece rest = piece;
  const Piece digits = take_until(rest, ':');
  if (digits.empty() || digits.text.size() > max_mki_digits) {
    return fail("expected an MKI of 1 to " + std::to_string(max_mki_digits) + " digits", digits.at);
  }
  const auto bad = digits.text.find_first_not_of("0123456789");
  if (bad != digits.text.npos) return fail("expected a digit of the MKI", digits.at + bad);
  if (has_leading_zero(digits.text)) return fail("leading zeroes are not allowed in an MKI", digits.at);
  if (rest.text.size() > 3) return fail("expected an MKI length of 1 to 3 digits", rest.at);
  SIPVET_TRY(const auto octets, decimal(rest, 1, max_mki_octets, "an MKI length"));
  const auto value = parse_decimal(digits.text, UINT64_MAX, "MKI");
  return Mki{value ? *value : 0, std::string(digits.text), static_cast<std::uint32_t>(octets)};
}

// srtp-key-info (§9.2): only the MKI has a colon, so "key|1:4" has an MKI and no lifetime.
Result<InlineKey> parse_key_info(Piece info) {
  InlineKey key;
  SIPVET_CHECK(decode_key(take_until(info, '|'), key));
  if (info.empty()) return key;
  Piece field = take_until(info, '|');
  if (field.text.find(':') == field.text.npos) {
    SIPVET_TRY(key.lifetime, read_lifetime(field));
    if (info.empty()) return key;
    field = take_until(info, '|');
  }
  SIPVET_TRY(key.mki, parse_mki(field));
  if (!info.empty()) return fail("nothing may follow the MKI", info.at);
  return key;
}

Result<InlineKey> parse_key_param(Piece param) {
  Piece rest = param;
  const Piece method = take_while(rest, is_word);
  if (method.empty() || !rest.text.starts_with(':')) return fail("expected a key method and ':'", param.at);
  if (!iequals(method.text, "inline")) {
    return fail("key method \"" + std::string(method.text) + "\" is not known, expected \"inline\"",
                method.at);
  }
  // A bar at the very end would otherwise vanish in the cutting.
  if (rest.text.ends_with('|')) return fail("expected a lifetime or an MKI after '|'", rest.end());
  return parse_key_info(rest.from(1));
}

Result<std::vector<InlineKey>> parse_key_params(Piece params) {
  std::vector<InlineKey> keys;
  const Piece whole = params;
  do {
    SIPVET_TRY(auto key, parse_key_param(take_until(params, ';')));
    keys.push_back(std::move(key));
  } while (!params.empty());
  if (whole.text.ends_with(';')) return fail("expected another key after ';'", whole.end());
  return keys;
}

enum class ValueKind { none, kdr, fec_order, key_params, window };
struct KnownParameter {
  std::string_view name;
  ValueKind kind;
};
constexpr KnownParameter known_parameters[] = {
    {"KDR", ValueKind::kdr},
    {"UNENCRYPTED_SRTP", ValueKind::none},
    {"UNENCRYPTED_SRTCP", ValueKind::none},
    {"UNAUTHENTICATED_SRTP", ValueKind::none},
    {"FEC_ORDER", ValueKind::fec_order},
    {"FEC_KEY", ValueKind::key_params},
    {"WSH", ValueKind::window},
};

Result<void> check_value(const KnownParameter& known, bool has_value, Piece value) {
  const std::string name(known.name);
  if (known.kind == ValueKind::none) {
    if (has_value) return fail(name + " takes no value", value.at);
    return {};
  }
  if (!has_value) return fail("expected '=' and a value after " + name, value.at);
  switch (known.kind) {
  case ValueKind::kdr:
    if (value.text.size() > 2) return fail("expected a KDR of 1 or 2 digits", value.at);
    SIPVET_CHECK(decimal(value, 0, max_kdr, "a KDR"));
    return {};
  case ValueKind::fec_order:
    if (!iequals(value.text, "FEC_SRTP") && !iequals(value.text, "SRTP_FEC")) {
      return fail("expected FEC_SRTP or SRTP_FEC", value.at);
    }
    return {};
  case ValueKind::key_params:
    SIPVET_CHECK(parse_key_params(value));
    return {};
  default:
    SIPVET_CHECK(decimal(value, min_window, UINT32_MAX, "a window size"));
    return {};
  }
}

Result<SessionParameter> parse_parameter(Piece token) {
  Piece rest = token;
  const Piece name = take_while(rest, [](char c) { return c != '='; });
  const bool has_value = !rest.empty();
  const Piece value = has_value ? rest.from(1) : rest;
  for (const auto& known : known_parameters) {
    if (iequals(known.name, name.text)) SIPVET_CHECK(check_value(known, has_value, value));
  }
  // srtp-session-extension: ["-"] 1*VCHAR whose first character is no dash.
  if (token.text == "-" || token.text.starts_with("--")) {
    return fail("expected the name of a session parameter", token.at + 1);
  }
  SessionParameter parameter{std::string(name.text), std::nullopt};
  if (has_value) parameter.value = value.text;
  return parameter;
}

Result<Piece> take_token(Piece& rest, std::string_view what) {
  const Piece token = take_while(rest, is_visible);
  if (token.empty()) return fail("expected " + std::string(what), rest.at);
  if (!rest.empty() && !is_blank(rest.text.front()))
    return fail("expected a visible ASCII character", rest.at);
  return token;
}

std::string key_text(const InlineKey& key) {
  std::string text = "inline:" + (key.base64.empty() ? to_base64(key.key_and_salt) : key.base64);
  if (key.lifetime) {
    text += '|';
    text += key.lifetime->power_of_two ? "2^" + std::to_string(std::countr_zero(key.lifetime->packets))
                                       : std::to_string(key.lifetime->packets);
  }
  if (key.mki) {
    text += '|' + (key.mki->digits.empty() ? std::to_string(key.mki->value) : key.mki->digits);
    text += ':' + std::to_string(key.mki->octets);
  }
  return text;
}

} // namespace

Result<Crypto> parse_crypto(std::string_view value) {
  Piece rest{value, 0};
  Crypto crypto;
  const Piece tag = take_while(rest, is_digit);
  if (tag.empty() || tag.text.size() > max_tag_digits) return fail("expected a tag of 1 to 9 digits", tag.at);
  SIPVET_TRY(const auto number, decimal(tag, 0, 999'999'999, "a tag"));
  crypto.tag = static_cast<std::uint32_t>(number);
  SIPVET_CHECK(blanks(rest, "the crypto suite"));
  const Piece suite = take_while(rest, is_word);
  if (suite.empty()) return fail("expected a crypto suite", suite.at);
  crypto.suite = suite.text;
  SIPVET_CHECK(blanks(rest, "the key parameters"));
  SIPVET_TRY(const Piece params, take_token(rest, "key parameters"));
  SIPVET_TRY(crypto.keys, parse_key_params(params));
  while (!rest.empty()) {
    SIPVET_CHECK(blanks(rest, "a session parameter"));
    SIPVET_TRY(const Piece token, take_token(rest, "a session parameter"));
    SIPVET_TRY(auto parameter, parse_parameter(token));
    crypto.parameters.push_back(std::move(parameter));
  }
  return crypto;
}

std::string to_string(const Crypto& crypto) {
  std::string text = std::to_string(crypto.tag) + ' ' + crypto.suite + ' ';
  for (std::size_t i = 0; i < crypto.keys.size(); ++i) text += (i ? ";" : "") + key_text(crypto.keys[i]);
  for (const auto& parameter : crypto.parameters) {
    text += ' ' + parameter.name;
    if (parameter.value) text += '=' + *parameter.value;
  }
  return text;
}

Result<Lifetime> parse_lifetime(std::string_view text) { return read_lifetime({text, 0}); }

Result<SessionParameter> parse_session_parameter(std::string_view text) {
  Piece rest{text, 0};
  SIPVET_TRY(const Piece token, take_token(rest, "a session parameter"));
  if (!rest.empty()) return fail("nothing may follow the session parameter", rest.at);
  return parse_parameter(token);
}

} // namespace sipvet::sdp
