// Decompresses a gzip file (RFC 1952) piece by piece.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <memory>
#include <span>

namespace sipvet::io {

bool looks_like_gzip(ByteView start);

class Inflater {
 public:
  Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;
  ~Inflater();

  // Uses up the front of `in`, and writes to `out`; gives the number of octets written. Zero with `in` not
  // used up: `out` has no room. Members may follow one another (RFC 1952 §2.2); zeros behind the last one, as
  // tapes have them, are passed over. Fails on damaged data.
  Result<std::size_t> inflate(ByteView& in, std::span<std::uint8_t> out);
  // Whether the input may end here: between members.
  bool complete() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
