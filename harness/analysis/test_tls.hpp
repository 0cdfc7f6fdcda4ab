// For tests: a TLS 1.2 connection with static RSA, record by record, as the wire shows it.
#pragma once

#include "analysis/test_capture.hpp"
#include "base/clock.hpp"
#include "base/hex.hpp"
#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "crypto/lab_ca.hpp"
#include "crypto/rsa.hpp"
#include "tlswire/certificate_message.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/finished.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/record.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/transcript.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sipvet::analysis {

struct TestTls {
  struct Shape {
    std::string_view suite = "TLS_RSA_WITH_AES_128_CBC_SHA";
    std::uint16_t version = 0x0303;
    bool extended_master_secret = true;
    bool encrypt_then_mac = true;
    Bytes session_id = Bytes(32, 7);
    std::optional<Bytes> resumed_master = {};
    std::optional<bool> client_certificate = {}; // sent: with a certificate in it, or empty
    std::uint16_t premaster_version = 0x0303;
  };

  explicit TestTls(Shape wanted) : shape(std::move(wanted)), suite(*tlswire::find_suite(shape.suite)) {
    hello.version = shape.version;
    hello.random.fill(0x11);
    hello.suites = {suite.code};
    if (shape.resumed_master) hello.session_id = shape.session_id;
    answer.version = shape.version;
    answer.random.fill(shape.resumed_master ? 0x33 : 0x22);
    answer.suite = suite.code;
    answer.session_id = shape.session_id;
    const auto add = [&](bool on, std::uint16_t type) {
      if (on) answer.extensions.list.push_back({type, {}});
    };
    add(shape.extended_master_secret, tlswire::extension::extended_master_secret);
    add(shape.encrypt_then_mac, tlswire::extension::encrypt_then_mac);
  }

  static const crypto::Identity& identity() {
    static const auto made = [] {
      static SeededRandom random(1);
      auto ca = crypto::LabCa::create(random, Instant{} + std::chrono::hours(24 * 365 * 50)).value();
      return ca.issue({.common_name = "server.test", .dns_names = {}, .uris = {}, .ips = {}}).value();
    }();
    return made;
  }
  static crypto::PrivateKey key() { return crypto::PrivateKey::from_pem(identity().private_key_pem).value(); }

  // Flights as octets of the stream; the handshake is run when they are asked for in order.
  Bytes client_hello() { return plain(tlswire::HandshakeType::client_hello, write_client_hello(hello)); }

  Bytes server_flight() {
    auto out = plain(tlswire::HandshakeType::server_hello, write_server_hello(answer));
    if (shape.resumed_master) {
      master = *shape.resumed_master;
      make_protection();
      append(out, finished(tlswire::Side::server));
      return out;
    }
    tlswire::CertificateMessage certificate;
    certificate.chain_der = {crypto::parse_certificates_pem(identity().certificate_pem).value().front().der};
    append(out,
           plain(tlswire::HandshakeType::certificate, write_certificate_message(certificate, shape.version)));
    append(out, plain(tlswire::HandshakeType::server_hello_done, {}));
    return out;
  }

  Bytes client_flight() {
    if (shape.resumed_master) return finished(tlswire::Side::client);
    Bytes premaster(tlswire::premaster_octets, 0x5a);
    premaster[0] = static_cast<std::uint8_t>(shape.premaster_version >> 8);
    premaster[1] = static_cast<std::uint8_t>(shape.premaster_version);
    const auto encrypted = key().encrypt_pkcs1(premaster).value();
    auto out = client_certificate();
    append(out, plain(tlswire::HandshakeType::client_key_exchange,
                      tlswire::write_rsa_client_key_exchange(encrypted, shape.version)));
    tlswire::Transcript transcript;
    transcript.add(messages);
    transcript.choose(shape.version, suite);
    master = shape.extended_master_secret
                 ? tlswire::extended_master_secret(shape.version, suite, premaster, transcript.hash())
                 : tlswire::master_secret(shape.version, suite, premaster, hello.random, answer.random);
    make_protection();
    append(out, finished(tlswire::Side::client));
    return out;
  }

  Bytes server_finish() { return finished(tlswire::Side::server); }

  Bytes data(tlswire::Side side, std::string_view text) {
    Bytes out;
    record(side, tlswire::ContentType::application_data, as_bytes(text), out);
    return out;
  }

  Bytes alert(tlswire::Side side, std::uint8_t level, std::uint8_t description) {
    Bytes out;
    record(side, tlswire::ContentType::alert, Bytes{level, description}, out);
    return out;
  }

  // The flights that follow are a handshake within this connection (RFC 5246 §7.4.1.1).
  void begin_again() {
    messages.clear();
    hello.random.fill(0x77);
    answer.random.fill(0x78);
  }

  std::string keylog_line() const { return "CLIENT_RANDOM " + to_hex(hello.random) + " " + to_hex(master); }

  Shape shape;
  const tlswire::Suite& suite;
  tlswire::ClientHello hello;
  tlswire::ServerHello answer;
  Bytes master;

 private:
  Bytes client_certificate() {
    if (!shape.client_certificate) return {};
    tlswire::CertificateMessage certificate;
    if (*shape.client_certificate)
      certificate.chain_der = {
          crypto::parse_certificates_pem(identity().certificate_pem).value().front().der};
    return plain(tlswire::HandshakeType::certificate, write_certificate_message(certificate, shape.version),
                 true);
  }

  Bytes plain(tlswire::HandshakeType type, ByteView body, bool of_client = false) {
    Bytes message, out;
    tlswire::append_handshake(message, type, body);
    append(messages, message);
    const bool from_client = of_client || type == tlswire::HandshakeType::client_hello ||
                             type == tlswire::HandshakeType::client_key_exchange;
    record(from_client ? tlswire::Side::client : tlswire::Side::server, tlswire::ContentType::handshake,
           message, out);
    return out;
  }

  // Under the keys in use, if there are any.
  void record(tlswire::Side side, tlswire::ContentType type, ByteView octets, Bytes& to) {
    if (writer(side))
      writer(side)->seal(type, octets, to);
    else
      tlswire::append_record(to, type, shape.version, octets);
  }

  // What a Finished holds does not matter here: that its record opens does.
  Bytes finished(tlswire::Side side) {
    Bytes message, out;
    tlswire::append_handshake(message, tlswire::HandshakeType::finished, Bytes(12, 1));
    record(side, tlswire::ContentType::change_cipher_spec, Bytes{1}, out);
    writer(side) = std::move(side == tlswire::Side::client ? next_client_writer : next_server_writer);
    record(side, tlswire::ContentType::handshake, message, out);
    return out;
  }

  void make_protection() {
    const auto keys = tlswire::connection_keys(shape.version, suite, master, hello.random, answer.random);
    const tlswire::ProtectionParameters client{shape.version, &suite, keys.client, shape.encrypt_then_mac};
    const tlswire::ProtectionParameters server{shape.version, &suite, keys.server, shape.encrypt_then_mac};
    next_client_writer.emplace(tlswire::RecordEncrypter::make(client, random).value());
    next_server_writer.emplace(tlswire::RecordEncrypter::make(server, random).value());
  }
  std::optional<tlswire::RecordEncrypter>& writer(tlswire::Side side) {
    return side == tlswire::Side::client ? client_writer : server_writer;
  }

  SeededRandom random{2};
  Bytes messages;
  std::optional<tlswire::RecordEncrypter> client_writer, server_writer, next_client_writer,
      next_server_writer;
};

} // namespace sipvet::analysis
