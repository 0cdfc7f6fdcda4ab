#include "peers/settings.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(mikey_settings)

using namespace sipvet;
using namespace sipvet::peers;

namespace {

ReadSettings read(std::string_view yaml) {
  const script::Document document = script::load_yaml_text(yaml, "peer.yaml");
  BOOST_REQUIRE(document.errors.empty());
  return read_settings(document.root);
}

std::string only_error(std::string_view yaml) {
  const ReadSettings result = read(yaml);
  BOOST_REQUIRE_EQUAL(result.errors.size(), 1u);
  return result.errors.front().message;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_key_sets_its_field) {
  const ReadSettings got = read("key-exchange: [mikey, sdes]\n"
                                "mikey:\n"
                                "  psk: hex:0102\n"
                                "  mode: public-key\n"
                                "  group: oakley-1\n"
                                "  verification: false\n"
                                "  protocol-list: false\n"
                                "  null-protection: true\n"
                                "  identity: sip:a@example.test\n"
                                "  mki: \"0a0b\"\n"
                                "  key-derivation-rate: 16\n"
                                "  deviations: {wrong_mac: true, stale_timestamp: false}\n");
  BOOST_REQUIRE(got.errors.empty());
  const Settings& settings = got.settings;
  BOOST_TEST((settings.key_exchanges == std::vector{keying::KeyExchange::mikey, keying::KeyExchange::sdes}));
  BOOST_TEST((settings.mikey.psk == Bytes{1, 2}));
  BOOST_TEST((settings.mikey.mode == keying::MikeyMode::public_key));
  BOOST_TEST((settings.mikey.group == crypto::ModpGroup::oakley_1));
  BOOST_TEST(!settings.mikey.verification_wanted);
  BOOST_TEST(!settings.mikey.protocol_list);
  BOOST_TEST(settings.mikey.null_protection);
  BOOST_TEST(settings.mikey.identity == "sip:a@example.test");
  BOOST_TEST((settings.mikey.mki == Bytes{0x0a, 0x0b}));
  BOOST_TEST(settings.mikey.options.key_derivation_rate == 16u);
  BOOST_TEST(settings.mikey.deviations.wrong_mac);
  BOOST_TEST(!settings.mikey.deviations.stale_timestamp);
}

BOOST_AUTO_TEST_CASE(values_that_are_none) {
  BOOST_TEST(only_error("mikey: {psk: \"hex:0\"}") ==
             "'mikey.psk' needs a text, or hex:HEX, found the text 'hex:0'");
  BOOST_TEST(only_error("mikey: {mode: rsa}").starts_with("'mikey.mode' needs psk, public-key or dh"));
  BOOST_TEST(
      only_error("mikey: {group: modp}").starts_with("'mikey.group' needs oakley-1, oakley-2 or oakley-5"));
  BOOST_TEST(only_error("mikey: {mki: xx}").starts_with("'mikey.mki' needs up to 255 octets in hexadecimal"));
  BOOST_TEST(only_error("mikey: {key-derivation-rate: 5}")
                 .starts_with("'mikey.key-derivation-rate' needs 0 or a power"));
  BOOST_TEST(
      only_error("mikey: {verification: maybe}").starts_with("'mikey.verification' needs true or false"));
  BOOST_TEST(only_error("mikey: {identity: [a]}").starts_with("'mikey.identity' needs a URI"));
  BOOST_TEST(only_error("mikey: {deviations: {wrong_mack: true}}") ==
             "'mikey.deviations' unknown MIKEY deviation 'wrong_mack': did you mean 'wrong_mac'?");
}

BOOST_AUTO_TEST_SUITE_END()
