// A crypto line with any octet cut, lost or changed is refused with its place, or still gives whole keys.
#include "keying/sdes.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::keying;

namespace {

constexpr rtp::SrtpSuite suites[] = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80};

const std::string good =
    "12 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4;"
    "inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|2:4 KDR=2 WSH=128 -new=x";

// What the answerer makes of one section with that line: keys of the suite's lengths, or a reason.
void check(const std::string& value) {
  sdp::Media media;
  media.attributes.push_back({"crypto", value, 7});
  SeededRandom random(1);
  const auto made = answer_section(media, suites, random);
  BOOST_TEST_CONTEXT(value) {
    if (!made) {
      const std::string& what = made.error().what;
      const bool placed =
          what.find("line 7, column ") != std::string::npos || what.find("(line 7): ") != std::string::npos;
      BOOST_TEST(placed, what);
      return;
    }
    for (const rtp::SrtpKey& key : made->keys.remote.keys) {
      BOOST_TEST(key.master_key.size() == 16u);
      BOOST_TEST(key.master_salt.size() == 14u);
    }
    BOOST_TEST(!made->keys.remote.keys.empty());
    BOOST_TEST(made->keys.remote.options.encrypt_rtp);
    BOOST_TEST(made->keys.remote.options.authenticate_rtp);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(sdes_damage)

BOOST_AUTO_TEST_CASE(the_line_itself) { check(good); }

BOOST_AUTO_TEST_CASE(every_bit_of_every_octet) {
  for (std::size_t at = 0; at < good.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = good;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1u << bit));
      check(changed);
    }
}

BOOST_AUTO_TEST_CASE(cut_anywhere) {
  for (std::size_t octets = 0; octets < good.size(); ++octets) check(good.substr(0, octets));
  for (std::size_t from = 1; from <= good.size(); ++from) check(good.substr(from));
}

BOOST_AUTO_TEST_CASE(an_octet_lost_or_twice) {
  for (std::size_t at = 0; at < good.size(); ++at) {
    check(good.substr(0, at) + good.substr(at + 1));
    check(good.substr(0, at) + good[at] + good.substr(at));
  }
}

BOOST_AUTO_TEST_SUITE_END()
