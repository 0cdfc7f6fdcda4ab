// Whatever arrives: the parser and the framer agree, what was parsed is written as it came, and pieces change
// nothing.
#include "sip/cseq.hpp"
#include "sip/framer.hpp"
#include "sip/name_addr.hpp"
#include "sip/via.hpp"

#include <cstdlib>

using namespace sipvet;
using namespace sipvet::sip;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void read_headers(const Message& message) {
  for (const char* name : {"From", "To", "Contact", "Route"})
    for (const std::string& element : message.list(name)) {
      const auto address = parse_name_addr(element);
      // Written and read again, it means the same.
      if (address) require(to_string(parse_name_addr(to_string(*address)).value()) == to_string(*address));
    }
  for (const std::string& element : message.list("Via")) {
    const auto via = parse_via(element);
    if (via) require(to_string(parse_via(to_string(*via)).value()) == to_string(*via));
  }
  if (const auto value = message.header("CSeq")) {
    const auto cseq = parse_cseq(*value);
    if (cseq) require(parse_cseq(to_string(*cseq)).has_value());
  }
}

std::string summary(const std::vector<StreamEvent>& events) {
  std::string out;
  for (const StreamEvent& event : events) {
    out += static_cast<char>('0' + event.index());
    if (const auto* framed = std::get_if<Framed>(&event)) out += framed->message.serialize();
    if (const auto* lost = std::get_if<FramingLost>(&event)) out += to_string(lost->error);
  }
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const std::string_view text = as_text(input);
  if (const auto message = parse_message(text)) {
    require(text.starts_with(message->serialize()));
    read_headers(*message);
  }
  Framer whole;
  const std::string all = summary(whole.receive(input));
  Framer single;
  std::string pieces;
  for (const std::uint8_t octet : input) pieces += summary(single.receive(ByteView(&octet, 1)));
  require(all == pieces);
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {
      "INVITE sip:bob@biloxi.com SIP/2.0\r\nVia: SIP/2.0/TLS "
      "pc33.atlanta.com:5061;branch=z9hG4bKnashds8;rport\r\n"
      "Max-Forwards: 70\r\nTo: \"Bob \\\"x\\\"\" <sip:bob@biloxi.com>\r\nFrom: Alice "
      "<sip:alice@atlanta.com>;tag=1928301774\r\n"
      "Call-ID: a84b4c76e66710\r\nCSeq: 314159 INVITE\r\nContact: <sip:alice@[2001:db8::1];transport=tls>\r\n"
      "Route: <sip:a;lr>, <sip:b;lr>\r\nContent-Length: 4\r\n\r\nv=0\n",
      "\r\n\r\nSIP/2.0 200 OK\r\nv: SIP / 2.0 / UDP a,\r\n SIP/2.0/TCP b ; branch = z\r\nt: "
      "sip:x@y;tag=1\r\nf: <tel:+1-2;ext=3>;tag=2\r\n"
      "l: 0\r\n\r\n\r\nBYE sip:b SIP/2.0\nl:1\n\nx"};
}
