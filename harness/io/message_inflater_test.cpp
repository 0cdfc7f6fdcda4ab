#include "io/message_inflater.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace sipvet::io {

namespace {

std::string text_of(MessageInflater& inflater, std::string_view hex) {
  const auto out = inflater.inflate(from_hex(hex).value(), 100'000);
  return out ? std::string(as_text(*out)) : "error: " + out.error().what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(io_message_inflater)

// RFC 7692 §7.2.3.
BOOST_AUTO_TEST_CASE(the_examples_of_the_rfc) {
  MessageInflater inflater;
  BOOST_TEST(text_of(inflater, "f248cdc9c90700") == "Hello");
  BOOST_TEST(text_of(inflater, "f200110000") == "Hello"); // refers to the one before
  MessageInflater other;
  BOOST_TEST(text_of(other, "000500faff48656c6c6f00") == "Hello"); // without compression
  BOOST_TEST(text_of(other, "f348cdc9c9070000") == "Hello");       // the last block of its data
  BOOST_TEST(text_of(other, "f248cdc9c90700") == "Hello");
}

BOOST_AUTO_TEST_CASE(an_empty_message) {
  MessageInflater inflater;
  BOOST_TEST(text_of(inflater, "00") == "");
  BOOST_TEST(text_of(inflater, "f248cdc9c90700") == "Hello");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read) {
  MessageInflater joined_late;
  BOOST_TEST(text_of(joined_late, "f200110000").starts_with("error: a compressed message is damaged"));
  MessageInflater damaged;
  BOOST_TEST(text_of(damaged, "ffffffff").starts_with("error: a compressed message is damaged"));
  MessageInflater long_one;
  BOOST_TEST(long_one.inflate(from_hex("f248cdc9c90700").value(), 4).error().what ==
             "a compressed message has more than 4 octets");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::io
