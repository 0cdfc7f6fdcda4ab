#include "sdp/rtpmap.hpp"
#include "sdp/session.hpp"

#include "base/bytes.hpp"

#include <cstdlib>

using namespace sipvet;

// Whatever could be read must be written so that it reads the same again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto session = sdp::parse_session(as_text({data, size}));
  if (!session) return 0;
  for (const auto& media : session->media) (void)sdp::codecs(media);
  const std::string once = sdp::serialize(*session);
  const auto again =
      sdp::parse_session(once.size() > sdp::max_description_octets ? std::string_view() : once);
  if (once.size() <= sdp::max_description_octets && (!again || sdp::serialize(*again) != once)) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::string start = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n";
  return {
      start +
          "c=IN IP4 192.0.2.1\r\nt=0 0\r\na=sendrecv\r\nm=audio 4000 RTP/SAVP 0 101\r\n"
          "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4\r\n"
          "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n",
      start +
          "i=a\r\nu=b\r\ne=c\r\np=d\r\nb=AS:64\r\nt=1 2\r\nr=7d 1h 0\r\nz=1 2\r\nk=prompt\r\n"
          "m=audio 4000/2 RTP/AVP 8\ni=t\nc=IN IP6 ::1\nb=AS:1\nk=clear:x\na=ptime:20\nm=image 0 udptl t38\n",
  };
}
