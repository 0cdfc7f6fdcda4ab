#include "gateway/uplink.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace sipvet::gateway {

namespace {

using State = dialog::Registration::State;

dialog::RegistrationSettings registration_settings(const UplinkSettings& settings,
                                                   const Deviations& deviations) {
  return {settings.expires_s, settings.retry, settings.longest_retry, deviations.ignores_min_expires,
          deviations.no_renewed_registration};
}

std::string uri_of(const std::string& user, const ServerName& server) {
  return "sip:" + user + (user.empty() ? "" : "@") + to_string(server);
}

} // namespace

Uplink::Uplink(net::Network& network, ua::UserAgent& agent, const Config& config,
               std::function<void(const ua::LocationWish&, ua::Located)> locate,
               std::function<void(LogLevel, const std::string&)> say, std::function<void()> changed)
    : network_(network), agent_(agent), config_(config), settings_(config.uplink), locate_(std::move(locate)),
      say_(std::move(say)), changed_(std::move(changed)),
      registrar_(network, agent, registration_settings(settings_, config.deviations),
                 [this](std::size_t number) { note_registration(number); }) {
  const bool secure = std::ranges::any_of(
      config.user_agents, [](const auto& each) { return each.transport == ua::Transport::tls; });
  if (secure)
    transport_ = ua::Transport::tls;
  else if (!config.user_agents.empty())
    transport_ = config.user_agents.front().transport;
}

// DGW numbers its lines in hexadecimal, and names the SIP gateway that they are about.
void Uplink::log(LogLevel level, const std::string& text) {
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "[%04X] ", ++lines_ & 0xffffu);
  const std::string name = settings_.gateway_name.empty() ? "" : "[" + settings_.gateway_name + "] ";
  say_(level, "SipEngine " + std::string(number.data()) + name + text);
}

void Uplink::start() {
  if (!settings_.gateways.empty()) {
    for (const auto& [transport, name] :
         {std::pair{ua::Transport::udp, "UDP"}, {ua::Transport::tcp, "TCP"}, {ua::Transport::tls, "TLS"}}) {
      const bool on = std::ranges::any_of(config_.user_agents,
                                          [&](const auto& each) { return each.transport == transport; });
      log(LogLevel::info,
          std::string(on ? "SIP transport enable (" : "SIP transport disabled (") + name + ").");
    }
  }
  if (settings_.registrar || settings_.proxy) connect();
}

void Uplink::use(const Endpoint& server) {
  settings_.registrar = settings_.proxy = server_name(server);
  settings_.outbound_proxy.reset();
  connect();
}

const ServerName& Uplink::next_hop(const ServerName& server) const {
  return settings_.outbound_proxy ? *settings_.outbound_proxy : server;
}

ServerLink* Uplink::find(const ServerName& server) const {
  for (const auto& link : links_)
    if (link->server() == server) return link.get();
  return nullptr;
}

ServerLink* Uplink::registrars_link() const {
  return settings_.registrar ? find(next_hop(*settings_.registrar)) : nullptr;
}

ServerLink& Uplink::link_to(const ServerName& server) {
  if (ServerLink* const known = find(server)) return *known;
  const Deviations& deviations = config_.deviations;
  LinkWish wish;
  wish.server = server;
  wish.transport = transport_;
  // Only TLS connections are kept; over the others requests find their own way.
  wish.persistent = transport_ == ua::Transport::tls && !deviations.no_persistent_connection;
  wish.local.port = settings_.base_port == 0
                        ? std::uint16_t{0}
                        : static_cast<std::uint16_t>(settings_.base_port + links_.size());
  if (deviations.one_persistent_port) wish.local.port = settings_.base_port;
  if (!config_.user_agents.empty()) wish.local.ip = config_.user_agents.front().ip;
  wish.failover = !deviations.route.no_failover;
  wish.round_pause = settings_.retry;
  wish.connection = {settings_.reconnect,
                     settings_.longest_reconnect,
                     deviations.no_keep_alive ? Duration{} : settings_.keep_alive,
                     std::chrono::seconds(10),
                     deviations.ignores_missing_pong,
                     deviations.no_reconnect};
  links_.push_back(std::make_unique<ServerLink>(
      wish,
      ServerLink::Surroundings{network_, agent_.transport(), locate_,
                               [this](LogLevel level, const std::string& text) { log(level, text); }},
      ServerLink::Events{[this, server](const ua::Target& target) { server_up(server, target); },
                         [this, server] {
                           if (settings_.registrar && next_hop(*settings_.registrar) == server)
                             registrar_.suspend();
                         },
                         changed_}));
  return *links_.back();
}

void Uplink::server_up(const ServerName& server, const ua::Target& target) {
  if (!settings_.registrar || next_hop(*settings_.registrar) != server) return;
  const bool again = std::exchange(bound_before_, true) && config_.deviations.no_renewed_registration;
  if (!again) bind_over(target);
}

