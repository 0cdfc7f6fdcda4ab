#include "io/wire_ledger.hpp"

#include "io/posix_socket.hpp"

namespace sipvet::io {

namespace {

Instant now() { return SystemClock().now(); }

// How long a datagram may lie in a receive buffer of this very process.
constexpr std::chrono::seconds departed_for{2};

template <typename Set>
void remove_one(Set& from, const Endpoint& endpoint) {
  const auto found = from.find(endpoint);
  if (found != from.end()) from.erase(found);
}

} // namespace

void WireLedger::not_listening(const Endpoint& local) { remove_one(listeners_, local); }

void WireLedger::not_bound(const Endpoint& local) {
  departed_.emplace_back(std::chrono::steady_clock::now() + departed_for, local);
}

bool WireLedger::is_local(const IpAddress& ip) {
  const auto known = local_.find(ip);
  if (known != local_.end()) return known->second;
  return local_[ip] = is_address_of_this_host(ip);
}

bool WireLedger::covers(const Endpoints& ours, const Endpoint& endpoint) {
  if (ours.contains(endpoint)) return true;
  Endpoint any = endpoint;
  any.ip.octets = {};
  return ours.contains(any) && is_local(endpoint.ip);
}

Endpoint WireLedger::with_source(Endpoint local, const IpAddress& peer) {
  if (!local.ip.is_unspecified()) return local;
  const auto known = source_.find(peer);
  local.ip = known != source_.end() ? known->second : source_[peer] = source_address_for(peer);
  return local;
}

void WireLedger::connecting(const net::Flow& flow) {
  Ends ends;
  ends.client_ours = true;
  ends.server_ours = covers(listeners_, flow.server);
  flows_[flow] = ends;
}

void WireLedger::accepted(const net::Flow& flow) {
  Ends& ends = flows_[flow];
  if (ends.accepted) ends = {}; // the port pair is used again
  ends.accepted = ends.server_ours = true;
  established(flow);
}

void WireLedger::refused(const net::Flow& flow) {
  flows_.erase(flow);
  if (tap_ != nullptr) tap_->refused(now(), {with_source(flow.client, flow.server.ip), flow.server});
}

void WireLedger::established(const net::Flow& flow) {
  const auto found = flows_.find(flow);
  if (found == flows_.end() || std::exchange(found->second.established, true)) return;
  if (tap_ != nullptr) tap_->connected(now(), flow);
}

bool WireLedger::sender_is_ours(const net::Flow& flow, net::Direction direction) const {
  const auto found = flows_.find(flow);
  if (found == flows_.end()) return false;
  return direction == net::Direction::to_server ? found->second.client_ours : found->second.server_ours;
}

void WireLedger::sent(const net::Flow& flow, net::Direction direction, ByteView octets) {
  if (tap_ != nullptr) tap_->bytes(now(), flow, direction, octets);
}

void WireLedger::received(const net::Flow& flow, net::Direction direction, ByteView octets) {
  if (tap_ != nullptr && !sender_is_ours(flow, direction)) tap_->bytes(now(), flow, direction, octets);
}

void WireLedger::ended_here(const net::Flow& flow, net::Direction direction, net::Ending how) {
  if (tap_ != nullptr) tap_->ended(now(), flow, direction, how);
}

void WireLedger::ended_there(const net::Flow& flow, net::Direction direction, net::Ending how) {
  if (tap_ != nullptr && !sender_is_ours(flow, direction)) tap_->ended(now(), flow, direction, how);
}

// A client that is gone before our listener has accepted it is remembered, so that the accept still knows it.
void WireLedger::gone(const net::Flow& flow, net::Direction direction) {
  const auto found = flows_.find(flow);
  if (found == flows_.end()) return;
  Ends& ends = found->second;
  (direction == net::Direction::to_server ? ends.client_gone : ends.server_gone) = true;
  const bool client_done = !ends.client_ours || ends.client_gone;
  const bool server_done = !ends.server_ours || ends.server_gone;
  if (client_done && server_done) flows_.erase(found);
}

void WireLedger::datagram_sent(const Endpoint& from, const Endpoint& to, ByteView octets) {
  if (tap_ != nullptr) tap_->datagram(now(), with_source(from, to.ip), to, octets);
}

void WireLedger::datagram_received(const Endpoint& from, const Endpoint& to, ByteView octets) {
  if (tap_ == nullptr) return;
  while (!departed_.empty() && departed_.front().first < std::chrono::steady_clock::now()) {
    remove_one(sockets_, departed_.front().second);
    departed_.pop_front();
  }
  if (!covers(sockets_, from)) tap_->datagram(now(), from, with_source(to, from.ip), octets);
}

} // namespace sipvet::io
