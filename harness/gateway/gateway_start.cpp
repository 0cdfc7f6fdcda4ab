// How the gateway starts: TLS material checked first and named by property and file, then its user agents.
#include "gateway/gateway_state.hpp"
#include "gateway/properties.hpp"

#include <algorithm>

namespace sipvet::gateway {

namespace {

bool wants_tls(const Config& config) {
  return config.route.transport == ua::Transport::tls ||
         std::any_of(config.user_agents.begin(), config.user_agents.end(),
                     [](const UserAgentAddress& each) { return each.transport == ua::Transport::tls; });
}

std::vector<std::string> usable_suites(const TlsSettings& settings, EventLog& log) {
  std::vector<std::string> usable;
  for (const std::string& suite : settings.suites) {
    if (tls_suite_support(suite) == SuiteSupport::usable) {
      usable.push_back(suite);
    } else {
      log.line(LogLevel::warning,
               "netborder.sip.tls.cypherSuites: this TLS library cannot do " + suite + "; left out");
    }
  }
  return usable;
}

tls::Config tls_config(const TlsSettings& settings, tls::Role role, const std::vector<std::string>& suites) {
  tls::Config config;
  config.role = role;
  config.min_version = settings.min_version;
  config.max_version = settings.max_version;
  config.ciphers = suites;
  config.certificate_pem = settings.certificate_pem;
  config.private_key_pem = settings.private_key_pem;
  config.private_key_password = settings.private_key_password;
  config.trusted_roots_pem = settings.trusted_roots_pem;
  config.verify = settings.trusted_roots_pem.empty() ? tls::Verify::none : settings.verify;
  config.security_level = settings.security_level;
  return config;
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

ua::UserAgentConfig agent_config(const Config& config) {
  ua::UserAgentConfig made;
  made.user = config.user;
  made.host = config.host;
  made.user_agent = config.user_agent;
  made.timers = config.timers;
  made.deviations.no_ack = config.deviations.no_ack;
  made.deviations.no_bye_response = config.deviations.no_bye_response;
  return made;
}

} // namespace

Gateway::State::State(net::Network& net, Config settings, EventLog& event_log,
                      std::function<void(std::string_view)> keylog)
    : network(net), config(std::move(settings)), log(event_log) {
  ua::UserAgentConfig made = agent_config(config);
  made.tls.keylog = std::move(keylog);
  if (!config.tls.certificate_pem.empty() || config.route.transport == ua::Transport::tls ||
      wants_tls(config)) {
    const std::vector<std::string> suites = usable_suites(config.tls, log);
    made.tls.client = tls_config(config.tls, tls::Role::client, suites);
    if (!config.tls.certificate_pem.empty())
      made.tls.server = tls_config(config.tls, tls::Role::server, suites);
  }
  agent = std::make_unique<ua::UserAgent>(network, std::move(made), *this);
}

Gateway::State::~State() { network.forget(ring_timer); }

Result<void> Gateway::State::check_tls() {
  if (!wants_tls(config)) return {};
  const ua::TransportTls& tls = agent->config().tls;
  if (config.tls.certificate_pem.empty())
    return fail("netborder.sip.tls.serverCertificateFile: a TLS user agent needs a certificate");
  if (tls.client->ciphers.empty() && !config.tls.suites.empty()) {
    return fail("netborder.sip.tls.cypherSuites: this TLS library can do none of the suites");
  }
  for (const auto* each : {&tls.server, &tls.client}) {
    if (const Result<void> checked = tls::check_config(**each); !checked) {
      return fail("TLS cannot start with " + files_of(config.tls) + ": " + checked.error().what);
    }
  }
  return {};
}

Result<void> Gateway::State::start() {
  SIPVET_CHECK(check_tls());
  for (const UserAgentAddress& address : config.user_agents) {
    const Result<Endpoint> endpoint = agent->listen(address.transport, {address.ip, address.port});
    if (!endpoint) {
      // What listens already goes with the agent, so that a failed start leaves nothing behind.
      ua::UserAgentConfig again = agent->config();
      agent = std::make_unique<ua::UserAgent>(network, std::move(again), *this);
      listening.clear();
      return fail("netborder.sip.userAgent.IPAddress: cannot listen on " + to_string(address) + ": " +
                  endpoint.error().what);
    }
    listening.push_back({address.transport, *endpoint});
    say(LogLevel::info,
        "listens for SIP on " + to_string(*endpoint) + "/" + std::string(ua::name(address.transport)));
  }
  say(LogLevel::info, "SRTP mode " + std::string(name(config.srtp_mode)));
  return {};
}

} // namespace sipvet::gateway
