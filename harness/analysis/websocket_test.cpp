#include "analysis/websocket.hpp"

#include "analysis/test_call.hpp"
#include "analysis/test_tls.hpp"
#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

const std::string upgrade = "GET /sip HTTP/1.1\r\nHost: proxy.example.com\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n";
const std::string agreed = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                           "Sec-WebSocket-Protocol: sip\r\n\r\n";
const std::string options =
    "OPTIONS sip:b@test SIP/2.0\r\nVia: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK1\r\n"
    "From: <sip:a@test>;tag=1\r\nTo: <sip:b@test>\r\nCall-ID: 1\r\n"
    "CSeq: 1 OPTIONS\r\n\r\n"; // Content-Length may be left out
const std::string ok = "SIP/2.0 200 OK\r\nVia: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK1\r\n"
                       "From: <sip:a@test>;tag=1\r\nTo: <sip:b@test>;tag=2\r\nCall-ID: 1\r\n"
                       "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

// `options` twice, as zlib's raw deflate gives it with Z_SYNC_FLUSH: the second refers to the first.
constexpr std::array deflated_options = {
    "f20f08f1f4f70b5628ce2cb04a7228492d2e5108f60cd037d233e0e50acb4cb482f1f4c383831552d2ccb312738c8c73"
    "8a0d52f432f3ca12733253ac938a12f392336cab2c33dc4d92bc0d79b9dc8af273ad146c402626824db4b32e494cb705"
    "ca84e443c52136d9f1723927e6e4e87aba582900659d83530b810c057f889378b978b90000",
    "f21fd4ae0300"};

Bytes hex(std::string_view text) { return from_hex(text).value(); }

Bytes frame(std::uint8_t first, std::string_view text, bool masked) {
  Bytes out{first};
  const auto mask_bit = static_cast<std::uint8_t>(masked ? 0x80 : 0);
  if (text.size() < 126) {
    out.push_back(static_cast<std::uint8_t>(mask_bit | text.size()));
  } else {
    append(out, Bytes{static_cast<std::uint8_t>(mask_bit | 126), static_cast<std::uint8_t>(text.size() >> 8),
                      static_cast<std::uint8_t>(text.size())});
  }
  const Bytes key{0x37, 0xfa, 0x21, 0x3d};
  if (masked) append(out, key);
  for (std::size_t i = 0; i < text.size(); ++i)
    out.push_back(static_cast<std::uint8_t>(static_cast<std::uint8_t>(text[i]) ^ (masked ? key[i % 4] : 0)));
  return out;
}

std::string all_messages(WebSocketReader& reader) {
  std::string out;
  for (auto next = reader.next(); next && *next; next = reader.next())
    out += std::string(as_text(**next)) + "|";
  return out;
}

