// Asks DNS servers, over UDP and where an answer is too long for that over TCP, and remembers what they said
// for as long as they allow (RFC 1035 §7, RFC 2308).
#pragma once

#include "dns/message.hpp"
#include "net/network.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sipvet::ua {

struct ResolverSettings {
  std::vector<Endpoint> servers;                    // asked in this order, again and again
  Duration timeout = std::chrono::seconds(1);       // of the first round; each later one waits twice as long
  unsigned rounds = 3;                              // of all servers, before a question is given up
  Duration longest_memory = std::chrono::hours(24); // whatever TTL a record has
};

struct DnsAnswer {
  std::vector<dns::Record> records; // of the type asked for, those behind aliases; empty: there are none
  bool name_exists = true;
  std::string failure; // why there is no answer at all, one sentence; empty: there is one
};

class Resolver final : public net::Node {
 public:
  using Done = std::function<void(const DnsAnswer&)>;

  Resolver(net::Network& network, ResolverSettings settings);
  ~Resolver() override;

  // `done` is called once: before this returns where the answer is remembered, else from inside
  // Network::run_until().
  void resolve(const dns::Name& name, dns::Type type, Done done);

  void on_datagram(net::SocketId, const Endpoint& from, ByteView) override;
  void on_bytes(net::ConnectionId, ByteView) override;
  void on_closed(net::ConnectionId, net::CloseReason) override;
  void on_timer(net::TimerId) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The endpoints of `nameserver` lines in the text of a resolv.conf, with port 53; lines that cannot be read
// are passed over.
std::vector<Endpoint> servers_of_resolv_conf(std::string_view text);

} // namespace sipvet::ua
