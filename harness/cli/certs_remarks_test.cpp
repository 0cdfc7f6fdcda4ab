#include "cli/certs_remarks.hpp"

#include "crypto/certificate_variants.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::cli;

namespace {

const Instant now{std::chrono::seconds(1767225600)}; // 2026-01-01

// The sentences' beginnings, for each variant whose certificate has something to remark on; keys of 1024 bits
// are remarked on in all of them and left out here.
struct Maker {
  SeededRandom random{5};
  crypto::LabCa trusted = crypto::LabCa::create(random, now, "the CA", 1024).value();
  crypto::LabCa other = crypto::LabCa::create(random, now, "another CA", 1024).value();
  crypto::VariantMaker maker{trusted, other, now, crypto::PrivateKey::generate_rsa(1024, random).value(),
                             random};

  std::vector<std::string> remarks(std::string_view variant) {
    auto all = remarks_on(leaf(variant), now);
    std::erase_if(all, [](const std::string& each) { return each.starts_with("The RSA key has 1024 bits"); });
    return all;
  }
  crypto::Certificate leaf(std::string_view variant) {
    const auto made = maker.make(variant, {"gw.example.test", {"192.0.2.1"}}).value();
    return crypto::parse_certificates_pem(made.certificate_pem).value().front();
  }
};

using Remarks = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(certs_remarks)

BOOST_FIXTURE_TEST_CASE(right_certificates_have_none, Maker) {
  for (const std::string_view variant :
       {"good", "san-uri", "san-uri-and-dns", "no-key-usage", "ec", "intermediate"})
    BOOST_TEST((remarks(variant) == Remarks{}), variant);
  BOOST_TEST((remarks_on(trusted.certificate(), now) ==
              Remarks{"The RSA key has 1024 bits; peers ask for 2048 (RFC 9325 §4.5)."}));
}

BOOST_FIXTURE_TEST_CASE(each_fault_is_remarked_on, Maker) {
  const std::pair<std::string_view, Remarks> table[] = {
      {"expired", {"It expired after 2025-12-31T00:00:00Z."}},
      {"not-yet-valid", {"It is not valid before 2026-01-02T00:00:00Z."}},
      {"self-signed", {"It signed itself: only peers that hold it as a root trust it."}},
      {"cn-only", {"The domain stands in the common name only, where few peers still look (RFC 9525)."}},
      {"san-dns", {"Its domain is a DNS name; peers that look for a SIP URI alone find none."}},
      {"wildcard",
       {"The DNS name *.example.test has a wildcard, which matches no SIP domain (RFC 5922 §7.2).",
        "Its domain is a DNS name; peers that look for a SIP URI alone find none."}},
      {"wrong-key-usage",
       {"The key may not sign: no ephemeral key exchange and no TLS 1.3 (RFC 8446 §4.4.2.2).",
        "The key may not encipher keys: no TLS_RSA suites (RFC 5246 §7.4.2)."}},
      {"ec-wrong-usage",
       {"The key may not sign: no ephemeral key exchange and no TLS 1.3 (RFC 8446 §4.4.2.2)."}},
      {"wrong-extended-key-usage",
       {"It may not be a TLS server's (extended key usage, RFC 5280 §4.2.1.12).",
        "It may not be a TLS client's, which the connections a gateway opens need (extended key usage, "
        "RFC 5280 §4.2.1.12)."}},
      {"weak-key", {"The RSA key has 512 bits; peers ask for 2048 (RFC 9325 §4.5)."}},
      {"sha1", {"It is signed with sha1WithRSAEncryption, which peers refuse (RFC 8446 §4.4.2.4)."}},
  };
  for (const auto& [variant, expected] : table) {
    const Remarks found = remarks(variant);
    BOOST_TEST(found == expected, boost::test_tools::per_element());
  }
}

BOOST_FIXTURE_TEST_CASE(names_that_are_no_sip_domain, Maker) {
  crypto::Certificate it = leaf("good");
  it.dns_names.clear();
  it.key_bits = 2048;
  it.uris = {"sip:user@gw.example.test", "https://gw.example.test/", "si"};
  BOOST_TEST(remarks_on(it, now) ==
                 (Remarks{"The URI sip:user@gw.example.test names a user and no SIP domain (RFC 5922 §7.1).",
                          "The URI https://gw.example.test/ names no SIP domain: its scheme is not sip "
                          "(RFC 5922 §7.1).",
                          "The URI si names no SIP domain: its scheme is not sip (RFC 5922 §7.1).",
                          "No SIP domain is among its names, and then the common name does not count "
                          "(RFC 5922 §7.1)."}),
             boost::test_tools::per_element());
  it.uris = {"SIP:gw.example.test"};
  BOOST_TEST((remarks_on(it, now) == Remarks{}));
  it.uris.clear();
  it.ip_addresses.clear();
  it.common_name.clear();
  BOOST_TEST((remarks_on(it, now) == Remarks{"It names nobody."}));
}

BOOST_FIXTURE_TEST_CASE(how_a_root_signed_itself_does_not_matter, Maker) {
  crypto::Certificate root = trusted.certificate();
  root.key_bits = 2048;
  root.signature_algorithm = "md5WithRSAEncryption";
  BOOST_TEST((remarks_on(root, now) == Remarks{}));
  root.issuer = "CN=somebody else";
  BOOST_TEST(remarks_on(root, now).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
