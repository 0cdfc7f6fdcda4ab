// Calls that the telephone side places: where each goes, by rule, trunk, IP group or route, and what is done
// until it is under way.
#include "gateway/gateway_state.hpp"
#include "gateway/routing_rules.hpp"
#include "sip/name_addr.hpp"

#include <algorithm>

namespace sipvet::gateway {

namespace {

std::string user_of(std::string_view uri) {
  const auto parsed = sip::parse_uri(uri);
  return parsed ? parsed->user : std::string();
}

std::string with_number(std::string pattern, const std::string& number) {
  for (std::size_t at = 0; (at = pattern.find("%0", at)) != std::string::npos; at += number.size()) {
    pattern.replace(at, 2, number);
  }
  return pattern;
}

std::string with_transport(std::string uri, ua::Transport transport) {
  if (transport != ua::Transport::udp) uri += ";transport=" + std::string(ua::name(transport));
  return uri;
}

} // namespace

// What the gateway can send over: that of its user agents.
std::vector<ua::Transport> Gateway::State::transports() const {
  std::vector<ua::Transport> out;
  for (const ua::Transport transport : {ua::Transport::tls, ua::Transport::tcp, ua::Transport::udp})
    if (std::ranges::any_of(listening, [&](const Listening& each) { return each.transport == transport; }))
      out.push_back(transport);
  return out;
}

Result<Destination> Gateway::State::by_rules(const PlaceCall& call) {
  const PstnCall pstn{call.channel_name, call.number, call.caller, call.caller_name, call.transfer};
  SIPVET_TRY(RoutedCall routed, config.routing_rules->route(pstn, config.deviations.route.ignores_qvalue));
  if (config.deviations.route.ignores_rule_transport) routed.transport.reset();
  Destination out;
  out.options.request_uri = std::move(routed.request_uri);
  out.options.from = std::move(routed.from_uri);
  out.options.from_display_name = std::move(routed.from_display_name);
  out.has_gateway_words = true;
  SIPVET_TRY(const sip::Uri uri, sip::parse_uri(out.options.request_uri));
  out.wish = {uri, routed.transport, transports()};
  say(LogLevel::info, "rule '" + routed.rule + "' takes the call to " + call.number);
  return out;
}

// SXB-PORT-1: the transport of a trunk is forced, or left to DNS.
Result<Destination> Gateway::State::by_trunk(const PlaceCall& call) const {
  const Trunk& trunk = config.trunks.trunk;
  sip::Uri uri;
  uri.user = call.number;
  uri.host = trunk.address;
  if (trunk.port != 0) uri.port = trunk.port;
  Destination out;
  out.wish = {uri, trunk.transport, transports()};
  out.options.request_uri = to_string(uri);
  if (trunk.transport) out.options.request_uri = with_transport(out.options.request_uri, *trunk.transport);
  return out;
}

Result<Destination> Gateway::State::by_group(const PlaceCall& call) const {
  const std::string& name = config.sbc.outbound_group;
  const IpGroup& group = config.sbc.ip_groups.at(name);
  const ProxyAddress& first = config.sbc.proxy_sets.at(group.proxy_set).addresses.front();
  Destination out;
  out.proxy_set = group.proxy_set;
  out.options.request_uri = with_transport("sip:" + call.number + "@" + first.host, first.transport);
  return out;
}

Result<Destination> Gateway::State::destination_of(const PlaceCall& call) {
  Destination out;
  out.options.request_uri = call.request_uri;
  if (call.target) {
    out.options.target = *call.target;
    if (call.request_uri.empty())
      out.options.request_uri =
          with_transport("sip:" + call.number + "@" + to_string(call.target->remote), call.target->transport);
  } else if (uplink->takes_calls() && call.request_uri.empty()) {
    SIPVET_TRY(out.options, uplink->invite_to(call.number));
  } else if (config.routing_rules) {
    SIPVET_TRY(out, by_rules(call));
  } else if (!config.sbc.outbound_group.empty() && call.request_uri.empty()) {
    SIPVET_TRY(out, by_group(call));
  } else if (!config.trunks.trunk.address.empty() && call.request_uri.empty()) {
    SIPVET_TRY(out, by_trunk(call));
  } else {
    if (out.options.request_uri.empty())
      out.options.request_uri = with_number(config.route.request_uri, call.number);
    if (out.options.request_uri.empty())
      return fail("sip.out.requestUri: there is no route for calls from the telephone side");
    SIPVET_TRY(const sip::Uri uri, sip::parse_uri(out.options.request_uri));
    // What the URI says counts more than the route's transport.
    const bool stated = uri.scheme == "sips" || sip::find(uri.parameters, "transport");
    out.wish = {uri, stated ? std::nullopt : config.route.transport, transports()};
  }
  out.options.headers = call.headers;
  out.options.from_user = call.from_user.empty() ? config.route.from_user : call.from_user;
  return out;
}

Result<CallHandle> Gateway::State::place_call(const PlaceCall& call) {
  SIPVET_TRY(Destination to, destination_of(call));
  const CallHandle handle = to.options.id = agent->reserve_call();
  Leg& leg = legs[handle];
  leg.info.handle = handle;
  leg.info.outgoing = true;
  leg.info.remote = to.options.request_uri;
  leg.info.remote_user = user_of(to.options.request_uri);
  leg.info.number = call.number;
  leg.info.transport = to.options.target.transport;
  std::optional<Error> at_once; // what is known before anything was asked of the network
  const auto go_on = [&at_once](const Result<void>& begun) {
    if (!begun) at_once = begun.error();
  };
  if (!to.proxy_set.empty()) {
    begin_at_proxy_set(leg, std::move(to));
  } else if (!to.wish) {
    go_on(begin(leg, std::move(to), {}));
  } else if (!resolver) {
    locate(*to.wish, [&](const auto& found) {
      go_on(found ? begin(leg, std::move(to), *found) : Result<void>(found.error()));
    });
  } else {
    locate_later(handle, std::move(to));
  }
  if (!at_once) return handle;
  legs.erase(handle);
  return *at_once;
}

void Gateway::State::locate(const ua::LocationWish& wish, ua::Located done) {
  ua::LocationWish asked = wish;
  const auto& uri = asked.uri;
  const bool naptr_wanted = !asked.transport && !uri.port && !sip::find(uri.parameters, "transport");
  if (config.deviations.route.ignores_naptr && naptr_wanted)
    asked.transport = uri.scheme == "sips" ? ua::Transport::tls : ua::Transport::udp;
  ua::locate(resolver ? &*resolver : nullptr, network.random(), asked, std::move(done));
}

void Gateway::State::locate_later(CallHandle handle, Destination to) {
  const ua::LocationWish wish = *to.wish;
  locate(wish, [this, handle, to = std::move(to)](const Result<std::vector<ua::Target>>& found) {
    Leg* leg = find(handle);
    if (leg == nullptr || leg->info.state != CallState::ringing) return; // hung up meanwhile
    const Result<void> begun = found ? begin(*leg, to, *found) : Result<void>(found.error());
    if (!begun) cannot_begin(*leg, begun.error().what);
  });
}

// RFC 3261 §8.1.3.1: who cannot be reached is unavailable.
void Gateway::State::cannot_begin(Leg& leg, const std::string& why) {
  leg.info.status = 503;
  leg.info.reason = why;
  finish(leg, CallState::failed, why);
}

void Gateway::State::begin_at_proxy_set(Leg& leg, Destination to) {
  const bool dead_too = config.deviations.route.calls_dead_servers;
  std::vector<ua::Target> servers =
      dead_too ? proxy_sets->all(to.proxy_set) : proxy_sets->alive(to.proxy_set);
  if (servers.empty()) return cannot_begin(leg, "no server of proxy set " + to.proxy_set + " is alive");
  if (!config.sbc.proxy_sets.at(to.proxy_set).hot_swap) servers.resize(1);
  leg.media_realm = config.sbc.ip_groups.at(config.sbc.outbound_group).media_realm;
  if (const auto begun = begin(leg, std::move(to), servers); !begun) cannot_begin(leg, begun.error().what);
}

// `targets` may be empty where the destination names its target itself.
Result<void> Gateway::State::begin(Leg& leg, Destination to, const std::vector<ua::Target>& targets) {
  std::vector<ua::Target> in_order = targets;
  if (config.deviations.route.last_server_first) std::ranges::reverse(in_order);
  if (!in_order.empty()) {
    to.options.target = in_order.front();
    to.options.alternatives.assign(in_order.begin() + 1, in_order.end());
  }
  if (config.deviations.route.no_failover) to.options.alternatives.clear();
  const ua::Target& target = to.options.target;
  if (to.has_gateway_words) {
    const Endpoint own = agent->transport().reachable_at(target);
    const GatewayWords words{config.host.empty() ? to_string(own.ip) : config.host, std::to_string(own.port)};
    to.options.request_uri = expand_gateway_words(std::move(to.options.request_uri), words);
    to.options.from = expand_gateway_words(std::move(to.options.from), words);
  }
  leg.info.remote = to.options.request_uri;
  leg.info.transport = target.transport;
  leg.server = target.remote;
  if (leg.media_realm.empty()) leg.media_realm = realm_of(agent->transport().reachable_at(target));
  SIPVET_CHECK(open_media(leg, media_address(target, {}), offers_two_sections(config)));
  SIPVET_TRY(const sdp::Session offered, new_offer(leg));
  to.options.body = ua::Body{sdp::serialize(offered), "application/sdp"};
  SIPVET_CHECK(agent->invite(to.options));
  say(LogLevel::info, "calls " + to.options.request_uri + " over " + std::string(ua::name(target.transport)) +
                          ", offers " +
                          (leg.info.offered ? std::string(keying::name(*leg.info.offered)) : "nothing"));
  return {};
}

void Gateway::State::on_next_server(ua::CallId call, const ua::Target& next, const std::string& cause) {
  Leg* leg = find(call);
  if (leg == nullptr) return;
  say(LogLevel::warning, "call to " + leg->info.remote + " fails at " + to_string(leg->server) + " (" +
                             cause + "): goes on to " + to_string(next.remote));
  if (proxy_sets) proxy_sets->call_failed(leg->server, cause);
  leg->server = next.remote;
  leg->info.transport = next.transport;
  notify();
}

} // namespace sipvet::gateway
