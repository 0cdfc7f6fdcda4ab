#include "report/secrets.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sipvet::report {

namespace {

constexpr std::string_view replacement = "[redacted]";
constexpr std::string_view base64_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_";

// How far a secret reaches after the words that announce it.
enum class Extent { base64, base64_line, parameter, hexadecimal_pair };

struct Secret {
  std::string_view announced_by; // compared without regard to case
  Extent extent;
};

constexpr Secret secrets[] = {
    {"inline:", Extent::base64},              // RFC 4568 §6.1; lifetime and MKI after '|' stay
    {"key-mgmt:mikey ", Extent::base64_line}, // RFC 4567 §3.1
    {"authorization: basic ", Extent::base64},
    {"response=", Extent::parameter}, // RFC 7616 §3.4, §3.5
    {"cnonce=", Extent::parameter},
    {"rspauth=", Extent::parameter},
    {"password=", Extent::parameter},
    {"password: ", Extent::parameter},
    {"passphrase=", Extent::parameter},
    {"passphrase: ", Extent::parameter},
    {"secret=", Extent::parameter},
    // Labels of the TLS key log format: client random, then the secret, both in hexadecimal digits.
    {"RSA ", Extent::hexadecimal_pair},
    {"CLIENT_RANDOM ", Extent::hexadecimal_pair},
    {"CLIENT_EARLY_TRAFFIC_SECRET ", Extent::hexadecimal_pair},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET ", Extent::hexadecimal_pair},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET ", Extent::hexadecimal_pair},
    {"CLIENT_TRAFFIC_SECRET_0 ", Extent::hexadecimal_pair},
    {"SERVER_TRAFFIC_SECRET_0 ", Extent::hexadecimal_pair},
    {"EARLY_EXPORTER_SECRET ", Extent::hexadecimal_pair},
    {"EXPORTER_SECRET ", Extent::hexadecimal_pair},
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t run_of(std::string_view text, std::size_t from, std::string_view characters) {
  const std::size_t end = text.find_first_not_of(characters, from);
  return (end == text.npos ? text.size() : end) - from;
}

// The part to replace, as [first, second) of the text after the announcing words; empty when there is none.
struct Span {
  std::size_t first = 0;
  std::size_t last = 0;
};

// A parameter's value: up to the closing quote, or up to a separator.
Span parameter(std::string_view text, std::size_t from) {
  // Reports carry messages that were already quoted once more ("response=\"…\"").
  std::size_t first = from;
  while (first < text.size() && text[first] == '\\') ++first;
  if (first < text.size() && (text[first] == '"' || text[first] == '\'')) {
    const char mark = text[first++];
    std::size_t last = first;
    while (last < text.size() && text[last] != mark && text[last] != '\n' && text[last] != '\\') ++last;
    return {first, last};
  }
  const std::size_t end = text.find_first_of(",; \t\r\n\"'}]&<", from);
  return {from, end == text.npos ? text.size() : end};
}

Span hexadecimal_pair(std::string_view text, std::size_t from) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  const std::size_t label = run_of(text, from, digits);
  const std::size_t blank = from + label;
  if (label < 16 || blank >= text.size() || text[blank] != ' ') return {};
  return {blank + 1, blank + 1 + run_of(text, blank + 1, digits)};
}

Span span_of(Extent extent, std::string_view text, std::size_t from) {
  switch (extent) {
  case Extent::base64:
    return {from, from + run_of(text, from, base64_characters)};
  case Extent::base64_line: {
    const std::size_t blanks = run_of(text, from, " ");
    return {from + blanks, from + blanks + run_of(text, from + blanks, base64_characters)};
  }
  case Extent::parameter:
    return parameter(text, from);
  case Extent::hexadecimal_pair:
    return hexadecimal_pair(text, from);
  }
  return {};
}

// "-----BEGIN … PRIVATE KEY-----" to its END line (RFC 7468 §2), or to the end of the text when that is cut
// off.
Span private_key(std::string_view text, std::size_t from) {
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view key = "PRIVATE KEY-----";
  constexpr std::string_view end = "-----END ";
  if (!text.substr(from).starts_with(begin)) return {};
  const std::size_t label = text.find(key, from);
  // The label stands in the same line and is short: "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY".
  if (label == text.npos || label - from > 40) return {};
  const std::size_t first = label + key.size();
  const std::size_t last = text.find(end, first);
  return {first, last == text.npos ? text.size() : last};
}

// Positions worth a closer look are rare, so that a long report costs one pass.
bool announced(std::string_view text, std::size_t at, const Secret& secret) {
  if (text.size() - at < secret.announced_by.size()) return false;
  if (at > 0 && is_word_character(text[at - 1]) && is_word_character(secret.announced_by.front())) {
    // "cnonce=" must not be looked for in "xcnonce=", but "netborder.…Password=" ends in the word.
    if (secret.extent != Extent::parameter || secret.announced_by.starts_with("response")) return false;
  }
  return iequals(text.substr(at, secret.announced_by.size()), secret.announced_by);
}

Span secret_at(std::string_view text, std::size_t at) {
  if (text[at] == '-') return private_key(text, at);
  for (const Secret& secret : secrets) {
    if ((text[at] | 0x20) != (secret.announced_by.front() | 0x20) || !announced(text, at, secret)) continue;
    const Span span = span_of(secret.extent, text, at + secret.announced_by.size());
    if (span.last > span.first) return span;
  }
  return {};
}

} // namespace

std::string redact(std::string_view text) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const Span span = secret_at(text, at);
    if (span.last <= span.first) continue;
    out += text.substr(from, span.first - from);
    out += replacement;
    from = span.last;
    at = span.last - 1;
  }
  out += text.substr(from);
  return out;
}

} // namespace sipvet::report
