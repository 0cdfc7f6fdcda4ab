// A crypto line that is damaged in any octet leaves the SRTP policy as it is: never RTP where the mode asks
// for SRTP.
#include "gateway/negotiation.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;

namespace {

const std::string good =
    "a=crypto:12 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 WSH=99";

struct Row {
  std::string_view protocol;
  SrtpMode mode;
  bool may_refuse, may_be_rtp, may_be_srtp;
};
constexpr Row rows[] = {
    {"RTP/SAVP", SrtpMode::always, true, false, true},   {"RTP/SAVP", SrtpMode::as_needed, true, false, true},
    {"RTP/SAVP", SrtpMode::never, true, false, false},   {"RTP/AVP", SrtpMode::always, true, false, true},
    {"RTP/AVP", SrtpMode::as_needed, false, true, true}, {"RTP/AVP", SrtpMode::never, false, true, false},
};

void check(const Row& row, const std::string& line) {
  const auto offer =
      sdp::parse_session("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                         "m=audio 4000 " +
                         std::string(row.protocol) + " 0\r\n" + line + "\r\n");
  if (!offer) return; // 400, before anything is negotiated
  Config config;
  config.srtp_mode = row.mode;
  LocalMedia local;
  local.address = IpAddress::v4(192, 0, 2, 2);
  local.rtp_port = 6000;
  SeededRandom random(1);
  keying::MikeyParty no_mikey{keying::MikeySettings{}};
  const Answer made = answer_offer(config, *offer, local, std::nullopt, {random, no_mikey, Instant()});
  BOOST_TEST_CONTEXT(row.protocol << " " << name(row.mode) << " " << line) {
    if (made.refusal) {
      BOOST_TEST(row.may_refuse);
      BOOST_TEST(made.refusal->status == 488);
      BOOST_TEST(!made.refusal->text.empty());
    } else if (made.agreed.srtp()) {
      BOOST_TEST(row.may_be_srtp);
    } else {
      BOOST_TEST(row.may_be_rtp);
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(negotiation_damage)

BOOST_AUTO_TEST_CASE(every_bit_of_the_line) {
  for (const Row& row : rows)
    for (std::size_t at = 0; at < good.size(); ++at)
      for (unsigned bit = 0; bit < 8; ++bit) {
        std::string changed = good;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1u << bit));
        check(row, changed);
      }
}

BOOST_AUTO_TEST_CASE(cut_anywhere) {
  for (const Row& row : rows)
    for (std::size_t octets = 0; octets <= good.size(); ++octets) check(row, good.substr(0, octets));
}

BOOST_AUTO_TEST_SUITE_END()
