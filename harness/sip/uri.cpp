#include "sip/uri.hpp"

#include "base/text.hpp"
#include "sip/host_port.hpp"
#include "sip/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::sip {

namespace {

// RFC 3261 §25.1. '#' is not among user-unreserved, but dialled digits with it arrive unescaped from many
// phones; '=' in parameter values likewise.
constexpr std::string_view mark = "-_.!~*'()";
constexpr std::string_view user_extra = "&=+$,;?/#";
constexpr std::string_view password_extra = "&=+$,";
constexpr std::string_view name_extra = "[]/:&+$";
constexpr std::string_view value_extra = "[]/:&+$=";
constexpr std::string_view header_extra = "[]/?:+$@;,";

bool is_alphanum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// A part of the URI with the offset where it stands.
struct Part {
  std::string_view text;
  std::size_t offset = 0;

  Part cut(std::size_t from, std::size_t count = std::string_view::npos) const {
    return {text.substr(from, count), offset + from};
  }
};

// unreserved, escaped, and the characters of `extra`.
Result<void> check(const Part& part, std::string_view extra, std::string_view what) {
  for (std::size_t i = 0; i < part.text.size(); ++i) {
    const char c = part.text[i];
    if (c == '%') {
      if (i + 2 >= part.text.size() || !is_hex(part.text[i + 1]) || !is_hex(part.text[i + 2]))
        return fail(fmt::format("{}: expected two hexadecimal digits after %", what), part.offset + i);
      i += 2;
    } else if (!is_alphanum(c) && (c == '\0' || (mark.find(c) == mark.npos && extra.find(c) == extra.npos))) {
      return fail(fmt::format("{}: this character must be escaped", what), part.offset + i);
    }
  }
  return {};
}

Result<void> check_filled(const Part& part, std::string_view extra, std::string_view what) {
  if (part.text.empty()) return fail(fmt::format("{}: expected at least one character", what), part.offset);
  return check(part, extra, what);
}

Result<void> parse_user(const Part& part, Uri& out) {
  const std::size_t colon = part.text.find(':');
  const Part user = part.cut(0, colon);
  SIPVET_CHECK(check_filled(user, user_extra, "user of the URI"));
  out.user = user.text;
  if (colon == part.text.npos) return {};
  const Part password = part.cut(colon + 1);
  SIPVET_CHECK(check(password, password_extra, "password of the URI"));
  out.password = password.text;
  return {};
}

Result<void> parse_host(const Part& part, Uri& out) {
  const std::size_t blank = part.text.find_first_of(" \t\r\n");
  if (blank != part.text.npos) return fail("URI: expected no blanks in host and port", part.offset + blank);
  const auto host = parse_host_port(part.text);
  if (!host) return fail("URI: " + host.error().what, part.offset + host.error().offset.value_or(0));
  out.host = host->host;
  out.port = host->port;
  return {};
}

// `part` begins behind the first semicolon.
Result<Parameters> parse_parameters(const Part& part) {
  Parameters out;
  std::size_t at = 0;
  for (const std::string_view piece : split(part.text, ';')) {
    const Part one = part.cut(at, piece.size());
    at += piece.size() + 1;
    const std::size_t equals = piece.find('=');
    const Part name = one.cut(0, equals);
    SIPVET_CHECK(check_filled(name, name_extra, "URI parameter"));
    Parameter parameter{std::string(name.text), std::nullopt};
    if (equals != piece.npos) {
      const Part value = one.cut(equals + 1);
      SIPVET_CHECK(check_filled(value, value_extra, "value of a URI parameter"));
      parameter.value = value.text;
    }
    out.push_back(std::move(parameter));
  }
  return out;
}

// `part` begins behind the question mark.
Result<void> parse_headers(const Part& part, Uri& out) {
  std::size_t at = 0;
  for (const std::string_view piece : split(part.text, '&')) {
    const Part one = part.cut(at, piece.size());
    at += piece.size() + 1;
    const std::size_t equals = piece.find('=');
    if (equals == piece.npos) return fail("URI header: expected name=value", one.offset);
    const Part name = one.cut(0, equals);
    const Part value = one.cut(equals + 1);
    SIPVET_CHECK(check_filled(name, header_extra, "name of a URI header"));
    SIPVET_CHECK(check(value, header_extra, "value of a URI header"));
    out.headers.emplace_back(name.text, value.text);
  }
  return {};
}

// RFC 3966 §3: digits with visual separators; a local number may have hexadecimal digits, * and # as well.
Result<void> parse_tel(const Part& part, Uri& out) {
  const std::size_t end = std::min(part.text.find(';'), part.text.size());
  const std::string_view number = part.text.substr(0, end);
  const bool global = number.starts_with('+');
  bool has_digit = false;
  for (std::size_t i = global ? 1 : 0; i < number.size(); ++i) {
    const char c = number[i];
    const bool digit = global ? (c >= '0' && c <= '9') : is_hex(c) || c == '*' || c == '#';
    if (!digit && (c == '\0' || std::string_view("-.()").find(c) == std::string_view::npos))
      return fail("tel URI: expected a digit or a visual separator", part.offset + i);
    has_digit = has_digit || digit;
  }
  if (!has_digit) return fail("tel URI: expected a number", part.offset);
  out.host = number;
  if (end == part.text.size()) return {};
  SIPVET_TRY(out.parameters, parse_parameters(part.cut(end + 1)));
  return {};
}

Result<void> parse_sip(Part rest, Uri& out) {
  // Neither host nor parameters may contain '@' unescaped, so the first one ends the user part.
  const std::size_t at = rest.text.find('@');
  if (at != rest.text.npos) {
    SIPVET_CHECK(parse_user(rest.cut(0, at), out));
    rest = rest.cut(at + 1);
  }
  const std::size_t question = rest.text.find('?');
  if (question != rest.text.npos) {
    SIPVET_CHECK(parse_headers(rest.cut(question + 1), out));
    rest = rest.cut(0, question);
  }
  const std::size_t semicolon = rest.text.find(';');
  SIPVET_CHECK(parse_host(rest.cut(0, semicolon), out));
  if (semicolon == rest.text.npos) return {};
  SIPVET_TRY(out.parameters, parse_parameters(rest.cut(semicolon + 1)));
  return {};
}

} // namespace

