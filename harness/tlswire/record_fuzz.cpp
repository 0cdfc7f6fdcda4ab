// Records, and the handshake messages inside them, from any octets in any pieces.
#include "tlswire/alert.hpp"
#include "tlswire/certificate_message.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/key_update.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/record.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/sslv2_client_hello.hpp"
#include "tlswire/version.hpp"

#include <cstdlib>
#include <string>

using namespace sipvet;
using namespace sipvet::tlswire;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void read_message(const HandshakeMessage& message) {
  switch (message.type) {
  case HandshakeType::client_hello:
    if (const auto hello = parse_client_hello(message.body)) {
      (void)hello->highest_version();
      (void)hello->server_name();
      // What was read whole must be written as it was.
      if (write_client_hello(*hello) != to_bytes(message.body)) std::abort();
    }
    break;
  case HandshakeType::server_hello:
    if (const auto hello = parse_server_hello(message.body)) {
      if (write_server_hello(*hello) != to_bytes(message.body)) std::abort();
    }
    break;
  case HandshakeType::certificate:
    for (const std::uint16_t version : {tls1_2, tls1_3})
      (void)parse_certificate_message(message.body, version);
    break;
  case HandshakeType::client_key_exchange:
    (void)parse_rsa_client_key_exchange(message.body, tls1_2);
    break;
  case HandshakeType::new_session_ticket:
    for (const std::uint16_t version : {tls1_2, tls1_3})
      (void)parse_new_session_ticket(message.body, version);
    break;
  case HandshakeType::key_update:
    (void)parse_key_update(message.body);
    break;
  default:
    break;
  }
}

void read_stream(ByteView stream, std::size_t piece) {
  RecordReader records;
  HandshakeReader messages;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    records.feed(stream.subspan(at, std::min(piece, stream.size() - at)));
    for (auto record = records.next(); record && *record; record = records.next()) {
      if ((*record)->sslv2_hello) (void)parse_sslv2_client_hello((*record)->fragment);
      if ((*record)->type == ContentType::alert) (void)parse_alert((*record)->fragment);
      if ((*record)->type != ContentType::handshake || (*record)->sslv2_hello) continue;
      messages.feed((*record)->fragment);
      for (auto message = messages.next(); message && *message; message = messages.next())
        read_message(**message);
    }
  }
}

std::string in_record(ContentType type, ByteView fragment) {
  Bytes out;
  append_record(out, type, tls1_2, fragment);
  return std::string(as_text(out));
}

} // namespace

std::vector<std::string> fuzz_seeds() {
  Sslv2ClientHello old;
  old.cipher_specs = {0x2f, 0x35};
  old.challenge = Bytes(16, 1);
  Bytes ticket;
  append_handshake(ticket, HandshakeType::key_update, Bytes{1});
  append_handshake(ticket, HandshakeType::client_key_exchange, Bytes{0, 2, 7, 7});
  return {in_record(ContentType::handshake, rfc8448::client_hello),
          in_record(ContentType::handshake, rfc8448::server_hello),
          in_record(ContentType::handshake, rfc8448::certificate),
          in_record(ContentType::handshake, rfc8448::new_session_ticket),
          in_record(ContentType::handshake, ticket),
          in_record(ContentType::alert, Bytes{2, 40}),
          std::string(as_text(write_sslv2_client_hello(old)))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView stream(data, size);
  read_stream(stream, size + 1);
  read_stream(stream, 7);
  return 0;
}
