// ServerKeyExchange and ClientKeyExchange of ECDHE, against messages of OpenSSL.
#include "tlswire/server_key_exchange.hpp"

#include "crypto/hash.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/named_groups.hpp"
#include "tlswire/openssl_trace.hpp"
#include "tlswire/test_codec.hpp"
#include "tlswire/version.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;
namespace trace = sipvet::tlswire::openssl_trace;

namespace {

Result<ServerKeyExchange> parse12(ByteView body) { return parse_ecdhe_server_key_exchange(body, tls1_2); }
Result<ServerKeyExchange> parse11(ByteView body) { return parse_ecdhe_server_key_exchange(body, tls1_1); }

} // namespace

BOOST_AUTO_TEST_SUITE(server_key_exchange)

BOOST_AUTO_TEST_CASE(tls10_has_no_scheme) {
  const ByteView body = body_of(trace::tls10::server_key_exchange);
  const auto message = parse11(body).value();
  BOOST_TEST(message.group == group::secp256r1);
  BOOST_TEST(message.public_value.size() == 65u);
  BOOST_TEST(!message.signature_scheme.has_value());
  BOOST_TEST(message.signature.size() == 256u);
  BOOST_TEST((write_ecdhe_server_key_exchange(message, tls1_1) == to_bytes(body)));
  const Bytes covered = ecdhe_signed_parameters(trace::tls10::client_random, trace::tls10::server_random,
                                                message.group, message.public_value);
  Bytes digest = crypto::digest(crypto::Hash::md5, covered);
  append(digest, crypto::digest(crypto::Hash::sha1, covered));
  BOOST_TEST(to_hex(digest) == to_hex(trace::tls10::signed_digest));
  check_only_whole(body, parse11);
  BOOST_TEST(!parse12(body)); // the octets of the length are no scheme
}

BOOST_AUTO_TEST_CASE(tls12_names_the_scheme) {
  const ByteView body = body_of(trace::tls12::server_key_exchange);
  const auto message = parse12(body).value();
  BOOST_TEST(message.group == group::x25519);
  BOOST_TEST(message.public_value.size() == 32u);
  BOOST_TEST((message.signature_scheme == 0x0804));
  BOOST_TEST((write_ecdhe_server_key_exchange(message, tls1_2) == to_bytes(body)));
  const Bytes covered = ecdhe_signed_parameters(trace::tls12::client_random, trace::tls12::server_random,
                                                message.group, message.public_value);
  BOOST_TEST(to_hex(crypto::digest(crypto::Hash::sha256, covered)) == to_hex(trace::tls12::signed_digest));
  check_only_whole(body, parse12);

  const ByteView ecdsa = body_of(trace::tls12_ecdsa::server_key_exchange);
  const auto other = parse12(ecdsa).value();
  BOOST_TEST(other.group == group::secp384r1);
  BOOST_TEST((other.signature_scheme == 0x0403));
  BOOST_TEST((write_ecdhe_server_key_exchange(other, tls1_2) == to_bytes(ecdsa)));
  BOOST_TEST(to_hex(crypto::digest(crypto::Hash::sha256,
                                   ecdhe_signed_parameters(trace::tls12_ecdsa::client_random,
                                                           trace::tls12_ecdsa::server_random, other.group,
                                                           other.public_value))) ==
             to_hex(trace::tls12_ecdsa::signed_digest));
}

BOOST_AUTO_TEST_CASE(what_rfc8422_refuses) {
  BOOST_TEST(why(parse12(Bytes{1, 0, 23, 1, 4, 4, 3, 0, 0})) ==
             "expected named_curve(3), got curve type 1 (at octet 0)");
  BOOST_TEST(why(parse12(Bytes{3, 0, 23, 0, 4, 3, 0, 0})) ==
             "expected a public value of 1 to 255 octets (at octet 4)");
  BOOST_TEST(bool(parse12(Bytes{3, 0, 23, 1, 9, 4, 3, 0, 0}))); // what is in a signature is its key's matter
}

BOOST_AUTO_TEST_CASE(a_missing_scheme_is_written_as_zero) {
  const ServerKeyExchange bare{group::x25519, {7}, std::nullopt, {8}};
  BOOST_TEST((write_ecdhe_server_key_exchange(bare, tls1_2) == Bytes{3, 0, 29, 1, 7, 0, 0, 0, 1, 8}));
  BOOST_TEST((write_ecdhe_server_key_exchange(bare, tls1_1) == Bytes{3, 0, 29, 1, 7, 0, 1, 8}));
}

BOOST_AUTO_TEST_CASE(the_clients_point) {
  for (const Bytes* message : {&trace::tls10::client_key_exchange, &trace::tls12::client_key_exchange,
                               &trace::tls12_ecdsa::client_key_exchange}) {
    const ByteView body = body_of(*message);
    const ByteView point = parse_ecdhe_client_key_exchange(body).value();
    BOOST_TEST(point.size() == body.size() - 1);
    BOOST_TEST((write_ecdhe_client_key_exchange(point) == to_bytes(body)));
    check_only_whole(body, parse_ecdhe_client_key_exchange);
  }
  BOOST_TEST(why(parse_ecdhe_client_key_exchange(Bytes{0})) ==
             "expected a public value of 1 to 255 octets (at octet 1)");
}

BOOST_AUTO_TEST_SUITE_END()
