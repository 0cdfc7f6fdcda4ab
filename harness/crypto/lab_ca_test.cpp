#include "crypto/lab_ca.hpp"

#include "base/random.hpp"
#include "crypto/pem.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

const Instant now{std::chrono::seconds(1767225600)}; // 2026-01-01

std::vector<Certificate> chain_of(const std::string& pem) { return parse_certificates_pem(pem).value(); }

struct Authority {
  SeededRandom random{51};
  LabCa ca = LabCa::create(random, now, "a CA", 1024).value();
  Scratch scratch;

  Identity issue(LabCa::Request request) {
    if (request.common_name.empty()) request.common_name = "x";
    if (request.rsa_bits == 2048) request.rsa_bits = 1024;
    return ca.issue(request).value();
  }
  Certificate leaf(LabCa::Request request) {
    return chain_of(issue(std::move(request)).certificate_pem).front();
  }
  // What the openssl program says of the first certificate, the others being there to help.
  std::string verify(const std::string& chain_pem, const std::string& options = "") {
    const auto chain = chain_of(chain_pem);
    std::string rest;
    for (std::size_t i = 1; i < chain.size(); ++i) rest += to_pem(chain[i]);
    scratch.write("root", ca.root_pem());
    scratch.write("leaf", to_pem(chain.front()));
    scratch.write("rest", rest);
    return scratch.openssl("verify -attime 1767225600 -CAfile root " + options +
                           (rest.empty() ? "" : " -untrusted rest") + " leaf");
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(lab_ca)

BOOST_AUTO_TEST_CASE(issues_what_was_asked_for) {
  SeededRandom random(1);
  const Instant now{std::chrono::seconds(1767225600)};
  LabCa ca = LabCa::create(random, now, "a CA", 1024).value();
  const Certificate root = parse_certificates_pem(ca.root_pem()).value().front();
  BOOST_TEST(root.is_ca);
  BOOST_TEST(root.is_self_issued());
  LabCa::Request request;
  request.common_name = "phone";
  request.dns_names = {"phone.example.com"};
  request.uris = {"sip:phone@example.com"};
  request.ips = {"192.0.2.9", "2001:db8::9"};
  request.rsa_bits = 1024;
  const Identity identity = ca.issue(request).value();
  const Certificate leaf = parse_certificates_pem(identity.certificate_pem).value().front();
  BOOST_TEST(leaf.subject == "CN=phone");
  BOOST_TEST(leaf.issuer == "CN=a CA");
  BOOST_TEST((leaf.dns_names == request.dns_names));
  BOOST_TEST((leaf.uris == request.uris));
  BOOST_TEST((leaf.ip_addresses == request.ips));
  BOOST_TEST(!leaf.is_ca);
  BOOST_TEST(leaf.key_bits == 1024u);
  BOOST_TEST(is_valid_at(leaf, now));
  BOOST_TEST(is_for_key(leaf, PrivateKey::from_pem(identity.private_key_pem).value()));
  BOOST_TEST(!is_for_key(leaf, PrivateKey::from_pem(ca.root_key_pem()).value()));
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_octets) {
  const Instant now{std::chrono::seconds(1767225600)};
  std::vector<std::string> made;
  for (const std::uint64_t seed : {5u, 5u, 6u}) {
    SeededRandom random(seed);
    LabCa ca = LabCa::create(random, now, "a CA", 1024).value();
    const Identity identity = ca.issue({.common_name = "x", .rsa_bits = 1024}).value();
    made.push_back(ca.root_pem() + identity.certificate_pem + identity.private_key_pem);
  }
  BOOST_TEST(made[0] == made[1]);
  BOOST_TEST(made[0] != made[2]);
}

BOOST_AUTO_TEST_CASE(refuses_what_has_no_place) {
  SeededRandom random(1);
  BOOST_TEST(!LabCa::create(random, Instant{}, "", 1024));
  BOOST_TEST(!LabCa::create(random, Instant{}, std::string(65, 'x'), 1024));
  BOOST_TEST(!LabCa::create(random, Instant{}, "x", 100));
  LabCa ca = LabCa::create(random, Instant{}, "x", 1024).value();
  BOOST_TEST(!ca.issue({.common_name = "y", .ips = {"not an address"}, .rsa_bits = 1024}));
}

BOOST_FIXTURE_TEST_CASE(the_openssl_program_takes_honest_certificates, Authority) {
  for (const LabCa::Request& request : {LabCa::Request{}, LabCa::Request{.curve = Group::secp256r1},
                                        LabCa::Request{.curve = Group::secp521r1},
                                        LabCa::Request{.key = PrivateKey::generate_ed25519(random)}}) {
    const Identity identity = issue(request);
    BOOST_TEST(verify(identity.certificate_pem, "-x509_strict -purpose sslserver") == "leaf: OK\n");
    BOOST_TEST(verify(identity.certificate_pem, "-x509_strict -purpose sslclient") == "leaf: OK\n");
    BOOST_TEST(is_for_key(chain_of(identity.certificate_pem).front(),
                          PrivateKey::from_pem(identity.private_key_pem).value()));
  }
}

BOOST_FIXTURE_TEST_CASE(each_field_can_be_wrong, Authority) {
  const Certificate honest = leaf({});
  BOOST_TEST(names_of(honest.key_usage.value()) == "digitalSignature, keyEncipherment");
  BOOST_TEST((honest.purposes == std::vector<std::string>{"serverAuth", "clientAuth"}));
  BOOST_TEST(honest.signature_algorithm == "sha256WithRSAEncryption");
  BOOST_TEST(names_of(leaf({.curve = Group::secp256r1}).key_usage.value()) == "digitalSignature");

  BOOST_TEST(!leaf({.key_usage = std::vector<KeyUsage>{}}).key_usage.has_value());
  BOOST_TEST((leaf({.key_usage = std::vector{KeyUsage::key_cert_sign}}).key_usage ==
              std::vector{KeyUsage::key_cert_sign}));
  BOOST_TEST(!leaf({.server_usage = false, .client_usage = false}).purposes.has_value());
  BOOST_TEST(
      (leaf({.server_usage = false, .client_usage = false, .other_purposes = {"codeSigning"}}).purposes ==
       std::vector<std::string>{"codeSigning"}));
  BOOST_TEST(leaf({.digest = Hash::sha1}).signature_algorithm == "sha1WithRSAEncryption");
  BOOST_TEST(leaf({.digest = Hash::md5}).signature_algorithm == "md5WithRSAEncryption");
  BOOST_TEST(leaf({.digest = Hash::sha384}).signature_algorithm == "sha384WithRSAEncryption");
  BOOST_TEST(leaf({.digest = Hash::sha512}).signature_algorithm == "sha512WithRSAEncryption");

  const Certificate own = leaf({.self_signed = true});
  BOOST_TEST(own.is_self_issued());
  BOOST_TEST(!own.is_ca);
  scratch.write("own", to_pem(own));
  BOOST_TEST(scratch.openssl("verify -attime 1767225600 -check_ss_sig -CAfile own own") == "own: OK\n");

  const Certificate another = leaf({.is_ca = true, .path_length = 2});
  BOOST_TEST(another.is_ca);
  BOOST_TEST((another.path_length == 2));
  BOOST_TEST(names_of(another.key_usage.value()) == "keyCertSign, cRLSign");
}

BOOST_FIXTURE_TEST_CASE(subjects_have_more_than_a_common_name, Authority) {
  const Certificate it = leaf({.common_name = "gw",
                               .subject = {{"C", "DE"},
                                           {"O", "L\xc3\xa4"
                                                 "b, Ltd"},
                                           {"OU", "a"}}});
  BOOST_TEST(it.subject == "CN=gw,OU=a,O=L\xc3\xa4"
                           "b\\, Ltd,C=DE");
  LabCa::Request nameless;
  nameless.rsa_bits = 1024;
  nameless.subject = {{"O", "Lab"}};
  BOOST_TEST(chain_of(ca.issue(nameless).value().certificate_pem).front().subject == "O=Lab");
  nameless.subject = {{"X", "y"}};
  BOOST_TEST(!ca.issue(nameless));
}

BOOST_FIXTURE_TEST_CASE(certificates_may_share_a_key, Authority) {
  const PrivateKey key = PrivateKey::generate_rsa(1024, random).value();
  const Identity one = issue({.key = key});
  const Identity two = issue({.common_name = "y", .key = key});
  BOOST_TEST(one.private_key_pem == two.private_key_pem);
  BOOST_TEST((chain_of(one.certificate_pem).front().public_key_der == key.public_key_der()));
  BOOST_TEST(chain_of(one.certificate_pem).front().serial != chain_of(two.certificate_pem).front().serial);
}

BOOST_FIXTURE_TEST_CASE(intermediate_authorities, Authority) {
  LabCa middle = ca.issue_intermediate({.common_name = "middle", .rsa_bits = 1024}).value();
  LabCa low = middle.issue_intermediate({.common_name = "low", .curve = Group::secp256r1}).value();
  BOOST_TEST(middle.root_pem() == ca.root_pem());
  BOOST_TEST(low.root_pem() == ca.root_pem());
  BOOST_TEST(low.certificate().issuer == "CN=middle");
  BOOST_TEST(low.certificate().is_ca);
  const Identity identity = low.issue({.common_name = "x", .rsa_bits = 1024}).value();
  const auto chain = chain_of(identity.certificate_pem);
  BOOST_REQUIRE(chain.size() == 3u);
  BOOST_TEST(chain[0].issuer == "CN=low");
  BOOST_TEST(chain[1].subject == "CN=low");
  BOOST_TEST(chain[2].subject == "CN=middle");
  BOOST_TEST(verify(identity.certificate_pem, "-x509_strict") == "leaf: OK\n");
}

BOOST_FIXTURE_TEST_CASE(an_authority_comes_back_from_files, Authority) {
  LabCa middle = ca.issue_intermediate({.common_name = "middle", .rsa_bits = 1024}).value();
  const auto key = PrivateKey::from_pem(middle.root_key_pem()).value();
  LabCa same =
      LabCa::from_pem("the CA:\n" + to_pem(middle.certificate()) + ca.root_pem(), key, random, now).value();
  BOOST_TEST(same.root_pem() == ca.root_pem());
  const Identity identity = same.issue({.common_name = "x", .rsa_bits = 1024}).value();
  BOOST_TEST(chain_of(identity.certificate_pem).size() == 2u);
  BOOST_TEST(verify(identity.certificate_pem) == "leaf: OK\n");
  BOOST_TEST(LabCa::from_pem(ca.root_pem(), key, random, now).error().what ==
             "the private key does not belong to the certificate of CN=a CA");
  BOOST_TEST(!LabCa::from_pem("nothing", key, random, now));

  scratch.openssl(
      "req -x509 -newkey rsa:1024 -nodes -sha1 -subj /CN=theirs -days 3650 -keyout key -out certificate");
  const std::string made = scratch.read("certificate");
  const auto their_key = PrivateKey::from_pem(scratch.read("key")).value();
  LabCa theirs = LabCa::from_pem(made, their_key, random, chain_of(made).front().not_before).value();
  scratch.write("leaf", theirs.issue({.common_name = "x", .rsa_bits = 1024}).value().certificate_pem);
  BOOST_TEST(scratch.openssl("verify -CAfile certificate leaf") == "leaf: OK\n");
}

BOOST_FIXTURE_TEST_CASE(requests_are_signed, Authority) {
  const PrivateKey key = PrivateKey::generate_rsa(1024, random).value();
  const std::string pem = make_certificate_request(key,
                                                   {.subject = {{"C", "DE"}, {"CN", "gw.example.com"}},
                                                    .dns_names = {"gw.example.com"},
                                                    .uris = {"sip:example.com"},
                                                    .ips = {"192.0.2.1"}},
                                                   random)
                              .value();
  CertificateRequest request = parse_certificate_request_pem(pem).value();
  const std::string made = ca.sign(request, {.common_name = "not looked at", .digest = Hash::sha1}).value();
  const Certificate it = chain_of(made).front();
  BOOST_TEST(it.subject == "CN=gw.example.com,C=DE");
  BOOST_TEST((it.dns_names == request.dns_names));
  BOOST_TEST((it.uris == request.uris));
  BOOST_TEST((it.ip_addresses == request.ip_addresses));
  BOOST_TEST(it.signature_algorithm == "sha1WithRSAEncryption");
  BOOST_TEST(is_for_key(it, key));
  BOOST_TEST(verify(made, "-purpose sslserver") == "leaf: OK\n");
  request.is_signed_by_its_key = false;
  BOOST_TEST(ca.sign(request, {}).error().what ==
             "the request of CN=gw.example.com,C=DE is not signed by its own key");
}

BOOST_AUTO_TEST_CASE(roots_of_any_kind) {
  SeededRandom random(52);
  LabCa::Request wanted;
  wanted.common_name = "old CA";
  wanted.subject = {{"O", "Lab"}};
  wanted.curve = Group::secp256r1;
  wanted.digest = Hash::sha1;
  wanted.not_after = now + std::chrono::hours(24);
  wanted.path_length = 1;
  const LabCa ca = LabCa::create(random, now, wanted).value();
  BOOST_TEST(ca.certificate().subject == "CN=old CA,O=Lab");
  BOOST_TEST(ca.certificate().signature_algorithm == "ecdsa-with-SHA1");
  BOOST_TEST((ca.certificate().not_after == *wanted.not_after));
  BOOST_TEST((ca.certificate().path_length == 1));
  BOOST_TEST((ca.key().curve() == Group::secp256r1));
}

BOOST_AUTO_TEST_SUITE_END()
