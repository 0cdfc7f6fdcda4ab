// Any octets given as a capture: read to the end or to an error, with every frame within the input.
#include "io/capture_file.hpp"

#include <cstdlib>

namespace {

void put(std::string& out, std::uint64_t value, std::size_t octets) {
  for (std::size_t i = 0; i < octets; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

std::string block(std::uint32_t type, const std::string& body) {
  std::string out;
  put(out, type, 4);
  put(out, body.size() + 12, 4);
  out += body;
  put(out, body.size() + 12, 4);
  return out;
}

std::string fields(std::initializer_list<std::uint32_t> values, const std::string& rest = "") {
  std::string out;
  for (const std::uint32_t value : values) put(out, value, 4);
  return out + rest;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reader = sipvet::io::CaptureReader::open(sipvet::ByteView(data, size));
  if (!reader) return 0;
  for (;;) {
    const auto frame = (*reader)->next();
    if (!frame || !*frame) break;
    unsigned sum = 0;
    for (const std::uint8_t octet : (*frame)->data) sum += octet;
    if (sum > 255 * (*frame)->data.size()) std::abort();
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::string pcap = fields({0xA1B2C3D4, 0x00040002, 0, 0, 65535, 1, 5, 6, 4, 4}, "abcd");
  const std::string section = block(0x0A0D0D0A, fields({0x1A2B3C4D, 1, 0xFFFFFFFF, 0xFFFFFFFF}));
  const std::string options = fields({0x00010009, 9, 0x0008000E, 1, 0, 0});
  const std::string interface = block(1, fields({101, 65535}, options));
  const std::string packets = block(6, fields({0, 1, 2, 4, 4}, "abcd")) + block(3, fields({4}, "abcd")) +
                              block(2, fields({0, 1, 2, 4, 4}, "abcd"));
  const std::string secrets = block(10, fields({0x544C534B, 8}, "A B C\n\n#"));
  return {pcap, section + interface + secrets + packets + block(99, "abcd") + section + interface + packets};
}
