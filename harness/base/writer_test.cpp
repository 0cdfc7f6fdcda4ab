#include "base/hex.hpp"
#include "base/writer.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(writer)

BOOST_AUTO_TEST_CASE(integers_are_big_endian) {
  Writer out;
  out.u8(0x01)
      .u16(0x0203)
      .u24(0x040506)
      .u32(0x0708090a)
      .u48(0x0b0c0d0e0f10ull)
      .u64(0x1112131415161718ull)
      .zeros(2);
  BOOST_TEST(to_hex(out.view()) == "0102030405060708090a0b0c0d0e0f1011121314151617180000");
  BOOST_TEST(out.size() == 26u);
}

BOOST_AUTO_TEST_CASE(prefixes_are_filled_when_they_end_also_inside_each_other) {
  Writer out;
  {
    const auto outer = out.prefixed24();
    out.u8(0xaa);
    {
      const auto inner = out.prefixed16();
      out.bytes(as_bytes("xyz"));
    }
    const auto empty = out.prefixed8();
  }
  BOOST_TEST(to_hex(out.view()) == "000007"
                                   "aa"
                                   "000378797a"
                                   "00");
}

BOOST_AUTO_TEST_CASE(a_length_that_does_not_fit_is_cut_off) {
  Writer out;
  {
    const auto prefix = out.prefixed8();
    out.zeros(0x105);
  }
  BOOST_TEST(out.view()[0] == 0x05);
  BOOST_TEST(out.size() == 0x106u);
}

BOOST_AUTO_TEST_CASE(take_hands_over_everything) {
  Writer out;
  out.u16(0xbeef);
  BOOST_TEST(to_hex(out.take()) == "beef");
}

BOOST_AUTO_TEST_SUITE_END()
