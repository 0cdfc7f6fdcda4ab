// The gateway's connections: what it logs of them, and what the telephone side is told where one comes to
// nothing.
#include "gateway/gateway_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sipvet::gateway {

namespace {

using Kind = tls::PeerRejection::Kind;

} // namespace

void Gateway::State::on_connected(const ua::Hop& hop, const std::optional<tls::SessionInfo>& session) {
  std::string text = "connection " + to_string(hop);
  if (session) text += ", " + std::string(tls::name(session->version)) + " " + session->cipher;
  say(LogLevel::info, text);
  uplink->note_up(hop);
  notify();
}

void Gateway::State::on_pong(const ua::Hop& hop) { uplink->note_pong(hop); }

void Gateway::State::on_connect_failed(const ua::Hop& hop, const ua::ConnectFailure& failure) {
  failed_connection = hop.connection;
  connect_failure = failure;
  say(LogLevel::warning, "no connection " + to_string(hop) + ": " + failure.cause +
                             (failure.alert ? " (" + to_string(*failure.alert) + ")" : ""));
  const auto& rejection = failure.rejection;
  // SXB-ID-1: the alarm of sipXbridge, word by word.
  if (rejection && rejection->kind == Kind::identity)
    say(LogLevel::error, "The configuration requires the identity '" + rejection->expected_identity +
                             "', but the remote certificate contains only the following identities: " +
                             fmt::format("{}", fmt::join(rejection->identities, ", ")));
  uplink->note_lost(hop, failure.cause);
  notify();
}

// RFC 3261 §8.1.3.1: no response in time is a 408, a transport that failed a 503. sipXbridge has the
// low-level reason in the phrase, and a status of its own where the certificate is for another domain.
Gateway::State::Told Gateway::State::told_of(const ua::RequestFailure& failure,
                                             net::ConnectionId connection) const {
  if (failure.timed_out) return {408, "Request Timeout"};
  const bool is_the_last = connection != net::ConnectionId::none && connection == failed_connection;
  if (!is_the_last || !connect_failure.rejection) return {503, failure.cause};
  if (connect_failure.rejection->kind != Kind::identity) return {503, connect_failure.rejection->cause};
  return {config.tls.identity_mismatch_status, "Certificate identity does not match requested domain"};
}

std::size_t Gateway::State::disconnect(const std::vector<Endpoint>& remotes) {
  std::size_t count = 0;
  for (const ua::Hop& hop : agent->transport().hops()) {
    if (std::find(remotes.begin(), remotes.end(), hop.remote) == remotes.end()) continue;
    agent->disconnect(hop.connection);
    say(LogLevel::info, "ends connection " + to_string(hop));
    ++count;
  }
  return count;
}

void Gateway::State::on_closed(const ua::Hop& hop, const ua::Closure& closure) {
  say(LogLevel::info, "connection " + to_string(hop) + " ended: " + closure.cause);
  uplink->note_lost(hop, closure.cause);
  notify();
}

void Gateway::State::on_garbage(const ua::Hop& hop, const Error& error) {
  say(LogLevel::warning, "no SIP from " + to_string(hop.remote) + ": " + to_string(error));
}

// A flood fills no log: the first, the second, the fourth and so on are written down.
void Gateway::State::on_limit(const ua::Hop& hop, const ua::LimitHit& hit) {
  const std::uint64_t times = ++limits_hit[hit.limit];
  if (config.deviations.silent_about_limits || (times & (times - 1)) != 0) return;
  say(LogLevel::warning, "limit sipvet.limits." + std::string(ua::name(hit.limit)) + " reached by " +
                             to_string(hop.remote) + ": " + hit.consequence +
                             (times == 1 ? "" : " (" + std::to_string(times) + " times so far)"));
  notify();
}

void Gateway::State::on_traffic(bool sent, const ua::Hop& hop, const sip::Message& message) {
  const std::string what = message.is_request() ? message.method() + " " + message.uri()
                                                : std::to_string(message.status()) + " " + message.reason();
  if (sent) last_sent_over = hop.connection;
  say(LogLevel::debug, (sent ? "sends " : "receives ") + what + " (" + to_string(hop) + ")");
  if (traffic) traffic(sent, hop, message);
}

} // namespace sipvet::gateway
