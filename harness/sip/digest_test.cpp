#include "sip/digest.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace sipvet;
using namespace sipvet::sip;

namespace {

// A hash that knows the inputs of the RFCs' examples only: any other way to put them together fails the test.
class KnownHash {
 public:
  explicit KnownHash(std::map<std::string, std::string> known) : known_(std::move(known)) {}
  std::string operator()(std::string_view input) const {
    const auto found = known_.find(std::string(input));
    BOOST_TEST((found != known_.end()), "unexpected hash input " << input);
    return found == known_.end() ? "" : found->second;
  }

 private:
  std::map<std::string, std::string> known_;
};

const std::string nonce_7616 = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
const std::string cnonce_7616 = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

// RFC 7616 §3.9.1.
const KnownHash md5_7616({
    {"Mufasa:http-auth@example.org:Circle of Life", "3d78807defe7de2157e2b0b6573a855f"},
    {"GET:/dir/index.html", "39aff3a2bab6126f332b942af96d3366"},
    {"3d78807defe7de2157e2b0b6573a855f:" + nonce_7616 + ":00000001:" + cnonce_7616 +
         ":auth:39aff3a2bab6126f332b942af96d3366",
     "8ca523f5e9506fed4657c9700eebdbec"},
});
const KnownHash sha256_7616({
    {"Mufasa:http-auth@example.org:Circle of Life",
     "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232"},
    {"GET:/dir/index.html", "9a3fdae9a622fe8de177c24fa9c070f2b181ec85e15dcbdc32e10c82ad450b04"},
    {"7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232:" + nonce_7616 + ":00000001:" +
         cnonce_7616 + ":auth:9a3fdae9a622fe8de177c24fa9c070f2b181ec85e15dcbdc32e10c82ad450b04",
     "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
});
// RFC 2617 §3.5, and the same without qop as in RFC 2069.
const KnownHash md5_2617({
    {"Mufasa:testrealm@host.com:Circle Of Life", "939e7578ed9e3c518a452acee763bce9"},
    {"GET:/dir/index.html", "39aff3a2bab6126f332b942af96d3366"},
    {"939e7578ed9e3c518a452acee763bce9:dcd98b7102dd2f0e8b11d0f600bfb0c093:00000001:0a4f113b:auth:"
     "39aff3a2bab6126f332b942af96d3366",
     "6629fae49393a05397450978507c4ef1"},
    {"939e7578ed9e3c518a452acee763bce9:dcd98b7102dd2f0e8b11d0f600bfb0c093:39aff3a2bab6126f332b942af96d3366",
     "670fd8c2df070c60b045671b8b24ff02"},
});

const std::string challenge_2617 =
    "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
    "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";

const DigestRequest get{"GET", ""};

} // namespace

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(a_challenge) {
  const DigestChallenge challenge = parse_challenge(challenge_2617).value();
  BOOST_TEST(challenge.realm == "testrealm@host.com");
  BOOST_TEST(challenge.nonce == "dcd98b7102dd2f0e8b11d0f600bfb0c093");
  BOOST_TEST(challenge.opaque == "5ccc069c403ebaf9f0171e9517f40e41");
  BOOST_TEST((challenge.qop == std::vector<std::string>{"auth", "auth-int"}));
  BOOST_TEST(challenge.algorithm.empty());
  BOOST_TEST(!challenge.stale);
}

// RFC 3261 §22.4's example has stale and a domain.
BOOST_AUTO_TEST_CASE(stale_and_what_else_there_is) {
  const std::string text = "DIGEST  realm=\"biloxi.com\" ,\r\n nonce=\"n \\\"1\\\"\",stale=TRUE, "
                           "algorithm=SHA-256,qop=auth, domain=\"sip:ss.biloxi.com\"";
  const DigestChallenge challenge = parse_challenge(text).value();
  BOOST_TEST(challenge.stale);
  BOOST_TEST(challenge.nonce == "n \"1\"");
  BOOST_TEST((find(challenge.further, "domain") == "sip:ss.biloxi.com"));
  BOOST_TEST(
      to_string(challenge) ==
      "Digest realm=\"biloxi.com\", nonce=\"n \\\"1\\\"\", stale=true, algorithm=SHA-256, qop=\"auth\", "
      "domain=\"sip:ss.biloxi.com\"");
}

BOOST_AUTO_TEST_CASE(rfc_2617_example) {
  const auto challenge = parse_challenge(challenge_2617).value();
  const auto credentials = answer_challenge(challenge, {"Mufasa", "Circle Of Life"}, get, "/dir/index.html",
                                            "0a4f113b", 1, md5_2617)
                               .value();
  BOOST_TEST(credentials.response == "6629fae49393a05397450978507c4ef1");
  BOOST_TEST(to_string(credentials) ==
             "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
             "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
             "uri=\"/dir/index.html\", response=\"6629fae49393a05397450978507c4ef1\", cnonce=\"0a4f113b\", "
             "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\", qop=auth, nc=00000001");
  const auto read = parse_credentials(to_string(credentials)).value();
  BOOST_TEST((read.nonce_count == 1u));
  BOOST_TEST(digest_response(read, get, "Circle Of Life", md5_2617) == read.response);
}

BOOST_AUTO_TEST_CASE(without_qop) {
  auto challenge = parse_challenge(challenge_2617).value();
  challenge.qop.clear();
  const auto credentials =
      answer_challenge(challenge, {"Mufasa", "Circle Of Life"}, get, "/dir/index.html", "unused", 1, md5_2617)
          .value();
  BOOST_TEST(credentials.response == "670fd8c2df070c60b045671b8b24ff02");
  BOOST_TEST(credentials.cnonce.empty());
  BOOST_TEST(!credentials.nonce_count.has_value());
}

BOOST_AUTO_TEST_CASE(rfc_7616_examples) {
  for (const std::string algorithm : {"MD5", "SHA-256"}) {
    const auto challenge =
        parse_challenge(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm +
            ", nonce=\"" + nonce_7616 + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"")
            .value();
    const bool md5 = hash_name(challenge.algorithm) == "MD5";
    const auto credentials = answer_challenge(challenge, {"Mufasa", "Circle of Life"}, get, "/dir/index.html",
                                              cnonce_7616, 1, md5 ? md5_7616 : sha256_7616)
                                 .value();
    BOOST_TEST(credentials.response ==
               (md5 ? "8ca523f5e9506fed4657c9700eebdbec"
                    : "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"));
  }
}

// RFC 7616 §3.4.2 and §3.4.3.
BOOST_AUTO_TEST_CASE(sess_and_auth_int_hash_more) {
  const HexHash show = [](std::string_view input) { return '[' + std::string(input) + ']'; };
  DigestCredentials credentials;
  credentials.username = "u";
  credentials.realm = "r";
  credentials.nonce = "n";
  credentials.uri = "sip:x";
  credentials.cnonce = "c";
  credentials.qop = "auth-int";
  credentials.nonce_count = 0x1a;
  credentials.algorithm = "MD5-sess";
  BOOST_TEST(digest_response(credentials, {"INVITE", "v=0"}, "p", show) ==
             "[[[u:r:p]:n:c]:n:0000001a:c:auth-int:[INVITE:sip:x:[v=0]]]");
}

BOOST_AUTO_TEST_CASE(algorithms) {
  BOOST_TEST((hash_name("") == "MD5"));
  BOOST_TEST((hash_name("md5-sess") == "MD5"));
  BOOST_TEST((hash_name("sha-256") == "SHA-256"));
  BOOST_TEST((hash_name("SHA-512-256-sess") == "SHA-512-256"));
  BOOST_TEST(!hash_name("AKAv1-MD5").has_value());
  BOOST_TEST(!hash_name("-sess").has_value());
}

BOOST_AUTO_TEST_CASE(the_next_nonce) {
  BOOST_TEST(parse_authentication_info("nextnonce=\"47364c23432d2e131a5fb210812c\"").value().next_nonce ==
             "47364c23432d2e131a5fb210812c");
  const auto info = parse_authentication_info("qop=auth, rspauth=\"ab\", cnonce=\"c\", nc=00000001").value();
  BOOST_TEST(info.next_nonce.empty());
  BOOST_TEST((find(info.further, "rspauth") == "ab"));
}

BOOST_AUTO_TEST_CASE(errors) {
  for (const char* bad : {"", "Basic realm=\"x\"", "Digest", "Digest realm",
                          "Digest realm=", "Digest realm=\"x", "Digest realm=\"x\"", "Digest nonce=\"x\"",
                          "Digest realm=\"x\", nonce=\"y\",", "Digest realm=\"x\" nonce=\"y\""})
    BOOST_TEST(!parse_challenge(bad), bad);
  BOOST_TEST((parse_challenge("Basic x=y").error().offset == 0u));
  const std::string whole = "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\", response=\"e\", nc=";
  BOOST_TEST(parse_credentials(whole + "0000000a").value().nonce_count.value() == 10u);
  for (const char* bad : {"1", "0000000g", "000000001"}) BOOST_TEST(!parse_credentials(whole + bad), bad);
  BOOST_TEST(!parse_credentials("Digest username=\"a\""));
  DigestChallenge odd;
  odd.qop = {"auth-int"};
  BOOST_TEST(
      !answer_challenge(odd, {"u", "p"}, get, "x", "c", 1, [](std::string_view) { return std::string(); }));
}

BOOST_AUTO_TEST_SUITE_END()