void Uplink::connect() {
  if (settings_.registrar && registrar_.statuses().empty()) {
    const std::string registrar = uri_of("", *settings_.registrar);
    for (const Account& account : settings_.accounts)
      registrar_.add(uri_of(account.user, *settings_.registrar), registrar);
    told_.assign(settings_.accounts.size(), State::idle);
  }
  if (transport_ == ua::Transport::tls && !config_.deviations.no_persistent_connection)
    log(LogLevel::info, "Establishing TLS persistent connections.");
  for (const auto& server : {settings_.registrar, settings_.proxy})
    if (server) link_to(next_hop(*server)).open();
}

void Uplink::bind_over(const ua::Target& target) {
  const Endpoint own = agent_.transport().reachable_at(target);
  for (std::size_t i = 0; i < settings_.accounts.size(); ++i) {
    // A password that was refused is refused over a new connection as well.
    if (registrar_.statuses()[i].state == State::refused && !config_.deviations.tries_refused_password)
      continue;
    sip::Uri contact;
    contact.user = settings_.accounts[i].user;
    contact.host = own.ip.v6 ? "[" + to_string(own.ip) + "]" : to_string(own.ip);
    if (own.port != 0) contact.port = own.port;
    if (settings_.transport_in_contact && settings_.transport_in_registration &&
        target.transport != ua::Transport::udp)
      sip::set(contact.parameters, "transport", std::string(ua::name(target.transport)));
    registrar_.bind(i, target, contact);
  }
}

void Uplink::unregister() {
  if (config_.deviations.no_unregister) return;
  for (std::size_t i = 0; i < settings_.accounts.size() && i < registrar_.statuses().size(); ++i)
    registrar_.unbind(i);
}

void Uplink::note_registration(std::size_t number) {
  const auto status = registrar_.statuses()[number];
  State& told = told_.at(number);
  if (status.state == told) return;
  told = status.state;
  const std::string who = status.address_of_record;
  if (status.state == State::registered)
    log(LogLevel::info, "Registered " + who + " for " + std::to_string(status.granted_s) + " s (" +
                            std::to_string(status.bindings) +
                            (status.bindings == 1 ? " binding)." : " bindings)."));
  else if (status.state == State::waiting && status.status == 0)
    log(LogLevel::warning, "The registration of " + who + " is not answered.");
  else if (status.state == State::waiting || status.state == State::refused)
    log(LogLevel::warning,
        "The registration of " + who + " is refused: " + std::to_string(status.status) + ".");
  else if (status.state == State::idle)
    log(LogLevel::info, "Unregistered " + who + ".");
  // RFC 3263 §4.3: no answer and 503 alike say that another server is to be tried.
  ServerLink* const link = registrars_link();
  if (link != nullptr && status.state == State::waiting && (status.status == 0 || status.status == 503))
    link->go_on(status.status == 0 ? "it does not answer" : "it answers 503");
  changed_();
}

bool Uplink::takes_calls() const { return settings_.proxy.has_value(); }

Result<ua::InviteOptions> Uplink::invite_to(const std::string& number) const {
  ServerLink* const link = find(next_hop(*settings_.proxy));
  if (link == nullptr) return fail(to_string(*settings_.proxy) + " was not looked for yet");
  SIPVET_TRY(const std::vector<ua::Target> targets, link->targets());
  ua::InviteOptions options;
  options.target = targets.front();
  options.alternatives.assign(targets.begin() + 1, targets.end());
  options.request_uri = uri_of(number, *settings_.proxy);
  if (!sip::parse_uri(options.request_uri)) return fail("'" + number + "' is no user of a SIP URI");
  if (!settings_.accounts.empty()) options.from = uri_of(settings_.accounts.front().user, *settings_.proxy);
  return options;
}

std::vector<LinkStatus> Uplink::links() const {
  std::vector<LinkStatus> out;
  for (const auto& link : links_)
    if (link->persistent())
      out.push_back({settings_.gateway_name, to_string(link->server()), link->local_port(), link->remote(),
                     link->up()});
  return out;
}

std::vector<RegistrationStatus> Uplink::registrations() const {
  std::vector<RegistrationStatus> out;
  for (const auto& each : registrar_.statuses())
    out.push_back({each.address_of_record, each.state, each.status, each.bindings, each.granted_s});
  return out;
}

void Uplink::note_up(const ua::Hop& hop) {
  for (const auto& link : links_)
    if (link->note_up(hop)) return;
}

void Uplink::note_lost(const ua::Hop& hop, const std::string& cause) {
  for (const auto& link : links_)
    if (link->note_lost(hop, cause)) return;
}

void Uplink::note_pong(const ua::Hop& hop) {
  for (const auto& link : links_)
    if (link->note_pong(hop)) return;
}

bool Uplink::note_response(ua::RequestId id, const sip::Message& response) {
  return registrar_.on_response(id, response);
}

bool Uplink::note_failure(ua::RequestId id) { return registrar_.on_request_failed(id); }

} // namespace sipvet::gateway
