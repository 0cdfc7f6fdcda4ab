#include "srtp/session.hpp"

#include <string>

using namespace sipvet;

// No packet, however broken, may do more than be dropped.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static auto receiver = *srtp::Receiver::create(
      rtp::SrtpKey{rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, Bytes(16, 1), Bytes(14, 2), Bytes{0, 1}});
  (void)receiver.unprotect_rtp({data, size});
  (void)receiver.unprotect_rtcp({data, size});
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const rtp::SrtpKey key{rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, Bytes(16, 1), Bytes(14, 2), Bytes{0, 1}};
  auto sender = *srtp::Sender::create(key);
  const Bytes plain = {0x91, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xbe, 0xde, 0, 1, 1, 2, 3, 4, 5, 6};
  const Bytes report = {0x80, 0xc9, 0, 1, 0, 0, 0, 3};
  return {std::string(as_text(*sender.protect_rtp(plain))),
          std::string(as_text(*sender.protect_rtcp(report)))};
}
