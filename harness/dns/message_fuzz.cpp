// A DNS message that was read is written so that it reads the same.
#include "dns/message.hpp"

#include <cstdlib>

using namespace sipvet;
using namespace sipvet::dns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = parse_message(ByteView(data, size));
  if (!message) return 0;
  const auto again = parse_message(serialize(*message));
  if (!again || !(*again == *message)) std::abort();
  for (const Record& record : message->answers) {
    const auto name = parse_name(to_string(record.owner));
    if (!name || !(*name == record.owner)) std::abort();
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  Message message;
  message.response = true;
  const Name owner = *parse_name("example.test");
  message.questions = {{owner, Type::naptr}};
  for (const char* text :
       {"A 192.0.2.1", "AAAA 2001:db8::1", "CNAME b.example.test", "SRV 1 2 5061 a.example.test",
        "NAPTR 1 2 \"s\" \"SIPS+D2T\" \"\" _sips._tcp.example.test"})
    message.answers.push_back(*parse_record(owner, text, 60));
  message.authorities = {*parse_record(owner, "SOA ns.example.test h.example.test 1 2 3 4 5", 60)};
  const Bytes octets = serialize(message);
  return {std::string(as_text(octets))};
}
