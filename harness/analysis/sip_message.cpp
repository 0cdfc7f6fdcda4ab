#include "analysis/sip_message.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace sipvet::analysis {

namespace {

// What is of one length, as the machine has it; addresses of IPv6 stand behind, and then the texts, in the
// order of their lengths.
struct Fixed {
  std::uint64_t frame;
  std::int64_t time;
  std::uint32_t octets;     // of the whole, these included
  std::uint32_t connection; // one more than the index; 0: none
  std::array<std::uint32_t, 5> lengths;
  std::array<std::array<std::uint8_t, 4>, 2> v4;
  std::array<std::uint16_t, 2> ports;
  std::int32_t status;
  std::array<std::uint8_t, 2> v6; // whether the address stands behind
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
  fixed.connection = message.connection ? static_cast<std::uint32_t>(*message.connection + 1) : 0;
  fixed.status = message.status;
  fixed.transport = static_cast<std::uint8_t>(message.transport);
  fixed.is_request = message.is_request ? 1 : 0;
  std::size_t octets = sizeof fixed;
  const std::array ends{&message.source, &message.destination};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    std::memcpy(fixed.v4[i].data(), ends[i]->ip.octets.data(), fixed.v4[i].size());
    fixed.v6[i] = ends[i]->ip.v6 ? 1 : 0;
    fixed.ports[i] = ends[i]->port;
    if (ends[i]->ip.v6) octets += ends[i]->ip.octets.size();
  }
  const auto texts = texts_of(message);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    fixed.lengths[i] = static_cast<std::uint32_t>(texts[i]->size());
    octets += texts[i]->size();
  }
  fixed.octets = static_cast<std::uint32_t>(octets);
  const std::size_t start = to.size();
  to.resize(start + octets);
  std::uint8_t* room = to.data() + start;
  const auto put = [&room](const void* from, std::size_t count) {
    if (count > 0) std::memcpy(room, from, count);
    room += count;
  };
  put(&fixed, sizeof fixed);
  for (const Endpoint* end : ends)
    if (end->ip.v6) put(end->ip.octets.data(), end->ip.octets.size());
  for (const auto* text : texts) put(text->data(), text->size());
}

bool unpack_message(ByteView& packed, SipMessageView& message) {
  Fixed fixed;
  if (packed.size() < sizeof fixed) return false;
  std::memcpy(&fixed, packed.data(), sizeof fixed);
  if (fixed.octets > packed.size() || fixed.octets < sizeof fixed) return false;
  ByteView rest = packed.subspan(sizeof fixed, fixed.octets - sizeof fixed);
  bool good = true;
  const auto take = [&](std::size_t octets) {
    good = good && octets <= rest.size();
    const ByteView taken = rest.first(good ? octets : 0);
    rest = rest.subspan(taken.size());
    return taken;
  };
  message.frame = fixed.frame;
  message.time = Instant(Duration(fixed.time));
  message.connection.reset();
  if (fixed.connection != 0) message.connection = fixed.connection - 1;
  message.status = fixed.status;
  message.transport = static_cast<Transport>(fixed.transport);
  message.is_request = fixed.is_request != 0;
  const auto take_endpoint = [&](std::size_t i, Endpoint& to) {
    to.port = fixed.ports[i];
    to.ip.v6 = fixed.v6[i] != 0;
    to.ip.octets = {};
    const ByteView octets = to.ip.v6 ? take(to.ip.octets.size()) : ByteView(fixed.v4[i]);
    std::memcpy(to.ip.octets.data(), octets.data(), octets.size());
  };
  take_endpoint(0, message.source);
  take_endpoint(1, message.destination);
  const auto texts = texts_of(message);
  for (std::size_t i = 0; i < texts.size(); ++i) *texts[i] = as_text(take(fixed.lengths[i]));
  if (good) packed = packed.subspan(fixed.octets);
  return good;
}

Result<SipMessageView> unpack_message(ByteView& packed) {
  SipMessageView message;
  if (!unpack_message(packed, message)) return fail("a packed message ends early");
  return message;
}

} // namespace sipvet::analysis
