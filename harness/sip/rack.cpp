#include "sip/rack.hpp"

#include "base/text.hpp"
#include "sip/lexer.hpp"

#include <limits>

namespace sipvet::sip {

namespace {

Result<std::uint32_t> response_number(Lexer& lexer, const char* what) {
  lexer.blanks();
  const std::size_t start = lexer.offset();
  const auto number = parse_decimal(lexer.until(" \t\r\n"), std::numeric_limits<std::uint32_t>::max(), what);
  if (!number) return fail(number.error().what, start + number.error().offset.value_or(0));
  if (*number == 0) return fail(std::string(what) + ": expected a number above 0", start);
  return static_cast<std::uint32_t>(*number);
}

} // namespace

Result<std::uint32_t> parse_rseq(std::string_view text) {
  Lexer lexer(text);
  SIPVET_TRY(const std::uint32_t number, response_number(lexer, "RSeq"));
  lexer.blanks();
  SIPVET_CHECK(lexer.expect_end("RSeq"));
  return number;
}

Result<RAck> parse_rack(std::string_view text) {
  Lexer lexer(text);
  RAck rack;
  SIPVET_TRY(rack.response, response_number(lexer, "RAck"));
  lexer.blanks();
  const std::size_t start = lexer.offset();
  auto cseq = parse_cseq(lexer.rest());
  if (!cseq) return fail(cseq.error().what, start + cseq.error().offset.value_or(0));
  rack.cseq = std::move(*cseq);
  return rack;
}

std::string to_string(const RAck& rack) { return std::to_string(rack.response) + ' ' + to_string(rack.cseq); }

} // namespace sipvet::sip