std::optional<std::string> find(const Parameters& parameters, std::string_view name) {
  for (const Parameter& parameter : parameters)
    if (iequals(parameter.name, name)) return parameter.value.value_or("");
  return std::nullopt;
}

void set(Parameters& parameters, std::string_view name, std::optional<std::string> value) {
  for (Parameter& parameter : parameters) {
    if (!iequals(parameter.name, name)) continue;
    parameter.value = std::move(value);
    return;
  }
  parameters.push_back({std::string(name), std::move(value)});
}

void remove(Parameters& parameters, std::string_view name) {
  std::erase_if(parameters, [&](const Parameter& parameter) { return iequals(parameter.name, name); });
}

Result<Uri> parse_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return fail("URI: expected a scheme and a colon", 0);
  Uri out;
  out.scheme = to_lower(text.substr(0, colon));
  const Part rest{text.substr(colon + 1), colon + 1};
  if (out.scheme == "tel") {
    SIPVET_CHECK(parse_tel(rest, out));
  } else if (out.scheme == "sip" || out.scheme == "sips") {
    SIPVET_CHECK(parse_sip(rest, out));
  } else {
    return fail("URI: expected the scheme sip, sips or tel", 0);
  }
  return out;
}

std::string to_string(const Uri& uri) {
  std::string out = uri.scheme + ':';
  if (!uri.user.empty()) {
    out += uri.user;
    if (uri.password) out += ':' + *uri.password;
    out += '@';
  }
  out += to_string(HostPort{uri.host, uri.port}) + to_string(uri.parameters);
  char before = '?';
  for (const auto& [name, value] : uri.headers) {
    out += before + name + '=' + value;
    before = '&';
  }
  return out;
}

} // namespace sipvet::sip
