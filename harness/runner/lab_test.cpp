#include "runner/lab.hpp"

#include "crypto/certificate.hpp"
#include "crypto/certificate_variants.hpp"
#include "net/sim_network.hpp"
#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;

namespace {

const std::vector<IpAddress> addresses = {gateway_address()};

crypto::Certificate leaf_of(const crypto::Identity& identity) {
  return crypto::parse_certificates_pem(identity.certificate_pem).value().front();
}

} // namespace

BOOST_AUTO_TEST_SUITE(lab_certificates)

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_in_any_order) {
  const Lab again = Lab::make(1, net::sim_start).value();
  const auto one = test::lab().identity(Holder::gateway, "expired", "a.example", addresses).value();
  (void)test::lab().identity(Holder::gateway, "ec", "a.example", addresses).value();
  (void)again.identity(Holder::peer, "weak-key", "b.example", addresses).value();
  const auto ec = again.identity(Holder::gateway, "ec", "a.example", addresses).value();
  const auto other = again.identity(Holder::gateway, "expired", "a.example", addresses).value();
  BOOST_TEST(one.certificate_pem == other.certificate_pem);
  BOOST_TEST(test::lab().identity(Holder::gateway, "ec", "a.example", addresses)->private_key_pem ==
             ec.private_key_pem);
  BOOST_TEST(again.root_pem() == test::lab().root_pem());
  BOOST_TEST(again.root_pem() != again.other_root_pem());
  BOOST_TEST(Lab::make(2, net::sim_start)->root_pem() != again.root_pem());
}

BOOST_AUTO_TEST_CASE(every_variant_can_be_made_for_either_holder) {
  for (const crypto::VariantInfo& info : crypto::certificate_variants())
    for (const Holder holder : {Holder::gateway, Holder::peer}) {
      const auto made = test::lab().identity(holder, std::string(info.name), "a.example", addresses);
      BOOST_TEST(made.has_value(), info.name);
    }
}

BOOST_AUTO_TEST_CASE(gateway_and_peers_have_different_keys) {
  const auto gateway = test::lab().identity(Holder::gateway, "good", "a.example", addresses).value();
  const auto peer = test::lab().identity(Holder::peer, "good", "a.example", addresses).value();
  BOOST_TEST(gateway.private_key_pem != peer.private_key_pem);
  BOOST_TEST(leaf_of(gateway).issuer == leaf_of(peer).issuer);
}

BOOST_AUTO_TEST_CASE(names_that_there_are_not) {
  const auto unknown = test::lab().identity(Holder::peer, "goood", "a.example", addresses);
  BOOST_TEST_REQUIRE(!unknown);
  BOOST_TEST(unknown.error().what.find("did you mean good?") != std::string::npos);
  BOOST_TEST(!test::lab().identity(Holder::peer, "good", "", addresses));
}

BOOST_AUTO_TEST_SUITE_END()
