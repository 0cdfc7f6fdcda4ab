// Judges captures: decrypts TLS, follows SIP, keys and decrypts SRTP, and says what is wrong.
#pragma once

#include "analysis/keys.hpp"
#include "analysis/report.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace sipvet::analysis {

class PlainSink;

struct Options {
  bool keep_message_text = true; // off: SipMessage::text stays empty, for captures larger than memory
  // Now and then, with the octets of the file that were read so far.
  std::function<void(std::uint64_t)> progress;
  std::vector<PlainSink*> sinks; // for what could be read (plain_sink.hpp)
  // A scan, or noise that looks like RTP, opens a stream for every datagram.
  std::size_t most_media_streams = 100'000;
  // Threads: with two or more, one reads packets and takes TCP and TLS off, another reads what is in them;
  // with three or more, a third reads the files. The report is the same.
  std::size_t jobs = 1;
  bool show_keys = false; // MIKEY traffic keys in the report
};

// Several captures are read as one, frame by frame in the order of their times: a call may begin in one and
// end in the next, and its two legs may have been captured in two places. Fails only
// when a file cannot be opened or is no capture; whatever is wrong inside becomes findings.
Result<Report> inspect(std::span<const std::string> paths, const Keys& keys, const Options& options = {});
Result<Report> inspect(const std::string& path, const Keys& keys, const Options& options = {});
// The octets of a capture file in memory.
Result<Report> inspect(ByteView capture, const Keys& keys, const Options& options = {});

} // namespace sipvet::analysis
