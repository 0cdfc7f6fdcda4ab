#include "tlswire/handshake_reader.hpp"

#include "tlswire/test_messages.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

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

// Every kind, one octet at a time: nothing before the last octet, everything with it.
BOOST_AUTO_TEST_CASE(single_octets_of_every_kind) {
  HandshakeReader reader;
  std::set<HandshakeType> kinds;
  for (const testing::TestMessage& message : testing::test_messages()) {
    const Bytes raw = message.raw();
    kinds.insert(message.type);
    BOOST_TEST_CONTEXT(handshake_type_name(message.type)) {
      for (std::size_t i = 0; i < raw.size(); ++i) {
        BOOST_TEST(reader.partial() == (i != 0));
        reader.feed(ByteView(raw).subspan(i, 1));
        const auto next = reader.next().value();
        BOOST_TEST(next.has_value() == (i + 1 == raw.size()));
        if (!next) continue;
        BOOST_TEST((next->type == message.type));
        BOOST_TEST((to_bytes(next->raw) == raw));
        BOOST_TEST((to_bytes(next->body) == message.body));
        BOOST_TEST(!reader.next().value().has_value());
      }
    }
  }
  // Each type that has a name has a message here.
  for (unsigned type = 0; type < 256; ++type) {
    const auto each = static_cast<HandshakeType>(type);
    const bool named = handshake_type_name(each) != "handshake message " + std::to_string(type);
    BOOST_TEST_CONTEXT(type) BOOST_TEST(kinds.contains(each) == named);
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
