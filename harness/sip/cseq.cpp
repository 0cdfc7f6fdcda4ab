#include "sip/cseq.hpp"

#include "base/text.hpp"
#include "sip/lexer.hpp"

namespace sipvet::sip {

Result<CSeq> parse_cseq(std::string_view text) {
  constexpr std::uint64_t largest = 0x7fffffff; // below 2^31, RFC 3261 §8.1.1.5
  Lexer lexer(text);
  lexer.blanks();
  const std::size_t start = lexer.offset();
  const auto number = parse_decimal(lexer.until(" \t\r\n"), largest, "CSeq number");
  if (!number) return fail(number.error().what, start + number.error().offset.value_or(0));
  lexer.blanks();
  SIPVET_TRY(const std::string_view method, lexer.token("CSeq method"));
  SIPVET_CHECK(lexer.expect_end("CSeq"));
  return CSeq{static_cast<std::uint32_t>(*number), std::string(method)};
}

std::string to_string(const CSeq& cseq) { return std::to_string(cseq.number) + ' ' + cseq.method; }

} // namespace sipvet::sip
