#include "rtp/packet.hpp"
#include "rtp/rtcp.hpp"

#include <cstdlib>
#include <string>

using namespace sipvet;

// RTP that could be read is written to the same octets; RTCP to octets that read the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto header = rtp::header_octets(input);
  const auto packet = rtp::parse_packet(input);
  if (header.has_value() != packet.has_value()) std::abort();
  if (packet && rtp::serialize(*packet) != to_bytes(input)) std::abort();
  if (const auto packets = rtp::parse_rtcp(input)) {
    const Bytes once = rtp::serialize(*packets);
    const auto again = rtp::parse_rtcp(once);
    if (!again || *again != *packets) std::abort();
    (void)rtp::check_compound(*packets);
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  using namespace std::string_literals;
  rtp::SenderReport report;
  report.blocks.resize(2);
  rtp::SourceDescription description;
  description.chunks = {{1, {{1, "alice@host"}, {2, "Alice"}}}, {2, {}}};
  const std::vector<rtp::RtcpPacket> packets = {report, description, rtp::Goodbye{{1, 2}, "done"}};
  return {
      "\xb2\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x05\xbe\xde\x00\x01\xaa\xbb\xcc\xdd\x99"s,
      "\x80\x08\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03payload"s,
      std::string(as_text(rtp::serialize(packets))),
  };
}
