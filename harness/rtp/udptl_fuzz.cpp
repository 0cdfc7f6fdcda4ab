// UDPTL packets: what could be read reads the same when it is written.
#include "rtp/udptl.hpp"

#include <cstdlib>
#include <string>

using namespace sipvet;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

std::vector<std::string> fuzz_seeds() {
  const rtp::Udptl redundant{7, rtp::ifp_of(rtp::T30Indicator::ced), {Bytes(3, 1), Bytes(200, 2)}, false};
  Bytes parity = rtp::serialize({8, Bytes{6}, {}, false});
  parity[4] = 0x80;
  return {std::string(as_text(rtp::serialize(redundant))), std::string(as_text(parity))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto packet = rtp::parse_udptl({data, size});
  if (!packet || packet->parity_fec) return 0;
  const auto again = rtp::parse_udptl(rtp::serialize(*packet));
  if (!again || !(*again == *packet)) std::abort();
  (void)rtp::indicator_of(packet->primary);
  return 0;
}
