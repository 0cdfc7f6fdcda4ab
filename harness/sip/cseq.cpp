#include "sip/cseq.hpp"

#include "base/text.hpp"
#include "sip/lexer.hpp"

#include <optional>

namespace sipvet::sip {

namespace {

// Nearly every one: digits, a space, a method, and nothing else.
std::optional<CSeqView> view_plain(std::string_view text) {
  constexpr std::size_t most_digits = 9; // with more it might be too large
  CSeqView out;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
    out.number = out.number * 10 + static_cast<std::uint32_t>(text[at] - '0');
  if (at == 0 || at > most_digits || at == text.size() || text[at] != ' ') return std::nullopt;
  out.method = text.substr(at + 1);
  return is_token(out.method) ? std::optional(out) : std::nullopt;
}

} // namespace

Result<CSeqView> view_cseq(std::string_view text) {
  if (const auto plain = view_plain(text)) return *plain;
  constexpr std::uint64_t largest = 0x7fffffff; // below 2^31, RFC 3261 §8.1.1.5
  Lexer lexer(text);
  lexer.blanks();
  const std::size_t start = lexer.offset();
  const auto number = parse_decimal(lexer.until(" \t\r\n"), largest, "CSeq number");
  if (!number) return fail(number.error().what, start + number.error().offset.value_or(0));
  lexer.blanks();
  SIPVET_TRY(const std::string_view method, lexer.token("CSeq method"));
  SIPVET_CHECK(lexer.expect_end("CSeq"));
  return CSeqView{static_cast<std::uint32_t>(*number), method};
}

Result<CSeq> parse_cseq(std::string_view text) {
  SIPVET_TRY(const CSeqView view, view_cseq(text));
  return CSeq{view.number, std::string(view.method)};
}

std::string to_string(const CSeq& cseq) { return std::to_string(cseq.number) + ' ' + cseq.method; }

} // namespace sipvet::sip
