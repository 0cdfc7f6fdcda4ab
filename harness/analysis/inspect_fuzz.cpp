// Any octets as a capture: whatever is in them, the judgement ends and stays within its limits.
#include "analysis/inspect.hpp"
#include "analysis/test_call.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace sipvet;
using namespace sipvet::analysis;

std::string call_with_media() {
  TestCall call;
  const auto key = test_key(1);
  call.invite("RTP/SAVP", crypto_line(1, key));
  call.media(call.bob, call.alice, protect(audio(call.bob, 6), test_key(2)));
  call.answer("RTP/SAVP", crypto_line(1, test_key(2)));
  call.media(call.alice, call.bob, protect(audio(call.alice, 6), key));
  return std::string(as_text(call.capture.octets()));
}

std::string tcp_and_tls() {
  TestCapture capture;
  const auto client = at(1, 40'000), server = at(2, 5061);
  capture.connect(client, server);
  capture.tcp(client, server, Bytes{22, 3, 1, 0, 4, 1, 0, 0, 0});
  capture.tcp(server, client, Bytes{21, 3, 3, 0, 2, 2, 40});
  const auto plain = at(2, 5060);
  capture.connect(client, plain);
  capture.tcp(client, plain, as_bytes("OPTIONS sip:b@test SIP/2.0\r\nContent-Length: 0\r\n\r\n"));
  capture.finish(client, plain);
  return std::string(as_text(capture.octets()));
}

} // namespace

std::vector<std::string> fuzz_seeds() { return {call_with_media(), tcp_and_tls()}; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Keys keys;
  keys.srtp.push_back({std::nullopt, test_key(9), "supplied", "key"});
  (void)inspect(ByteView(data, size), keys);
  return 0;
}
