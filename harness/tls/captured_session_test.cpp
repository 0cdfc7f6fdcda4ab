// Sessions of the library's engines, decrypted from their octets by tlswire: two implementations of one
// protocol.
#include "tls/engine_pair.hpp"

#include "crypto/rsa.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/finished.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/keylog.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/transcript.hpp"
#include "tlswire/version.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;
namespace wire = sipvet::tlswire;

namespace {

struct PlainRecord {
  wire::ContentType type;
  std::uint16_t version;
  Bytes fragment;
};

std::vector<PlainRecord> records_of(ByteView stream) {
  wire::RecordReader reader;
  reader.feed(stream);
  std::vector<PlainRecord> out;
  for (auto record = reader.next().value(); record; record = reader.next().value())
    out.push_back({record->type, record->version, to_bytes(record->fragment)});
  return out;
}

// Handshake messages in the clear, up to the change of cipher.
std::vector<wire::HandshakeMessage> clear_messages(const std::vector<PlainRecord>& records, Bytes& kept) {
  for (const PlainRecord& record : records) {
    if (record.type != wire::ContentType::handshake) break;
    append(kept, record.fragment);
  }
  std::vector<wire::HandshakeMessage> out;
  ByteView left = kept;
  while (left.size() >= 4) {
    const std::size_t size = 4 + static_cast<std::size_t>(left[1] << 16 | left[2] << 8 | left[3]);
    if (left.size() < size) break;
    out.push_back({static_cast<wire::HandshakeType>(left[0]), left.subspan(4, size - 4), left.first(size)});
    left = left.subspan(size);
  }
  return out;
}

ByteView body_of(const std::vector<wire::HandshakeMessage>& messages, wire::HandshakeType type) {
  for (const auto& message : messages) {
    if (message.type == type) return message.body;
  }
  return {};
}

struct Decoded {
  Bytes data;
  Bytes finished; // the body of the first handshake message under protection
};

Decoded decode(const std::vector<PlainRecord>& records, const wire::ProtectionParameters& parameters) {
  auto decrypter = wire::RecordDecrypter::make(parameters).value();
  Decoded out;
  bool changed = false;
  for (const PlainRecord& record : records) {
    if (record.type == wire::ContentType::change_cipher_spec) changed = true;
    if (!changed || record.type == wire::ContentType::change_cipher_spec) continue;
    const auto opened = decrypter.open(record.type, record.version, record.fragment);
    BOOST_TEST(wire::name(opened.fault) == "none");
    if (opened.type == wire::ContentType::handshake && out.finished.empty())
      out.finished = to_bytes(opened.plaintext.subspan(4));
    if (opened.type == wire::ContentType::application_data) append(out.data, opened.plaintext);
  }
  return out;
}

wire::Keylog keylog_of(const Side& side) {
  wire::Keylog log;
  for (const KeylogLine& each : side.all<KeylogLine>()) log.add_line(each.line).value();
  return log;
}

void check_tls12(Version version, const char* cipher, bool modern) {
  Config client = client_config();
  Config server = server_config();
  for (Config* each : {&client, &server}) {
    each->min_version = each->max_version = version;
    each->ciphers = {cipher};
    each->security_level = 0;
    each->encrypt_then_mac = each->extended_master_secret = modern;
  }
  Pair pair(client, server);
  pair.start();
  for (int i = 0; i < 3; ++i) {
    pair.client.engine->send(as_bytes("OPTIONS sip:gw SIP/2.0\r\n"));
    pair.run();
    pair.server.engine->send(as_bytes("SIP/2.0 200 OK\r\n"));
    pair.run();
  }
  const auto from_client = records_of(pair.client.sent_octets);
  const auto from_server = records_of(pair.server.sent_octets);
  Bytes kept_client;
  Bytes kept_server;
  const auto client_messages = clear_messages(from_client, kept_client);
  const auto server_messages = clear_messages(from_server, kept_server);
  const auto hello =
      wire::parse_client_hello(body_of(client_messages, wire::HandshakeType::client_hello)).value();
  const auto answer =
      wire::parse_server_hello(body_of(server_messages, wire::HandshakeType::server_hello)).value();
  const wire::Suite& suite = *wire::find_suite(answer.suite);
  BOOST_TEST(suite.name == cipher);
  const std::uint16_t code = static_cast<std::uint16_t>(version);
  BOOST_TEST(answer.negotiated_version() == code);
  // RFC 7366 §3 is about CBC suites; the library says it for NULL ones as well, where both orders are the
  // same octets.
  if (suite.mode() != wire::SuiteMode::stream)
    BOOST_TEST(answer.encrypt_then_mac() == (modern && suite.mode() == wire::SuiteMode::cbc));
  const auto log = keylog_of(pair.client);
  const Bytes* master = log.find(wire::keylog_label::client_random, hello.random);
  BOOST_REQUIRE(master != nullptr);

  wire::Transcript transcript;
  transcript.add(client_messages.front().raw);
  transcript.choose(code, suite);
  for (const auto& message : server_messages) transcript.add(message.raw);
  for (std::size_t i = 1; i < client_messages.size(); ++i) transcript.add(client_messages[i].raw);
  if (suite.exchange == wire::KeyExchange::rsa) {
    const auto key = crypto::PrivateKey::from_pem(lab().gateway.private_key_pem).value();
    const ByteView sealed = wire::parse_rsa_client_key_exchange(
                                body_of(client_messages, wire::HandshakeType::client_key_exchange), code)
                                .value();
    const Bytes premaster = key.decrypt_pkcs1(sealed).value();
    BOOST_TEST(premaster.size() == wire::premaster_octets);
    BOOST_TEST(answer.extended_master_secret() == modern);
    const Bytes derived = modern ? wire::extended_master_secret(code, suite, premaster, transcript.hash())
                                 : wire::master_secret(code, suite, premaster, hello.random, answer.random);
    BOOST_TEST((derived == *master));
  }
  const auto keys = wire::connection_keys(code, suite, *master, hello.random, answer.random);
  const auto client_side = decode(from_client, {code, &suite, keys.client, answer.encrypt_then_mac()});
  const auto server_side = decode(from_server, {code, &suite, keys.server, answer.encrypt_then_mac()});
  BOOST_TEST(as_text(client_side.data) ==
             "OPTIONS sip:gw SIP/2.0\r\nOPTIONS sip:gw SIP/2.0\r\nOPTIONS sip:gw SIP/2.0\r\n");
  BOOST_TEST(as_text(server_side.data) == "SIP/2.0 200 OK\r\nSIP/2.0 200 OK\r\nSIP/2.0 200 OK\r\n");
  BOOST_TEST((client_side.finished ==
              wire::finished_verify_data(code, suite, *master, wire::Side::client, transcript.hash())));
}

} // namespace

