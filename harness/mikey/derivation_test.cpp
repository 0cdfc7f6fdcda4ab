#include "mikey/derivation.hpp"

#include "mikey/payload_check.hpp"

BOOST_AUTO_TEST_SUITE(derivation)

using namespace sipvet;
using namespace sipvet::mikey;

namespace {

// Expected values were computed by an independent implementation on Python's hmac module.
const DerivationContext context{Prf::mikey_1, 0xC0FFEE01, hex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf")};

Bytes tgk() {
  Bytes out;
  for (unsigned i = 0; i < 40; ++i) out.push_back(static_cast<std::uint8_t>(7 * i + 3));
  return out;
}

std::string session(std::uint8_t cs_id, SessionUse use, std::size_t octets) {
  return to_hex(derive_session_key(context, tgk(), cs_id, use, octets).value());
}

std::string transport(TransportUse use, std::size_t octets) {
  return to_hex(
      derive_transport_key(context, as_bytes("correct horse battery staple, and some more"), use, octets)
          .value());
}

} // namespace

BOOST_AUTO_TEST_CASE(each_session_has_its_own_keys) {
  BOOST_TEST(session(1, SessionUse::tek, 16) == "7ff3a4d2f23e80ed226e6b0e35dde2f4");
  BOOST_TEST(session(1, SessionUse::salt, 14) == "7ef64cac0337720c2692e5142058");
  BOOST_TEST(session(2, SessionUse::tek, 16) == "16ead0fa4c4ffdc0f685ba08a4879357");
  BOOST_TEST(session(2, SessionUse::salt, 14) == "fcc061ecc6d5ba6d8a9fd4e57f71");
}

BOOST_AUTO_TEST_CASE(keys_of_the_message_itself) {
  BOOST_TEST(transport(TransportUse::encryption, 16) == "63f7ffaac3a0efa91343d5e0c2b75a9b");
  BOOST_TEST(transport(TransportUse::authentication, 20) == "c5321ac1011bc626d579d9c77f76190e8d4ecf26");
  BOOST_TEST(transport(TransportUse::salt, 14) == "c43c989a17921b9d41dda7b50955");
}

BOOST_AUTO_TEST_SUITE_END()
