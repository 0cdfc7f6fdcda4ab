#include "rtp/stun.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>

using namespace sipvet;
using namespace sipvet::rtp;

namespace {

// RFC 5769 §2.2 and §2.3: responses with 192.0.2.1:32853 and 2001:db8:1234:5678:11:2233:4455:6677, port
// 32853.
constexpr std::string_view response_v4 =
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";
constexpr std::string_view response_v6 =
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9fa"
    "a5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";

StunTransaction counted() {
  StunTransaction out;
  std::iota(out.begin(), out.end(), std::uint8_t{1});
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stun)

BOOST_AUTO_TEST_CASE(published_responses) {
  for (const auto& [text, address] :
       {std::pair(response_v4, "192.0.2.1:32853"),
        std::pair(response_v6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")}) {
    const auto message = parse_stun(from_hex(text).value());
    BOOST_REQUIRE_MESSAGE(message.has_value(), to_string(message.error()));
    BOOST_TEST(message->is(StunType::binding_success));
    BOOST_TEST(to_string(message->mapped.value()) == address);
    BOOST_TEST(message->unknown.empty());
    BOOST_TEST(to_hex(message->transaction) == "b7e7a701bc34d686fa87dfae");
  }
}

BOOST_AUTO_TEST_CASE(every_changed_octet_of_a_response_is_noticed) {
  const Bytes good = from_hex(response_v4).value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes changed = good;
    changed[i] ^= 0x10;
    const bool sum_renamed = i == good.size() - 8 || i == good.size() - 7; // then there is none
    BOOST_TEST(parse_stun(changed).has_value() == sum_renamed, i);
    BOOST_TEST(!parse_stun(ByteView(good).first(i)), i);
  }
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_the_same) {
  const auto request = parse_stun(stun_request(counted()));
  BOOST_REQUIRE(request);
  BOOST_TEST(request->is(StunType::binding_request));
  BOOST_TEST((request->transaction == counted()));
  BOOST_TEST(!request->mapped);
  for (const char* const where : {"10.0.0.1:4000", "[2001:db8::1]:65535"}) {
    const Endpoint seen = parse_endpoint(where).value();
    const auto success = parse_stun(stun_success(counted(), seen));
    BOOST_REQUIRE(success);
    BOOST_TEST(success->is(StunType::binding_success));
    BOOST_TEST((success->mapped == seen));
  }
  const auto error = parse_stun(stun_unknown_attributes(counted(), {0x7777, 0x1234, 0x4321}));
  BOOST_REQUIRE(error);
  BOOST_TEST(error->is(StunType::binding_error));
}

// RFC 8489 §14: optional ones are skipped, others are not.
BOOST_AUTO_TEST_CASE(attributes_that_are_not_known) {
  const auto with = [](std::string_view attributes) {
    const std::string head =
        "0001" + std::string(attributes.size() == 16 ? "0008" : "0000") + "2112a442" + to_hex(counted());
    return parse_stun(from_hex(head + std::string(attributes)).value());
  };
  BOOST_TEST(with("7777000401020304")->unknown == std::vector<std::uint16_t>{0x7777},
             boost::test_tools::per_element());
  BOOST_TEST(with("8777000401020304")->unknown.empty());
  BOOST_TEST(with("0006000401020304")->unknown.empty());
  BOOST_TEST(!with("7777000501020304"));
  BOOST_TEST(!with("0020000401020304")); // an address that is none
}

// RFC 7983 §7.
BOOST_AUTO_TEST_CASE(what_looks_like_it) {
  const Bytes request = stun_request(counted());
  BOOST_TEST(looks_like_stun(request));
  Bytes media = request, dtls = request, cookie = request;
  media[0] = 0x80;
  dtls[0] = 22;
  cookie[4] ^= 1;
  for (const Bytes& other : {media, dtls, cookie, Bytes(19, 0), Bytes{}}) BOOST_TEST(!looks_like_stun(other));
}

BOOST_AUTO_TEST_SUITE_END()
