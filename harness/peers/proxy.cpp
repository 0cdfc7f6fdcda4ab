#include "peers/proxy.hpp"

#include "dialog/dialog.hpp"
#include "dialog/request_builder.hpp"
#include "peers/peer_state.hpp"
#include "peers/proxy_state.hpp"
#include "sip/via.hpp"

#include <algorithm>

namespace sipvet::peers {

Proxy::State::State(std::string proxy_name, Settings proxy_settings, Surroundings around)
    : name(std::move(proxy_name)), settings(std::move(proxy_settings)), surroundings(std::move(around)),
      transactions(surroundings.network, *this, {}, transport_tls(settings, surroundings), this) {}

Proxy::Proxy(std::string name, Settings settings, Surroundings surroundings)
    : state_(std::make_unique<State>(std::move(name), std::move(settings), std::move(surroundings))) {}

Proxy::~Proxy() = default;

Result<Endpoint> Proxy::State::open_ports() {
  ua::SipTransport& transport = transactions.transport();
  const std::uint16_t port = own_port == 0 ? surroundings.port : own_port;
  SIPVET_TRY(const Endpoint first, transport.listen(settings.transport, {surroundings.address, port}));
  own_port = first.port;
  for (const ua::Transport other : settings.proxy.also_listens) {
    // TCP and TLS cannot share a port.
    const bool shares = is_reliable(other) && is_reliable(settings.transport);
    SIPVET_CHECK(
        transport.listen(other, {surroundings.address, shares ? std::uint16_t{0} : surroundings.port}));
  }
  return first;
}

Result<Endpoint> Proxy::listen() {
  State& state = *state_;
  const Surroundings& around = state.surroundings;
  SIPVET_TRY(const Endpoint first, state.open_ports());
  if (!state.settings.listens) state.transactions.transport().stop_listening();
  const ProxySettings& proxy = state.settings.proxy;
  const std::string realm = proxy.realm.empty() ? to_string(around.address) : proxy.realm;
  state.digest.emplace(ua::DigestServerSettings{realm, proxy.accounts, proxy.algorithms, proxy.qop,
                                                proxy.nonce_lifetime, proxy.next_nonce},
                       around.network.random());
  return first;
}

std::optional<Endpoint> Proxy::endpoint(ua::Transport transport) const {
  return state_->transactions.transport().listening(transport);
}

const Settings& Proxy::settings() const { return state_->settings; }
rtp::Voiceprint Proxy::voiceprint() const { return state_->surroundings.voiceprint; }
std::vector<ua::Hop> Proxy::open_connections() const { return state_->transactions.transport().hops(); }

std::vector<ConnectionRecord> Proxy::connections() const {
  std::vector<ConnectionRecord> out;
  for (const auto& record : state_->connections) out.push_back(*record);
  return out;
}

std::size_t Proxy::bindings(const std::string& user) const {
  return state_->location.find(user, state_->surroundings.network.now()).size();
}

bool Proxy::idle() const {
  return std::ranges::all_of(state_->forwards, [](const auto& each) { return each.second.answered; });
}

void Proxy::State::respond(ua::ServerId id, const sip::Message& request, int status, std::string reason,
                           const ua::HeaderValues& headers) {
  sip::Message response = dialog::make_response(request, status, std::move(reason),
                                                dialog::new_tag(surroundings.network.random()));
  if (!settings.user_agent.empty()) response.add("Server", settings.user_agent);
  for (const auto& [header, value] : headers) response.add(header, value);
  (void)transactions.respond(id, response);
}

// RFC 5923 §5: who writes "alias" into its Via is reached there over this connection.
void Proxy::State::note_alias(const ua::Hop& hop, const sip::Message& request) {
  const auto via = sip::parse_via(request.header("Via").value_or(""));
  if (!via || !hop.accepted || !sip::find(via->parameters, "alias")) return;
  const auto address = parse_ip(via->host);
  if (!address || *address != hop.remote.ip) return;
  transactions.transport().add_alias({*address, via->port.value_or(ua::default_port(hop.transport))},
                                     hop.connection);
}

void Proxy::State::on_request(ua::ServerId id, const ua::Hop& hop, const sip::Message& request) {
  note_alias(hop, request);
  if (request.method() == "ACK") return forward_ack(hop, request);
  if (request.method() == "CANCEL") return cancel_came(id, request);
  const auto uri = sip::parse_uri(request.uri());
  if (request.method() == "REGISTER") return register_came(id, hop, request);
  if (request.method() == "OPTIONS" && uri && uri->user.empty() && is_own(*uri))
    return respond(id, request, 200);
  forward(id, hop, request);
}

void Proxy::State::on_message(const ua::Hop& hop, const sip::Message& message) {
  if (hop.connection != net::ConnectionId::none) record_of(connections, hop).data_received = true;
  if (surroundings.traffic) surroundings.traffic(false, hop, message);
}

void Proxy::State::on_sent(const ua::Hop& hop, const sip::Message& message) {
  if (surroundings.traffic) surroundings.traffic(true, hop, message);
}

void Proxy::State::on_connected(const ua::Hop& hop, const std::optional<tls::SessionInfo>& session) {
  note_connected(connections, hop, session);
  watch_idle();
}

void Proxy::State::on_connect_failed(const ua::Hop& hop, const ua::ConnectFailure& failure) {
  note_failed(connections, hop, failure);
}

void Proxy::State::on_closed(const ua::Hop& hop, const ua::Closure& closure) {
  note_closed(connections, hop, closure);
}

void Proxy::State::on_alert(const ua::Hop& hop, const tls::Alert& alert, bool sent) {
  note_alert(connections, hop, alert, sent);
}

// Wakes when the connection that has been quiet for longest may be closed.
void Proxy::State::watch_idle() {
  if (idle_timer.set != net::TimerId::none || settings.proxy.idle_lifetime <= Duration{}) return;
  std::optional<Instant> first;
  for (const ua::Hop& hop : transactions.transport().hops()) {
    const auto active = transactions.transport().last_activity(hop.connection);
    if (active && (!first || *active < *first)) first = active;
  }
  if (!first) return;
  const Instant due = *first + settings.proxy.idle_lifetime;
  idle_timer.set =
      surroundings.network.wake_after(idle_timer, std::max(due - surroundings.network.now(), Duration{}));
}

void Proxy::State::IdleTimer::on_timer(net::TimerId timer) {
  if (timer != set) return;
  set = net::TimerId::none;
  state.close_idle();
  state.watch_idle();
}

void Proxy::State::close_idle() {
  ua::SipTransport& transport = transactions.transport();
  for (const ua::Hop& hop : transport.hops()) {
    const auto active = transport.last_activity(hop.connection);
    if (!active || surroundings.network.now() - *active < settings.proxy.idle_lifetime) continue;
    ConnectionRecord& record = record_of(connections, hop);
    record.state = ConnectionRecord::State::closed;
    record.closed_by_us = true;
    transport.disconnect(hop.connection);
  }
}

} // namespace sipvet::peers
