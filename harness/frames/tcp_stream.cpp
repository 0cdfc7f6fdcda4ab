#include "frames/tcp_stream.hpp"

#include "frames/tcp_half.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <list>
#include <unordered_map>
#include <vector>

namespace sipvet::frames {

namespace {

// The two ends in a fixed order, so that both directions find the same flow.
struct EndpointPair {
  Endpoint low;
  Endpoint high;
  bool operator==(const EndpointPair&) const = default;
};

EndpointPair pair_of(const Segment& segment) {
  if (segment.source < segment.destination) return {segment.source, segment.destination};
  return {segment.destination, segment.source};
}

std::uint64_t mix(std::uint64_t state, const Endpoint& endpoint) {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), endpoint.ip.octets.data(), endpoint.ip.octets.size());
  state = (state ^ words[0] ^ (std::uint64_t{endpoint.port} << 40)) * 0x9E3779B97F4A7C15ull;
  state = (state ^ (state >> 32) ^ words[1]) * 0xD6E8FEB86659FD93ull;
  return state ^ (state >> 32);
}

struct PairHash {
  std::size_t operator()(const EndpointPair& pair) const { return mix(mix(1, pair.low), pair.high); }
};

struct Connection {
  EndpointPair ends;
  TcpFlow flow;
  TcpHalf to_server;
  TcpHalf to_client;
  bool closed = false;

  TcpHalf& half(Direction direction) { return direction == Direction::to_server ? to_server : to_client; }
};

Direction other(Direction direction) {
  return direction == Direction::to_server ? Direction::to_client : Direction::to_server;
}

bool first_is_client(const Segment& segment) {
  if (segment.syn) return !segment.ack;
  return segment.source.port >= segment.destination.port; // the lower port is the server's
}

} // namespace

struct TcpReassembler::State {
  using Connections = std::list<Connection>; // the one silent longest first

  State(TcpEvents& to, TcpLimits bounds) : events(to), limits(bounds) {}

  TcpEvents& events;
  TcpLimits limits;
  Connections connections;
  std::unordered_map<EndpointPair, Connections::iterator, PairHash> by_ends;
  std::uint64_t last_id = 0;
  std::size_t held_octets = 0;
  std::size_t open_flows = 0;
  Captured now;

  Connection* find(const EndpointPair& ends) {
    if (!connections.empty() && connections.back().ends == ends) return &connections.back();
    const auto found = by_ends.find(ends);
    if (found == by_ends.end()) return nullptr;
    connections.splice(connections.end(), connections, found->second);
    return &connections.back();
  }

  HalfReport report(const Connection& connection, Direction direction) {
    return {events, connection.flow, direction, now};
  }

  // Runs `work` on one half and keeps the sum of what is held.
  template <typename Work>
  void on_half(Connection& connection, Direction direction, Work work) {
    TcpHalf& half = connection.half(direction);
    const std::size_t before = half.held_octets();
    work(half, report(connection, direction));
    held_octets = held_octets - before + half.held_octets();
  }

  void close(Connection& connection, FlowEnd how) {
    if (connection.closed) return;
    connection.closed = true;
    --open_flows;
    for (const Direction direction : {Direction::to_server, Direction::to_client})
      on_half(connection, direction, [](TcpHalf& half, const HalfReport& to) { half.flush(to); });
    events.on_closed(connection.flow, how, now);
  }

  void remove(Connections::iterator connection, FlowEnd how) {
    close(*connection, how);
    by_ends.erase(connection->ends);
    connections.erase(connection);
  }

  Connection& open(const EndpointPair& ends, const Segment& segment) {
    if (connections.size() >= limits.flows) remove(connections.begin(), FlowEnd::evicted);
    const bool from_client = first_is_client(segment);
    Connection& connection = connections.emplace_back();
    connection.ends = ends;
    connection.flow = TcpFlow{FlowId{++last_id}, from_client ? segment.source : segment.destination,
                              from_client ? segment.destination : segment.source, segment.syn};
    by_ends.emplace(ends, std::prev(connections.end()));
    ++open_flows;
    events.on_opened(connection.flow, now);
    return connection;
  }

  // A SYN that does not belong to the connection known for these ports.
  static bool begins_another(Connection& connection, TcpHalf& sender, const Segment& segment) {
    if (!segment.syn) return false;
    if (sender.known()) return sender.initial_sequence() != segment.sequence + 1;
    return connection.closed;
  }

  Direction direction_of(const Connection& connection, const Segment& segment) {
    return segment.source == connection.flow.client ? Direction::to_server : Direction::to_client;
  }

  Connection* connection_of(const Segment& segment) {
    const EndpointPair ends = pair_of(segment);
    Connection* connection = find(ends);
    if (connection != nullptr) {
      TcpHalf& sender = connection->half(direction_of(*connection, segment));
      if (!begins_another(*connection, sender, segment)) return connection->closed ? nullptr : connection;
      remove(std::prev(connections.end()), FlowEnd::replaced);
    }
    // Acknowledgments and resets of something that is over, or that was not captured, open nothing.
    if (!segment.syn && (segment.payload.empty() || segment.rst)) return nullptr;
    return &open(ends, segment);
  }

  // Learns where the octets of each direction begin.
  static void synchronize(TcpHalf& sender, TcpHalf& receiver, const Segment& segment) {
    if (!sender.known() && !segment.rst) sender.start(segment.sequence + (segment.syn ? 1 : 0));
    if (!segment.ack || segment.rst) return;
    if (receiver.known())
      receiver.acknowledged(segment.acknowledgment);
    else
      receiver.start(segment.acknowledgment);
  }

  void bound_total(Connection& connection, Direction direction) {
    while (held_octets > limits.held_octets_total) {
      bool skipped = false;
      on_half(connection, direction,
              [&](TcpHalf& half, const HalfReport& to) { skipped = half.skip_hole(to); });
      if (!skipped) return;
    }
  }

  void add(const Segment& segment) {
    Connection* const connection = connection_of(segment);
    if (connection == nullptr) return;
    const Direction direction = direction_of(*connection, segment);
    TcpHalf& sender = connection->half(direction);
    synchronize(sender, connection->half(other(direction)), segment);
    if (!segment.payload.empty() || segment.fin) {
      const std::uint32_t sequence = segment.sequence + (segment.syn ? 1 : 0);
      on_half(*connection, direction, [&](TcpHalf& half, const HalfReport& to) {
        half.add(sequence, segment.payload, segment.fin, limits, to);
      });
      bound_total(*connection, direction);
    }
    if (segment.rst) return close(*connection, FlowEnd::reset);
    if (connection->to_server.finished() && connection->to_client.finished())
      close(*connection, FlowEnd::finished);
  }

  void flush() {
    std::vector<Connection*> order;
    for (Connection& connection : connections) order.push_back(&connection);
    std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->flow.id < b->flow.id; });
    for (Connection* connection : order) close(*connection, FlowEnd::end_of_capture);
    by_ends.clear();
    connections.clear();
  }
};

TcpReassembler::TcpReassembler(TcpEvents& events, TcpLimits limits)
    : state_(std::make_unique<State>(events, limits)) {}
TcpReassembler::~TcpReassembler() = default;

void TcpReassembler::add(const Segment& segment, std::size_t frame, Instant time) {
  state_->now = {frame, time};
  state_->add(segment);
}

void TcpReassembler::flush() { state_->flush(); }
std::size_t TcpReassembler::held_octets() const { return state_->held_octets; }
std::size_t TcpReassembler::open_flows() const { return state_->open_flows; }

} // namespace sipvet::frames
