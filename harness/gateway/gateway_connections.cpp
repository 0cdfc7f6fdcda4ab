// The gateway's connections: what it logs of them, and what the telephone side is told where one comes to
// nothing.
#include "gateway/gateway_state.hpp"

namespace sipvet::gateway {

namespace {

using Kind = tls::PeerRejection::Kind;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

} // namespace

void Gateway::State::on_connected(const ua::Hop& hop, const std::optional<tls::SessionInfo>& session) {
  std::string text = "connection " + to_string(hop);
  if (session) text += ", " + std::string(tls::name(session->version)) + " " + session->cipher;
  say(LogLevel::info, text);
  notify();
}

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
                             joined(rejection->identities));
  notify();
}

// RFC 3261 §8.1.3.1: no response in time is a 408, a transport that failed a 503. sipXbridge has the
// low-level reason in the phrase, and a status of its own where the certificate is for another domain.
void Gateway::State::give_status(CallInfo& info, ua::CallId call, const ua::RequestFailure& failure) const {
  info.status = failure.timed_out ? 408 : 503;
  info.reason = failure.timed_out ? "Request Timeout" : failure.cause;
  const auto hop = agent->hop_of(call);
  if (!hop || hop->connection != failed_connection || !connect_failure.rejection) return;
  info.reason = connect_failure.rejection->cause;
  if (connect_failure.rejection->kind != Kind::identity) return;
  info.status = config.tls.identity_mismatch_status;
  info.reason = "Certificate identity does not match requested domain";
}

void Gateway::State::on_closed(const ua::Hop& hop, const ua::Closure& closure) {
  say(LogLevel::info, "connection " + to_string(hop) + " ended: " + closure.cause);
  notify();
}

void Gateway::State::on_garbage(const ua::Hop& hop, const Error& error) {
  say(LogLevel::warning, "no SIP from " + to_string(hop.remote) + ": " + to_string(error));
}

void Gateway::State::on_traffic(bool sent, const ua::Hop& hop, const sip::Message& message) {
  const std::string what = message.is_request() ? message.method() + " " + message.uri()
                                                : std::to_string(message.status()) + " " + message.reason();
  say(LogLevel::debug, (sent ? "sends " : "receives ") + what + " (" + to_string(hop) + ")");
  if (traffic) traffic(sent, hop, message);
}

} // namespace sipvet::gateway
