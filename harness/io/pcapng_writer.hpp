// Writes pcapng files with an interface for each link type, nanosecond time stamps and TLS secrets, readable
// by Wireshark as they are.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sipvet::io {

class PcapngWriter {
 public:
  // Replaces a file of that name. Link type 101 is raw IP. The first interface is described at once; with no
  // link type, only when a frame needs one.
  static Result<std::unique_ptr<PcapngWriter>> create(const std::string& path,
                                                      std::optional<std::uint32_t> link_type = 101);
  // Writes what is buffered; a failure is not told then, so close() first.
  ~PcapngWriter();
  PcapngWriter(const PcapngWriter&) = delete;
  PcapngWriter& operator=(const PcapngWriter&) = delete;

  // A frame captured whole, or of which `original_octets` were on the wire.
  void frame(Instant time, ByteView data);
  void frame(Instant time, ByteView data, std::size_t original_octets);
  // The same on the interface of that link type, which is described in front of its first frame.
  void frame(Instant time, ByteView data, std::size_t original_octets, std::uint32_t link_type);
  // A Decryption Secrets Block with the lines of a TLS key log. Readers that go through the file once use it
  // for what comes after it.
  void secrets(std::string_view keylog_text);
  // Puts everything in the file, so that a run killed later loses none of it.
  Result<void> flush();
  // Reports the first error of any write since create().
  Result<void> close();

 private:
  struct State;
  void frame_on(std::uint32_t interface, Instant time, ByteView data, std::size_t original_octets);
  explicit PcapngWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
