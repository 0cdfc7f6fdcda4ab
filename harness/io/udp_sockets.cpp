#include "io/udp_sockets.hpp"

#include <vector>

namespace sipvet::io {

using net::SocketId;

Result<SocketId> UdpSockets::open(net::Node& node, const Endpoint& local) {
  SIPVET_TRY(Fd fd, bind_udp(local));
  const auto id = context_.new_id<SocketId>();
  const Endpoint chosen = local_endpoint_of(fd.get());
  sockets_[id] = {&node, chosen, std::make_unique<Reactor::Watched>(context_.reactor, std::move(fd))};
  context_.ledger.bound(chosen);
  await_datagram(id);
  return id;
}

void UdpSockets::await_datagram(SocketId id) {
  sockets_.at(id).watched->when_readable([this, id] { receive(id); });
}

void UdpSockets::receive(SocketId id) {
  const Socket& socket = sockets_.at(id);
  Endpoint from;
  const Transfer transfer = receive_from(socket.watched->fd(), context_.scratch, from);
  await_datagram(id);
  // An error here tells of an earlier datagram that nobody took: not this node's business.
  if (transfer.outcome != Transfer::Outcome::moved) return;
  const ByteView octets = ByteView(context_.scratch).first(transfer.octets);
  context_.ledger.datagram_received(from, socket.local, octets);
  socket.node->on_datagram(id, from, octets);
}

void UdpSockets::send_to(SocketId id, const Endpoint& to, ByteView datagram) {
  const auto found = sockets_.find(id);
  if (found == sockets_.end() || found->second.local.ip.v6 != to.ip.v6) return;
  if (send_datagram(found->second.watched->fd(), to, datagram))
    context_.ledger.datagram_sent(found->second.local, to, datagram);
}

void UdpSockets::close(SocketId id) {
  const auto found = sockets_.find(id);
  if (found == sockets_.end()) return;
  context_.ledger.not_bound(found->second.local);
  sockets_.erase(found);
}

void UdpSockets::forget(net::Node& node) {
  std::vector<SocketId> ids;
  for (const auto& [id, socket] : sockets_)
    if (socket.node == &node) ids.push_back(id);
  for (const SocketId id : ids) close(id);
}

Endpoint UdpSockets::local_endpoint(SocketId id) const {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? Endpoint{} : found->second.local;
}

} // namespace sipvet::io
