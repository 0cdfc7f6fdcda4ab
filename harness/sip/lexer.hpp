// Reads the value of a header field from front to back: blanks, tokens, quoted strings and parameters (RFC
// 3261 §25.1).
#pragma once

#include "sip/uri.hpp"

#include <array>
#include <string>
#include <string_view>

namespace sipvet::sip {

// `token` of RFC 3261 §25.1.
inline constexpr std::array<bool, 256> token_chars = [] {
  std::array<bool, 256> out{};
  for (const char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"))
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();
inline bool is_token_char(char c) { return token_chars[static_cast<unsigned char>(c)]; }
bool is_token(std::string_view text);

// Errors carry offsets into the text given to the constructor.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::size_t offset() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  std::string_view rest() const { return text_.substr(at_); }

  void blanks();
  // Takes `c` with the blanks around it, when it comes next (SLASH, SEMI, EQUAL, COLON … of the grammar).
  bool accept(char c);
  Result<void> expect(char c, std::string_view where);
  Result<std::string_view> token(std::string_view field);
  // Everything up to, and without, the first of `stops` or the end.
  std::string_view until(std::string_view stops);
  // The quoted string that begins here, as written, with its quotes.
  Result<std::string_view> quoted();
  // *( SEMI name [ EQUAL value ] ). A quoted value keeps its quotes, so that writing it gives the same text.
  Result<Parameters> parameters();
  Result<void> expect_end(std::string_view what);
  Error error(std::string what) const { return fail(std::move(what), at_); }

 private:
  Result<Parameter> parameter();

  std::string_view text_;
  std::size_t at_ = 0;
};

// Quotes and escapes removed; text that is not quoted stays as it is.
std::string unquote(std::string_view text);
std::string quote(std::string_view text);

// ";name=value;name" after each other.
std::string to_string(const Parameters& parameters);

} // namespace sipvet::sip
