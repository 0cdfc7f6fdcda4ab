// Whom a certificate is for, and whether it is to be trusted.
#include "tls/engine_pair.hpp"
#include "tls/peer_validation.hpp"

#include "crypto/certificate_variants.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;
using crypto::LabCa;

namespace {

crypto::Certificate certificate_of(LabCa::Request request) {
  request.key = *crypto::PrivateKey::from_pem(lab().gateway.private_key_pem);
  return crypto::parse_certificates_pem(lab().ca.issue(request)->certificate_pem)->front();
}

std::vector<Bytes> chain_of(const crypto::Identity& identity) {
  std::vector<Bytes> out;
  for (const auto& each : *crypto::parse_certificates_pem(identity.certificate_pem)) out.push_back(each.der);
  return out;
}

Config checking() {
  Config config = client_config();
  config.verify_identity = true;
  return config;
}

// What a client that wants `domain` says to the certificate of that name.
std::optional<PeerRejection> judge(const std::string& variant, const std::string& domain,
                                   const Deviations& lax = {}) {
  static SeededRandom random(3);
  static crypto::VariantMaker maker(lab().ca, lab().other_ca, lab_time,
                                    *crypto::PrivateKey::from_pem(lab().gateway.private_key_pem), random);
  Config config = checking();
  config.deviations = lax;
  const auto roots = *crypto::parse_certificates_pem(config.trusted_roots_pem);
  const auto identity = maker.make(variant, {"gateway.example.test", {"192.0.2.10"}});
  BOOST_REQUIRE_MESSAGE(identity.has_value(), variant);
  return validate_peer(config, roots, chain_of(*identity), domain, lab_time);
}

using Names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(peer_validation)

// RFC 5922 §7.1.
BOOST_AUTO_TEST_CASE(identities_of_a_certificate) {
  const auto names = [](LabCa::Request request) {
    return sip_identities(certificate_of(std::move(request)));
  };
  BOOST_TEST((names({.common_name = "cn.example.com"}) == Names{"cn.example.com"}));
  BOOST_TEST((names({.common_name = "cn.example.com", .dns_names = {"a.example.com", "b.example.com"}}) ==
              Names{"a.example.com", "b.example.com"}));
  BOOST_TEST(
      (names({.common_name = "cn", .dns_names = {"dns.example.com"}, .uris = {"sip:uri.example.com"}}) ==
       Names{"uri.example.com"}));
  // A user part names a user, and other schemes name something else: the DNS names count then.
  BOOST_TEST(
      (names({.common_name = "cn",
              .dns_names = {"dns.example.com"},
              .uris = {"sip:alice@example.com", "https://example.com/"}}) == Names{"dns.example.com"}));
  BOOST_TEST(
      (names({.common_name = "cn", .uris = {"SIP:Example.com:5061;transport=tls"}}) == Names{"Example.com"}));
  BOOST_TEST((names({.common_name = "cn", .dns_names = {"dns.example.com"}, .uris = {"sips:example.com"}}) ==
              Names{"dns.example.com"}));
  // Alternatives without a domain do not bring the common name back.
  BOOST_TEST((names({.common_name = "cn.example.com", .uris = {"sip:alice@example.com"}}) == Names{}));
  BOOST_TEST((names({.common_name = "cn.example.com", .ips = {"192.0.2.7"}}) == Names{"192.0.2.7"}));
}

// RFC 5922 §7.2.
BOOST_AUTO_TEST_CASE(names_match_whole_and_without_wildcards) {
  const auto exact = certificate_of({.common_name = "x", .dns_names = {"Gateway.Example.com"}});
  BOOST_TEST(identity_matches(exact, "gateway.example.COM", {}));
  BOOST_TEST(!identity_matches(exact, "example.com", {}));
  BOOST_TEST(!identity_matches(exact, "a.gateway.example.com", {}));
  BOOST_TEST(!identity_matches(exact, "", {}));
  const auto wild = certificate_of({.common_name = "x", .dns_names = {"*.example.com"}});
  BOOST_TEST(!identity_matches(wild, "gateway.example.com", {}));
  Deviations lax;
  lax.accept_wildcard = true;
  BOOST_TEST(identity_matches(wild, "gateway.example.com", lax));
  BOOST_TEST(!identity_matches(wild, "a.b.example.com", lax));
  BOOST_TEST(!identity_matches(wild, "example.com", lax));
}

BOOST_AUTO_TEST_CASE(every_variant_has_its_judgement) {
  using Kind = PeerRejection::Kind;
  struct Row {
    const char* variant;
    std::optional<Kind> kind; // none: accepted
    int alert;
    bool Deviations::*lax; // lets it pass
  };
  const Row rows[] = {
      {"good", std::nullopt, 0, nullptr},
      {"san-uri", std::nullopt, 0, nullptr},
      {"san-dns", std::nullopt, 0, nullptr},
      {"san-uri-and-dns", std::nullopt, 0, nullptr},
      {"cn-only", std::nullopt, 0, nullptr},
      {"no-key-usage", std::nullopt, 0, nullptr},
      {"ec", std::nullopt, 0, nullptr},
      {"intermediate", std::nullopt, 0, nullptr},
      {"expired", Kind::dates, 45, &Deviations::ignore_dates},
      {"not-yet-valid", Kind::dates, 42, &Deviations::ignore_dates},
      {"other-ca", Kind::chain, 48, &Deviations::ignore_issuer},
      {"self-signed", Kind::chain, 48, &Deviations::ignore_issuer},
      {"missing-intermediate", Kind::chain, 48, &Deviations::ignore_issuer},
      {"not-a-ca-issuer", Kind::chain, 48, nullptr},
      {"wrong-name", Kind::identity, 42, &Deviations::ignore_identity},
      {"wildcard", Kind::identity, 42, &Deviations::accept_wildcard},
      {"wrong-key-usage", Kind::chain, 43, &Deviations::ignore_usage},
      {"wrong-extended-key-usage", Kind::chain, 43, &Deviations::ignore_usage},
      {"ec-wrong-usage", Kind::chain, 43, &Deviations::ignore_usage},
      {"bad-signature", Kind::chain, 42, nullptr},
      {"path-too-long", Kind::chain, 48, nullptr},
      {"weak-key", Kind::chain, 42, nullptr},
      {"sha1", Kind::chain, 42, nullptr},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.variant) {
      const auto rejection = judge(row.variant, "gateway.example.test");
      BOOST_TEST(rejection.has_value() == row.kind.has_value(), (rejection ? rejection->cause : "accepted"));
      if (!rejection || !row.kind) continue;
      BOOST_TEST((rejection->kind == *row.kind));
      BOOST_TEST(int{rejection->alert} == row.alert, rejection->cause);
      if (row.lax == nullptr) continue;
      Deviations lax;
      lax.*row.lax = true;
      const auto again = judge(row.variant, "gateway.example.test", lax);
      BOOST_TEST(!again.has_value(), (again ? again->cause : ""));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_identity_mismatch_names_both_sides) {
  const auto rejection = judge("good", "pbx.example.test");
  BOOST_REQUIRE(rejection.has_value());
  BOOST_TEST(rejection->expected_identity == "pbx.example.test");
  BOOST_TEST((rejection->identities == Names{"gateway.example.test", "192.0.2.10"}));
  BOOST_TEST(rejection->cause == "the peer's certificate is not for pbx.example.test: it is for "
                                 "gateway.example.test, 192.0.2.10");
  BOOST_TEST(!judge("good", "192.0.2.10").has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_asked_for_is_not_checked) {
  Config config = client_config();
  const auto roots = *crypto::parse_certificates_pem(config.trusted_roots_pem);
  BOOST_TEST(!validate_peer(config, roots, chain_of(lab().gateway), "pbx.example.test", lab_time));
  config.verify = Verify::none;
  BOOST_TEST(!validate_peer(config, roots, {}, "", lab_time));
  config.verify = Verify::chain_if_given;
  BOOST_TEST(!validate_peer(config, roots, {}, "", lab_time));
  BOOST_TEST(validate_peer(config, roots, chain_of(lab().stranger), "", lab_time).has_value());
  BOOST_TEST(validate_peer(config, roots, {Bytes{1, 2, 3}}, "", lab_time).has_value());
  config.verify = Verify::chain_required;
  const auto missing = validate_peer(config, roots, {}, "", lab_time);
  BOOST_REQUIRE(missing.has_value());
  BOOST_TEST((missing->kind == PeerRejection::Kind::missing));
}

// Both engines ask the same judge, and say the same.
BOOST_AUTO_TEST_CASE(both_engines_refuse_alike) {
  for (const EngineKind engine : {EngineKind::openssl, EngineKind::wire}) {
    Config client = checking();
    client.engine = engine;
    const auto context = make_context(client).value();
    const auto server = make_context(server_config()).value();
    Pair pair(context, server, {"gw.example.com", "pbx.example.com"});
    pair.start();
    BOOST_TEST_CONTEXT(name(engine)) {
      const auto failed = pair.client.first<Failed>();
      BOOST_REQUIRE(failed.has_value());
      BOOST_REQUIRE(failed->rejection.has_value());
      BOOST_TEST((failed->rejection->kind == PeerRejection::Kind::identity));
      BOOST_TEST(failed->cause.starts_with("the peer's certificate is not for pbx.example.com: it is for "
                                           "gw.example.com (sent ClientHello last, received "));
      BOOST_TEST(int{failed->alert->description} == 42);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
