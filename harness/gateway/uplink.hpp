// The gateway's way to its proxy: persistent connections, one for each server, the registrations over them,
// and the log lines that DGW v2.0 writes about both.
#pragma once

#include "gateway/event_log.hpp"
#include "gateway/gateway.hpp"
#include "gateway/server_link.hpp"
#include "ua/registrar_client.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sipvet::gateway {

class Uplink {
 public:
  // `locate` looks for servers by their names.
  Uplink(net::Network& network, ua::UserAgent& agent, const Config& config,
         std::function<void(const ua::LocationWish&, ua::Located)> locate,
         std::function<void(LogLevel, const std::string&)> say, std::function<void()> changed);

  // Says in the log which transports are on, and makes the connections to the servers of the settings.
  void start();
  // Registers at this server and calls through it, whatever the settings say.
  void use(const Endpoint& server);
  void unregister();

  bool takes_calls() const; // there is a proxy
  // An INVITE for the number, on its way to the proxy. Fails while its connection is down.
  Result<ua::InviteOptions> invite_to(const std::string& number) const;
  std::vector<LinkStatus> links() const;
  std::vector<RegistrationStatus> registrations() const;

  // What the user agent reported. The last two say whether it was theirs.
  void note_up(const ua::Hop& hop);
  void note_lost(const ua::Hop& hop, const std::string& cause);
  void note_pong(const ua::Hop& hop);
  bool note_response(ua::RequestId id, const sip::Message& response);
  bool note_failure(ua::RequestId id);

 private:
  void connect();
  ServerLink& link_to(const ServerName& server);
  ServerLink* find(const ServerName& server) const;
  ServerLink* registrars_link() const;
  const ServerName& next_hop(const ServerName& server) const; // that server, or the outbound proxy
  void server_up(const ServerName& server, const ua::Target& target);
  void bind_over(const ua::Target& target);
  void note_registration(std::size_t number);
  void log(LogLevel level, const std::string& text);

  net::Network& network_;
  ua::UserAgent& agent_;
  const Config& config_;
  UplinkSettings settings_;
  std::function<void(const ua::LocationWish&, ua::Located)> locate_;
  std::function<void(LogLevel, const std::string&)> say_;
  std::function<void()> changed_;
  ua::Transport transport_ = ua::Transport::udp;
  ua::RegistrarClient registrar_;
  std::vector<std::unique_ptr<ServerLink>> links_;
  bool bound_before_ = false;                     // over some connection
  std::vector<dialog::Registration::State> told_; // of each registration, in the log
  unsigned lines_ = 0;
};

} // namespace sipvet::gateway
