// The gateway's foreground: orders to its telephone side from standard input or a control socket, events as
// JSON lines on standard output.
#pragma once

#include "gateway/gateway.hpp"
#include "io/socket_network.hpp"

#include <atomic>
#include <deque>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace sipvet::cli {

struct GatewayConsoleOptions {
  bool events = false;
  bool commands = false;
  std::string control; // path of the control socket; empty: none
};

struct Order {
  std::string line;
  std::shared_ptr<std::promise<std::string>> answer; // null: nobody waits for one
};

// Filled by a thread that reads standard input, and so may outlive the console: reading blocks and cannot be
// ended.
struct OrderQueue {
  std::mutex mutex;
  std::deque<Order> orders;
  io::SocketNetwork* network = nullptr; // to be woken; null when nobody waits any more
};

class GatewayConsole {
 public:
  GatewayConsole(gateway::Gateway& gateway, io::SocketNetwork& network, GatewayConsoleOptions options);
  ~GatewayConsole();
  GatewayConsole(const GatewayConsole&) = delete;
  GatewayConsole& operator=(const GatewayConsole&) = delete;
  // Until `stop`, the order to quit, or the end of the orders on standard input. Fails when the control
  // socket cannot be made.
  Result<void> serve(const std::atomic<bool>& stop);

 private:
  Result<void> obey(const std::string& order);
  std::string answer_to(const std::string& order); // one line
  void serve_orders();
  Result<void> call(const std::string& uri);
  Result<void> dial(const std::string& what);
  gateway::CallHandle latest_call() const;
  gateway::CallHandle ringing_call() const;
  void print_listening() const;
  void print_changes();
  void print_if_new(const std::string& what, const std::string& text);

  gateway::Gateway& gateway_;
  io::SocketNetwork& network_;
  GatewayConsoleOptions options_;
  std::map<gateway::CallHandle, std::string> printed_; // the last event of each call
  std::map<std::string, std::string> printed_others_;  // of each link and registration
  std::shared_ptr<OrderQueue> orders_;
  bool quit_ = false;
};

} // namespace sipvet::cli
