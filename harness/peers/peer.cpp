#include "peers/peer.hpp"

#include "peers/peer_state.hpp"

#include <algorithm>

namespace sipvet::peers {

namespace {

tls::Config tls_config(tls::Role role, const Settings& settings, const Surroundings& around) {
  tls::Config config = peers::tls_config(role, settings.tls);
  config.trusted_roots_pem = around.trusted_roots_pem;
  if (role == tls::Role::server || settings.tls.present_certificate) {
    config.certificate_pem = around.identity.certificate_pem;
    config.private_key_pem = around.identity.private_key_pem;
  }
  return config;
}

} // namespace

ua::TransportTls transport_tls(const Settings& settings, const Surroundings& around) {
  ua::TransportTls out;
  out.server = tls_config(tls::Role::server, settings, around);
  out.client = tls_config(tls::Role::client, settings, around);
  out.keylog = around.keylog;
  out.deviations.no_pong = settings.proxy.no_pong;
  return out;
}

namespace {

ua::UserAgentConfig agent_config(const Settings& settings, const Surroundings& around) {
  ua::UserAgentConfig config;
  config.user = settings.user;
  config.allow.emplace_back("INFO");
  config.user_agent = settings.user_agent;
  config.session_timer = settings.session_timer;
  config.reliable_provisional = settings.reliable_provisional;
  config.updates = settings.updates != Settings::Updates::never;
  config.deviations = settings.sip_deviations;
  config.tls = transport_tls(settings, around);
  config.alias = settings.alias;
  if (!settings.password.empty()) config.accounts = {{"", settings.user, settings.password}};
  return config;
}

// With the certificates that it has for TLS, and the suites of all its SRTP.
keying::MikeySettings mikey_settings(const Settings& settings, const Surroundings& around) {
  keying::MikeySettings out = settings.mikey;
  out.suites = settings.suites;
  keying::give_identity(out, around.identity.certificate_pem, around.identity.private_key_pem, {},
                        around.trusted_roots_pem);
  if (const auto gateway = crypto::parse_certificates_pem(around.gateway_certificate_pem))
    out.peer = gateway->front();
  return out;
}

} // namespace

Peer::State::State(std::string peer_name, Settings peer_settings, Surroundings around)
    : name(std::move(peer_name)), settings(std::move(peer_settings)), surroundings(std::move(around)) {
  if (settings.uses(keying::KeyExchange::mikey)) mikey.emplace(mikey_settings(settings, surroundings));
  if (settings.uses(keying::KeyExchange::dtls_srtp))
    dtls_identity = ua::make_dtls_identity(surroundings.network.random(), surroundings.network.now()).value();
  own_agent =
      std::make_unique<ua::UserAgent>(surroundings.network, agent_config(settings, surroundings), *this);
  agent = own_agent.get();
}

Peer::Peer(std::string name, Settings settings, Surroundings surroundings)
    : state_(std::make_unique<State>(std::move(name), std::move(settings), std::move(surroundings))) {}

Peer::~Peer() = default;

Result<Endpoint> Peer::listen() {
  const Surroundings& around = state_->surroundings;
  SIPVET_TRY(state_->endpoint, state_->listen_at({around.address, around.port}));
  if (!state_->settings.listens) state_->agent->transport().stop_listening();
  return state_->endpoint;
}

void Peer::branch_off(Peer& trunk) {
  trunk.state_->branches.push_back(state_.get());
  state_->trunk = trunk.state_.get();
  state_->agent = state_->trunk->agent;
  state_->own_agent.reset();
}

const Settings& Peer::settings() const { return state_->settings; }

bool Peer::answered() const {
  const Leg* leg = state_->latest();
  return leg != nullptr && leg->answered;
}

bool Peer::rejected() const {
  const Leg* leg = state_->latest();
  return leg != nullptr && leg->rejected;
}

bool Peer::idle() const {
  const ua::SipTransport& transport = state_->agent->transport();
  return state_->answered_all() && std::ranges::all_of(transport.hops(), [&](const ua::Hop& hop) {
           return transport.is_up(hop.connection);
         });
}

std::vector<ua::Hop> Peer::open_connections() const { return state_->agent->transport().hops(); }

std::vector<ConnectionRecord> Peer::connections() const {
  std::vector<ConnectionRecord> out;
  for (const auto& record : state_->connections) out.push_back(*record);
  return out;
}

rtp::Voiceprint Peer::voiceprint() const { return state_->surroundings.voiceprint; }

std::uint64_t Peer::heard_ms(const rtp::Voiceprint& print) const {
  const Leg* leg = state_->latest();
  return leg != nullptr && leg->media ? leg->media->heard_ms(print) : 0;
}

std::string Peer::describe_media() const {
  const Leg* leg = state_->latest();
  return leg != nullptr && leg->media ? leg->media->describe() : "no call";
}

// A handshake that keys the media tells the suite only after the call was answered.
const std::vector<Peer::AgreedCall>& Peer::agreed_calls() const {
  for (std::size_t i = 0; i < state_->agreed_calls.size(); ++i) {
    AgreedCall& call = state_->agreed_calls[i];
    if (call.suite.empty() && call.media == "srtp") call.suite = state_->agreed_legs[i]->media->suite();
  }
  return state_->agreed_calls;
}

} // namespace sipvet::peers
