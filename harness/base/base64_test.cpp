#include "base/base64.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <utility>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(base64)

// RFC 4648 §10.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> vectors = {{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
}};

BOOST_AUTO_TEST_CASE(rfc_4648_vectors) {
  for (const auto& [plain, encoded] : vectors) {
    BOOST_TEST(to_base64(as_bytes(plain)) == encoded);
    BOOST_TEST(as_text(from_base64(encoded).value()) == plain);
  }
}

BOOST_AUTO_TEST_CASE(the_whole_alphabet) {
  // Octets whose groups of six bits count from 0 to 63.
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const Bytes octets = from_base64(alphabet).value();
  BOOST_TEST(octets.size() == 48u);
  BOOST_TEST((octets[0] == 0x00 && octets[1] == 0x10 && octets[2] == 0x83 && octets[47] == 0xbf));
  BOOST_TEST(to_base64(octets) == alphabet);
}

// RFC 4568 §6.1's example key: 30 octets need no padding.
BOOST_AUTO_TEST_CASE(an_sdes_key) {
  BOOST_TEST(from_base64("WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz").value().size() == 30u);
}

BOOST_AUTO_TEST_CASE(missing_padding_is_taken_when_asked_for) {
  BOOST_TEST(!from_base64("Zg"));
  BOOST_TEST(!from_base64("Zg="));
  BOOST_TEST(!from_base64("Zm8"));
  BOOST_TEST(as_text(from_base64("Zg", Padding::lenient).value()) == "f");
  BOOST_TEST(as_text(from_base64("Zm8", Padding::lenient).value()) == "fo");
  BOOST_TEST(as_text(from_base64("Zm8=", Padding::lenient).value()) == "fo");
  BOOST_TEST(!from_base64("Zg=", Padding::lenient));
  BOOST_TEST((from_base64("Zm8").error().offset == 3u));
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_character) {
  BOOST_TEST((from_base64("Zm9v!mFy").error().offset == 4u));
  BOOST_TEST((from_base64("Zm 9").error().offset == 2u));
  BOOST_TEST((from_base64("Zg==Zg==").error().offset == 2u));
  BOOST_TEST((from_base64("Zm9v-_8=").error().offset == 4u));
  BOOST_TEST((from_base64("Zm9vYg===").error().offset == 8u));
  BOOST_TEST((from_base64("Zm9v=").error().offset == 4u));
  BOOST_TEST((from_base64("Zm9vY").error().offset == 5u));
  BOOST_TEST(!from_base64("===="));
  BOOST_TEST(!from_base64("="));
  BOOST_TEST(!from_base64(std::string_view("Zm9\0", 4)));
}

// RFC 4648 §3.5.
BOOST_AUTO_TEST_CASE(bits_after_the_last_octet_must_be_zero) {
  BOOST_TEST((from_base64("Zh==").error().offset == 1u));
  BOOST_TEST((from_base64("Zm9=").error().offset == 2u));
  BOOST_TEST(!from_base64("Zh", Padding::lenient));
}

BOOST_AUTO_TEST_SUITE_END()
