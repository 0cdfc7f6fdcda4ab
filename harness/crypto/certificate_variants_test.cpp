#include "crypto/certificate_variants.hpp"

#include "crypto/chain.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

const Instant now{std::chrono::seconds(1767225600)}; // 2026-01-01
const std::string domain = "gateway.example.test";

using Fault = std::optional<ChainFault>;
struct Expected {
  std::string_view variant;
  Fault as_server;
  Fault as_client;
  std::string_view program; // what `openssl verify` says of it as a server's; empty: nothing
};
const Expected table[] = {
    {"good", {}, {}, ""},
    {"expired", ChainFault::expired, ChainFault::expired, "certificate has expired"},
    {"not-yet-valid", ChainFault::not_yet_valid, ChainFault::not_yet_valid, "certificate is not yet valid"},
    {"other-ca", ChainFault::unknown_issuer, ChainFault::unknown_issuer,
     "unable to get local issuer certificate"},
    {"self-signed", ChainFault::self_signed, ChainFault::self_signed, "self-signed certificate"},
    {"bad-signature", ChainFault::bad_signature, ChainFault::bad_signature, "certificate signature failure"},
    {"wrong-name", {}, {}, ""},
    {"cn-only", {}, {}, ""},
    {"san-uri", {}, {}, ""},
    {"san-dns", {}, {}, ""},
    {"san-uri-and-dns", {}, {}, ""},
    {"wildcard", {}, {}, ""},
    {"no-key-usage", {}, {}, ""},
    {"wrong-key-usage", ChainFault::wrong_key_usage, ChainFault::wrong_key_usage,
     "unsuitable certificate purpose"},
    {"wrong-extended-key-usage", ChainFault::wrong_extended_key_usage, ChainFault::wrong_extended_key_usage,
     "unsuitable certificate purpose"},
    {"weak-key", ChainFault::weak_key, ChainFault::weak_key, "EE certificate key too weak"},
    {"sha1", ChainFault::weak_digest, ChainFault::weak_digest, "CA signature digest algorithm too weak"},
    {"ec", {}, {}, ""},
    // keyEncipherment alone is one of the uses that a server's certificate of any key may have.
    {"ec-wrong-usage", {}, ChainFault::wrong_key_usage, ""},
    {"intermediate", {}, {}, ""},
    {"missing-intermediate", ChainFault::unknown_issuer, ChainFault::unknown_issuer,
     "unable to get local issuer certificate"},
    {"path-too-long", ChainFault::path_too_long, ChainFault::path_too_long,
     "path length constraint exceeded"},
    {"not-a-ca-issuer", ChainFault::not_a_ca, ChainFault::not_a_ca, "invalid CA certificate"},
};

struct Maker {
  SeededRandom random{71};
  LabCa trusted = LabCa::create(random, now, "the CA", 1024).value();
  LabCa other = LabCa::create(random, now, "another CA", 1024).value();
  PrivateKey key = PrivateKey::generate_rsa(1024, random).value();
  VariantMaker maker{trusted, other, now, key, random};

  std::vector<Certificate> chain(std::string_view variant) {
    return parse_certificates_pem(maker.make(variant, {domain, {"192.0.2.7"}}).value().certificate_pem)
        .value();
  }
  Certificate leaf(std::string_view variant) { return chain(variant).front(); }
};

std::string text_of(const Fault& fault) { return fault ? std::string(name(*fault)) : "none"; }

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_variants)

BOOST_FIXTURE_TEST_CASE(each_has_the_fault_it_is_named_for_and_no_other, Maker) {
  const Scratch scratch;
  scratch.write("root", trusted.root_pem());
  const auto infos = crypto::certificate_variants();
  BOOST_REQUIRE(infos.size() == std::size(table));
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const Expected& expected = table[i];
    BOOST_TEST(infos[i].name == expected.variant);
    BOOST_TEST(!infos[i].text.empty());
    const auto sent = chain(expected.variant);
    ChainRules rules{.roots = {trusted.certificate()}, .now = now};
    for (const bool for_server : {true, false}) {
      rules.for_server = for_server;
      const auto problem = check_chain(sent, rules);
      const Fault found = problem ? Fault(problem->fault) : std::nullopt;
      BOOST_TEST(text_of(found) == text_of(for_server ? expected.as_server : expected.as_client),
                 expected.variant << ": " << text_of(found));
    }
    std::string rest;
    for (std::size_t k = 1; k < sent.size(); ++k) rest += to_pem(sent[k]);
    scratch.write("leaf", to_pem(sent.front()));
    scratch.write("rest", rest);
    const std::string said =
        scratch.openssl("verify -attime 1767225600 -auth_level 1 -purpose sslserver -CAfile root " +
                        std::string(rest.empty() ? "" : "-untrusted rest ") + "leaf");
    const bool as_expected =
        expected.program.empty()
            ? said == "leaf: OK\n"
            : said.find(": " + std::string(expected.program) + '\n') != std::string::npos;
    BOOST_TEST(as_expected, expected.variant << ": " << said);
  }
}

