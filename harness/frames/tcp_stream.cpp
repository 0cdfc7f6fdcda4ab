#include "frames/tcp_stream.hpp"

#include "base/flat_map.hpp"
#include "frames/tcp_half.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <list>
#include <queue>
#include <vector>

namespace sipvet::frames {

namespace {

std::uint64_t mix(const Endpoint& endpoint) {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), endpoint.ip.octets.data(), endpoint.ip.octets.size());
  std::uint64_t state = (words[0] ^ (std::uint64_t{endpoint.port} << 40)) * 0x9E3779B97F4A7C15ull;
  state = (state ^ (state >> 32) ^ words[1]) * 0xD6E8FEB86659FD93ull;
  return state ^ (state >> 32);
}

// The same for both directions.
std::uint64_t hash_of_ends(const Segment& segment) {
  const std::uint64_t sum = (mix(segment.source) + mix(segment.destination)) * 0x9E3779B97F4A7C15ull;
  return sum ^ (sum >> 32);
}

bool same(const Endpoint& a, const Endpoint& b) { return a.port == b.port && a.ip == b.ip; }

struct Connection {
  TcpFlow flow;
  std::uint64_t hash = 0; // of its ends
  std::uint64_t used = 0; // when it was: a count of segments
  bool closed = false;
  TcpHalf to_server;
  TcpHalf to_client;

  bool has_ends_of(const Segment& segment) const {
    return (same(flow.client, segment.source) && same(flow.server, segment.destination)) ||
           (same(flow.client, segment.destination) && same(flow.server, segment.source));
  }

  TcpHalf& half(Direction direction) { return direction == Direction::to_server ? to_server : to_client; }
};

Direction other(Direction direction) {
  return direction == Direction::to_server ? Direction::to_client : Direction::to_server;
}

bool first_is_client(const Segment& segment) {
  if (segment.syn) return !segment.ack;
  return segment.source.port >= segment.destination.port; // the lower port is the server's
}

// Which connection was silent longest, without a move in a list for every segment: a connection stands here
// as it was used when it was looked at last, and moves on when it comes to be the first and was used since.
class Silent {
 public:
  void add(const Connection& connection) {
    waiting_.push({connection.used, connection.flow.id, connection.hash});
  }

  // `find` gives the connection of a number and a hash, or null when it is gone.
  template <typename Find>
  Connection* longest(Find find) {
    while (!waiting_.empty()) {
      const Entry entry = waiting_.top();
      Connection* const connection = find(entry.id, entry.hash);
      if (connection != nullptr && connection->used == entry.used) return connection;
      waiting_.pop();
      if (connection != nullptr) add(*connection);
    }
    return nullptr;
  }
  std::size_t size() const { return waiting_.size(); }
  void clear() { waiting_ = {}; }

 private:
  struct Entry {
    std::uint64_t used;
    FlowId id;
    std::uint64_t hash;
    bool operator>(const Entry& other) const { return used > other.used; }
  };
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> waiting_; // the earliest on top
};

} // namespace

struct TcpReassembler::State {
  using Connections = std::list<Connection>; // in the order of their beginning

  State(TcpEvents& to, TcpLimits bounds) : events(to), limits(bounds) {}

  TcpEvents& events;
  TcpLimits limits;
  Connections connections;
  FlatMap<Connections::iterator> by_ends; // by the hash of their ends
  Silent silent;
  Connection* latest = nullptr;
  std::uint64_t segments = 0;
  std::uint64_t last_id = 0;
  std::size_t held_octets = 0;
  std::size_t open_flows = 0;
  Captured now;

  Connection* find(const Segment& segment, std::uint64_t hash) {
    if (latest != nullptr && latest->has_ends_of(segment)) return latest;
    const auto* found = by_ends.find(hash, [&](const auto& one) { return one->has_ends_of(segment); });
    return found == nullptr ? nullptr : &**found;
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

  void remove(Connection& connection, FlowEnd how) {
    close(connection, how);
    if (latest == &connection) latest = nullptr;
    const auto is_it = [&](const auto& one) { return &*one == &connection; };
    const auto place = *by_ends.find(connection.hash, is_it);
    by_ends.erase(connection.hash, is_it);
    connections.erase(place);
  }

  void remove_longest_silent() {
    auto* const connection = silent.longest([&](FlowId id, std::uint64_t hash) {
      const auto* found = by_ends.find(hash, [&](const auto& one) { return one->flow.id == id; });
      return found == nullptr ? nullptr : &**found;
    });
    if (connection != nullptr) remove(*connection, FlowEnd::evicted);
  }

  // What is gone does not pile up where ports are used again and again.
  void tidy_silent() {
    if (silent.size() < 2 * connections.size() + 1024) return;
    silent.clear();
    for (const Connection& connection : connections) silent.add(connection);
  }

  Connection& open(const Segment& segment, std::uint64_t hash) {
    if (connections.size() >= limits.flows) remove_longest_silent();
    tidy_silent();
    const bool from_client = first_is_client(segment);
    Connection& connection = connections.emplace_back();
    connection.hash = hash;
    connection.used = segments;
    connection.flow = TcpFlow{FlowId{++last_id}, from_client ? segment.source : segment.destination,
                              from_client ? segment.destination : segment.source, segment.syn};
    by_ends.add(hash, std::prev(connections.end()));
    silent.add(connection);
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
    const std::uint64_t hash = hash_of_ends(segment);
    Connection* connection = find(segment, hash);
    if (connection != nullptr) {
      connection->used = segments;
      latest = connection;
      TcpHalf& sender = connection->half(direction_of(*connection, segment));
      if (!begins_another(*connection, sender, segment)) return connection->closed ? nullptr : connection;
      remove(*connection, FlowEnd::replaced);
    }
    // Acknowledgments and resets of something that is over, or that was not captured, open nothing.
    if (!segment.syn && (segment.payload.empty() || segment.rst)) return nullptr;
    latest = &open(segment, hash);
    return latest;
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
    ++segments;
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
    by_ends = {};
    silent.clear();
    latest = nullptr;
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
