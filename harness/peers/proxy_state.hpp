// What a proxy keeps between messages; private to the files of proxy.hpp.
#pragma once

#include "peers/connection_expectation.hpp"
#include "peers/location.hpp"
#include "peers/proxy.hpp"
#include "ua/digest_server.hpp"
#include "ua/transactions.hpp"

#include <map>
#include <optional>

namespace sipvet::peers {

struct Proxy::State final : ua::TransactionsUser, ua::TransportUser {
  State(std::string proxy_name, Settings proxy_settings, Surroundings around);

  // Closes connections that have been quiet for too long.
  struct IdleTimer final : net::Node {
    explicit IdleTimer(State& owner) : state(owner) {}
    ~IdleTimer() override { state.surroundings.network.forget(*this); }
    void on_timer(net::TimerId timer) override;
    State& state;
    net::TimerId set = net::TimerId::none;
  };

  // A request on its way.
  struct Forward {
    ua::ServerId server = ua::ServerId::none;
    sip::Message received, sent;
    ua::Target target;
    bool answered = false; // finally
  };
  struct NextHop {
    ua::Target target;
    std::string problem; // empty: there is a way
  };

  // proxy_registrar.cpp
  void register_came(ua::ServerId id, const ua::Hop& hop, const sip::Message& request);
  void challenge(ua::ServerId id, const sip::Message& request, bool as_proxy, bool stale);

  // proxy_forward.cpp
  void forward(ua::ServerId id, const ua::Hop& hop, sip::Message request);
  void forward_ack(const ua::Hop& hop, sip::Message ack);
  void cancel_came(ua::ServerId id, const sip::Message& request);
  // False: the response that says why was sent.
  bool prepare(ua::ServerId id, const ua::Hop& hop, sip::Message& request, NextHop& next);
  void remove_own_routes(sip::Message& request) const;
  NextHop next_hop(const sip::Message& request) const;
  void add_record_route(sip::Message& request, const ua::Hop& hop, const ua::Target& target) const;
  std::string route_to(ua::Transport transport, bool two) const;
  std::string via_for(const ua::Target& target);
  bool is_own(const sip::Uri& uri) const;

  // proxy_steps.cpp
  void close(const ua::Hop& hop);
  ActiveStep disconnect(const script::Step& step);
  ActiveStep listen(const script::Step& step);
  ActiveStep expect(const script::Step& step);

  // proxy.cpp
  Result<Endpoint> open_ports();
  void respond(ua::ServerId id, const sip::Message& request, int status, std::string reason = {},
               const ua::HeaderValues& headers = {});
  void note_alias(const ua::Hop& hop, const sip::Message& request);
  void watch_idle();
  void close_idle();

  void on_request(ua::ServerId id, const ua::Hop& hop, const sip::Message& request) override;
  void on_response(ua::ClientId id, const ua::Hop& hop, const sip::Message& response) override;
  void on_client_failed(ua::ClientId id, const std::string& cause, bool timed_out) override;
  void on_message(const ua::Hop& hop, const sip::Message& message) override;
  void on_sent(const ua::Hop& hop, const sip::Message& message) override;
  void on_connected(const ua::Hop& hop, const std::optional<tls::SessionInfo>& session) override;
  void on_connect_failed(const ua::Hop& hop, const ua::ConnectFailure& failure) override;
  void on_closed(const ua::Hop& hop, const ua::Closure& closure) override;
  void on_alert(const ua::Hop& hop, const tls::Alert& alert, bool sent) override;

  const std::string name;
  const Settings settings;
  Surroundings surroundings;
  ua::Transactions transactions;
  std::optional<ua::DigestServer> digest; // once it listens
  Location location;
  std::map<ua::ClientId, Forward> forwards;
  ConnectionRecords connections;
  std::uint16_t own_port = 0; // once it has listened
  IdleTimer idle_timer{*this};
};

} // namespace sipvet::peers
