#include "rtp/g711.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace sipvet;
using namespace sipvet::rtp;

namespace {

struct Known {
  std::uint8_t code;
  int linear;
};

} // namespace

BOOST_AUTO_TEST_SUITE(g711)

// Values of ITU-T G.711 tables 2a/2b at the ends and at segment edges, scaled from 14 to 16 bits (times 4).
BOOST_AUTO_TEST_CASE(mu_law_table) {
  const Known known[] = {{0xFF, 0},   {0x7F, 0},     {0x80, 32124},  {0x00, -32124}, {0xFE, 8},
                         {0x7E, -8},  {0x8F, 16764}, {0x90, 15996},  {0xEF, 132},    {0xF0, 120},
                         {0xDF, 396}, {0xA0, 7932},  {0x0F, -16764}, {0x1F, -8316}};
  for (const auto& [code, linear] : known) BOOST_TEST(decode_sample(Law::mu, code) == linear);
}

// Tables 1a/1b, scaled from 13 to 16 bits (times 8): values lie in the middle of their steps.
BOOST_AUTO_TEST_CASE(a_law_table) {
  const Known known[] = {{0xD5, 8},   {0x55, -8},    {0xAA, 32256}, {0x2A, -32256},
                         {0xD4, 24},  {0xDA, 248},   {0xC5, 264},   {0xCA, 504},
                         {0xF5, 528}, {0xA5, 16896}, {0xBA, 16128}, {0x3A, -16128}};
  for (const auto& [code, linear] : known) BOOST_TEST(decode_sample(Law::a, code) == linear);
}

BOOST_AUTO_TEST_CASE(every_code_comes_back) {
  for (unsigned code = 0; code < 256; ++code) {
    const auto octet = static_cast<std::uint8_t>(code);
    BOOST_TEST(encode_sample(Law::a, decode_sample(Law::a, octet)) == octet);
    if (octet == 0x7F) continue; // mu-law's negative zero
    BOOST_TEST(encode_sample(Law::mu, decode_sample(Law::mu, octet)) == octet);
  }
  BOOST_TEST(encode_sample(Law::mu, 0) == 0xFF);
  BOOST_TEST(encode_sample(Law::a, 0) == 0xD5);
}

// The decision values between the segments, scaled to 16 bits: 31, 95, 223, … 4063 in mu-law, powers of two
// in A-law.
BOOST_AUTO_TEST_CASE(decision_values) {
  const int mu[] = {31, 95, 223, 479, 991, 2015, 4063};
  for (unsigned segment = 0; segment < 7; ++segment) {
    const auto at = static_cast<std::int16_t>(mu[segment] * 4);
    const auto below = static_cast<std::int16_t>(at - 1);
    BOOST_TEST(encode_sample(Law::mu, at) == 0xFF - (segment + 1) * 16);
    BOOST_TEST(encode_sample(Law::mu, below) == 0xFF - (segment + 1) * 16 + 1);
  }
  for (unsigned segment = 1; segment < 8; ++segment) {
    const auto at = static_cast<std::int16_t>(128 << segment);
    const auto below = static_cast<std::int16_t>(at - 1);
    BOOST_TEST(encode_sample(Law::a, at) == ((0x80 + segment * 16) ^ 0x55));
    BOOST_TEST(encode_sample(Law::a, below) == ((0x80 + segment * 16 - 1) ^ 0x55));
  }
}

BOOST_AUTO_TEST_CASE(extremes_do_not_wrap) {
  BOOST_TEST(encode_sample(Law::mu, 32767) == 0x80);
  BOOST_TEST(encode_sample(Law::mu, -32768) == 0x00);
  BOOST_TEST(encode_sample(Law::a, 32767) == 0xAA);
  BOOST_TEST(encode_sample(Law::a, -32768) == 0x2A);
}

BOOST_AUTO_TEST_CASE(decoding_rises_with_the_linear_value) {
  for (const Law law : {Law::mu, Law::a}) {
    std::int16_t last = std::numeric_limits<std::int16_t>::min();
    for (int sample = -32768; sample <= 32767; ++sample) {
      const auto value = decode_sample(law, encode_sample(law, static_cast<std::int16_t>(sample)));
      BOOST_REQUIRE(value >= last);
      last = value;
    }
  }
}

BOOST_AUTO_TEST_CASE(whole_packets) {
  const std::vector<std::int16_t> samples = {0, 32124, -32124};
  BOOST_TEST(encode(Law::mu, samples) == (Bytes{0xFF, 0x80, 0x00}), boost::test_tools::per_element());
  BOOST_TEST(decode(Law::mu, Bytes{0xFF, 0x80, 0x00}) == samples, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
