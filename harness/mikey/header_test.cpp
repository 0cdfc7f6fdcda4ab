#include "mikey/header.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(header)

using namespace sipvet;
using namespace sipvet::mikey;

namespace {

constexpr std::string_view two_sessions =
    "01 00 05 80 c0ffee01 02 00  00 11223344 00000001  03 00000000 00000000";

} // namespace

BOOST_AUTO_TEST_CASE(fields_and_sessions) {
  const Bytes octets = hex(two_sessions);
  Reader reader(octets);
  const auto parsed = parse_header(reader);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), error_of(parsed));
  const Header& header = parsed->header;
  BOOST_TEST((parsed->next == PayloadType::timestamp));
  BOOST_TEST((header.data_type == DataType::psk_init));
  BOOST_TEST(header.verification_wanted);
  BOOST_TEST((header.prf == Prf::mikey_1));
  BOOST_TEST(header.csb_id == 0xC0FFEE01);
  BOOST_REQUIRE(header.sessions.size() == 2);
  BOOST_TEST((header.sessions[0] == SrtpId{0, 0x11223344, 1}));
  BOOST_TEST((header.sessions[1] == SrtpId{3, 0, 0}));
  Writer writer;
  write(writer, header, parsed->next);
  BOOST_TEST((writer.view() == octets));
  for (std::size_t length = 0; length < octets.size(); ++length) {
    Reader cut(ByteView(octets).first(length));
    BOOST_TEST(!parse_header(cut).has_value());
  }
}

BOOST_AUTO_TEST_CASE(the_empty_map_of_rfc_4563) {
  const Bytes octets = hex("01 00 05 01 00000001 00 01");
  Reader reader(octets);
  const auto parsed = parse_header(reader);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), error_of(parsed));
  BOOST_TEST((parsed->header.map_type == MapType::empty));
  BOOST_TEST((parsed->header.prf == Prf::hmac_sha256));
  BOOST_TEST(!parsed->header.verification_wanted);
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  BOOST_TEST(refusal(&parse_header, "02 00 05 00 00000001 00 00") ==
             "MIKEY version is 2, expected 1 (at octet 0)");
  BOOST_TEST(refusal(&parse_header, "01 00 05 00 00000001 00 02") ==
             "CS ID map type 2 is not supported, expected 0 (SRTP-ID) or 1 (empty) (at octet 9)");
  BOOST_TEST(refusal(&parse_header, "01 00 05 00 00000001 01 01") ==
             "an empty CS ID map has no sessions, but #CS is 1 (at octet 10)");
  BOOST_TEST(refusal(&parse_header, "01 00 05 00 00000001 ff 00 00") ==
             "SRTP-ID SSRC needs 4 octets, only 0 are left (at octet 11)");
}

BOOST_AUTO_TEST_SUITE_END()
