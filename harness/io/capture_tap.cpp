#include "io/capture_tap.hpp"

#include "frames/build.hpp"
#include "io/pcapng_writer.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sipvet::io {

using net::Direction;
using net::Ending;
using net::Flow;

namespace {

constexpr std::size_t max_segment_octets = 1400;
// The receiver acknowledges at least this often, so that what is under way stays within a window without
// scaling.
constexpr std::size_t acknowledge_octets = 32'000;

// What a side sends next. Initial sequence numbers differ by flow, but not by run.
struct Side {
  std::uint32_t next = 0;
  bool finished = false;
};

struct Connection {
  Side client;
  Side server;
  bool reset = false;

  Side& sender(Direction direction) { return direction == Direction::to_server ? client : server; }
  Side& receiver(Direction direction) { return direction == Direction::to_server ? server : client; }
  bool over() const { return reset || (client.finished && server.finished); }
};

Direction reverse(Direction direction) {
  return direction == Direction::to_server ? Direction::to_client : Direction::to_server;
}

struct StoredFrame {
  Instant time;
  std::size_t begin = 0;
  std::size_t octets = 0;
};

} // namespace

struct CaptureTap::State {
  Bytes octets; // of all frames
  std::vector<StoredFrame> frames;
  std::map<Flow, Connection> connections;
  std::uint32_t connections_begun = 0;
  Instant latest;
  std::vector<std::string> keylog;
  std::set<std::string, std::less<>> keylog_seen;

  template <typename Packet>
  void store(Instant when, const Packet& packet) {
    const std::size_t begin = octets.size();
    if (!frames::append_packet(octets, packet)) return; // no network carries such a packet
    latest = std::max(latest, when);
    frames.push_back({latest, begin, octets.size() - begin});
  }

  frames::Segment segment(const Flow& flow, Direction direction, Connection& connection) {
    const bool up = direction == Direction::to_server;
    frames::Segment result;
    result.source = up ? flow.client : flow.server;
    result.destination = up ? flow.server : flow.client;
    result.sequence = connection.sender(direction).next;
    result.acknowledgment = connection.receiver(direction).next;
    result.ack = true;
    return result;
  }

  Connection& begin(const Flow& flow) {
    Connection& connection = connections[flow] = {};
    const std::uint32_t number = ++connections_begun;
    connection.client.next = number * 0x01000193u;
    connection.server.next = number * 0x9E3779B1u;
    return connection;
  }

  // The connection of octets that came without a handshake, because the tap was set in its middle, begins
  // there.
  Connection& find_or_begin(const Flow& flow) {
    const auto found = connections.find(flow);
    return found != connections.end() ? found->second : begin(flow);
  }

  void send_syn(Instant when, const Flow& flow, Connection& connection) {
    frames::Segment syn = segment(flow, Direction::to_server, connection);
    syn.syn = true;
    syn.ack = false;
    store(when, syn);
    ++connection.client.next;
  }

  void acknowledge(Instant when, const Flow& flow, Direction data_direction, Connection& connection) {
    store(when, segment(flow, reverse(data_direction), connection));
  }
};

CaptureTap::CaptureTap() : state_(std::make_unique<State>()) {}
CaptureTap::~CaptureTap() = default;

void CaptureTap::connected(Instant when, const Flow& flow) {
  Connection& connection = state_->begin(flow);
  state_->send_syn(when, flow, connection);
  frames::Segment answer = state_->segment(flow, Direction::to_client, connection);
  answer.syn = true;
  state_->store(when, answer);
  ++connection.server.next;
  state_->acknowledge(when, flow, Direction::to_client, connection);
}

void CaptureTap::refused(Instant when, const Flow& flow) {
  Connection& connection = state_->begin(flow);
  state_->send_syn(when, flow, connection);
  connection.server.next = 0; // RFC 9293 §3.10.7.1: a reset that answers a SYN has sequence number 0
  frames::Segment answer = state_->segment(flow, Direction::to_client, connection);
  answer.rst = true;
  state_->store(when, answer);
  state_->connections.erase(flow);
}

void CaptureTap::bytes(Instant when, const Flow& flow, Direction direction, ByteView octets) {
  Connection& connection = state_->find_or_begin(flow);
  Side& sender = connection.sender(direction);
  if (connection.reset || sender.finished) return;
  std::size_t unacknowledged = 0;
  while (!octets.empty()) {
    frames::Segment segment = state_->segment(flow, direction, connection);
    segment.payload = octets.first(std::min(octets.size(), max_segment_octets));
    octets = octets.subspan(segment.payload.size());
    state_->store(when, segment);
    sender.next += static_cast<std::uint32_t>(segment.payload.size());
    unacknowledged += segment.payload.size();
    if (!octets.empty() && unacknowledged < acknowledge_octets) continue;
    state_->acknowledge(when, flow, direction, connection);
    unacknowledged = 0;
  }
}

void CaptureTap::ended(Instant when, const Flow& flow, Direction direction, Ending how) {
  Connection& connection = state_->find_or_begin(flow);
  Side& sender = connection.sender(direction);
  if (connection.reset || sender.finished) return;
  frames::Segment segment = state_->segment(flow, direction, connection);
  (how == Ending::reset ? segment.rst : segment.fin) = true;
  state_->store(when, segment);
  if (how == Ending::reset) {
    connection.reset = true;
    return;
  }
  sender.finished = true;
  ++sender.next;
  state_->acknowledge(when, flow, direction, connection);
}

void CaptureTap::datagram(Instant when, const Endpoint& from, const Endpoint& to, ByteView octets) {
  state_->store(when, frames::Datagram{from, to, octets});
}

void CaptureTap::secret(std::string_view keylog_line) {
  if (keylog_line.empty() || !state_->keylog_seen.emplace(keylog_line).second) return;
  state_->keylog.emplace_back(keylog_line);
}

const std::vector<std::string>& CaptureTap::keylog_lines() const { return state_->keylog; }
std::size_t CaptureTap::frame_count() const { return state_->frames.size(); }

void CaptureTap::for_each_frame(const std::function<void(Instant, ByteView)>& visit) const {
  for (const StoredFrame& frame : state_->frames)
    visit(frame.time, ByteView(state_->octets).subspan(frame.begin, frame.octets));
}

Result<void> CaptureTap::write(const std::string& path) const {
  SIPVET_TRY(const auto writer, PcapngWriter::create(path));
  std::string keylog;
  for (const std::string& line : state_->keylog) keylog += line + "\n";
  writer->secrets(keylog);
  for_each_frame([&](Instant time, ByteView frame) { writer->frame(time, frame); });
  return writer->close();
}

} // namespace sipvet::io
