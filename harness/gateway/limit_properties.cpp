// The properties about what the gateway puts up with from others (ua/transport_limits.hpp).
#include "gateway/properties.hpp"

namespace sipvet::gateway {

namespace {

using script::Value;
using Limits = ua::TransportLimits;

template <std::size_t Limits::*Field>
Complaint set_count(const Value& value, PropertyTarget& target) {
  std::int64_t count = 0;
  if (auto complaint = read_integer(value, 0, 1'000'000'000, count)) return complaint;
  target.config.limits.*Field = static_cast<std::size_t>(count);
  return std::nullopt;
}

template <Duration Limits::*Field>
Complaint set_time(const Value& value, PropertyTarget& target) {
  return read_duration(value, target.config.limits.*Field);
}

constexpr Property table[] = {
    {{"sipvet.limits.connections", "integer", "", "4096",
      "accepted connections at a time; further ones are reset; 0 here and below: no limit"},
     set_count<&Limits::connections>},
    {{"sipvet.limits.connectionsPerAddress", "integer", "", "1024",
      "accepted connections from one address at a time; further ones are reset"},
     set_count<&Limits::connections_per_address>},
    {{"sipvet.limits.handshakes", "integer", "", "512",
      "accepted connections at a time whose TLS handshake is not done; further ones are reset"},
     set_count<&Limits::handshakes>},
    {{"sipvet.limits.handshakeTime", "duration", "", "20s",
      "until when TCP and TLS handshakes must be done; then the connection is closed"},
     set_time<&Limits::handshake_time>},
    {{"sipvet.limits.messageTime", "duration", "", "32s",
      "from the first octet of a message to its last; then the connection is closed"},
     set_time<&Limits::message_time>},
    {{"sipvet.limits.headOctets", "integer", "", "65536",
      "start line and header fields of a message on a connection; a longer one ends it"},
     set_count<&Limits::head_octets>},
    {{"sipvet.limits.bodyOctets", "integer", "", "131072",
      "body of a message on a connection; a longer one gets 413 and ends it"},
     set_count<&Limits::body_octets>},
    {{"sipvet.limits.requestsPerSecond", "integer", "", "0",
      "requests on one connection, or from one address over UDP; more get 503, twice as many end the "
      "connection"},
     set_count<&Limits::requests_per_second>},
    {{"sipvet.limits.transactions", "integer", "", "10000",
      "requests of others that are being answered at a time; further ones get 503"},
     set_count<&Limits::transactions>},
    {{"sipvet.limits.halfClosedTime", "duration", "", "32s",
      "how long a connection that the other side has finished is kept for its responses"},
     set_time<&Limits::half_closed_time>},
};

} // namespace

std::span<const Property> limit_property_table() { return table; }

} // namespace sipvet::gateway
