// The inside of Transactions: what runs, by number and by key. Only transactions.cpp includes it.
#pragma once

#include "ua/transactions.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace sipvet::ua {

struct Running { // what client and server transactions have in common
  dialog::Transaction machine;
  sip::Message request;
  Hop hop;
  Target target; // client
  std::string key;
  std::optional<sip::Message> response; // server: the last one given
  std::string merge;                    // server: see merge_key()
  std::map<dialog::Timer, net::TimerId> timers;
};

// RFC 3261 §13.3.1.4: the 2xx of an INVITE is the user's to repeat, apart from the machine.
struct Repetition {
  sip::Message response;
  Hop hop;
  Duration interval{};
  Duration waited{};
  net::TimerId timer = net::TimerId::none;
};

enum class Side { client, server, repetition };
struct TimerUse {
  Side side = Side::client;
  std::uint64_t id = 0;
  dialog::Timer timer = dialog::Timer::A;
};

struct Transactions::State final : net::Node {
  State(Transactions& made_for, net::Network& net, TransactionsUser& tu, dialog::TimerSettings timer_settings,
        TransportTls tls, TransportUser* watcher)
      : owner(made_for), network(net), user(tu), settings(timer_settings), observer(watcher),
        limits(tls.limits), transport(net, made_for, std::move(tls)) {}
  ~State() override { network.forget(*this); }

  Transactions& owner;
  net::Network& network;
  TransactionsUser& user;
  dialog::TimerSettings settings;
  TransportUser* observer;
  TransportLimits limits;
  SipTransport transport;

  std::uint64_t last_id = 0;
  std::map<std::uint64_t, Running> clients, servers;
  std::unordered_map<std::string, std::uint64_t> client_keys, server_keys;
  std::unordered_map<std::string, unsigned> merge_counts; // server transactions of the same merge_key()
  std::map<std::uint64_t, Repetition> repetitions;
  std::map<net::TimerId, TimerUse> timers;
  // Requests of the second that runs, by connection, or over UDP by the address that they come from.
  struct Rate {
    Instant since{};
    std::size_t count = 0;
  };
  std::map<net::ConnectionId, Rate> rates;
  std::map<IpAddress, Rate> datagram_rates;

  bool too_many(const Hop& hop, const sip::Message& request); // true: it was refused, or passed over
  void refuse_unseen(const Hop& hop, const sip::Message& request);

  std::map<std::uint64_t, Running>& table(Side side) { return side == Side::client ? clients : servers; }
  void start_timer(Side side, std::uint64_t id, dialog::Timer timer, Duration delay);
  void stop_timer(Running& running, dialog::Timer timer);
  bool transmit(Side side, Running& running, const dialog::Actions& actions, const sip::Message* message);
  void perform(Side side, std::uint64_t id, const dialog::Actions& actions, const Hop& hop,
               const sip::Message* message);
  void remove(Side side, std::uint64_t id);
  void report_failures(Side side, std::uint64_t id, const dialog::Actions& actions, const std::string& cause);
  void lost_connection(const Hop& hop, const std::string& cause);
  void repeat(std::uint64_t id);
  void begin_repeating(std::uint64_t id, const sip::Message& response, const Hop& hop);
  void request_came(const Hop& hop, const sip::Message& request);
  void ack_came(const Hop& hop, const sip::Message& ack);
  void response_came(const Hop& hop, const sip::Message& response);
  void on_timer(net::TimerId timer) override;
};

} // namespace sipvet::ua
