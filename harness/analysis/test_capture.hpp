// For tests: writes a capture in memory, packet by packet, with TCP sequence numbers kept.
#pragma once

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "frames/build.hpp"

#include <cstdint>
#include <map>
#include <string_view>

namespace sipvet::analysis {

class TestCapture {
 public:
  TestCapture() {
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 262'144U, 101U}) little_endian(word);
  }

  // Time goes by before the next frame.
  void wait(std::uint32_t milliseconds) { waited_us_ += milliseconds * 1000ULL; }

  void udp(const Endpoint& from, const Endpoint& to, ByteView payload) {
    Bytes packet;
    frames::append_packet(packet, frames::Datagram{from, to, payload}).value();
    frame(packet);
  }

  void connect(const Endpoint& client, const Endpoint& server) {
    sequence_[{client, server}] = 1'000 + 1'000'000 * ++connections_;
    sequence_[{server, client}] = 5'000 + 1'000'000 * connections_;
    segment(client, server, {}, true, false);
    segment(server, client, {}, true, true);
    segment(client, server, {}, false, true);
  }
  void tcp(const Endpoint& from, const Endpoint& to, ByteView payload) {
    segment(from, to, payload, false, true);
  }
  // Sent, but not captured.
  void lose(const Endpoint& from, const Endpoint& to, std::size_t octets) {
    sequence_[{from, to}] += static_cast<std::uint32_t>(octets);
  }
  void finish(const Endpoint& from, const Endpoint& to) { segment(from, to, {}, false, true, true); }

  std::size_t frames() const { return frames_; }
  const Bytes& octets() const { return octets_; }

 private:
  void little_endian(std::uint32_t word) {
    for (int i = 0; i < 4; ++i) octets_.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }

  void frame(ByteView packet) {
    ++frames_;
    const auto time_us = frames_ * 100 + waited_us_;
    little_endian(static_cast<std::uint32_t>(1'700'000'000 + time_us / 1'000'000));
    little_endian(static_cast<std::uint32_t>(time_us % 1'000'000));
    little_endian(static_cast<std::uint32_t>(packet.size()));
    little_endian(static_cast<std::uint32_t>(packet.size()));
    append(octets_, packet);
  }

  void segment(const Endpoint& from, const Endpoint& to, ByteView payload, bool syn, bool ack,
               bool fin = false) {
    auto& sequence = sequence_[{from, to}];
    frames::Segment out{from, to, sequence, sequence_[{to, from}], syn, ack, fin, false, payload};
    Bytes packet;
    frames::append_packet(packet, out).value();
    frame(packet);
    sequence += static_cast<std::uint32_t>(payload.size()) + (syn || fin ? 1 : 0);
  }

  Bytes octets_;
  std::size_t frames_ = 0;
  std::uint64_t waited_us_ = 0;
  std::uint32_t connections_ = 0;
  std::map<std::pair<Endpoint, Endpoint>, std::uint32_t> sequence_;
};

} // namespace sipvet::analysis
