// One server that the gateway keeps to: looked for by its name, reached over a persistent connection where
// TLS is on, and left for the next one where it fails.
#pragma once

#include "gateway/event_log.hpp"
#include "gateway/uplink_settings.hpp"
#include "ua/persistent_connection.hpp"
#include "ua/server_location.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sipvet::gateway {

struct LinkWish {
  ServerName server;
  ua::Transport transport = ua::Transport::udp;
  bool persistent = false; // a connection is kept
  Endpoint local;          // of that connection; port 0: a free one
  bool failover = true;    // false: the first server that DNS names, and no other
  ua::PersistentSettings connection;
  Duration round_pause = std::chrono::seconds(5); // before servers are tried again that all have failed
};

class ServerLink final : public net::Node {
 public:
  struct Surroundings {
    net::Network& network;
    ua::SipTransport& transport;
    std::function<void(const ua::LocationWish&, ua::Located)> locate;
    std::function<void(LogLevel, const std::string&)> log;
  };
  // `up`: requests can go there now. `down`: they can't any more. `changed`: what status() says may be new.
  struct Events {
    std::function<void(const ua::Target&)> up;
    std::function<void()> down;
    std::function<void()> changed;
  };

  ServerLink(LinkWish wish, Surroundings around, Events events);
  ~ServerLink() override;

  void open();
  // The server in use answers that it is of no use, or does not answer: the next one's turn, soon.
  void go_on(const std::string& why);
  // Servers in the order in which a request is to try them: the one in use first. Fails while there is none.
  Result<std::vector<ua::Target>> targets() const;

  const ServerName& server() const { return wish_.server; }
  bool persistent() const { return wish_.persistent; }
  bool up() const;
  std::uint16_t local_port() const;
  Endpoint remote() const; // of the server in use; port 0: not found yet

  // What the user agent reported; false: of another connection.
  bool note_up(const ua::Hop& hop) { return connection_ && connection_->note_up(hop); }
  bool note_lost(const ua::Hop& hop, const std::string& cause) {
    return connection_ && connection_->note_lost(hop, cause);
  }
  bool note_pong(const ua::Hop& hop) { return connection_ && connection_->note_pong(hop); }

  void on_timer(net::TimerId timer) override;

 private:
  ua::LocationWish location() const;
  void look();
  void take(const Result<std::vector<ua::Target>>& found);
  void use_current();
  void make_connection();
  void lost(const std::string& cause);
  void look_again();
  void wake(Duration after, std::function<void()> what);
  std::vector<ua::Target> usable(std::vector<ua::Target> found) const;

  LinkWish wish_;
  Surroundings around_;
  Events events_;
  std::vector<ua::Target> targets_; // as DNS has them; empty: not found yet
  std::size_t current_ = 0;
  std::unique_ptr<ua::PersistentConnection> connection_; // where one is kept, as soon as a server was found
  bool was_up_ = false;                                  // since the last attempt
  unsigned lookups_failed_ = 0;                          // in a row
  net::TimerId timer_ = net::TimerId::none;
  std::function<void()> due_;
};

} // namespace sipvet::gateway
