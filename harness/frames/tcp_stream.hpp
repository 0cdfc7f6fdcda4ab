// TCP reassembly: from segments in the order they were captured to the octets of each direction in the order
// they were sent, with every loss named. Memory is bounded for each direction and in total, whatever the
// capture holds.
#pragma once

#include "base/clock.hpp"
#include "frames/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sipvet::frames {

// One for each connection, from 1 in the order they were first seen; a port pair used again gets a new one.
enum class FlowId : std::uint64_t { none = 0 };

enum class Direction { to_server, to_client };

struct TcpFlow {
  FlowId id = FlowId::none;
  // The client is the sender of the SYN (or the receiver of the SYN-ACK). In a flow seen from its middle the
  // lower port is taken for the server's; with equal ports the first sender is the client.
  Endpoint client;
  Endpoint server;
  bool from_start = false; // the SYN or the SYN-ACK was captured: octet 0 is the first of the connection
};

// Where and when the octets (or the event) were captured.
struct Captured {
  std::size_t frame = 0;
  Instant time;
};

enum class FlowEnd {
  finished,       // both sides sent FIN
  reset,          // one side sent RST
  replaced,       // a new SYN used the same ports
  evicted,        // too many flows at once: the one that was silent longest goes
  end_of_capture, // flush()
};

// The receiver must not call back into the reassembler. Views and references hold only during the call.
class TcpEvents {
 public:
  virtual ~TcpEvents() = default;
  virtual void on_opened(const TcpFlow&, Captured /*at*/) {}
  // `offset` counts the direction's octets from 0, lost ones included. `at` is the frame that carried these
  // octets.
  virtual void on_octets(const TcpFlow&, Direction, std::uint64_t /*offset*/, ByteView, Captured /*at*/) {}
  // `count` octets from `offset` on were never captured. `at` is the frame in which this became certain.
  virtual void on_gap(const TcpFlow&, Direction, std::uint64_t /*offset*/, std::uint64_t /*count*/,
                      Captured /*at*/) {}
  // This direction's FIN, after all its octets.
  virtual void on_finished(const TcpFlow&, Direction, Captured /*at*/) {}
  // The last event of a flow.
  virtual void on_closed(const TcpFlow&, FlowEnd, Captured /*at*/) {}
};

struct TcpLimits {
  // What one direction may hold back while an earlier segment is missing, before that is given up as lost.
  // Larger than the receive windows that hosts open by default, so that a retransmission still finds its
  // hole.
  std::size_t held_octets = 4 * 1024 * 1024;
  std::size_t held_segments = 4096;
  // The same for all flows together.
  std::size_t held_octets_total = 64 * 1024 * 1024;
  // Flows remembered, closed ones included (they absorb late retransmissions).
  std::size_t flows = 65'536;
};

// Of octets captured twice the first copy is used.
class TcpReassembler {
 public:
  explicit TcpReassembler(TcpEvents& events, TcpLimits limits = {});
  ~TcpReassembler();
  TcpReassembler(const TcpReassembler&) = delete;
  TcpReassembler& operator=(const TcpReassembler&) = delete;

  void add(const Segment& segment, std::size_t frame, Instant time);
  // End of the capture: delivers what was held back, after naming what is missing before it, and closes every
  // flow.
  void flush();

  std::size_t held_octets() const;
  std::size_t open_flows() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::frames
