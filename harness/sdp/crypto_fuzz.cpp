#include "sdp/crypto.hpp"

#include "base/bytes.hpp"

#include <cstdlib>

using namespace sipvet;

// What could be read must be written as something that reads the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto crypto = sdp::parse_crypto(as_text({data, size}));
  if (!crypto) return 0;
  const std::string once = sdp::to_string(*crypto);
  const auto again = sdp::parse_crypto(once);
  if (!again || sdp::to_string(*again) != once) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::string key = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
  return {
      "1 AES_CM_128_HMAC_SHA1_80 " + key + "|2^20|1:4",
      "2 F8_128_HMAC_SHA1_80 " + key + "|1000|1:4;" + key + "|2:4 KDR=1 FEC_ORDER=SRTP_FEC",
      "3 AEAD_AES_256_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 WSH=64 -X=1 FEC_KEY=" + key +
          "|1:1",
  };
}
