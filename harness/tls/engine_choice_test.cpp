// Which engine a configuration gets, and what none can do.
#include "tls/engine_choice.hpp"
#include "tls/engine_pair.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

std::string chosen(const Config& config) {
  const auto kind = choose_engine(config);
  return kind ? std::string(name(*kind)) : kind.error().what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_choice)

BOOST_AUTO_TEST_CASE(openssl_where_it_can_and_the_own_one_where_it_cannot) {
  Config config = client_config();
  BOOST_TEST(chosen(config) == "openssl");
  config.min_version = Version::tls1_0;
  config.ciphers = {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"};
  BOOST_TEST(chosen(config) == "wire");
  config.engine = EngineKind::openssl;
  BOOST_TEST(chosen(config) == "the engine openssl cannot do the cipher suite TLS_RSA_WITH_3DES_EDE_CBC_SHA");
  config = client_config();
  config.send_sslv2_hello = true;
  BOOST_TEST(chosen(config) == "wire");
  config = client_config();
  config.deviations.bad_finished = true;
  BOOST_TEST(chosen(config) == "wire");
  config.deviations = {};
  config.deviations.ignore_dates = true;
  BOOST_TEST(chosen(config) == "openssl");
}

BOOST_AUTO_TEST_CASE(what_no_engine_can_do_is_refused_by_name) {
  Config config = client_config();
  config.min_version = Version::tls1_0;
  config.ciphers = {"TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"};
  BOOST_TEST(chosen(config) == "no TLS engine can do both the cipher suite TLS_RSA_WITH_3DES_EDE_CBC_SHA and "
                               "the cipher suite TLS_DHE_RSA_WITH_AES_128_CBC_SHA");
  config.ciphers = {"TLS_DH_anon_WITH_RC4_128_MD5"};
  BOOST_TEST(
      chosen(config).starts_with("no TLS engine supports the cipher suite TLS_DH_anon_WITH_RC4_128_MD5; "
                                 "known are TLS_RSA_WITH_RC4_128_MD5, "));
  config.ciphers = {"TLS_RSA_WITH_AES_128_GCM_SHA256"};
  config.max_version = Version::tls1_1;
  BOOST_TEST(chosen(config) == "the cipher suite TLS_RSA_WITH_AES_128_GCM_SHA256 goes with TLSv1.2, and the "
                               "versions are TLSv1.0 to TLSv1.1");
  config = client_config();
  config.groups = {"x25519", "secp256k1"};
  BOOST_TEST(chosen(config) == "expected a named group such as secp256r1, got secp256k1");
  config = client_config();
  config.min_version = Version::tls1_3;
  config.max_version = Version::tls1_2;
  BOOST_TEST(chosen(config) == "no TLS version is left: from TLSv1.3 to TLSv1.2");
  config = client_config();
  config.min_version = Version::tls1_3;
  config.send_sslv2_hello = true;
  BOOST_TEST(chosen(config) == "a ClientHello in SSLv2 format cannot offer TLSv1.3");
}

BOOST_AUTO_TEST_CASE(support_of_single_suites) {
  using enum SuiteSupport;
  BOOST_TEST((suite_support("TLS_RSA_WITH_3DES_EDE_CBC_SHA", Version::tls1_0, Version::tls1_2) == usable));
  BOOST_TEST(
      (suite_support("TLS_RSA_WITH_3DES_EDE_CBC_SHA", Version::tls1_3, Version::tls1_3) == wrong_version));
  BOOST_TEST(
      (suite_support("TLS_DH_anon_WITH_RC4_128_MD5", Version::tls1_0, Version::tls1_2) == unsupported));
  BOOST_TEST((suite_support("AES128-SHA", Version::tls1_0, Version::tls1_2) == unknown));
  BOOST_TEST(usable_suites().size() > 30u);
}

BOOST_AUTO_TEST_SUITE_END()
