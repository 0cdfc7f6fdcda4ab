// For the tests of this folder: one payload against its octets, in both directions and cut at every octet.
#pragma once

#include "base/hex.hpp"
#include "base/reader.hpp"
#include "base/writer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace sipvet::mikey {

inline Bytes hex(std::string_view text) { return from_hex(text).value(); }

template <typename P>
std::string error_of(const Result<P>& result) {
  return result ? "no error" : to_string(result.error());
}

template <typename P>
void check_payload(Result<P> (*parse)(Reader&), std::string_view octets_hex, const P& expected) {
  const Bytes octets = hex(octets_hex);
  Reader reader(octets);
  const Result<P> parsed = parse(reader);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), error_of(parsed));
  BOOST_TEST((*parsed == expected));
  BOOST_TEST(reader.empty());
  Writer writer;
  write(writer, expected);
  BOOST_TEST(to_hex(writer.view()) == to_hex(octets));
  for (std::size_t length = 0; length < octets.size(); ++length) {
    Reader cut(ByteView(octets).first(length));
    BOOST_TEST(!parse(cut).has_value(), "accepted with only " << length << " octets");
  }
}

template <typename P>
std::string refusal(Result<P> (*parse)(Reader&), std::string_view octets_hex) {
  const Bytes octets = hex(octets_hex);
  Reader reader(octets);
  return error_of(parse(reader));
}

} // namespace sipvet::mikey
