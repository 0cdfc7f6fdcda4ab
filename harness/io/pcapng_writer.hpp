// Writes pcapng files with one interface, nanosecond time stamps and TLS secrets, readable by Wireshark as
// they are.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sipvet::io {

class PcapngWriter {
 public:
  // Replaces a file of that name. Link type 101 is raw IP.
  static Result<std::unique_ptr<PcapngWriter>> create(const std::string& path, std::uint32_t link_type = 101);
  // Writes what is buffered; a failure is not told then, so close() first.
  ~PcapngWriter();
  PcapngWriter(const PcapngWriter&) = delete;
  PcapngWriter& operator=(const PcapngWriter&) = delete;

  // A frame captured whole, or of which `original_octets` were on the wire.
  void frame(Instant time, ByteView data);
  void frame(Instant time, ByteView data, std::size_t original_octets);
  // A Decryption Secrets Block with the lines of a TLS key log. Readers that go through the file once use it
  // for what comes after it.
  void secrets(std::string_view keylog_text);
  // Puts everything in the file, so that a run killed later loses none of it.
  Result<void> flush();
  // Reports the first error of any write since create().
  Result<void> close();

 private:
  struct State;
  explicit PcapngWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
