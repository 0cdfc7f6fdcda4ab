// Reads captures, pcap and pcapng, front to back with bounded memory.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::io {

struct CapturedFrame {
  std::size_t number = 0;                 // from 1, as Wireshark counts
  Instant time;                           // the epoch where the file has no time (pcapng simple packets)
  std::uint32_t link_type = 0;            // frames/decode.hpp
  std::size_t original_octets = 0;        // on the wire; more than data.size() when the capture cut the frame
  ByteView data;                          // valid until the next call of next(), or
  std::shared_ptr<const Bytes> kept = {}; // as long as this is held, where there is one
};

// pcap: either byte order, micro- or nanoseconds. pcapng: several sections of either byte order, several
// interfaces, enhanced, simple and obsolete packet blocks, TLS key logs in Decryption Secrets Blocks; other
// blocks are skipped. Either may be compressed with gzip.
class CaptureReader {
 public:
  // "-" reads standard input. Fails when the file cannot be read or is no capture.
  static Result<std::unique_ptr<CaptureReader>> open(const std::string& path);
  // Over octets in memory, which must outlive the reader.
  static Result<std::unique_ptr<CaptureReader>> open(ByteView octets);
  ~CaptureReader();
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;

  // Nothing at the end. An error (a truncated or damaged file) names the frame that could not be read and the
  // file offset; what came before it stays valid, and every further call gives the same error.
  Result<std::optional<CapturedFrame>> next();

  // Lines of the TLS key logs in the Decryption Secrets Blocks seen so far; only ever grows.
  const std::vector<std::string>& keylog_lines() const;
  // Octets of the file used so far, counted as decompressed.
  std::uint64_t offset() const;

 private:
  struct State;
  explicit CaptureReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
