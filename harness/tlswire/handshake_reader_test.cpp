#include "tlswire/handshake_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tlswire;

BOOST_AUTO_TEST_SUITE(handshake_reader)

BOOST_AUTO_TEST_CASE(several_messages_in_any_pieces) {
  Bytes stream;
  append_handshake(stream, HandshakeType::server_hello, Bytes(5, 1));
  append_handshake(stream, HandshakeType::server_hello_done, {});
  append_handshake(stream, HandshakeType::certificate, Bytes(700, 2));
  for (std::size_t piece = 1; piece < stream.size() + 5; piece += 9) {
    HandshakeReader reader;
    std::vector<Bytes> raws;
    std::vector<HandshakeType> types;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      reader.feed(ByteView(stream).subspan(at, std::min(piece, stream.size() - at)));
      for (auto next = reader.next().value(); next; next = reader.next().value()) {
        types.push_back(next->type);
        raws.push_back(to_bytes(next->raw));
        BOOST_TEST(next->raw.size() == next->body.size() + 4);
      }
    }
    BOOST_REQUIRE(types.size() == 3u);
    BOOST_TEST((types[1] == HandshakeType::server_hello_done));
    BOOST_TEST(raws[2].size() == 704u);
    BOOST_TEST(!reader.partial());
  }
}

BOOST_AUTO_TEST_CASE(limits_and_partial_messages) {
  HandshakeReader reader;
  reader.feed(Bytes{11, 0, 0});
  BOOST_TEST(!reader.next().value().has_value());
  BOOST_TEST(reader.partial());
  HandshakeReader huge;
  huge.feed(Bytes{11, 0xff, 0xff, 0xff});
  BOOST_TEST(huge.next().error().what ==
             "expected a handshake message of at most 262144 octets, got 16777215");
  BOOST_TEST(handshake_type_name(HandshakeType::client_key_exchange) == "ClientKeyExchange");
  BOOST_TEST(handshake_type_name(static_cast<HandshakeType>(99)) == "handshake message 99");
}

BOOST_AUTO_TEST_SUITE_END()
