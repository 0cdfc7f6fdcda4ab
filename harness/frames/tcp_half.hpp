// One direction of a TCP connection: puts its segments in order, within bounds, and names what is missing.
#pragma once

#include "frames/tcp_stream.hpp"

#include <map>
#include <optional>

namespace sipvet::frames {

// Where a half reports to.
struct HalfReport {
  TcpEvents& events;
  const TcpFlow& flow;
  Direction direction;
  Captured now;
};

class TcpHalf {
 public:
  bool known() const { return known_; }
  bool finished() const { return finished_; }
  // The sequence number of the octet with offset 0.
  std::uint32_t initial_sequence() const { return initial_; }
  std::size_t held_octets() const { return held_octets_; }

  void start(std::uint32_t first_octet_sequence);
  // The other side says that it has everything before this sequence number.
  void acknowledged(std::uint32_t sequence);
  void add(std::uint32_t sequence, ByteView payload, bool fin, const TcpLimits& limits, const HalfReport& to);
  // Gives up the first hole, if octets are held behind it. False when there is none.
  bool skip_hole(const HalfReport& to);
  // Gives up all holes: nothing will come any more.
  void flush(const HalfReport& to);

 private:
  struct Held {
    Bytes octets;
    Captured at;
  };
  void deliver(ByteView octets, Captured at, const HalfReport& to);
  void deliver_held(const HalfReport& to);
  void deliver_around_held(std::uint64_t begin, ByteView octets, const HalfReport& to);
  void hold(std::uint64_t begin, ByteView octets, Captured at);
  void lose_until(std::uint64_t offset, const HalfReport& to);
  void finish_if_complete(const HalfReport& to);

  bool known_ = false;
  bool finished_ = false;
  std::uint32_t initial_ = 0;
  std::uint32_t next_sequence_ = 0; // of the octet at offset_
  std::uint64_t offset_ = 0;        // octets delivered or lost so far
  std::uint64_t acknowledged_ = 0;  // offset
  std::optional<std::uint64_t> fin_offset_;
  std::map<std::uint64_t, Held> held_; // by offset, without overlap, all behind a hole
  std::size_t held_octets_ = 0;
};

} // namespace sipvet::frames
