// Connections that came to nothing, or cannot be read: for either witness a failure, unless a step expected
// it.
#include "runner/connection_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::runner {

namespace {

using analysis::TlsConnection;
using State = peers::ConnectionRecord::State;

const PeerView* peer_of(const PeersView& view, const TlsConnection& connection) {
  for (const PeerView& peer : view.peers)
    for (const peers::ConnectionRecord& record : peer.connections) {
      const Endpoint& client = record.hop.accepted ? record.hop.remote : record.hop.local;
      const Endpoint& server = record.hop.accepted ? record.hop.local : record.hop.remote;
      if (client == connection.client && server == connection.server) return &peer;
    }
  return nullptr;
}

verdict::Finding finding_of(const script::Cell& cell, const TlsConnection& connection, std::string id,
                            std::string_view what, std::string expected) {
  verdict::Finding out;
  out.id = std::move(id);
  out.witness = verdict::Witness::wire;
  out.text = fmt::format("The TLS connection from {} to {} {} in the capture.", to_string(connection.client),
                         to_string(connection.server), what);
  out.expected = std::move(expected);
  out.actual = connection.reason.value_or("no reason was found");
  out.where = cell.at;
  out.frame = connection.first_frame;
  return out;
}

} // namespace

bool PeerView::failure_expected() const {
  return std::ranges::any_of(connections, &peers::ConnectionRecord::failure_expected);
}

void check_connections(const script::Cell& cell, const PeersView& view, const analysis::Report& report,
                       std::vector<verdict::Finding>& out) {
  for (const TlsConnection& connection : report.tls) {
    const PeerView* peer = peer_of(view, connection);
    if (view.gateway_failure_expected || (peer != nullptr && peer->failure_expected())) continue;
    if (!connection.handshake_completed)
      out.push_back(finding_of(cell, connection, "wire-tls-handshake", "was not established",
                               "a handshake that is completed, or a step that expects it to fail"));
    else if (connection.reason && (peer == nullptr || !peer->misbehaves_in_tls))
      out.push_back(finding_of(cell, connection, "wire-tls-undecrypted", "cannot be read to its end",
                               "a connection that decrypts"));
  }
}

std::vector<verdict::Finding> check_peers_connections(const script::Cell& cell, const PeersView& view) {
  std::vector<verdict::Finding> out;
  if (view.gateway_failure_expected) return out;
  for (const PeerView& peer : view.peers) {
    if (peer.failure_expected()) continue;
    for (const peers::ConnectionRecord& record : peer.connections) {
      if (record.state != State::failed) continue;
      verdict::Finding finding;
      finding.id = "connect";
      finding.text = fmt::format(
          "A connection of {} with the gateway came to nothing, and no step expected that.", peer.name);
      finding.expected = "a connection";
      finding.actual = describe(record);
      finding.where = cell.at;
      out.push_back(std::move(finding));
    }
  }
  return out;
}

} // namespace sipvet::runner
