#include "sdp/capability.hpp"

#include "base/bytes.hpp"

#include <cstdlib>

using namespace sipvet;

// Whatever could be read must be written so that it reads the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto configuration = sdp::parse_configuration(text)) {
    const auto again = sdp::parse_configuration(sdp::to_string(*configuration));
    if (!again || *again != *configuration) std::abort();
  }
  if (const auto capability = sdp::parse_attribute_capability(text)) {
    const auto again = sdp::parse_attribute_capability(sdp::to_string(*capability));
    if (!again || sdp::to_string(*again) != sdp::to_string(*capability)) std::abort();
  }
  (void)sdp::parse_protocol_capabilities(text);
  (void)sdp::parse_option_tags(text);
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {"1 t=2|1 a=-ms:1,2,[3,4]|[5]|6 +m=1 other=x|y",
          "1 crypto:1 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj",
          "1 RTP/SAVP RTP/AVP"};
}
