#include "base/reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(integers_are_big_endian) {
  const Bytes input = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c};
  Reader eight(input);
  BOOST_TEST(eight.u8("a").value() == 0x01);
  BOOST_TEST(eight.u16("b").value() == 0x0203);
  BOOST_TEST(eight.u24("c").value() == 0x040506u);
  BOOST_TEST(eight.u32("d").value() == 0x0708090au);
  BOOST_TEST(eight.remaining() == 2u);
  BOOST_TEST(Reader(input).u48("e").value() == 0x010203040506ull);
  BOOST_TEST(Reader(input).u64("f").value() == 0x0102030405060708ull);
}

BOOST_AUTO_TEST_CASE(a_read_past_the_end_names_field_and_offset_and_moves_nothing) {
  const Bytes input = {0xaa, 0xbb, 0xcc};
  Reader reader(input);
  BOOST_TEST(reader.u8("type").value() == 0xaa);
  const auto missing = reader.u32("length");
  BOOST_REQUIRE(!missing);
  BOOST_TEST(missing.error().what == "length needs 4 octets, only 2 are left");
  BOOST_TEST((missing.error().offset == 1u));
  BOOST_TEST(reader.u16("rest").value() == 0xbbcc);
  BOOST_TEST(reader.empty());
  BOOST_TEST(!reader.u8("more"));
  BOOST_TEST(!reader.skip(1, "more"));
  BOOST_TEST(reader.bytes(0, "nothing").value().empty());
}

BOOST_AUTO_TEST_CASE(offsets_of_sub_readers_count_from_the_outermost) {
  const Bytes input = {0x00, 0x02, 0x11, 0x22, 0x33};
  Reader outer(input, 100);
  Reader inner = outer.sub_prefixed16("list").value();
  BOOST_TEST(inner.offset() == 102u);
  BOOST_TEST(inner.remaining() == 2u);
  BOOST_TEST(outer.offset() == 104u);
  BOOST_TEST(inner.skip(1, "x").has_value());
  const auto extra = inner.expect_end("list");
  BOOST_REQUIRE(!extra);
  BOOST_TEST(extra.error().what == "list has 1 octets too many");
  BOOST_TEST((extra.error().offset == 103u));
  BOOST_TEST(inner.rest().size() == 1u);
  BOOST_TEST(inner.expect_end("list").has_value());
}

BOOST_AUTO_TEST_CASE(a_prefix_longer_than_the_input_leaves_the_reader_where_it_was) {
  const Bytes input = {0x03, 0x01, 0x02};
  Reader reader(input);
  BOOST_TEST(!reader.sub_prefixed8("vector"));
  BOOST_TEST(reader.offset() == 0u);
  BOOST_TEST(!reader.sub_prefixed16("vector"));
  BOOST_TEST(!reader.sub_prefixed24("vector"));
  BOOST_TEST(reader.offset() == 0u);
  BOOST_TEST(reader.sub(3, "all").value().remaining() == 3u);
}

BOOST_AUTO_TEST_CASE(a_24_bit_prefix) {
  const Bytes input = {0x00, 0x00, 0x01, 0x7f};
  Reader reader(input);
  BOOST_TEST(reader.sub_prefixed24("handshake").value().u8("x").value() == 0x7f);
  BOOST_TEST(reader.empty());
}

BOOST_AUTO_TEST_SUITE_END()
