// The value or the reason there is none: what codecs and engines return instead of throwing.
#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace sipvet {

// What went wrong, as a sentence that says what was expected. `offset` is the octet (from 0) in the codec's
// input where it was noticed; empty where there is no input to point into.
struct Error {
  std::string what;
  std::optional<std::size_t> offset;

  Error() = default;
  // Both arguments always: a lone string must stay convertible to Result<std::string> as a value.
  Error(std::string sentence, std::optional<std::size_t> at) : what(std::move(sentence)), offset(at) {}
  bool operator==(const Error&) const = default;
};

// "message has no CSeq (at octet 17)"
std::string to_string(const Error& error);

template <typename T = void>
using Result = boost::system::result<T, Error>;

inline Error fail(std::string what) { return Error{std::move(what), std::nullopt}; }
inline Error fail(std::string what, std::size_t offset) { return Error{std::move(what), offset}; }

// What Result::value() throws when there is none; tests and start-up code use it, engines do not.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

} // namespace sipvet

#define SIPVET_JOIN2(a, b) a##b
#define SIPVET_JOIN(a, b) SIPVET_JOIN2(a, b)
// SIPVET_TRY(auto x, parse(y)); declares x with the value, or returns the error from the enclosing function.
#define SIPVET_TRY(declaration, expression)                                                                  \
  auto SIPVET_JOIN(sipvet_try_, __LINE__) = (expression);                                                    \
  if (!SIPVET_JOIN(sipvet_try_, __LINE__)) return SIPVET_JOIN(sipvet_try_, __LINE__).error();                \
  declaration = std::move(*SIPVET_JOIN(sipvet_try_, __LINE__))
// The same for an expression whose value is void or not wanted.
#define SIPVET_CHECK(expression)                                                                             \
  if (auto sipvet_checked = (expression); !sipvet_checked) return sipvet_checked.error()