BOOST_FIXTURE_TEST_CASE(names_are_where_they_are_said_to_be, Maker) {
  using Names = std::vector<std::string>;
  const Names uri{"sip:" + domain};
  const Names dns{domain};
  const auto has = [&](std::string_view variant, std::string_view cn, const Names& uris,
                       const Names& dns_names, const Names& ips) {
    const Certificate it = leaf(variant);
    BOOST_TEST(it.common_name == cn, variant);
    BOOST_TEST((it.uris == uris), variant);
    BOOST_TEST((it.dns_names == dns_names), variant);
    BOOST_TEST((it.ip_addresses == ips), variant);
  };
  for (const std::string_view whole :
       {"good", "expired", "other-ca", "self-signed", "ec", "intermediate", "sha1"})
    has(whole, domain, uri, dns, {"192.0.2.7"});
  has("wrong-name", "elsewhere.invalid", {"sip:elsewhere.invalid"}, {"elsewhere.invalid"}, {});
  has("cn-only", domain, {}, {}, {});
  has("san-uri", "lab device", uri, {}, {});
  has("san-dns", "lab device", {}, dns, {});
  has("san-uri-and-dns", "lab device", uri, dns, {});
  has("wildcard", "lab device", {}, {"*.example.test"}, {});
}

BOOST_FIXTURE_TEST_CASE(keys_and_usages_are_as_said, Maker) {
  BOOST_TEST(is_for_key(leaf("good"), key));
  BOOST_TEST(is_for_key(leaf("self-signed"), key));
  BOOST_TEST(leaf("weak-key").key_bits == 512u);
  BOOST_TEST((leaf("weak-key").public_key_der == leaf("weak-key").public_key_der)); // made once
  BOOST_TEST((leaf("ec").curve == Group::secp256r1));
  BOOST_TEST((leaf("ec").public_key_der == leaf("ec-wrong-usage").public_key_der));
  BOOST_TEST(!allows(leaf("ec-wrong-usage"), KeyUsage::digital_signature));
  BOOST_TEST(!leaf("no-key-usage").key_usage.has_value());
  BOOST_TEST(names_of(leaf("wrong-key-usage").key_usage.value()) == "dataEncipherment");
  BOOST_TEST(!allows(leaf("wrong-extended-key-usage"), purpose::server));
  BOOST_TEST(!allows(leaf("wrong-extended-key-usage"), purpose::client));
  BOOST_TEST(leaf("sha1").signature_algorithm == "sha1WithRSAEncryption");
  BOOST_TEST(chain("intermediate").size() == 2u);
  BOOST_TEST(chain("missing-intermediate").size() == 1u);
  BOOST_TEST(chain("path-too-long").size() == 3u);
  BOOST_TEST(chain("not-a-ca-issuer").size() == 2u);
  for (const std::string_view variant : {"good", "weak-key", "ec", "missing-intermediate"}) {
    const Identity identity = maker.make(variant, {domain}).value();
    BOOST_TEST(is_for_key(parse_certificates_pem(identity.certificate_pem).value().front(),
                          PrivateKey::from_pem(identity.private_key_pem).value()));
  }
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_cannot_be_made, Maker) {
  BOOST_TEST(maker.make("expird", {domain}).error().what ==
             "there is no certificate variant \"expird\"; did you mean expired?");
  BOOST_TEST(maker.make("", {domain}).error().what == "there is no certificate variant \"\"");
  BOOST_TEST(maker.make("good", {""}).error().what == "expected a domain for the certificate");
  BOOST_TEST(!maker.make("good", {std::string(65, 'x')}));
  BOOST_TEST(!maker.make("good", {domain, {"nowhere"}}));
  BOOST_TEST(!maker.make("wildcard", {"localhost"}));
  BOOST_TEST(!maker.make("wildcard", {"localhost."}));
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_octets) {
  // The key has a past that differs.
  SeededRandom key_random(72);
  const PrivateKey key = PrivateKey::generate_rsa(1024, key_random).value();
  std::vector<std::string> made;
  for (const std::uint64_t seed : {1u, 1u, 2u}) {
    SeededRandom random(seed);
    LabCa trusted = LabCa::create(random, now, "the CA", 1024).value();
    LabCa other = LabCa::create(random, now, "another CA", 1024).value();
    VariantMaker maker(trusted, other, now, key, random);
    std::string all;
    for (const VariantInfo& info : crypto::certificate_variants()) {
      const Identity identity = maker.make(info.name, {domain}).value();
      all += identity.certificate_pem + identity.private_key_pem;
    }
    made.push_back(all);
  }
  BOOST_TEST(made[0] == made[1]);
  BOOST_TEST(made[0] != made[2]);
}

BOOST_AUTO_TEST_SUITE_END()
