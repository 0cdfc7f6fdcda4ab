// A scripted peer and the gateway as its next hop: what of it disagreed, and whether anybody is at its own
// port.
#include "peers/peer_state.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

Result<Endpoint> Peer::State::listen_at(const Endpoint& at) {
  return agent->listen(settings.transport, at, {.context = {}, .tcp_beside_tls = settings.tcp_beside_tls});
}

ActiveStep Peer::State::listen(const script::Step& step) {
  agent->transport().stop_listening();
  const bool wanted = script::as_boolean(step.argument).value_or(true);
  if (wanted) return done_or_impossible(step, listen_at(endpoint));
  for (const ua::Hop& hop : agent->transport().hops()) {
    if (ConnectionRecord* record = find(hop.connection)) {
      record->state = ConnectionRecord::State::closed;
      record->closed_by_us = true;
    }
    agent->disconnect(hop.connection);
  }
  return finished();
}

std::string Peer::State::disagreement_of(const Outcome& outcome) const {
  const NextHop& told = settings.next_hop;
  const bool is_told = told.domain || told.port || told.transport || told.encryption;
  if (!is_told) return {};
  const int status = outcome.response ? outcome.response->status() : 0;
  return disagreement(status, connections.empty() ? nullptr : connections.back().get());
}

Findings Peer::State::judge_next_hop(const script::Step& step, const std::string& wanted) {
  const std::string got = outcomes.empty() || outcomes.back().disagreement.empty()
                              ? std::string("none")
                              : outcomes.back().disagreement;
  if (!connections.empty() && connections.back()->over() && got == wanted && got != "none") {
    connections.back()->judged_when_over = true;
    connections.back()->failure_expected = true;
  }
  if (got == wanted) return {};
  return {step_finding(step, "next-hop",
                       fmt::format("{} and the gateway disagree on something else than expected.", name),
                       wanted, got)};
}

} // namespace sipvet::peers
