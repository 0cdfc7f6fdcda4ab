// Captures a network interface into a pcapng file in a thread of its own, through libpcap.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace sipvet::io {

struct LiveCaptureStats {
  std::uint64_t written = 0; // frames in the file
  std::uint64_t dropped = 0; // frames the kernel had no room for
};

class LiveCapture {
 public:
  // Returns when frames are being captured. `filter` is in libpcap's filter language; empty takes everything.
  // Fails with what to do about it when the permission is missing or there is no such interface.
  static Result<std::unique_ptr<LiveCapture>> start(const std::string& interface_name,
                                                    const std::string& path, const std::string& filter = "");
  ~LiveCapture(); // stops
  LiveCapture(const LiveCapture&) = delete;
  LiveCapture& operator=(const LiveCapture&) = delete;

  LiveCaptureStats stats() const;
  // Takes what the kernel still holds, ends the thread and closes the file. Further calls give the first
  // answer.
  Result<void> stop();

 private:
  struct State;
  explicit LiveCapture(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
