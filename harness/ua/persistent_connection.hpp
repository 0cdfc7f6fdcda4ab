// Keeps one connection to a server up: made from a chosen port of ours, made again after a loss with growing
// pauses, probed with CRLF CRLF (RFC 5626 §3.5.1, §4.4.1, §4.5).
#pragma once

#include "ua/sip_transport.hpp"

#include <functional>
#include <string>

namespace sipvet::ua {

struct PersistentSettings {
  Duration first_pause = std::chrono::seconds(1); // doubled with each attempt that fails
  Duration longest_pause = std::chrono::minutes(1);
  Duration keep_alive{};                           // from one CRLF CRLF to the next; 0: none are sent
  Duration pong_within = std::chrono::seconds(10); // RFC 5626 §4.4.1: without, the connection counts as lost
  // Misbehaviour by name.
  bool ignores_missing_pong = false;
  bool never_again = false; // does not come back after a loss
};

// Its owner is the transport's user and tells it what becomes of connections; what is of another connection
// it passes over, and says so with false.
class PersistentConnection final : public net::Node {
 public:
  enum class State { down, establishing, up };
  struct Events {
    std::function<void()> establishing;
    std::function<void()> up;
    std::function<void(const std::string& cause)> down; // and another attempt will follow
  };

  PersistentConnection(net::Network& network, SipTransport& transport, Target target, Endpoint local,
                       PersistentSettings settings, Events events);
  ~PersistentConnection() override;

  void open();
  void close(); // for good; without an event
  // While it is down: another server's turn. `at_once`: without the pause that would follow the last failure.
  void move_to(Target target, bool at_once);
  bool note_up(const Hop& hop);
  bool note_lost(const Hop& hop, const std::string& cause); // closed, or never came about
  bool note_pong(const Hop& hop);

  State state() const { return state_; }
  const Endpoint& local() const { return local_; } // as asked for until the connection is up
  // To send over it; the connection is none while it is down.
  const Target& target() const { return target_; }

  void on_timer(net::TimerId timer) override;

 private:
  void attempt();
  void lost(const std::string& cause);
  bool is_mine(const Hop& hop) const;
  void wake(net::TimerId& timer, Duration after);
  void stop(net::TimerId& timer);

  net::Network& network_;
  SipTransport& transport_;
  Target target_;
  Endpoint wanted_local_, local_;
  PersistentSettings settings_;
  Events events_;
  State state_ = State::down;
  unsigned failures_ = 0; // in a row
  net::TimerId retry_ = net::TimerId::none, ping_ = net::TimerId::none, pong_ = net::TimerId::none;
};
std::string_view name(PersistentConnection::State state); // "Up", "Down": as DGW's status page has them

} // namespace sipvet::ua
