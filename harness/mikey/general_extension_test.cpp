#include "mikey/general_extension.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(general_extension)

using namespace sipvet;
using namespace sipvet::mikey;

BOOST_AUTO_TEST_CASE(type_and_data) {
  check_payload(&parse_general_extension, "00 0002 abcd", {ExtensionType::vendor_id, hex("abcd")});
  check_payload(&parse_general_extension, "03 0000", {ExtensionType::key_id, {}});
}

BOOST_AUTO_TEST_CASE(the_list_of_offered_protocols) {
  check_payload(&parse_general_extension, "01 0009 6d696b65793b616263", sdp_ids({"mikey", "abc"}));
}

BOOST_AUTO_TEST_SUITE_END()
