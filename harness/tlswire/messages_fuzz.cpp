// Every handshake message, extension body and SSLv2-format hello, from any octets.
#include "tlswire/fuzz_messages.hpp"
#include "tlswire/test_messages.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::tlswire;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// Whatever the header says of the length: a change that moves the end of a message reaches its parser all the
// same.
void check_as_message(ByteView octets) {
  if (octets.empty()) return;
  HandshakeMessage message;
  message.type = static_cast<HandshakeType>(octets[0]);
  message.raw = octets;
  message.body = octets.subspan(std::min<std::size_t>(octets.size(), handshake_header_octets));
  fuzzing::check_message(message);
}

} // namespace

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  for (const testing::TestMessage& message : testing::test_messages())
    seeds.emplace_back(as_text(message.raw()));
  for (const Extension& each : testing::test_client_hello().extensions.list)
    seeds.emplace_back(as_text(each.body));
  for (const Extension& each : testing::test_server_hello().extensions.list)
    seeds.emplace_back(as_text(each.body));
  Sslv2ClientHello old;
  old.cipher_specs = {0x00000a, 0x0700c0};
  old.session_id = Bytes(16, 1);
  old.challenge = Bytes(32, 2);
  seeds.emplace_back(as_text(ByteView(write_sslv2_client_hello(old)).subspan(2)));
  return seeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets(data, size);
  check_as_message(octets);
  fuzzing::check_body(octets);
  fuzzing::check_sslv2_hello(octets);
  return 0;
}
