// Looks for the next TLS record in a stream that was entered anywhere, as after lost octets.
#pragma once

#include "base/bytes.hpp"
#include "tlswire/record.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace sipvet::analysis {

class RecordSeeker {
 public:
  // `stream_offset` is where the first octet to be fed stands in its stream.
  explicit RecordSeeker(std::uint64_t stream_offset) : start_(stream_offset) {}

  void feed(ByteView octets);
  // The next stretch that looks like a record, which it need not be: they may overlap, and one that is longer
  // comes behind those within it, for ciphertext may look like a header and must not hide the records behind.
  // Nothing: more octets are needed. Holds at most one record and a few octets more. Views hold until the
  // next feed().
  std::optional<tlswire::Record> next();
  // What stands right in front of the record that next() gave, and what was fed behind it.
  ByteView before() const;
  ByteView behind() const;

 private:
  tlswire::Record give(std::size_t at);
  bool is_whole(std::size_t at) const;

  std::uint64_t start_; // offset of held_
  Bytes held_;
  std::size_t at_ = 0;                // where to look next
  std::deque<std::uint64_t> waiting_; // offsets of headers whose records are not whole, rising
  std::size_t found_ = 0;             // where the record begins that was given last
};

} // namespace sipvet::analysis
