// Records, and the handshake messages inside them, from any octets in any pieces.
#include "tlswire/alert.hpp"
#include "tlswire/fuzz_messages.hpp"
#include "tlswire/record.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/test_messages.hpp"

#include <algorithm>
#include <string>

using namespace sipvet;
using namespace sipvet::tlswire;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void read_stream(ByteView stream, std::size_t piece) {
  RecordReader records;
  HandshakeReader messages;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    records.feed(stream.subspan(at, std::min(piece, stream.size() - at)));
    for (auto record = records.next(); record && *record; record = records.next()) {
      if ((*record)->sslv2_hello) fuzzing::check_sslv2_hello((*record)->fragment);
      if ((*record)->type == ContentType::alert) (void)parse_alert((*record)->fragment);
      if ((*record)->type != ContentType::handshake || (*record)->sslv2_hello) continue;
      messages.feed((*record)->fragment);
      for (auto message = messages.next(); message && *message; message = messages.next())
        fuzzing::check_message(**message);
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
  std::vector<std::string> seeds{in_record(ContentType::handshake, rfc8448::client_hello),
                                 in_record(ContentType::handshake, rfc8448::server_hello),
                                 in_record(ContentType::handshake, rfc8448::certificate),
                                 in_record(ContentType::handshake, rfc8448::new_session_ticket),
                                 in_record(ContentType::alert, Bytes{2, 40}),
                                 std::string(as_text(write_sslv2_client_hello(old)))};
  Bytes flight; // messages in one record, as servers send them
  for (const testing::TestMessage& message : testing::test_messages()) append(flight, message.raw());
  seeds.push_back(in_record(ContentType::handshake, flight));
  return seeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView stream(data, size);
  read_stream(stream, size + 1);
  read_stream(stream, 7);
  return 0;
}
