#include "crypto/chain.hpp"

#include "crypto/lab_ca.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

const Instant now{std::chrono::seconds(1767225600)}; // 2026-01-01
constexpr auto day = std::chrono::hours(24);

Certificate first(const std::string& pem) { return parse_certificates_pem(pem).value().front(); }

struct Authority {
  SeededRandom random{41};
  LabCa ca = LabCa::create(random, now, "the CA", 1024).value();
  LabCa other = LabCa::create(random, now, "another CA", 1024).value();
  ChainRules rules{.roots = {first(ca.root_pem())}, .now = now};

  Certificate leaf(LabCa::Request request, LabCa* by = nullptr) {
    request.common_name = "gw";
    if (request.rsa_bits == 2048) request.rsa_bits = 1024;
    return first((by != nullptr ? *by : ca).issue(request).value().certificate_pem);
  }
  std::optional<ChainProblem> check(const std::vector<Certificate>& chain) {
    return check_chain(chain, rules);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(chain)

BOOST_FIXTURE_TEST_CASE(a_right_chain_has_no_problem, Authority) {
  const Certificate leaf = this->leaf({});
  BOOST_TEST(!check({leaf}).has_value());
  BOOST_TEST(!check({leaf, first(ca.root_pem())}).has_value());
  BOOST_TEST(!check({leaf, first(other.root_pem())}).has_value()); // what does not help does no harm
  rules.for_server = false;
  BOOST_TEST(!check({leaf}).has_value());
}

BOOST_FIXTURE_TEST_CASE(nothing_presented, Authority) {
  BOOST_TEST((check({}).value().fault == ChainFault::other));
  BOOST_TEST(check({}).value().text == "no certificate was presented");
  Certificate broken = leaf({});
  broken.der.resize(100);
  BOOST_TEST(check({broken}).value().text == "the first certificate cannot be read");
}

BOOST_FIXTURE_TEST_CASE(dates, Authority) {
  const Certificate leaf = this->leaf({.not_before = now, .not_after = now + day});
  rules.now = now - Duration(1);
  const ChainProblem early = check({leaf}).value();
  BOOST_TEST((early.fault == ChainFault::not_yet_valid));
  BOOST_TEST(early.subject == "CN=gw");
  BOOST_TEST(early.text == "the certificate of \"CN=gw\" is not valid before 2026-01-01T00:00:00Z; it is "
                           "2025-12-31T23:59:59Z");
  rules.now = now;
  BOOST_TEST(!check({leaf}).has_value());
  rules.now = now + day;
  BOOST_TEST(!check({leaf}).has_value());
  rules.now = now + day + std::chrono::seconds(1);
  const ChainProblem late = check({leaf}).value();
  BOOST_TEST((late.fault == ChainFault::expired));
  BOOST_TEST(late.text == "the certificate of \"CN=gw\" expired after 2026-01-02T00:00:00Z; it is "
                          "2026-01-02T00:00:01Z");
  rules.check_dates = false;
  BOOST_TEST(!check({leaf}).has_value());
}

BOOST_FIXTURE_TEST_CASE(issuers_that_are_not_trusted, Authority) {
  const Certificate leaf = this->leaf({}, &other);
  const ChainProblem alone = check({leaf}).value();
  BOOST_TEST((alone.fault == ChainFault::unknown_issuer));
  BOOST_TEST(alone.subject == "CN=gw");
  BOOST_TEST(alone.text ==
             "the certificate of \"CN=gw\" is issued by \"CN=another CA\", which is not trusted "
             "and whose own certificate is not there");
  const ChainProblem with_root = check({leaf, first(other.root_pem())}).value();
  BOOST_TEST((with_root.fault == ChainFault::unknown_issuer));
  BOOST_TEST(with_root.subject == "CN=another CA");
  // The same name, another key.
  SeededRandom else_random(42);
  LabCa impostor = LabCa::create(else_random, now, "the CA", 1024).value();
  BOOST_TEST((check({this->leaf({}, &impostor)}).value().fault == ChainFault::unknown_issuer));
  rules.check_issuer = false;
  BOOST_TEST(!check({leaf}).has_value());
  BOOST_TEST(!check({leaf, first(other.root_pem())}).has_value());
  rules.roots.clear();
  BOOST_TEST(!check({leaf}).has_value());
  rules.now = now + 1000 * day;
  BOOST_TEST((check({leaf}).value().fault == ChainFault::expired));
}

BOOST_FIXTURE_TEST_CASE(a_leaf_that_signed_itself, Authority) {
  const Certificate leaf = first(other.root_pem());
  const ChainProblem problem = check({leaf}).value();
  BOOST_TEST((problem.fault == ChainFault::self_signed));
  BOOST_TEST(problem.text == "the certificate of \"CN=another CA\" is signed by itself and is not trusted");
  rules.check_issuer = false;
  rules.check_usage = false; // it is a CA's
  BOOST_TEST(!check({leaf}).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_signature_that_is_wrong, Authority) {
  Certificate leaf = this->leaf({});
  leaf.der.back() ^= 1;
  const ChainProblem problem = check({leaf}).value();
  BOOST_TEST((problem.fault == ChainFault::bad_signature));
  BOOST_TEST(problem.text == "the certificate of \"CN=gw\" carries a signature that the key of its issuer "
                             "\"CN=the CA\" did not make");
  rules.check_issuer = false;
  BOOST_TEST((check({leaf}).value().fault == ChainFault::bad_signature));
}

BOOST_FIXTURE_TEST_CASE(extended_key_usage, Authority) {
  const Certificate client = leaf({.server_usage = false});
  const Certificate server = leaf({.client_usage = false});
  BOOST_TEST(!check({server}).has_value());
  const ChainProblem problem = check({client}).value();
  BOOST_TEST((problem.fault == ChainFault::wrong_extended_key_usage));
  BOOST_TEST(problem.text ==
             "the certificate of \"CN=gw\" has an extended key usage that is not for a TLS server");
  rules.for_server = false;
  BOOST_TEST(!check({client}).has_value());
  BOOST_TEST((check({server}).value().fault == ChainFault::wrong_extended_key_usage));
  rules.check_usage = false;
  BOOST_TEST(!check({server}).has_value());
  BOOST_TEST(!check({leaf({.server_usage = false, .client_usage = false})}).has_value());
}

BOOST_FIXTURE_TEST_CASE(weak_keys, Authority) {
  const Certificate leaf = this->leaf({.rsa_bits = 512});
  const ChainProblem problem = check({leaf}).value();
  BOOST_TEST((problem.fault == ChainFault::weak_key));
  BOOST_TEST(problem.text ==
             "the certificate of \"CN=gw\" has a key of 512 bits, too short for security level 1");
  rules.security_level = 0;
  BOOST_TEST(!check({leaf}).has_value());
  rules.security_level = 2;
  BOOST_TEST((check({this->leaf({})}).value().fault == ChainFault::weak_key));
}

BOOST_FIXTURE_TEST_CASE(key_usage, Authority) {
  const Certificate leaf = this->leaf({.key_usage = std::vector{KeyUsage::data_encipherment}});
  const ChainProblem problem = check({leaf}).value();
  BOOST_TEST((problem.fault == ChainFault::wrong_key_usage));
  BOOST_TEST(problem.text == "the certificate of \"CN=gw\" has a key usage that is not for a TLS server");
  rules.for_server = false;
  BOOST_TEST(check({leaf}).value().text ==
             "the certificate of \"CN=gw\" has a key usage that is not for a TLS client");
  rules.check_usage = false;
  BOOST_TEST(!check({leaf}).has_value());
}

BOOST_FIXTURE_TEST_CASE(issuers_that_may_not_issue, Authority) {
  LabCa::Request request{.common_name = "middle", .rsa_bits = 1024};
  request.key_usage = {KeyUsage::digital_signature};
  LabCa middle = ca.issue_intermediate(request).value();
  const Certificate leaf = this->leaf({}, &middle);
  const ChainProblem unsigned_for = check({leaf, middle.certificate()}).value();
  BOOST_TEST((unsigned_for.fault == ChainFault::wrong_key_usage));
  BOOST_TEST(unsigned_for.subject == "CN=middle");
  BOOST_TEST(unsigned_for.text ==
             "the certificate of \"CN=middle\" issued another one, and its key usage lacks keyCertSign");

  const Identity end_entity = ca.issue({.common_name = "nobody", .rsa_bits = 1024}).value();
  LabCa nobody = LabCa::from_pem(end_entity.certificate_pem,
                                 PrivateKey::from_pem(end_entity.private_key_pem).value(), random, now)
                     .value();
  const ChainProblem no_ca = check({this->leaf({}, &nobody), nobody.certificate()}).value();
  BOOST_TEST((no_ca.fault == ChainFault::not_a_ca));
  BOOST_TEST(
      no_ca.text ==
      "the certificate of \"CN=nobody\" issued another one, and basicConstraints does not call it a CA");
}

BOOST_FIXTURE_TEST_CASE(intermediate_authorities, Authority) {
  LabCa middle = ca.issue_intermediate({.common_name = "middle", .rsa_bits = 1024, .path_length = 0}).value();
  LabCa low = middle.issue_intermediate({.common_name = "low", .rsa_bits = 1024}).value();
  const Certificate leaf = this->leaf({}, &middle);
  BOOST_TEST(!check({leaf, middle.certificate()}).has_value());
  BOOST_TEST((check({leaf}).value().fault == ChainFault::unknown_issuer));
  // In any order, with others between (RFC 8446 §4.4.2 asks receivers to take that).
  BOOST_TEST(!check({leaf, low.certificate(), first(other.root_pem()), middle.certificate()}).has_value());
  const ChainProblem deep = check({this->leaf({}, &low), low.certificate(), middle.certificate()}).value();
  BOOST_TEST((deep.fault == ChainFault::path_too_long));
  BOOST_TEST(deep.subject == "CN=middle");
  BOOST_TEST(deep.text == "the certificate of \"CN=middle\" allows fewer CAs below it than there are");
  rules.now = now + 364 * day;
  BOOST_TEST(!check({leaf, middle.certificate()}).has_value());
  rules.now = now + 400 * day;
  BOOST_TEST((check({leaf, middle.certificate()}).value().fault == ChainFault::expired));
}

BOOST_FIXTURE_TEST_CASE(another_ca_of_the_same_name_does_no_harm, Authority) {
  LabCa impostor = LabCa::create(random, now, "the CA", 1024).value();
  rules.roots.insert(rules.roots.begin(), impostor.certificate());
  BOOST_TEST(!check({leaf({})}).has_value());
}

BOOST_FIXTURE_TEST_CASE(weak_digests, Authority) {
  const Certificate leaf = this->leaf({.digest = Hash::sha1});
  const ChainProblem problem = check({leaf}).value();
  BOOST_TEST((problem.fault == ChainFault::weak_digest));
  BOOST_TEST(problem.text ==
             "the certificate of \"CN=gw\" is signed with a hash too weak for security level 1");
  rules.security_level = 0;
  BOOST_TEST(!check({leaf}).has_value());
  // How the root itself is signed is nobody's concern: it is trusted as it stands.
  rules.security_level = 1;
  LabCa::Request old_root{.common_name = "old", .rsa_bits = 1024};
  old_root.digest = Hash::sha1;
  LabCa old = LabCa::create(random, now, old_root).value();
  rules.roots = {old.certificate()};
  BOOST_TEST(!check({this->leaf({}, &old)}).has_value());
}

BOOST_AUTO_TEST_CASE(faults_have_names) {
  BOOST_TEST(name(ChainFault::not_yet_valid) == "not-yet-valid");
  BOOST_TEST(name(ChainFault::wrong_extended_key_usage) == "wrong-extended-key-usage");
  BOOST_TEST(name(ChainFault::other) == "other");
}

BOOST_AUTO_TEST_SUITE_END()
