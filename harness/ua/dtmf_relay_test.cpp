#include "ua/dtmf_relay.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;

namespace {

std::optional<char> key_of(const std::string& body, const std::string& type = "application/dtmf-relay",
                           const std::string& method = "INFO") {
  const auto message =
      sip::parse_message(method + " sip:a@192.0.2.1 SIP/2.0\r\nContent-Type: " + type +
                         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  BOOST_TEST_REQUIRE(message.has_value());
  return ua::dtmf_relay_key(*message);
}

} // namespace

BOOST_AUTO_TEST_SUITE(dtmf_relay)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  BOOST_TEST(ua::dtmf_relay_body('5', 160) == "Signal=5\r\nDuration=160\r\n");
  for (const char key : std::string("0123456789*#ABCD"))
    BOOST_TEST((key_of(ua::dtmf_relay_body(key, 100)) == key));
}

// As Cisco IOS and FreeSWITCH write it: blanks, lines ended by LF, duration first.
BOOST_AUTO_TEST_CASE(other_spellings_are_read) {
  BOOST_TEST((key_of("Signal= 7\r\nDuration= 250\r\n") == '7'));
  BOOST_TEST((key_of("Duration=250\nsignal = *\n") == '*'));
  BOOST_TEST((key_of("Signal=d") == 'D'));
  BOOST_TEST((key_of("Signal=1\r\n", "Application/DTMF-Relay;charset=utf-8") == '1'));
}

BOOST_AUTO_TEST_CASE(what_names_no_key_is_none) {
  BOOST_TEST(!key_of("Signal=\r\n"));
  BOOST_TEST(!key_of("Signal=12\r\n"));
  BOOST_TEST(!key_of("Signal=x\r\n"));
  BOOST_TEST(!key_of("Duration=160\r\n"));
  BOOST_TEST(!key_of(""));
  BOOST_TEST(!key_of("Signal=1\r\n", "application/dtmf"));
  BOOST_TEST(!key_of("Signal=1\r\n", "application/dtmf-relay", "MESSAGE"));
}

BOOST_AUTO_TEST_SUITE_END()
