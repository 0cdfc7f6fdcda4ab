#include "gateway/syslog.hpp"

namespace sipvet::gateway {

namespace {

// RFC 3164 §4.1.1, table 2.
unsigned severity_of(LogLevel level) {
  switch (level) {
  case LogLevel::debug:
    return 7;
  case LogLevel::info:
    return 6;
  case LogLevel::warning:
    return 4;
  case LogLevel::error:
    return 3;
  }
  return 7;
}

} // namespace

std::string syslog_packet(unsigned facility, LogLevel level, const std::string& text) {
  std::string out = "<" + std::to_string(facility * 8 + severity_of(level)) + ">syslog: ";
  for (const char c : text) out += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? ' ' : c;
  if (out.size() > max_syslog_octets) out.resize(max_syslog_octets);
  return out;
}

Syslog::Syslog(net::Network& network, Endpoint receiver, unsigned facility)
    : network_(network), receiver_(receiver), facility_(facility) {}

Syslog::~Syslog() { network_.forget(*this); }

Result<void> Syslog::open() {
  SIPVET_TRY(socket_, network_.open_datagram(*this, {{receiver_.ip.v6, {}}, 0}));
  return {};
}

void Syslog::line(LogLevel level, const std::string& text) {
  if (socket_ == net::SocketId::none) return;
  network_.send_to(socket_, receiver_, as_bytes(syslog_packet(facility_, level, text)));
}

} // namespace sipvet::gateway