BOOST_AUTO_TEST_SUITE(captured_session)

BOOST_AUTO_TEST_CASE(tls10_to_tls12) {
  const std::pair<Version, const char*> cells[] = {
      {Version::tls1_0, "TLS_RSA_WITH_AES_128_CBC_SHA"},
      {Version::tls1_1, "TLS_RSA_WITH_AES_256_CBC_SHA"},
      {Version::tls1_0, "TLS_ECDHE_RSA_WITH_NULL_SHA"},
      {Version::tls1_2, "TLS_RSA_WITH_NULL_SHA256"},
      {Version::tls1_2, "TLS_RSA_WITH_AES_128_CBC_SHA"},
      {Version::tls1_2, "TLS_RSA_WITH_AES_256_CBC_SHA256"},
      {Version::tls1_2, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
      {Version::tls1_2, "TLS_RSA_WITH_AES_128_GCM_SHA256"},
      {Version::tls1_2, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
      {Version::tls1_2, "TLS_RSA_WITH_AES_256_CCM"},
      {Version::tls1_2, "TLS_RSA_WITH_AES_128_CCM_8"},
      {Version::tls1_2, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
  };
  for (const auto& [version, cipher] : cells) {
    for (const bool modern : {true, false}) {
      BOOST_TEST_CONTEXT(name(version) << " " << cipher << (modern ? "" : " without extensions"))
      check_tls12(version, cipher, modern);
    }
  }
}

BOOST_AUTO_TEST_CASE(tls13) {
  for (const char* cipher :
       {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"}) {
    BOOST_TEST_CONTEXT(cipher) {
      Config client = client_config();
      Config server = server_config();
      client.ciphers = server.ciphers = {cipher};
      client.security_level = server.security_level = 0;
      Pair pair(client, server);
      pair.client.engine->send(as_bytes("OPTIONS sip:gw SIP/2.0\r\n"));
      pair.start();
      const auto records = records_of(pair.client.sent_octets);
      const auto log = keylog_of(pair.server);
      Bytes kept;
      const auto messages = clear_messages(records, kept);
      const auto hello =
          wire::parse_client_hello(body_of(messages, wire::HandshakeType::client_hello)).value();
      const Bytes* secret = log.find(wire::keylog_label::client_traffic, hello.random);
      BOOST_REQUIRE(secret != nullptr);
      const wire::Suite& suite = *wire::find_suite(std::string_view(cipher));
      auto decrypter =
          wire::RecordDecrypter::make({wire::tls1_3, &suite, wire::traffic_keys(suite, *secret), false})
              .value();
      // The last record is the message; what came before has the handshake's keys.
      const auto opened =
          decrypter.open(records.back().type, records.back().version, records.back().fragment);
      BOOST_REQUIRE(bool(opened));
      BOOST_TEST(as_text(opened.plaintext) == "OPTIONS sip:gw SIP/2.0\r\n");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
