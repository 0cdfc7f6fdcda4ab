#include "runner/stage.hpp"

#include "io/socket_network.hpp"
#include "net/sim_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <unistd.h>

namespace sipvet::runner {

namespace {

// After the last step: time for what is still on its way (a request, the response to a BYE) to arrive.
constexpr Duration settle_time = std::chrono::seconds(2);
// For peers to register with each other before the first step.
constexpr Duration registration_time = std::chrono::seconds(5);

std::unique_ptr<net::Network> make_network(const CellOptions& options, net::Tap& tap) {
  if (options.network == NetworkKind::sim) {
    auto network = std::make_unique<net::SimNetwork>(options.seed);
    network->set_tap(&tap);
    return network;
  }
  auto network = std::make_unique<io::SocketNetwork>(options.seed);
  network->set_tap(&tap);
  return network;
}

// Who registers with a proxy of the scenario knows its password there.
void give_password(peers::Settings& settings, const script::Cell& cell) {
  if (!settings.password.empty()) return;
  for (const script::Peer& peer : cell.peers) {
    const peers::ProxySettings proxy = peers::read_settings(peer.settings).settings.proxy;
    const auto account = proxy.accounts.find(settings.user);
    if (proxy.acts && account != proxy.accounts.end()) settings.password = account->second;
  }
}

// A port from which connections can be made, and some above it. It is below those that systems give to
// whoever asks for any (IANA's from 49152, Linux's from 32768): no listener gets it until it is used.
Result<std::uint16_t> own_port(net::Network& network) {
  constexpr unsigned first = 16'000, count = 2'000, apart = 8;
  static std::atomic<unsigned> next{static_cast<unsigned>(::getpid()) * 97};
  for (unsigned tried = 0; tried < count; ++tried) {
    const auto port = static_cast<std::uint16_t>(first + next++ % count * apart);
    net::Node nobody;
    const auto listener = network.listen(nobody, {IpAddress::v4(127, 0, 0, 1), port});
    if (!listener) continue;
    network.close(*listener);
    return port;
  }
  return fail("no port from 16000 to 32000 is free");
}

// Where the settings name no files, certificates are the lab's.
Result<void> give_certificates(gateway::Config& config, const Lab& lab) {
  const auto give = [&](gateway::TlsSettings& tls, const std::string& domain) -> Result<void> {
    if (tls.certificate_pem.empty() && tls.lab_certificate != gateway::no_lab_item) {
      const std::string variant = tls.lab_certificate.empty() ? "good" : tls.lab_certificate;
      SIPVET_TRY(
          const crypto::Identity identity,
          lab.identity(Holder::gateway, variant, domain, {IpAddress::v4(127, 0, 0, 1), gateway_address()}));
      tls.certificate_pem = identity.certificate_pem;
      tls.private_key_pem = identity.private_key_pem;
    }
    if (tls.trusted_roots_pem.empty() && tls.lab_trust != gateway::no_lab_item)
      tls.trusted_roots_pem = tls.lab_trust == "other" ? lab.other_root_pem() : lab.root_pem();
    return {};
  };
  for (auto& [name, context] : config.sbc.tls_contexts) {
    const auto own = config.sbc.tls_context_domains.find(name);
    SIPVET_CHECK(give(context, own == config.sbc.tls_context_domains.end() ? config.domain : own->second));
  }
  return give(config.tls, config.domain);
}

// Whom the gateway's public-key messages of MIKEY are for, where no file says so: the first peer.
Result<void> give_peer_certificate(gateway::Config& config, const script::Cell& cell, const Lab& lab) {
  if (config.mikey.mode != keying::MikeyMode::public_key || config.mikey.peer || cell.peers.empty())
    return {};
  const peers::Settings peer = peers::read_settings(cell.peers.front().settings).settings;
  SIPVET_TRY(const crypto::Identity identity, lab.identity(Holder::peer, peer.tls.certificate, peer.domain,
                                                           {IpAddress::v4(127, 0, 0, 1), peer_address(0)}));
  SIPVET_TRY(const auto chain, crypto::parse_certificates_pem(identity.certificate_pem));
  config.mikey.peer = chain.front();
  return {};
}

Result<gateway::Config> gateway_config(const script::Cell& cell, const Lab& lab, const CellOptions& options,
                                       gateway::EventLog& log) {
  gateway::ReadConfig read = gateway::read_config(cell.gateway.settings);
  for (const script::Diagnostic& warning : read.warnings)
    log.line(gateway::LogLevel::warning, warning.message);
  gateway::Config config = std::move(read.config);
  const bool sim = options.network == NetworkKind::sim;
  config.interface_ip = sim ? gateway_address() : IpAddress::v4(127, 0, 0, 1);
  config.any_port = !sim;
  for (gateway::UserAgentAddress& agent : config.user_agents) agent.ip = config.interface_ip;
  if (config.domain.empty()) config.domain = gateway_domain;
  SIPVET_CHECK(give_certificates(config, lab));
  SIPVET_CHECK(give_peer_certificate(config, cell, lab));
  config.media_pace = options.media_pace;
  config.voiceprint = rtp::Voiceprint(0);
  return config;
}

std::string roots_for(peers::Trust trust, const Lab& lab) {
  if (trust == peers::Trust::none) return {};
  return trust == peers::Trust::other ? lab.other_root_pem() : lab.root_pem();
}

bool wants_premaster_version(const script::Cell& cell) {
  return std::ranges::any_of(cell.wire, [](const script::WireExpectation& wanted) {
    return wanted.argument.find("premaster_version") != nullptr;
  });
}

void add_key(analysis::Keys& keys, const std::string& pem, const std::string& password) {
  const auto key = crypto::PrivateKey::from_pem(pem, password);
  if (key && key->type() == crypto::KeyType::rsa)
    keys.rsa.push_back({std::nullopt, std::nullopt, "sip", "the lab", *key});
}

void add_media_keys(analysis::Keys& keys, const keying::MediaKeys& media) {
  for (const rtp::SrtpContext* context : {&media.local, &media.remote})
    for (const rtp::SrtpKey& key : context->keys)
      keys.srtp.push_back({std::nullopt, key, "mikey", "a key of the run"});
}

// What was given to a connection that then came to nothing never left, and what a peer that misbehaves in TLS
// sends need not be readable.
bool is_on_the_wire(const Trace::PeersMessage& message, const PeersView& view) {
  if (!message.sent) return true;
  for (const PeerView& peer : view.peers) {
    if (peer.name != message.peer) continue;
    if (peer.misbehaves_in_tls) return false;
    for (const peers::ConnectionRecord& record : peer.connections)
      if (record.hop.connection == message.hop.connection &&
          message.hop.connection != net::ConnectionId::none)
        return record.state != peers::ConnectionRecord::State::failed;
  }
  return true;
}

} // namespace

void Trace::add(const std::string& who, bool sent, const ua::Hop& hop, const sip::Message& message) {
  const std::string text = message.serialize();
  lines.push_back(
      fmt::format("{} {} {}", who, sent ? "sends" : "receives", text.substr(0, text.find("\r\n"))));
  log += lines.back() + "\n" + text + "\n";
  messages.push_back({who, sent, hop, text});
}

Stage::Stage(const script::Cell& cell, const Lab& lab, const CellOptions& options)
    : cell_(cell), lab_(lab), options_(options), network_(make_network(options, tap_)) {}

Result<void> Stage::start() {
  SIPVET_TRY(gateway::Config config, gateway_config(cell_, lab_, options_, log_));
  if (options_.network == NetworkKind::sockets) {
    SIPVET_TRY(config.uplink.base_port, own_port(*network_));
  }
  SIPVET_CHECK(start_dns(config));
  gateway_ = std::make_unique<gateway::Gateway>(*network_, std::move(config), log_, keylog());
  SIPVET_CHECK(gateway_->start());
  actor_ = std::make_unique<GatewayActor>(
      *gateway_, log_, [this](const std::string& name) { return find_peer(name); }, options_.evidence_folder);
  actors_["gateway"] = actor_.get();
  for (std::size_t i = 0; i < cell_.peers.size(); ++i) SIPVET_CHECK(start_peer(i));
  SIPVET_CHECK(fill_dns());
  return register_peers();
}

Result<void> Stage::register_peers() {
  for (const auto& [name, peer] : peers_) {
    const std::string& proxy = peer->settings().registers_with;
    if (proxy.empty()) continue;
    SIPVET_TRY(const ua::Target target, find_peer_by(proxy, peer->settings().transport));
    peer->register_with(target);
    network_->run_until([&peer = peer] { return peer->registered().has_value(); },
                        network_->now() + registration_time);
    if (!peer->registered().value_or(false))
      return fail(fmt::format("the peer '{}' could not register with '{}'", name, proxy));
  }
  return {};
}

Conducted Stage::conduct(const std::atomic<bool>& stop) {
  Conducted out = runner::conduct(cell_, actors_, *network_, stop);
  if (out.findings.empty() && !out.interrupted)
    network_->run_until([&] { return idle() || stop.load(); }, network_->now() + settle_time);
  return out;
}

PeersView Stage::view(bool media_proven) const {
  PeersView out;
  out.gateway_voiceprint = actor_->voiceprint();
  for (const auto& [name, peer] : peers_)
    out.peers.push_back({name, peer->voiceprint(), peer->agreed_calls(), peer->connections(),
                         peer->settings().tls.deviations != tls::Deviations{},
                         peer->settings().media_deviations != ua::MediaDeviations{}});
  for (const auto& [name, proxy] : proxies_)
    out.peers.push_back({name,
                         proxy->voiceprint(),
                         {},
                         proxy->connections(),
                         proxy->settings().tls.deviations != tls::Deviations{},
                         false});
  // What goes from peer to peer is known from its sender already.
  for (const Trace::PeersMessage& message : trace_.messages)
    if (is_on_the_wire(message, out) && (message.sent || !is_between_peers(message.hop)))
      out.messages.push_back(message.text);
  out.media_proven = media_proven;
  out.gateway_failure_expected = actor_->failure_expected();
  out.gateway_media = actor_->judged_media();
  return out;
}

analysis::Keys Stage::capture_keys() const {
  analysis::Keys keys;
  const gateway::Config& config = gateway_->config();
  if (!config.mikey.psk.empty()) keys.mikey_psks.push_back(config.mikey.psk);
  bool mikey_keys = config.mikey.mode == keying::MikeyMode::public_key;
  for (const auto& [name, peer] : peers_) {
    const keying::MikeySettings& mikey = peer->settings().mikey;
    if (!mikey.psk.empty()) keys.mikey_psks.push_back(mikey.psk);
    mikey_keys = mikey_keys || mikey.mode == keying::MikeyMode::public_key;
    // A Diffie-Hellman exchange gives nobody else its keys.
    for (const peers::Peer::AgreedCall& call : peer->agreed_calls())
      if (call.keys && call.keys->exchange == keying::KeyExchange::mikey) add_media_keys(keys, *call.keys);
  }
  if (!mikey_keys && !wants_premaster_version(cell_)) return keys;
  const gateway::TlsSettings& tls = config.tls;
  add_key(keys, tls.private_key_pem, tls.private_key_password);
  for (const crypto::Identity& identity : identities_) add_key(keys, identity.private_key_pem, "");
  return keys;
}

bool Stage::is_between_peers(const ua::Hop& hop) const {
  const auto is_other_end = [&](const ua::Hop& other) {
    return other.local == hop.remote && other.remote == hop.local;
  };
  for (const auto& [name, target] : targets_)
    if (target.remote == hop.remote) return true;
  for (const auto& [name, proxy] : proxies_)
    for (const ua::Transport transport : proxy->settings().proxy.also_listens)
      if (proxy->endpoint(transport) == hop.remote) return true;
  const auto made_it = [&](const auto& actor) {
    const auto records = actor.connections();
    return std::ranges::any_of(records, [&](const auto& record) { return is_other_end(record.hop); });
  };
  return std::ranges::any_of(peers_, [&](const auto& each) { return made_it(*each.second); }) ||
         std::ranges::any_of(proxies_, [&](const auto& each) { return made_it(*each.second); });
}

// What one side closed, the other has noticed, and answered.
bool Stage::connections_agree() const {
  std::set<Endpoint> of_peers, of_gateway;
  for (const auto& [name, peer] : peers_)
    for (const ua::Hop& hop : peer->open_connections())
      if (!is_between_peers(hop)) of_peers.insert(hop.local);
  for (const auto& [name, proxy] : proxies_)
    for (const ua::Hop& hop : proxy->open_connections())
      if (!is_between_peers(hop)) of_peers.insert(hop.local);
  for (const ua::Hop& hop : gateway_->user_agent().transport().hops()) of_gateway.insert(hop.remote);
  return of_peers == of_gateway;
}

bool Stage::idle() const {
  return actor_->idle() && connections_agree() &&
         std::all_of(peers_.begin(), peers_.end(), [](const auto& each) { return each.second->idle(); }) &&
         std::all_of(proxies_.begin(), proxies_.end(), [](const auto& each) { return each.second->idle(); });
}

std::function<void(std::string_view)> Stage::keylog() {
  return [this](std::string_view line) { tap_.secret(line); };
}

Result<void> Stage::start_peer(std::size_t index) {
  const script::Peer& spec = cell_.peers[index];
  peers::Settings settings = peers::read_settings(spec.settings).settings;
  give_password(settings, cell_);
  const bool sim = options_.network == NetworkKind::sim;
  SIPVET_TRY(crypto::Identity identity, lab_.identity(Holder::peer, settings.tls.certificate, settings.domain,
                                                      {IpAddress::v4(127, 0, 0, 1), peer_address(index)}));
  if (!settings.tls.certificate_pem.empty())
    identity = {settings.tls.certificate_pem, settings.tls.private_key_pem};
  peers::Surroundings around{
      *network_,
      sim ? peer_address(index) : IpAddress::v4(127, 0, 0, 1),
      sim ? settings.port : std::uint16_t{0},
      std::move(identity),
      settings.tls.trusted_roots_pem.empty() ? roots_for(settings.tls.trust, lab_)
                                             : settings.tls.trusted_roots_pem,
      gateway_->config().tls.certificate_pem,
      rtp::Voiceprint(static_cast<unsigned>(index) + 1),
      options_.media_pace,
      [this](ua::Transport transport, std::optional<std::uint16_t> port) {
        return find_gateway(transport, port);
      },
      [this](const std::string& name, ua::Transport transport) { return find_peer_by(name, transport); },
      keylog(),
      [this, name = spec.name](bool sent, const ua::Hop& hop, const sip::Message& message) {
        trace_.add(name, sent, hop, message);
      }};
  identities_.push_back(around.identity);
  if (settings.proxy.acts) {
    auto proxy = std::make_unique<peers::Proxy>(spec.name, settings, std::move(around));
    SIPVET_TRY(const Endpoint endpoint, proxy->listen());
    targets_[spec.name] = {settings.transport, endpoint, net::ConnectionId::none, settings.domain};
    actors_[spec.name] = proxy.get();
    proxies_.emplace_back(spec.name, std::move(proxy));
    return {};
  }
  auto peer = std::make_unique<peers::Peer>(spec.name, settings, std::move(around));
  SIPVET_CHECK(place_peer(spec.name, *peer));
  actors_[spec.name] = peer.get();
  peers_.emplace_back(spec.name, std::move(peer));
  return {};
}

// Where the gateway finds it: a branch behind a forking proxy where that one is.
Result<void> Stage::place_peer(const std::string& name, peers::Peer& peer) {
  const std::string& fork_of = peer.settings().fork_of;
  if (fork_of.empty()) {
    SIPVET_TRY(const Endpoint endpoint, peer.listen());
    targets_[name] = {peer.settings().transport, endpoint, net::ConnectionId::none, peer.settings().domain};
    return {};
  }
  for (const auto& [other, trunk] : peers_) {
    if (other != fork_of) continue;
    peer.branch_off(*trunk);
    targets_[name] = targets_.at(other);
    return {};
  }
  return fail(fmt::format("'fork-of' of {} needs a peer that stands before it, found '{}'", name, fork_of));
}

} // namespace sipvet::runner
