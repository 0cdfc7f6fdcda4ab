// How the gateway starts: TLS material checked first and named by property and file, then its user agents.
#include "gateway/gateway_state.hpp"
#include "gateway/properties.hpp"
#include "gateway/routing_rules.hpp"

#include <algorithm>

namespace sipvet::gateway {

namespace {

bool wants_tls(const Config& config) {
  return config.route.transport == ua::Transport::tls ||
         (config.routing_rules && config.routing_rules->use(ua::Transport::tls)) ||
         std::any_of(config.user_agents.begin(), config.user_agents.end(),
                     [](const UserAgentAddress& each) { return each.transport == ua::Transport::tls; }) ||
         config.trunks.trunk.transport == ua::Transport::tls ||
         std::any_of(config.sbc.sip_interfaces.begin(), config.sbc.sip_interfaces.end(),
                     [](const auto& each) { return each.second.tls_port != 0; });
}

std::string files_of(const TlsSettings& settings) {
  std::string text = "netborder.sip.tls.serverCertificateFile";
  if (!settings.certificate_file.empty()) text += " (" + settings.certificate_file + ")";
  text += ", netborder.sip.tls.serverCertificatePrivateKeyFile";
  if (!settings.private_key_file.empty()) text += " (" + settings.private_key_file + ")";
  text += ", netborder.sip.tls.trustedRootCertificatesStore";
  if (!settings.trusted_roots_file.empty()) text += " (" + settings.trusted_roots_file + ")";
  return text;
}

Result<void> check_sides(const ua::TlsSides& sides, const std::string& what, const TlsSettings& settings) {
  for (const auto* each : {&sides.server, &sides.client}) {
    if (!*each) continue;
    if (const Result<void> checked = tls::check_config(**each); !checked)
      return fail(what + " cannot start with " + files_of(settings) + ": " + checked.error().what);
  }
  return {};
}

ua::UserAgentConfig agent_config(const Config& config) {
  ua::UserAgentConfig made;
  made.user = config.user;
  made.host = config.host;
  made.user_agent = config.user_agent;
  made.timers = config.timers;
  made.transport_in_contact = config.uplink.transport_in_contact;
  if (!config.uplink.accounts.empty()) made.user = config.uplink.accounts.front().user;
  made.session_timer = config.session_timer;
  made.reliable_provisional = config.reliable_provisional;
  made.updates = config.updates != UpdateUse::never;
  made.tls.limits = config.limits;
  made.ended_forks_known = true;
  for (const char* method : {"REFER", "NOTIFY", "INFO"}) made.allow.emplace_back(method);
  made.deviations.no_ack = config.deviations.no_ack;
  made.deviations.no_bye_response = config.deviations.no_bye_response;
  made.deviations.second_answer_kept = config.deviations.second_answer_kept;
  made.deviations.sip_contact_for_sips = config.deviations.sip_contact_for_sips;
  made.deviations.no_prack = config.deviations.no_prack;
  made.deviations.any_prack = config.deviations.any_prack;
  made.deviations.no_session_refresh = config.deviations.no_session_refresh;
  made.deviations.no_session_end = config.deviations.no_session_end;
  made.deviations.offers_unanswered = config.deviations.offers_unanswered;
  made.deviations.crossing_offers_taken = config.deviations.crossing_offers_taken;
  made.deviations.no_repeated_offer = config.deviations.no_repeated_offer;
  made.deviations.next_nonce_ignored = config.deviations.ignores_next_nonce;
  made.deviations.unchallenged_in_call = config.deviations.unchallenged_in_call;
  made.deviations.first_hop_kept = config.deviations.route.follows_first_hop;
  made.deviations.no_next_server = config.deviations.route.no_failover;
  made.deviations.takes_any_interval = config.deviations.takes_any_interval;
  made.tls.deviations.message_for_each_read = config.deviations.message_for_each_read;
  made.tls.deviations.no_pong = config.deviations.no_pong;
  made.tls.deviations.garbage_kept = config.deviations.garbage_kept;
  made.tls.deviations.connection_for_each_request = config.deviations.connection_for_each_request;
  made.deviations.answers_every_challenge = config.deviations.tries_refused_password;
  made.deviations.udp_in_dialog = config.deviations.udp_in_dialog;
  if (config.deviations.no_credentials) return made;
  for (const Account& account : config.uplink.accounts)
    made.accounts.push_back({config.uplink.realm, account.user, account.password});
  return made;
}

} // namespace

Gateway::State::State(net::Network& net, Config settings, EventLog& event_log,
                      std::function<void(std::string_view)> secrets)
    : network(net), config(std::move(settings)), log(event_log), keylog(std::move(secrets)) {
  config.dtls.deviations = config.deviations.dtls;
  mikey.emplace(mikey_settings(config));
  ua::UserAgentConfig made = agent_config(config);
  // Behind an outbound proxy everything goes there (RFC 3261 §8.1.2).
  if (!config.dns_servers.empty() && !config.uplink.outbound_proxy)
    made.locate = [this](const ua::LocationWish& wish, ua::Located done) {
      ua::LocationWish able = wish;
      able.supported = transports();
      locate(able, std::move(done));
    };
  made.tls.keylog = keylog;
  made.tls.clock_offset = config.clock_offset;
  const bool has_certificate = !config.tls.certificate_pem.empty();
  if (has_certificate || wants_tls(config)) {
    made.tls.client = tls_config(config.tls, tls::Role::client, config.deviations.tls);
    if (has_certificate) made.tls.server = tls_config(config.tls, tls::Role::server, config.deviations.tls);
  }
  for (const auto& [name, context] : config.sbc.tls_contexts) {
    ua::TlsSides& sides = made.tls.contexts[name];
    sides.client = tls_config(context, tls::Role::client, config.deviations.tls);
    if (!context.certificate_pem.empty())
      sides.server = tls_config(context, tls::Role::server, config.deviations.tls);
  }
  make_agent(std::move(made));
}

void Gateway::State::make_agent(ua::UserAgentConfig settings) {
  uplink.reset();
  agent = std::make_unique<ua::UserAgent>(network, std::move(settings), *this);
  uplink = std::make_unique<Uplink>(
      network, *agent, config,
      [this](const ua::LocationWish& wish, ua::Located done) { locate(wish, std::move(done)); },
      [this](LogLevel level, const std::string& text) { say(level, text); }, [this] { notify(); });
}

Gateway::State::~State() {
  network.forget(ring_timer);
  for (auto& [handle, leg] : legs) (void)finish_recording(leg); // who stops in the middle has what was heard
}

// DGW-TLS-4: without a host certificate there are calls in one direction only; that has to be meant.
Result<void> Gateway::State::check_certificate() {
  const std::string& lab = config.tls.lab_certificate;
  if (!config.tls.certificate_pem.empty()) return {};
  if (lab == no_lab_item) {
    say(LogLevel::warning, "there is no host certificate: TLS connections that come in are refused");
    return {};
  }
  if (!lab.empty()) return fail("sipvet.sip.tls.certificate: there is no lab here that could give " + lab);
  return fail("netborder.sip.tls.serverCertificateFile: a TLS user agent needs a certificate; with "
              "sipvet.sip.tls.certificate none it has none and only calls out");
}

Result<void> Gateway::State::check_tls() {
  if (!wants_tls(config)) return {};
  SIPVET_CHECK(check_certificate());
  if (config.tls.trusted_roots_pem.empty() && !config.tls.lab_trust.empty() &&
      config.tls.lab_trust != no_lab_item)
    return fail("sipvet.sip.tls.trust: there is no lab here to be trusted");
  const ua::TransportTls& tls = agent->config().tls;
  SIPVET_CHECK(check_sides(tls, "TLS", config.tls));
  for (const auto& [name, settings] : config.sbc.tls_contexts)
    SIPVET_CHECK(check_sides(tls.contexts.at(name), "TLS context " + name, settings));
  return {};
}

Result<void> Gateway::State::make_dtls_identity() {
  if (!uses(config, keying::KeyExchange::dtls_srtp)) return {};
  if (keying::profiles_of(config.srtp_suites).empty())
    return fail(
        "netborder.media.srtp.cryptoSuite: DTLS-SRTP has a protection profile for none of the suites");
  SIPVET_TRY(dtls_identity, ua::make_dtls_identity(network.random(), network.now()));
  return {};
}

Result<void> Gateway::State::listen(const UserAgentAddress& address, const std::string& sip_interface) {
  ua::ListenOptions options;
  if (!sip_interface.empty() && !config.deviations.route.one_tls_context)
    options.context = config.sbc.sip_interfaces.at(sip_interface).tls_context;
  const std::uint16_t port = config.any_port ? std::uint16_t{0} : address.port;
  const Result<Endpoint> endpoint = agent->listen(address.transport, {address.ip, port}, options);
  if (!endpoint) {
    // What listens already goes with the agent, so that a failed start leaves nothing behind.
    ua::UserAgentConfig again = agent->config();
    make_agent(std::move(again));
    listening.clear();
    const std::string property =
        sip_interface.empty() ? "netborder.sip.userAgent.IPAddress" : "SIP Interfaces " + sip_interface;
    return fail(property + ": cannot listen on " + to_string(address) + ": " + endpoint.error().what);
  }
  listening.push_back({address.transport, *endpoint, address.port, sip_interface});
  const std::string where = sip_interface.empty() ? "" : " (SIP interface " + sip_interface + ")";
  say(LogLevel::info,
      "listens for SIP on " + to_string(*endpoint) + "/" + std::string(ua::name(address.transport)) + where);
  return {};
}

Result<void> Gateway::State::listen_on_interfaces() {
  for (const auto& [name, row] : config.sbc.sip_interfaces) {
    const std::pair<ua::Transport, std::uint16_t> ports[] = {{ua::Transport::udp, row.udp_port},
                                                             {ua::Transport::tcp, row.tcp_port},
                                                             {ua::Transport::tls, row.tls_port}};
    for (const auto& [transport, port] : ports)
      if (port != 0) SIPVET_CHECK(listen({config.interface_ip, port, transport}, name));
  }
  return {};
}

void Gateway::State::start_proxy_sets() {
  if (!config.dns_servers.empty()) resolver.emplace(network, ua::ResolverSettings{config.dns_servers});
  if (config.sbc.proxy_sets.empty()) return;
  if (config.deviations.route.no_keep_alive)
    for (auto& [name, set] : config.sbc.proxy_sets) set.keep_alive = false;
  ProxySurroundings around{network, resolver ? &*resolver : nullptr, {}, {}, {}};
  around.ask = [this](const ua::Target& target) { return agent->request("OPTIONS", target); };
  around.interface_at = [this](const std::string& name, ua::Transport transport) -> std::optional<Endpoint> {
    for (const Listening& each : listening)
      if (each.sip_interface == name && each.transport == transport) return each.endpoint;
    return std::nullopt;
  };
  around.say = [this](LogLevel level, const std::string& text) {
    say(level, text);
    notify();
  };
  proxy_sets = std::make_unique<ProxySets>(config.sbc, std::move(around));
  proxy_sets->start();
}

Result<void> Gateway::State::start() {
  if (config.uplink.syslog) {
    syslog = std::make_unique<Syslog>(network, *config.uplink.syslog, config.uplink.syslog_facility);
    SIPVET_CHECK(syslog->open());
  }
  SIPVET_CHECK(check_tls());
  SIPVET_CHECK(make_dtls_identity());
  if (config.sbc.sip_interfaces.empty()) {
    for (const UserAgentAddress& address : config.user_agents) SIPVET_CHECK(listen(address, {}));
  }
  SIPVET_CHECK(listen_on_interfaces());
  start_proxy_sets();
  say(LogLevel::info, "SRTP mode " + std::string(name(config.srtp_mode)));
  uplink->start();
  return {};
}

} // namespace sipvet::gateway
