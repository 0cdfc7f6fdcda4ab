#include "tlswire/keylog.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {
const std::string id(64, 'a');
const std::string secret(96, 'b');
} // namespace

BOOST_AUTO_TEST_SUITE(keylog)

BOOST_AUTO_TEST_CASE(looks_up_by_label_and_random) {
  const auto log =
      Keylog::parse("# comment\r\n\r\nCLIENT_RANDOM " + id + " " + secret + "\r\nSERVER_TRAFFIC_SECRET_0 " +
                    id + " " + std::string(64, 'c') + "\nRSA " + std::string(16, '1') + " " + secret +
                    "\nRSA Session-ID:abcd Master-Key:ef01\nSOMETHING_NEW " + id + " 00\n")
          .value();
  BOOST_TEST(log.size() == 4u);
  const Bytes random(32, 0xaa);
  BOOST_REQUIRE(log.find(keylog_label::client_random, random) != nullptr);
  BOOST_TEST((*log.find(keylog_label::client_random, random) == Bytes(48, 0xbb)));
  BOOST_TEST(log.find(keylog_label::server_traffic, random) != nullptr);
  BOOST_TEST(log.find(keylog_label::client_traffic, random) == nullptr);
  BOOST_TEST(log.find(keylog_label::client_random, Bytes(32, 0)) == nullptr);
  BOOST_TEST(log.find(keylog_label::rsa, Bytes(8, 0x11)) != nullptr);
}

BOOST_AUTO_TEST_CASE(unreadable_lines_are_named) {
  const auto what = [](const std::string& text) { return Keylog::parse(text).error().what; };
  BOOST_TEST(what("\n\nhello there") == "line 3: expected a label such as CLIENT_RANDOM");
  BOOST_TEST(what("CLIENT_RANDOM abcd " + secret) ==
             "line 1: expected 64 hexadecimal digits of client random");
  BOOST_TEST(what("CLIENT_RANDOM " + std::string(64, 'x') + " " + secret) ==
             "line 1: expected 64 hexadecimal digits of client random");
  BOOST_TEST(what("CLIENT_RANDOM " + id) == "line 1: expected a secret of 2 to 128 hexadecimal digits");
  BOOST_TEST(what("CLIENT_RANDOM " + id + " abc") ==
             "line 1: expected a secret of 2 to 128 hexadecimal digits");
  BOOST_TEST(what("CLIENT_RANDOM " + id + " " + secret + " more") ==
             "line 1: expected the end of the line after the secret");
  BOOST_TEST(what("RSA 12 " + secret) ==
             "line 1: expected 16 hexadecimal digits of encrypted premaster secret");
}

BOOST_AUTO_TEST_CASE(merging_and_adding) {
  Keylog log;
  BOOST_TEST(log.empty());
  BOOST_TEST(bool(log.add_line("CLIENT_RANDOM " + id + " " + secret)));
  Keylog other;
  BOOST_TEST(bool(other.add_line("CLIENT_RANDOM " + id + " 01")));
  log.merge(other);
  BOOST_TEST(log.size() == 1u);
  BOOST_TEST((*log.find("CLIENT_RANDOM", Bytes(32, 0xaa)) == Bytes{1}));
}

BOOST_AUTO_TEST_SUITE_END()
