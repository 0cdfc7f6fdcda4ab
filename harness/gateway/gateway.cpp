#include "gateway/gateway.hpp"

#include "gateway/gateway_state.hpp"

namespace sipvet::gateway {

namespace {
Error no_such_call() { return fail("there is no such call"); }
} // namespace

std::string_view name(CallState state) {
  constexpr std::string_view names[] = {"ringing", "answered", "ended", "failed"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view state_name(const RegistrationStatus& status) { return dialog::name(status.state); }

CallInfo Gateway::State::snapshot(const Leg& leg) const {
  CallInfo info = leg.info;
  if (leg.media) {
    // Early media may have come in the other section.
    const bool in_second = leg.second && !leg.agreed && !leg.second->heard_ms().empty();
    const ua::MediaSession& media = in_second ? *leg.second : *leg.media;
    info.media = media.counters();
    info.heard_ms = media.heard_ms();
    info.dtmf = media.dtmf_received();
  }
  info.dtmf += leg.keys_by_info;
  if (info.outgoing) info.remote_at = leg.server;
  if (leg.fax) {
    info.fax_signal = leg.fax->heard();
    info.fax_packets = leg.fax->counters();
  }
  return info;
}

Gateway::Gateway(net::Network& network, Config config, EventLog& log,
                 std::function<void(std::string_view)> keylog)
    : state_(std::make_unique<State>(network, std::move(config), log, std::move(keylog))) {}
Gateway::~Gateway() = default;

Result<void> Gateway::start() { return state_->start(); }
const std::vector<Gateway::Listening>& Gateway::endpoints() const { return state_->listening; }

std::optional<Endpoint> Gateway::endpoint(ua::Transport transport) const {
  for (const Listening& each : state_->listening) {
    if (each.transport == transport) return each.endpoint;
  }
  return std::nullopt;
}

Result<CallHandle> Gateway::place_call(const PlaceCall& call) { return state_->place_call(call); }

Result<void> Gateway::answer(CallHandle call) {
  Leg* leg = state_->find(call);
  return leg == nullptr ? Result<void>(no_such_call()) : state_->order_answer(*leg);
}

Result<void> Gateway::decline(CallHandle call) {
  Leg* leg = state_->find(call);
  return leg == nullptr ? Result<void>(no_such_call()) : state_->decline(*leg);
}

Result<void> Gateway::hang_up(CallHandle call) {
  Leg* leg = state_->find(call);
  return leg == nullptr ? Result<void>(no_such_call()) : state_->hang_up(*leg);
}

Result<void> Gateway::send_dtmf(CallHandle call, std::string_view digits) {
  Leg* leg = state_->find(call);
  return leg == nullptr ? Result<void>(no_such_call()) : state_->send_dtmf(*leg, digits);
}

Result<void> Gateway::record(CallHandle call, const std::string& path) {
  Leg* leg = state_->find(call);
  return leg == nullptr ? Result<void>(no_such_call()) : state_->record(*leg, path);
}

Result<void> Gateway::finish_recording(CallHandle call) {
  Leg* leg = state_->find(call);
  return leg == nullptr ? Result<void>(no_such_call()) : state_->finish_recording(*leg);
}

Result<void> Gateway::send_fax(CallHandle call) {
  Leg* leg = state_->find(call);
  return leg == nullptr ? Result<void>(no_such_call()) : state_->send_fax(*leg);
}

std::vector<CallInfo> Gateway::calls() const {
  std::vector<CallInfo> all;
  for (const auto& [handle, leg] : state_->legs) all.push_back(state_->snapshot(leg));
  return all;
}

Result<ua::RequestId> Gateway::send_options(const ua::Target& target) { return state_->send_options(target); }
Result<ua::RequestId> Gateway::send_options(const std::string& uri) { return state_->send_options(uri); }

void Gateway::use_proxy(const Endpoint& server) { state_->uplink->use(server); }
void Gateway::unregister() { state_->uplink->unregister(); }
std::vector<LinkStatus> Gateway::links() const { return state_->uplink->links(); }
std::vector<RegistrationStatus> Gateway::registrations() const { return state_->uplink->registrations(); }

std::vector<RequestInfo> Gateway::requests() const {
  std::vector<RequestInfo> all;
  for (const auto& [id, pending] : state_->requests) all.push_back(pending.info);
  return all;
}

std::size_t Gateway::disconnect(const std::vector<Endpoint>& remotes) { return state_->disconnect(remotes); }

std::optional<CallInfo> Gateway::call(CallHandle call) const {
  const Leg* leg = state_->find(call);
  return leg == nullptr ? std::nullopt : std::optional(state_->snapshot(*leg));
}

bool Gateway::proxies_settled() const { return !state_->proxy_sets || state_->proxy_sets->settled(); }

void Gateway::on_change(std::function<void()> callback) { state_->changed = std::move(callback); }
void Gateway::on_traffic(std::function<void(bool, const ua::Hop&, const sip::Message&)> callback) {
  state_->traffic = std::move(callback);
}

const Config& Gateway::config() const { return state_->config; }
ua::UserAgent& Gateway::user_agent() { return *state_->agent; }

} // namespace sipvet::gateway
