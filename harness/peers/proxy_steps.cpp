// The steps of a proxy, which otherwise acts by itself: what becomes of its connections and of its port.
#include "peers/expectation.hpp"
#include "peers/peer_state.hpp"
#include "peers/proxy_state.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

using script::Step;

ActiveStep Proxy::begin(const Step& step) {
  if (step.action == "disconnect") return state_->disconnect(step);
  if (step.action == "listen") return state_->listen(step);
  if (step.action == "expect") return state_->expect(step);
  return impossible(step, "a proxy acts by itself");
}

void Proxy::State::close(const ua::Hop& hop) {
  ConnectionRecord& record = record_of(connections, hop);
  record.state = ConnectionRecord::State::closed;
  record.closed_by_us = true;
  transactions.transport().disconnect(hop.connection);
}

ActiveStep Proxy::State::disconnect(const Step& step) {
  const auto gateway = surroundings.gateway(settings.transport, std::nullopt);
  bool any = false;
  for (const ua::Hop& hop : transactions.transport().hops()) {
    if (!gateway || hop.remote.ip != gateway->remote.ip) continue;
    close(hop);
    any = true;
  }
  return any ? finished() : impossible(step, "it has no connection with the gateway");
}

ActiveStep Proxy::State::listen(const Step& step) {
  ua::SipTransport& transport = transactions.transport();
  transport.stop_listening();
  if (script::as_boolean(step.argument).value_or(true)) return done_or_impossible(step, open_ports());
  for (const ua::Hop& hop : transport.hops()) close(hop);
  return finished();
}

ActiveStep Proxy::State::expect(const Step& step) {
  const auto read = read_expectation(step.argument);
  if (!read) return impossible(step, read.error().what);
  if (!read->connection || read->response) return impossible(step, "a proxy knows of its connections only");
  return {[this, step, expected = *read->connection] { return judge_latest(step, expected, connections); },
          [this, expected = *read->connection] {
            if (connections.empty() || connections.back()->judged_when_over)
              return fmt::format("a connection of {}", name);
            return missing(expected, *connections.back());
          }};
}

} // namespace sipvet::peers
