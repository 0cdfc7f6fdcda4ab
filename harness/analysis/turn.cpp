#include "analysis/turn.hpp"

#include "base/reader.hpp"
#include "rtp/stun.hpp"

#include <algorithm>
#include <string>

namespace sipvet::analysis {
namespace {

constexpr std::size_t stun_header_octets = 20, channel_header_octets = 4, transaction_octets = 12;

// RFC 8656 §18.2 and RFC 8489 §5: method and class.
namespace message_type {
constexpr std::uint16_t send_indication = 0x0016, data_indication = 0x0017, channel_bind_request = 0x0009,
                        allocate_success = 0x0103;
} // namespace message_type

namespace attribute {
constexpr std::uint16_t channel_number = 0x000C, xor_peer_address = 0x0012, data = 0x0013,
                        xor_relayed_address = 0x0016;
} // namespace attribute

// RFC 8656 §12: the numbers of channels.
bool is_channel(std::uint8_t first) { return (first & 0xF0) == 0x40; }
bool is_stun(ByteView octets) {
  Reader reader(octets);
  if (!reader.skip(4, "STUN type and length")) return false;
  const auto cookie = reader.u32("magic cookie");
  return octets[0] < 0x40 && cookie && *cookie == rtp::stun_magic_cookie;
}

struct Stun {
  std::uint16_t type = 0;
  std::optional<std::uint16_t> channel;
  std::optional<Endpoint> peer;
  std::optional<Endpoint> relayed;
  std::optional<ByteView> data;
};

Result<Stun> parse_stun(ByteView message) {
  Reader reader(message);
  Stun stun;
  SIPVET_TRY(stun.type, reader.u16("STUN type"));
  SIPVET_TRY(const std::uint16_t octets, reader.u16("STUN length"));
  SIPVET_TRY(const ByteView mask, reader.bytes(4 + transaction_octets, "magic cookie and transaction"));
  SIPVET_TRY(Reader attributes, reader.sub(octets, "STUN attributes"));
  while (!attributes.empty()) {
    SIPVET_TRY(const std::uint16_t type, attributes.u16("attribute type"));
    SIPVET_TRY(const std::uint16_t length, attributes.u16("attribute length"));
    SIPVET_TRY(const ByteView value, attributes.bytes(length, "attribute value"));
    SIPVET_CHECK(
        attributes.skip(std::min<std::size_t>((4 - length % 4) % 4, attributes.remaining()), "padding"));
    if (type == attribute::data) stun.data = value;
    if (type == attribute::channel_number) {
      Reader number(value);
      SIPVET_TRY(stun.channel, number.u16("channel number"));
    }
    if (type == attribute::xor_peer_address) {
      SIPVET_TRY(stun.peer, rtp::read_xor_address(value, mask));
    }
    if (type == attribute::xor_relayed_address) {
      SIPVET_TRY(stun.relayed, rtp::read_xor_address(value, mask));
    }
  }
  return stun;
}

} // namespace

bool looks_like_turn(ByteView datagram) {
  if (datagram.size() < channel_header_octets) return false;
  if (!is_channel(datagram[0])) return is_stun(datagram);
  // Requests of SIP begin with such letters as well. Over UDP padding may be there (RFC 8656 §12.5).
  const auto length = static_cast<std::size_t>(datagram[2] << 8 | datagram[3]);
  const auto content = datagram.size() - channel_header_octets;
  return length <= content && content - length < 4;
}

Guess begins_with_turn(ByteView octets) {
  if (octets.size() >= 8) return is_stun(octets) ? Guess::yes : Guess::no;
  // Binding and Allocate requests come first, and success or failure of those.
  return octets.empty() || octets[0] <= 1 ? Guess::more : Guess::no;
}

void TurnReader::feed(ByteView octets) {
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  append(held_, octets);
}

Result<std::optional<ByteView>> TurnReader::next() {
  const std::optional<ByteView> more;
  const auto unread = ByteView(held_).subspan(used_);
  if (unread.size() < channel_header_octets) return more;
  const bool channel = is_channel(unread[0]);
  if (!channel && unread.size() >= 8 && !is_stun(unread))
    return fail("expected ChannelData or a STUN message, got a first octet of " + std::to_string(unread[0]));
  const auto length = static_cast<std::size_t>(unread[2] << 8 | unread[3]);
  const auto octets = (channel ? channel_header_octets : stun_header_octets) + length;
  const auto padded = (octets + 3) / 4 * 4;
  if (unread.size() < padded) return more;
  used_ += padded;
  return std::optional<ByteView>(unread.first(octets));
}

TurnFollower::Allocation& TurnFollower::allocation(const Ends& ends) {
  if (allocations_.size() >= max_allocations && !allocations_.contains(ends))
    allocations_.erase(allocations_.begin());
  return allocations_[ends];
}

std::optional<frames::Datagram> TurnFollower::on_message(const frames::Datagram& message) {
  if (!looks_like_turn(message.payload)) return std::nullopt;
  return is_channel(message.payload[0]) ? on_channel_data(message) : on_stun(message);
}

std::optional<frames::Datagram> TurnFollower::on_channel_data(const frames::Datagram& message) {
  Reader reader(message.payload);
  const auto channel = reader.u16("channel number");
  const auto length = reader.u16("length");
  if (!channel || !length || *length > reader.remaining()) return std::nullopt;
  const auto payload = reader.bytes(*length, "application data");
  if (!payload) return std::nullopt;
  for (const bool from_client : {true, false}) {
    const auto found = allocations_.find(from_client ? Ends{message.source, message.destination}
                                                     : Ends{message.destination, message.source});
    if (found == allocations_.end()) continue;
    const auto& [ends, known] = *found;
    const auto bound = known.channels.find(*channel);
    if (bound == known.channels.end()) continue;
    const auto self = known.relayed.value_or(ends.first);
    return from_client ? frames::Datagram{self, bound->second, *payload}
                       : frames::Datagram{bound->second, self, *payload};
  }
  // The binding was not captured: between client and relay it is still the same media.
  return frames::Datagram{message.source, message.destination, *payload};
}

std::optional<frames::Datagram> TurnFollower::on_stun(const frames::Datagram& message) {
  const auto stun = parse_stun(message.payload);
  if (!stun) return std::nullopt;
  const Ends from_client{message.source, message.destination},
      from_server{message.destination, message.source};
  switch (stun->type) {
  case message_type::allocate_success:
    if (stun->relayed) allocation(from_server).relayed = stun->relayed;
    return std::nullopt;
  case message_type::channel_bind_request:
    if (stun->channel && stun->peer && (*stun->channel >> 12) == 4)
      allocation(from_client).channels[*stun->channel] = *stun->peer;
    return std::nullopt;
  case message_type::send_indication:
    if (!stun->peer || !stun->data) return std::nullopt;
    return frames::Datagram{allocation(from_client).relayed.value_or(message.source), *stun->peer,
                            *stun->data};
  case message_type::data_indication:
    if (!stun->peer || !stun->data) return std::nullopt;
    return frames::Datagram{*stun->peer, allocation(from_server).relayed.value_or(message.destination),
                            *stun->data};
  default:
    return std::nullopt;
  }
}

} // namespace sipvet::analysis
