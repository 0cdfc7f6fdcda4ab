// DTLS records of any datagram, and the handshake messages that their fragments make.
#include "base/writer.hpp"
#include "tlswire/dtls_hello.hpp"
#include "tlswire/dtls_record.hpp"
#include "tlswire/use_srtp.hpp"

#include <cstdlib>
#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::tlswire;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string message(HandshakeType type, std::uint16_t sequence, ByteView body, std::size_t from,
                    std::size_t count) {
  Writer writer;
  writer.u8(static_cast<std::uint8_t>(ContentType::handshake)).u16(dtls1_2).u16(0).u48(sequence);
  const ByteView part = body.subspan(from, count);
  writer.u16(static_cast<std::uint16_t>(dtls_handshake_header_octets + part.size()));
  writer.u8(static_cast<std::uint8_t>(type)).u24(static_cast<std::uint32_t>(body.size())).u16(sequence);
  writer.u24(static_cast<std::uint32_t>(from)).u24(static_cast<std::uint32_t>(count)).bytes(part);
  return std::string(as_text(writer.view()));
}

} // namespace

std::vector<std::string> fuzz_seeds() {
  ClientHello hello;
  hello.version = dtls1_2;
  hello.suites = {0xc02b, 0xc02f};
  hello.extensions.list.push_back(make_use_srtp({{1, 2, 7, 8}, {1, 2}}));
  Bytes body = write_client_hello(hello);
  body.insert(body.begin() + 2 + 32 + 1, 0); // the cookie
  const std::size_t half = body.size() / 2;
  return {message(HandshakeType::client_hello, 0, body, 0, body.size()),
          message(HandshakeType::client_hello, 0, body, half, body.size() - half) +
              message(HandshakeType::client_hello, 0, body, 0, half),
          message(HandshakeType::hello_verify_request, 0, Bytes{0xfe, 0xfd, 2, 1, 2}, 0, 5),
          std::string(as_text(make_use_srtp({{1}, {}}).body))};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView datagram(data, size);
  if (const auto extension = parse_use_srtp(datagram);
      extension && make_use_srtp(*extension).body != to_bytes(datagram))
    std::abort(); // what could be read is written to the same octets
  const auto records = parse_dtls_records(datagram);
  if (!records) return 0;
  DtlsHandshakeReader reader;
  for (const DtlsRecord& record : *records) {
    const auto fragments = parse_dtls_fragments(record.fragment);
    if (!fragments) continue;
    for (const DtlsFragment& fragment : *fragments) (void)reader.add(fragment);
    for (const DtlsHandshakeReader::Message& each : reader.take()) {
      (void)parse_dtls_client_hello(each.body);
      (void)parse_hello_verify_request(each.body);
    }
  }
  return 0;
}