std::string error_of(ByteView octets) {
  auto reader = WebSocketReader::joined();
  reader.feed(octets);
  for (auto next = reader.next();; next = reader.next()) {
    if (!next) return next.error().what;
    if (!*next) return "";
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(websocket)

// RFC 6455 §5.7.
BOOST_AUTO_TEST_CASE(the_examples_of_the_rfc) {
  auto reader = WebSocketReader::joined();
  reader.feed(hex("810548656c6c6f"
                  "818537fa213d7f9f4d5158"
                  "010348656c"
                  "890548656c6c6f"
                  "80026c6f"
                  "8a8537fa213d7f9f4d5158"));
  BOOST_TEST(all_messages(reader) == "Hello|Hello|Hello|"); // a ping stands within the third
  auto large = WebSocketReader::joined();
  Bytes octets = hex("827F0000000000010000");
  octets.resize(octets.size() + 65'536, 'x');
  large.feed(octets);
  BOOST_TEST(all_messages(large).size() == 65'537u);
}

BOOST_AUTO_TEST_CASE(octets_come_one_at_a_time) {
  WebSocketReader reader;
  Bytes stream = to_bytes(upgrade);
  append(stream, frame(0x01, "INV", true)), append(stream, frame(0x80, "ITE", true));
  append(stream, frame(0x81, std::string(300, 'y'), true));
  std::string seen;
  for (const auto octet : stream) {
    reader.feed(Bytes{octet});
    seen += all_messages(reader);
  }
  BOOST_TEST(seen == "INVITE|" + std::string(300, 'y') + "|");
}

BOOST_AUTO_TEST_CASE(what_is_no_frame_is_said) {
  BOOST_TEST(error_of(hex("c10548656c6c6f")).find("damaged") != std::string::npos);
  BOOST_TEST(error_of(hex("8305")).find("opcode 3") != std::string::npos);
  BOOST_TEST(error_of(hex("8f05")).find("opcode 15") != std::string::npos);
  BOOST_TEST(error_of(hex("80026c6f")).find("the rest of one") != std::string::npos);
  BOOST_TEST(error_of(hex("010348656c"
                          "810548656c6c6f"))
                 .find("got another one") != std::string::npos);
  BOOST_TEST(error_of(hex("817f8000000000000000")).find("too long") != std::string::npos);
  Bytes pieces;
  for (int i = 0; i < 5; ++i)
    append(pieces, frame(static_cast<std::uint8_t>(i == 0 ? 0x01 : 0x00), std::string(65'000, 'z'), false));
  BOOST_TEST(error_of(pieces).find("too long") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_opening_is_recognised) {
  BOOST_TEST((begins_with_websocket(upgrade) == Guess::yes));
  BOOST_TEST((begins_with_websocket(agreed) == Guess::yes));
  for (std::size_t size = 0; size < upgrade.size(); ++size)
    BOOST_TEST((begins_with_websocket(upgrade.substr(0, size)) == Guess::more));
  for (const auto text :
       {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK", "POST / HTTP/1.1", "INVITE "})
    BOOST_TEST((begins_with_websocket(text) == Guess::no), text);
  BOOST_TEST((begins_with_websocket("GET " + std::string(20'000, 'a')) == Guess::no));
}

namespace {

const Endpoint client = at(1, 40'000), server = at(2, 443);

void expect_both(const Report& report, Transport transport) {
  BOOST_TEST_REQUIRE(report.sip.messages.size() == 2);
  BOOST_TEST(report.sip.messages[0].text == options);
  BOOST_TEST(report.sip.messages[1].text == ok);
  BOOST_TEST((report.sip.messages[0].transport == transport));
  BOOST_TEST(finding(report, "sip-framing-lost") == nullptr);
}

} // namespace

BOOST_AUTO_TEST_CASE(sip_over_plain_websocket) {
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, as_bytes(upgrade));
  capture.tcp(server, client, as_bytes("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"));
  capture.tcp(server, client, as_bytes(agreed));
  capture.tcp(client, server, frame(0x81, options, true));
  capture.tcp(server, client, frame(0x82, ok, false));
  const auto report = inspect(capture.octets(), {}).value();
  BOOST_TEST(report.sip.messages.size() == 1); // a refusal in the clear ends what is read of the server
  TestCapture again;
  again.connect(client, server);
  again.tcp(client, server, as_bytes(upgrade));
  again.tcp(server, client, as_bytes(agreed));
  again.tcp(client, server, frame(0x81, options, true));
  again.tcp(server, client, frame(0x82, ok, false));
  expect_both(inspect(again.octets(), {}).value(), Transport::ws);
}

BOOST_AUTO_TEST_CASE(sip_over_websocket_over_tls_and_over_a_loss) {
  TestTls tls({.suite = "TLS_RSA_WITH_AES_128_GCM_SHA256", .encrypt_then_mac = false});
  Keys keys;
  keys.rsa.push_back({std::nullopt, std::nullopt, "sip", "server.key", TestTls::key()});
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, tls.client_hello());
  capture.tcp(server, client, tls.server_flight());
  capture.tcp(client, server, tls.client_flight());
  capture.tcp(server, client, tls.server_finish());
  using tlswire::Side;
  const auto says = [&](Side side, ByteView octets) { return tls.data(side, as_text(octets)); };
  capture.tcp(client, server, says(Side::client, as_bytes(upgrade)));
  capture.tcp(server, client, says(Side::server, as_bytes("HTTP/1.1 401 Unauthorized\r\n\r\n")));
  capture.tcp(client, server, says(Side::client, frame(0x81, options, true)));
  capture.tcp(server, client, says(Side::server, as_bytes(agreed)));
  capture.tcp(server, client, says(Side::server, frame(0x81, ok, false)));
  expect_both(inspect(capture.octets(), keys).value(), Transport::wss);
  capture.lose(client, server, says(Side::client, frame(0x81, options, true)).size());
  capture.tcp(client, server, says(Side::client, frame(0x81, options, true)));
  BOOST_TEST(inspect(capture.octets(), keys).value().sip.messages.size() == 3);
}

// RFC 7692 §7.2.3: whole, in two frames, and one that refers to those before.
BOOST_AUTO_TEST_CASE(compressed_messages_are_read) {
  auto reader = WebSocketReader::joined();
  reader.feed(hex("c107f248cdc9c90700"));
  reader.feed(hex("4103f248cd8004c9c90700"));
  reader.feed(hex("c105f200110000"));
  reader.feed(hex("810568656c6c6f"));
  BOOST_TEST(all_messages(reader) == "Hello|Hello|Hello|hello|");
  BOOST_TEST(error_of(hex("c105f200110000")).find("a compressed message is damaged") == 0u);
  BOOST_TEST(error_of(hex("a10568656c6c6f")) == "a WebSocket frame with an extension that is not known");
  BOOST_TEST(error_of(hex("0103f248cdc004c9c90700")).find("extension") != std::string::npos);
  BOOST_TEST(error_of(hex("c900")).find("extension") != std::string::npos); // a ping
}

BOOST_AUTO_TEST_CASE(sip_in_compressed_messages) {
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, as_bytes(upgrade));
  capture.tcp(server, client, as_bytes(agreed));
  for (const auto* part : deflated_options)
    capture.tcp(client, server, frame(0xc1, as_text(hex(part)), true));
  capture.tcp(server, client, frame(0x82, ok, false));
  const auto report = inspect(capture.octets(), {}).value();
  BOOST_TEST_REQUIRE(report.sip.messages.size() == 3);
  BOOST_TEST(report.sip.messages[0].text == options);
  BOOST_TEST(report.sip.messages[1].text == options);
  BOOST_TEST(report.findings.empty());
}

BOOST_AUTO_TEST_CASE(a_websocket_without_sip_is_none) {
  TestCapture capture;
  capture.connect(client, server);
  capture.tcp(client, server, as_bytes(upgrade));
  capture.tcp(client, server, frame(0x81, "{\"jsonrpc\":\"2.0\"}", true));
  capture.tcp(client, server, hex("ffffffffff"));
  const auto report = inspect(capture.octets(), {}).value();
  BOOST_TEST(report.sip.messages.empty());
  BOOST_TEST(report.findings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
