// For tests: what every parser of a message or extension owes its input.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

namespace sipvet::tlswire::testing {

// The octets behind the four of a handshake header.
inline ByteView body_of(const Bytes& message) { return ByteView(message).subspan(4); }

// That `whole` is read, and no shorter or longer message is.
template <typename Parse>
void check_only_whole(ByteView whole, Parse parse) {
  BOOST_TEST(bool(parse(whole)));
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST_CONTEXT("cut to " << size << " octets") BOOST_TEST(!parse(whole.first(size)));
  Bytes longer = to_bytes(whole);
  longer.push_back(0);
  BOOST_TEST_CONTEXT("one octet more") BOOST_TEST(!parse(longer));
}

// The sentence of an error and the octet it points at: "expected … (at octet 3)".
template <typename T>
std::string why(const Result<T>& refused) {
  return refused ? std::string("was read") : to_string(refused.error());
}

} // namespace sipvet::tlswire::testing
