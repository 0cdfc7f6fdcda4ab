// The client's and the server's side of digest against each other; the values themselves are RFC 7616's in
// sip/digest_test.cpp and kamailio's in the third-party tests.
#include "ua/digest_client.hpp"
#include "ua/digest_hash.hpp"
#include "ua/digest_server.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{1000s};

sip::Message request(const char* method = "REGISTER", const char* uri = "sip:192.0.2.11:5062") {
  return sip::Message::request(method, uri);
}

struct Pair {
  SeededRandom random{7};
  DigestServer server;
  DigestClient client;
  explicit Pair(DigestServerSettings settings = {},
                std::vector<DigestAccount> accounts = {{"", "100", "secret"}})
      : server((settings.realm = settings.realm.empty() ? "opensips.test" : settings.realm,
                settings.accounts = {{"100", "secret"}, {"101", "other"}}, settings),
               random),
        client(std::move(accounts), random) {}

  sip::Message challenge(bool proxy = false, bool stale = false, Instant now = start) {
    sip::Message out = sip::Message::response(proxy ? 407 : 401, "Who is there");
    for (const std::string& text : server.challenges(stale, now))
      out.add(proxy ? "Proxy-Authenticate" : "WWW-Authenticate", text);
    return out;
  }
};

sip::DigestCredentials credentials_of(const sip::Message& message, const char* field = "Authorization") {
  return sip::parse_credentials(message.header(field).value()).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(the_hashes_are_those_of_the_rfcs) {
  // RFC 7616 §3.9.1: the hash of user, realm and password.
  const std::string a1 = "Mufasa:http-auth@example.org:Circle of Life";
  BOOST_TEST(digest_hash("")->operator()(a1) == "3d78807defe7de2157e2b0b6573a855f");
  BOOST_TEST(digest_hash("md5-sess")->operator()(a1) == "3d78807defe7de2157e2b0b6573a855f");
  BOOST_TEST(digest_hash("SHA-256")->operator()(a1) ==
             "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
  BOOST_TEST(!digest_hash("SHA-512-256").has_value());
  BOOST_TEST(!digest_hash("rot13").has_value());
}

BOOST_AUTO_TEST_CASE(a_challenge_is_answered_and_the_answer_accepted) {
  for (const char* algorithm : {"MD5", "SHA-256", "MD5-sess", "SHA-256-sess"}) {
    for (const bool qop : {true, false}) {
      for (const bool proxy : {true, false}) {
        Pair pair({.realm = {}, .accounts = {}, .algorithms = {algorithm}, .qop_auth = qop});
        sip::Message asked = request();
        BOOST_TEST(pair.server.check(asked, proxy, start).user == "");
        BOOST_TEST_REQUIRE(pair.client.answer(asked, pair.challenge(proxy), 0).has_value());
        const auto checked = pair.server.check(asked, proxy, start);
        BOOST_TEST(checked.user == "100", algorithm << ": " << checked.problem);
        BOOST_TEST(pair.server.check(asked, !proxy, start).user == "");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_nonce_serves_again_with_a_count_that_grows) {
  Pair pair;
  sip::Message first = request();
  pair.client.answer(first, pair.challenge(), 0).value();
  BOOST_TEST(pair.server.check(first, false, start).user == "100");
  BOOST_TEST(pair.server.check(first, false, start).user == ""); // replayed
  sip::Message second = request();
  pair.client.prepare(second);
  BOOST_TEST(credentials_of(second).nonce_count.value() == 2u);
  BOOST_TEST(pair.server.check(second, false, start).user == "100");
}

BOOST_AUTO_TEST_CASE(a_stale_nonce_is_answered_once_more_and_not_for_ever) {
  Pair pair;
  sip::Message asked = request();
  pair.client.answer(asked, pair.challenge(), 0).value();
  const auto late = pair.server.check(asked, false, start + 31s);
  BOOST_TEST(late.stale);
  BOOST_TEST(late.user == "");
  pair.client.answer(asked, pair.challenge(false, true, start + 31s), 1).value();
  BOOST_TEST(asked.headers("Authorization").size() == 1u);
  BOOST_TEST(pair.server.check(asked, false, start + 31s).user == "100");
  BOOST_TEST(!pair.client.answer(asked, pair.challenge(false, true), max_digest_answers).has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_password_ends_after_one_try) {
  Pair pair({}, {{"", "100", "guess"}});
  sip::Message asked = request();
  pair.client.answer(asked, pair.challenge(), 0).value();
  BOOST_TEST(pair.server.check(asked, false, start).problem == "the response is wrong");
  const sip::Message before = asked;
  BOOST_TEST(!pair.client.answer(asked, pair.challenge(), 1).has_value());
  BOOST_TEST(asked.serialize() == before.serialize());
  sip::Message later = request();
  pair.client.prepare(later); // nothing is known any more
  BOOST_TEST(!later.header("Authorization").has_value());
}

BOOST_AUTO_TEST_CASE(the_next_nonce_is_used_at_once) {
  Pair pair({.realm = {},
             .accounts = {},
             .algorithms = {"SHA-256"},
             .qop_auth = true,
             .nonce_lifetime = 30s,
             .next_nonce = true});
  sip::Message first = request();
  pair.client.answer(first, pair.challenge(), 0).value();
  sip::Message ok = sip::Message::response(200, "OK");
  ok.add("Authentication-Info", pair.server.check(first, false, start).information);
  pair.client.learn(ok);
  sip::Message second = request();
  pair.client.prepare(second);
  BOOST_TEST(credentials_of(second).nonce_count.value() == 1u);
  BOOST_TEST(credentials_of(second).nonce != credentials_of(first).nonce);
  BOOST_TEST(pair.server.check(second, false, start).user == "100");
}

BOOST_AUTO_TEST_CASE(of_several_challenges_the_first_that_can_be_answered_counts) {
  Pair pair({.realm = {}, .accounts = {}, .algorithms = {"SHA-512-256", "SHA-256", "MD5"}});
  sip::Message asked = request();
  sip::Message challenge = pair.challenge();
  challenge.add("WWW-Authenticate", "Basic realm=\"opensips.test\"");
  pair.client.answer(asked, challenge, 0).value();
  BOOST_TEST(asked.headers("Authorization").size() == 1u);
  BOOST_TEST(credentials_of(asked).algorithm == "SHA-256");
  BOOST_TEST(pair.server.check(asked, false, start).user == "100");
}

BOOST_AUTO_TEST_CASE(each_realm_gets_its_own_credentials) {
  Pair one({}, {{"one.test", "100", "secret"}, {"", "101", "other"}});
  sip::Message asked = request("INVITE");
  sip::Message challenge = sip::Message::response(407, "Who is there");
  challenge.add("Proxy-Authenticate", R"(Digest realm="one.test", nonce="a", qop="auth")");
  challenge.add("Proxy-Authenticate", R"(Digest realm="two.test", nonce="b", qop="auth,auth-int")");
  one.client.answer(asked, challenge, 0).value();
  const auto all = asked.headers("Proxy-Authorization");
  BOOST_TEST_REQUIRE(all.size() == 2u);
  BOOST_TEST(sip::parse_credentials(all[0])->username == "100");
  BOOST_TEST(sip::parse_credentials(all[1])->username == "101");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_answered_is_not) {
  Pair pair({}, {{"elsewhere.test", "100", "secret"}});
  sip::Message asked = request();
  BOOST_TEST(!pair.client.answer(asked, pair.challenge(), 0).has_value()); // no account
  for (const char* text : {"Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"", "Basic realm=\"x\"",
                           "Digest realm=\"x\", nonce=\"n\", algorithm=SHA-512-256", "Digest"}) {
    sip::Message challenge = sip::Message::response(401, "Who is there");
    challenge.add("WWW-Authenticate", text);
    Pair other;
    BOOST_TEST(!other.client.answer(asked, challenge, 0).has_value(), text);
  }
  BOOST_TEST(!asked.header("Authorization").has_value());
}

BOOST_AUTO_TEST_CASE(the_server_says_what_is_wrong) {
  const auto problem_of = [](auto change) {
    Pair pair;
    sip::Message asked = request();
    pair.client.answer(asked, pair.challenge(), 0).value();
    sip::DigestCredentials credentials = credentials_of(asked);
    change(credentials);
    asked.set("Authorization", to_string(credentials));
    return pair.server.check(asked, false, start).problem;
  };
  BOOST_TEST(problem_of([](auto&) {}) == "");
  BOOST_TEST(problem_of([](auto& c) { c.username = "102"; }) == "there is no user 102");
  BOOST_TEST(problem_of([](auto& c) { c.algorithm = "SHA-256"; }) ==
             "the algorithm SHA-256 was not asked for");
  BOOST_TEST(problem_of([](auto& c) { c.qop.clear(); }) == "qop auth was asked for");
  BOOST_TEST(problem_of([](auto& c) { c.uri = "sip:x"; }) == "the credentials are for sip:x");
  BOOST_TEST(problem_of([](auto& c) { c.response[0] ^= 1; }) == "the response is wrong");
  BOOST_TEST(problem_of([](auto& c) { c.realm = "x"; }) == "there are no credentials");
}

BOOST_AUTO_TEST_SUITE_END()
