// Extension lists and bodies, EncryptedExtensions among them.
#include "tlswire/extensions.hpp"

#include "tlswire/encrypted_extensions.hpp"
#include "tlswire/openssl_trace.hpp"
#include "tlswire/rfc8448_resumption.hpp"
#include "tlswire/test_codec.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;

using Values = std::vector<std::uint16_t>;

BOOST_AUTO_TEST_SUITE(extensions)

BOOST_AUTO_TEST_CASE(encrypted_extensions) {
  for (const Bytes* message : {&rfc8448::encrypted_extensions, &rfc8448::resumed::encrypted_extensions,
                               &openssl_trace::tls13::encrypted_extensions}) {
    const auto list = parse_encrypted_extensions(body_of(*message)).value();
    BOOST_TEST((write_encrypted_extensions(list) == to_bytes(body_of(*message))));
    check_only_whole(body_of(*message), parse_encrypted_extensions);
  }
  BOOST_TEST(parse_encrypted_extensions(body_of(rfc8448::encrypted_extensions)).value().list.size() == 3u);
  BOOST_TEST(why(parse_encrypted_extensions({})) == "expected the length of the extensions (at octet 0)");
}

BOOST_AUTO_TEST_CASE(names) {
  BOOST_TEST(extension_name(extension::server_name) == "server_name");
  BOOST_TEST(extension_name(extension::renegotiation_info) == "renegotiation_info");
  BOOST_TEST(extension_name(45) == "psk_key_exchange_modes");
  BOOST_TEST(extension_name(0x1a1a) == "0x1a1a");
}

BOOST_AUTO_TEST_CASE(duplicates) {
  Extensions list;
  BOOST_TEST(!list.has_duplicate());
  list.list = {{10, {}}, {13, {}}, {11, {}}};
  BOOST_TEST(!list.has_duplicate());
  list.list.push_back({13, {1}});
  BOOST_TEST(list.has_duplicate());
}

BOOST_AUTO_TEST_CASE(versions) {
  const Extension offered = make_supported_versions(Values{0x0304, 0x0303});
  BOOST_TEST(offered.type == 43);
  BOOST_TEST((offered.body == Bytes{4, 3, 4, 3, 3}));
  BOOST_TEST((parse_supported_versions(offered.body).value() == Values{0x0304, 0x0303}));
  check_only_whole(offered.body, parse_supported_versions);
  BOOST_TEST(why(parse_supported_versions(Bytes{0})) ==
             "expected one supported version or more (at octet 1)");
  BOOST_TEST(!parse_supported_versions(Bytes{3, 3, 4, 3}));

  const Extension chosen = make_selected_version(0x0304);
  BOOST_TEST((chosen.body == Bytes{3, 4}));
  BOOST_TEST(parse_selected_version(chosen.body).value() == 0x0304);
  check_only_whole(chosen.body, parse_selected_version);
}

BOOST_AUTO_TEST_CASE(groups_and_schemes) {
  const Extension groups = make_supported_groups(Values{29, 23});
  BOOST_TEST((groups == Extension{10, {0, 4, 0, 29, 0, 23}}));
  BOOST_TEST((parse_supported_groups(groups.body).value() == Values{29, 23}));
  check_only_whole(groups.body, parse_supported_groups);
  BOOST_TEST(why(parse_supported_groups(Bytes{0, 0})) == "expected one supported group or more (at octet 2)");
  BOOST_TEST(!parse_supported_groups(Bytes{0, 3, 0, 29, 0}));

  const Extension schemes = make_signature_algorithms(Values{0x0403});
  BOOST_TEST((schemes == Extension{13, {0, 2, 4, 3}}));
  BOOST_TEST((parse_signature_algorithms(schemes.body).value() == Values{0x0403}));
  BOOST_TEST(!parse_signature_algorithms(Bytes{0, 0}));
  BOOST_TEST(
      (make_u16_list(extension::signature_algorithms_cert, Values{0x0201}) == Extension{50, {0, 2, 2, 1}}));
}

BOOST_AUTO_TEST_CASE(point_formats) {
  const Extension formats = make_ec_point_formats(Bytes{0, 1});
  BOOST_TEST((formats == Extension{11, {2, 0, 1}}));
  BOOST_TEST((parse_ec_point_formats(formats.body).value() == Bytes{0, 1}));
  check_only_whole(formats.body, parse_ec_point_formats);
  BOOST_TEST(why(parse_ec_point_formats(Bytes{0})) == "expected one point format or more (at octet 1)");
}

BOOST_AUTO_TEST_CASE(renegotiation) {
  BOOST_TEST(
      (make_renegotiation_info({}) == Extension{0xff01, {0}})); // RFC 5746 §3.4, as RFC 8448 has it too
  const Extension later = make_renegotiation_info(Bytes(12, 7));
  BOOST_TEST((parse_renegotiation_info(later.body).value() == Bytes(12, 7)));
  BOOST_TEST(parse_renegotiation_info(Bytes{0}).value().empty());
  check_only_whole(later.body, parse_renegotiation_info);
}

BOOST_AUTO_TEST_CASE(cookies_and_tickets) {
  const Extension cookie = make_cookie(Bytes{5, 6});
  BOOST_TEST((cookie == Extension{44, {0, 2, 5, 6}}));
  BOOST_TEST((parse_cookie(cookie.body).value() == Bytes{5, 6}));
  check_only_whole(cookie.body, parse_cookie);
  BOOST_TEST(why(parse_cookie(Bytes{0, 0})) == "expected a cookie of 1 octet or more (at octet 2)");
  BOOST_TEST((make_session_ticket(Bytes{9}) == Extension{35, {9}}));
}

BOOST_AUTO_TEST_SUITE_END()
