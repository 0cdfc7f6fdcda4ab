// Log lines to a syslog receiver by UDP, in the form that DGW units send them: priority, "syslog:" and the
// line, without the time stamp that RFC 3164 §4.3.3 lets the receiver add.
#pragma once

#include "gateway/event_log.hpp"
#include "net/network.hpp"

#include <string>

namespace sipvet::gateway {

// RFC 3164 §4.1: no packet is longer.
inline constexpr std::size_t max_syslog_octets = 1024;

// The packet for a line. Control characters become blanks; what is too long is cut off.
std::string syslog_packet(unsigned facility, LogLevel level, const std::string& text);

class Syslog final : public net::Node {
 public:
  Syslog(net::Network& network, Endpoint receiver, unsigned facility);
  ~Syslog() override;

  Result<void> open();
  void line(LogLevel level, const std::string& text); // nothing before open()

 private:
  net::Network& network_;
  Endpoint receiver_;
  unsigned facility_;
  net::SocketId socket_ = net::SocketId::none;
};

} // namespace sipvet::gateway
