#include "analysis/sip_message.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace sipvet::analysis {

namespace {

// What is of one length, as the machine has it; the texts stand behind, in the order of their lengths.
struct Fixed {
  std::uint64_t octets; // of the whole, these included
  std::uint64_t frame;
  std::int64_t time;
  std::uint64_t connection; // one more than the index; 0: none
  std::array<std::uint32_t, 5> lengths;
  std::int32_t status;
  std::array<std::array<std::uint8_t, 16>, 2> addresses;
  std::array<std::uint16_t, 2> ports;
  std::array<std::uint8_t, 2> v6;
  std::uint8_t transport;
  std::uint8_t is_request;
};
static_assert(std::has_unique_object_representations_v<Fixed>); // no octet of it is left to chance

template <typename Message>
auto texts_of(Message& message) {
  return std::array{&message.text, &message.method, &message.first_line, &message.call_id, &message.cseq};
}

} // namespace

std::string_view to_string(Transport transport) {
  switch (transport) {
  case Transport::udp:
    return "UDP";
  case Transport::tcp:
    return "TCP";
  case Transport::tls:
    return "TLS";
  case Transport::ws:
    return "WS";
  case Transport::wss:
    return "WSS";
  }
  return "";
}

bool is_encrypted(Transport transport) { return transport == Transport::tls || transport == Transport::wss; }

void pack(const SipMessageView& message, Bytes& to) {
  Fixed fixed{};
  fixed.frame = message.frame;
  fixed.time = message.time.time_since_epoch().count();
  fixed.connection = message.connection ? *message.connection + 1 : 0;
  fixed.status = message.status;
  fixed.transport = static_cast<std::uint8_t>(message.transport);
  fixed.is_request = message.is_request ? 1 : 0;
  for (const std::size_t end : {0, 1}) {
    const Endpoint& endpoint = end == 0 ? message.source : message.destination;
    fixed.addresses[end] = endpoint.ip.octets;
    fixed.v6[end] = endpoint.ip.v6 ? 1 : 0;
    fixed.ports[end] = endpoint.port;
  }
  fixed.octets = sizeof fixed;
  const auto texts = texts_of(message);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    fixed.lengths[i] = static_cast<std::uint32_t>(texts[i]->size());
    fixed.octets += texts[i]->size();
  }
  const std::size_t start = to.size();
  to.resize(start + fixed.octets);
  std::span<std::uint8_t> room = std::span(to).subspan(start);
  std::memcpy(room.data(), &fixed, sizeof fixed);
  room = room.subspan(sizeof fixed);
  for (const auto* text : texts) {
    std::ranges::copy(as_bytes(*text), room.begin());
    room = room.subspan(text->size());
  }
}

Result<SipMessageView> unpack_message(ByteView& packed) {
  Fixed fixed;
  if (packed.size() < sizeof fixed) return fail("a packed message ends early");
  std::memcpy(&fixed, packed.data(), sizeof fixed);
  if (fixed.octets > packed.size() || fixed.octets < sizeof fixed) return fail("a packed message ends early");
  ByteView rest = packed.subspan(sizeof fixed, fixed.octets - sizeof fixed);
  SipMessageView message;
  message.frame = fixed.frame;
  message.time = Instant(Duration(fixed.time));
  if (fixed.connection != 0) message.connection = fixed.connection - 1;
  message.status = fixed.status;
  message.transport = static_cast<Transport>(fixed.transport);
  message.is_request = fixed.is_request != 0;
  for (const std::size_t end : {0, 1}) {
    Endpoint& endpoint = end == 0 ? message.source : message.destination;
    endpoint = {{fixed.v6[end] != 0, fixed.addresses[end]}, fixed.ports[end]};
  }
  const auto texts = texts_of(message);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (fixed.lengths[i] > rest.size()) return fail("a packed message ends early");
    *texts[i] = as_text(rest.first(fixed.lengths[i]));
    rest = rest.subspan(fixed.lengths[i]);
  }
  packed = packed.subspan(fixed.octets);
  return message;
}

} // namespace sipvet::analysis
