#include "sip/name_addr.hpp"

#include "base/text.hpp"
#include "sip/lexer.hpp"

#include <algorithm>

namespace sipvet::sip {

namespace {

// display-name without quotes is *( token LWS ); UTF-8 is taken as well, because phones write names as they
// are.
bool is_display_char(char c) {
  return is_token_char(c) || c == ' ' || c == '\t' || static_cast<unsigned char>(c) >= 0x80;
}

Result<void> parse_display_name(Lexer& lexer, NameAddr& out) {
  if (lexer.peek() == '"') {
    SIPVET_TRY(const std::string_view quoted, lexer.quoted());
    out.display_name = unquote(quoted);
    lexer.blanks();
    if (lexer.peek() != '<') return lexer.error("expected < after the display name");
    return {};
  }
  const std::size_t start = lexer.offset();
  const std::string_view name = lexer.until("<");
  const auto bad = std::find_if_not(name.begin(), name.end(), is_display_char);
  if (bad != name.end())
    return fail("display name: expected tokens or a quoted string",
                start + static_cast<std::size_t>(bad - name.begin()));
  out.display_name = trim(name);
  return {};
}

Result<Uri> parse_uri_at(std::string_view text, std::size_t start) {
  auto uri = parse_uri(text);
  if (!uri) return fail(uri.error().what, start + uri.error().offset.value_or(0));
  return uri;
}

Result<void> parse_bracketed(Lexer& lexer, NameAddr& out) {
  SIPVET_CHECK(parse_display_name(lexer, out));
  const std::size_t start = lexer.offset() + 1;
  const std::string_view bracketed = lexer.until(">");
  if (lexer.at_end()) return lexer.error("expected > after the URI");
  SIPVET_TRY(out.uri, parse_uri_at(bracketed.substr(1), start));
  if (!lexer.accept('>')) return lexer.error("expected > after the URI");
  return {};
}

// Without angle brackets parameters belong to the header, and the URI must have no comma or question mark
// (§20.10).
Result<void> parse_bare(Lexer& lexer, NameAddr& out) {
  const std::size_t start = lexer.offset();
  const std::string_view text = lexer.until(" \t\r\n;,?");
  if (lexer.peek() == '?') return lexer.error("a URI with headers: expected angle brackets around it");
  SIPVET_TRY(out.uri, parse_uri_at(text, start));
  return {};
}

// Where the `<` of a name-addr is; quoted display names may contain others.
bool has_brackets(std::string_view text) {
  if (text.starts_with('"')) return true;
  // A `<` behind the first `;` belongs to a parameter of an addr-spec.
  const std::size_t first = text.find_first_of("<;");
  return first != text.npos && text[first] == '<';
}

} // namespace

std::string NameAddr::tag() const { return find(parameters, "tag").value_or(""); }

Result<NameAddr> parse_name_addr(std::string_view text) {
  Lexer lexer(text);
  lexer.blanks();
  NameAddr out;
  if (has_brackets(lexer.rest())) {
    SIPVET_CHECK(parse_bracketed(lexer, out));
  } else {
    SIPVET_CHECK(parse_bare(lexer, out));
  }
  SIPVET_TRY(out.parameters, lexer.parameters());
  SIPVET_CHECK(lexer.expect_end("the address"));
  return out;
}

std::string to_string(const NameAddr& value) {
  const std::string name = value.display_name.empty() ? "" : quote(value.display_name) + ' ';
  return name + '<' + to_string(value.uri) + '>' + to_string(value.parameters);
}

} // namespace sipvet::sip
