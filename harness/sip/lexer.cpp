#include "sip/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::sip {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

} // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

void Lexer::blanks() {
  while (!at_end() && is_blank(text_[at_])) ++at_;
}

bool Lexer::accept(char c) {
  std::size_t ahead = at_;
  while (ahead < text_.size() && is_blank(text_[ahead])) ++ahead;
  if (ahead == text_.size() || text_[ahead] != c) return false;
  at_ = ahead + 1;
  blanks();
  return true;
}

Result<void> Lexer::expect(char c, std::string_view where) {
  if (accept(c)) return {};
  return error(fmt::format("expected '{}' {}", c, where));
}

Result<std::string_view> Lexer::token(std::string_view field) {
  const std::size_t start = at_;
  while (!at_end() && is_token_char(text_[at_])) ++at_;
  if (at_ == start) return error(fmt::format("{}: expected a token", field));
  return text_.substr(start, at_ - start);
}

std::string_view Lexer::until(std::string_view stops) {
  const std::size_t start = at_;
  at_ = std::min(text_.find_first_of(stops, at_), text_.size());
  return text_.substr(start, at_ - start);
}

Result<std::string_view> Lexer::quoted() {
  if (peek() != '"') return error("expected a quoted string");
  for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\') {
      ++i;
    } else if (text_[i] == '"') {
      const std::string_view out = text_.substr(at_, i + 1 - at_);
      at_ = i + 1;
      return out;
    }
  }
  return error("the quoted string that begins here has no end");
}

Result<Parameter> Lexer::parameter() {
  SIPVET_TRY(const std::string_view name, token("parameter name"));
  Parameter out{std::string(name), std::nullopt};
  if (!accept('=')) return out;
  if (peek() == '"') {
    SIPVET_TRY(const std::string_view value, quoted());
    out.value = value;
    return out;
  }
  // Wider than the grammar's token and host on purpose: IPv6 addresses with and without brackets, UTF-8 and
  // base64 occur.
  const std::string_view value = until(" \t\r\n;,<>\"");
  if (value.empty()) return error(fmt::format("parameter {}: expected a value after '='", name));
  out.value = value;
  return out;
}

Result<Parameters> Lexer::parameters() {
  Parameters out;
  while (accept(';')) {
    SIPVET_TRY(Parameter one, parameter());
    out.push_back(std::move(one));
  }
  return out;
}

Result<void> Lexer::expect_end(std::string_view what) {
  blanks();
  if (at_end()) return {};
  return error(fmt::format("expected the end of {}", what));
}

std::string unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string to_string(const Parameters& parameters) {
  std::string out;
  for (const Parameter& parameter : parameters) {
    out += ';' + parameter.name;
    if (parameter.value) out += '=' + *parameter.value;
  }
  return out;
}

} // namespace sipvet::sip
