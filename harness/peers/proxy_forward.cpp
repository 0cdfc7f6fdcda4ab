// The proxy's way with requests and responses (RFC 3261 §16), and where it sends them.
#include "base/text.hpp"
#include "dialog/dialog.hpp"
#include "dialog/request_builder.hpp"
#include "dialog/transaction_messages.hpp"
#include "peers/proxy_state.hpp"
#include "sip/name_addr.hpp"
#include "sip/via.hpp"

#include <algorithm>

namespace sipvet::peers {

namespace {

constexpr std::uint64_t most_forwards = 255; // RFC 3261 §20.22

// Every transport that the proxy may have, for looking them all up.
constexpr ua::Transport transports[] = {ua::Transport::udp, ua::Transport::tcp, ua::Transport::tls};

bool begins_call(const sip::Message& request) {
  return request.method() == "INVITE" && dialog::to_tag(request).empty();
}

void remove_first(sip::Message& message, std::string_view header) {
  const std::vector<std::string> all = message.list(header);
  message.remove(header);
  for (std::size_t i = 1; i < all.size(); ++i) message.add(header, all[i]);
}

// §16.4, §16.6 step 10: in front of those that are there.
void put_first(sip::Message& message, std::string_view header, const std::string& value) {
  const std::vector<std::string> all = message.list(header);
  message.remove(header);
  message.add(header, value);
  for (const std::string& one : all) message.add(header, one);
}

} // namespace

bool Proxy::State::is_own(const sip::Uri& uri) const {
  if (iequals(uri.host, settings.domain) || iequals(uri.host, settings.proxy.realm)) return true;
  const auto address = parse_ip(uri.host);
  if (!address || *address != surroundings.address) return false;
  return std::ranges::any_of(transports, [&](ua::Transport transport) {
    const auto own = transactions.transport().listening(transport);
    return own && own->port == uri.port.value_or(ua::default_port(transport));
  });
}

// §16.4: what names this proxy is done with; two where the transport changed here (RFC 5658 §5).
void Proxy::State::remove_own_routes(sip::Message& request) const {
  for (int i = 0; i < 2; ++i) {
    const std::vector<std::string> routes = request.list("Route");
    const auto first =
        sip::parse_name_addr(routes.empty() ? std::string_view() : std::string_view(routes.front()));
    if (!first || !is_own(first->uri)) return;
    remove_first(request, "Route");
  }
}

// RFC 3263 §4.1 without DNS: the transport parameter, sips, else UDP.
Proxy::State::NextHop Proxy::State::next_hop(const sip::Message& request) const {
  NextHop out;
  std::string uri = request.uri();
  if (const auto routes = request.list("Route"); !routes.empty()) {
    const auto route = sip::parse_name_addr(routes.front());
    if (!route) return {{}, "the Route cannot be read"};
    uri = to_string(route->uri);
  }
  const auto target = ua::target_of_uri(uri, ua::Transport::udp);
  if (!target) return {{}, target.error().what};
  out.target = *target;
  if (!transactions.transport().listening(out.target.transport))
    out.problem = "there is no " + std::string(ua::name(out.target.transport)) + " here to reach " + uri;
  return out;
}

std::string Proxy::State::via_for(const ua::Target& target) {
  const Endpoint own = transactions.transport().reachable_at(target);
  return "SIP/2.0/" + std::string(ua::via_name(target.transport)) + " " + to_string(own) +
         ";branch=" + dialog::new_branch(surroundings.network.random());
}

std::string Proxy::State::route_to(ua::Transport transport, bool two) const {
  const auto own = transactions.transport().listening(transport).value_or(Endpoint{});
  std::string out = "<sip:" + to_string(own);
  if (transport != ua::Transport::udp && !settings.proxy.route_without_transport)
    out += ";transport=" + std::string(ua::name(transport));
  return out + (two ? ";r2=on;lr>" : ";lr>");
}

// RFC 5658 §5: where the transport changes, one for each side, that towards the callee on top.
void Proxy::State::add_record_route(sip::Message& request, const ua::Hop& hop,
                                    const ua::Target& target) const {
  if (!settings.proxy.record_route || !begins_call(request)) return;
  const bool two = hop.transport != target.transport;
  if (two) put_first(request, "Record-Route", route_to(hop.transport, true));
  put_first(request, "Record-Route", route_to(target.transport, two));
}

bool Proxy::State::prepare(ua::ServerId id, const ua::Hop& hop, sip::Message& request, NextHop& next) {
  const auto refuse = [&](int status, std::string reason = {}) {
    if (id != ua::ServerId::none) respond(id, request, status, std::move(reason));
    return false;
  };
  const auto forwards_left = parse_decimal(request.header("Max-Forwards").value_or("70"), most_forwards, "");
  if (!forwards_left) return refuse(400, "Max-Forwards Cannot Be Read");
  if (*forwards_left == 0) return refuse(483);
  request.set("Max-Forwards", std::to_string(*forwards_left - 1));
  remove_own_routes(request);
  const auto uri = sip::parse_uri(request.uri());
  if (!uri) return refuse(400, "Request-URI Cannot Be Read");
  if (is_own(*uri) && request.list("Route").empty()) {
    const std::vector<sip::Uri> contacts = location.find(uri->user, surroundings.network.now());
    if (contacts.empty()) return refuse(404);
    request.set_uri(to_string(contacts.front()));
  } else if (dialog::to_tag(request).empty() && request.method() != "ACK") {
    return refuse(403, "Relaying Is Forbidden");
  }
  next = next_hop(request);
  if (!next.problem.empty()) return refuse(settings.proxy.no_way_status);
  add_record_route(request, hop, next.target);
  return true;
}

void Proxy::State::forward(ua::ServerId id, const ua::Hop& hop, sip::Message request) {
  const bool within = !dialog::to_tag(request).empty() && request.method() != "CANCEL";
  const bool challenged =
      begins_call(request) ? settings.proxy.challenge_calls : within && settings.proxy.challenge_in_calls;
  if (challenged) {
    const auto checked = digest->check(request, true, surroundings.network.now());
    if (checked.user.empty()) return challenge(id, request, true, checked.stale);
    request.remove("Proxy-Authorization"); // §22.3: it was for this proxy
  }
  const sip::Message received = request;
  NextHop next;
  if (!prepare(id, hop, request, next)) return;
  if (request.method() == "INVITE") respond(id, received, 100);
  put_first(request, "Via", via_for(next.target));
  const auto client = transactions.send_request(request, next.target);
  if (!client) return respond(id, received, settings.proxy.no_way_status);
  forwards[*client] = {id, received, request, next.target};
}

void Proxy::State::forward_ack(const ua::Hop& hop, sip::Message ack) {
  NextHop next;
  if (!prepare(ua::ServerId::none, hop, ack, next)) return;
  put_first(ack, "Via", via_for(next.target));
  (void)transactions.send_untracked(ack, next.target);
}

// §16.10: answered here, and passed on with a CANCEL of our own.
void Proxy::State::cancel_came(ua::ServerId id, const sip::Message& request) {
  const ua::ServerId invite = transactions.cancelled_by(request);
  const auto found =
      std::ranges::find_if(forwards, [&](const auto& each) { return each.second.server == invite; });
  if (invite == ua::ServerId::none || found == forwards.end()) return respond(id, request, 481);
  respond(id, request, 200);
  if (!found->second.answered)
    (void)transactions.send_request(dialog::make_cancel(found->second.sent), found->second.target);
}

// §16.7: without our Via, the same to the one who asked.
void Proxy::State::on_response(ua::ClientId id, const ua::Hop&, const sip::Message& response) {
  const auto found = forwards.find(id);
  if (found == forwards.end() || response.status() == 100) return;
  Forward& forward = found->second;
  forward.answered = forward.answered || response.status() >= 200;
  sip::Message on = response;
  remove_first(on, "Via");
  (void)transactions.respond(forward.server, on);
  // The callee repeats its 2xx by itself until the ACK comes (§13.3.1.4).
  transactions.acknowledged(forward.server);
}

void Proxy::State::on_client_failed(ua::ClientId id, const std::string&, bool timed_out) {
  const auto found = forwards.find(id);
  if (found == forwards.end() || found->second.answered) return;
  found->second.answered = true;
  respond(found->second.server, found->second.received, timed_out ? 408 : settings.proxy.no_way_status);
}

} // namespace sipvet::peers
