#include "sip/session_expires.hpp"

#include "base/text.hpp"
#include "sip/lexer.hpp"

#include <limits>

namespace sipvet::sip {

namespace {

Result<std::uint32_t> delta_seconds(Lexer& lexer, const char* what) {
  lexer.blanks();
  const std::size_t start = lexer.offset();
  const auto number = parse_decimal(lexer.until(" \t\r\n;"), std::numeric_limits<std::uint32_t>::max(), what);
  if (!number) return fail(number.error().what, start + number.error().offset.value_or(0));
  return static_cast<std::uint32_t>(*number);
}

} // namespace

std::string_view name(Refresher refresher) { return refresher == Refresher::uac ? "uac" : "uas"; }

Result<SessionExpires> parse_session_expires(std::string_view text) {
  Lexer lexer(text);
  SessionExpires value;
  SIPVET_TRY(value.seconds, delta_seconds(lexer, "Session-Expires"));
  const std::size_t start = lexer.offset();
  SIPVET_TRY(const Parameters parameters, lexer.parameters());
  SIPVET_CHECK(lexer.expect_end("Session-Expires"));
  if (const auto who = find(parameters, "refresher")) {
    if (iequals(*who, "uac"))
      value.refresher = Refresher::uac;
    else if (iequals(*who, "uas"))
      value.refresher = Refresher::uas;
    else
      return fail("expected refresher=uac or refresher=uas, got '" + std::string(*who) + "'", start);
  }
  return value;
}

std::string to_string(const SessionExpires& value) {
  std::string text = std::to_string(value.seconds);
  if (value.refresher) text += ";refresher=" + std::string(name(*value.refresher));
  return text;
}

Result<std::uint32_t> parse_min_se(std::string_view text) {
  Lexer lexer(text);
  SIPVET_TRY(const std::uint32_t seconds, delta_seconds(lexer, "Min-SE"));
  SIPVET_CHECK(lexer.parameters());
  SIPVET_CHECK(lexer.expect_end("Min-SE"));
  return seconds;
}

} // namespace sipvet::sip
