#include "ua/t38_session.hpp"

#include <utility>

namespace sipvet::ua {

namespace {

constexpr std::size_t redundancy = 2;

} // namespace

T38Session::T38Session(net::Network& network, Duration pace) : network_(network), pace_(pace) {}

T38Session::~T38Session() { network_.forget(*this); }

Result<void> T38Session::open(const IpAddress& address) {
  SIPVET_TRY(socket_, network_.open_datagram(*this, {address, 0}));
  local_ = network_.local_endpoint(socket_);
  return {};
}

std::uint16_t T38Session::port() const { return local_.port; }
void T38Session::set_remote(const Endpoint& remote) { remote_ = remote; }

void T38Session::start(rtp::T30Indicator indicator) {
  indicator_ = indicator;
  if (std::exchange(sending_, true)) return;
  send();
}

void T38Session::stop() {
  sending_ = false;
  network_.cancel(std::exchange(timer_, net::TimerId::none));
}

void T38Session::close() {
  stop();
  network_.forget(*this);
  socket_ = net::SocketId::none;
  local_.port = 0;
}

void T38Session::send() {
  rtp::Udptl packet;
  packet.sequence = sequence_++;
  packet.primary = rtp::ifp_of(indicator_);
  packet.secondaries = before_;
  if (remote_.port != 0 && !remote_.ip.is_unspecified()) {
    network_.send_to(socket_, remote_, rtp::serialize(packet));
    ++counters_.sent;
  }
  before_.insert(before_.begin(), packet.primary);
  if (before_.size() > redundancy) before_.pop_back();
  timer_ = network_.wake_after(*this, pace_);
}

void T38Session::on_datagram(net::SocketId, const Endpoint&, ByteView datagram) {
  const Result<rtp::Udptl> packet = rtp::parse_udptl(datagram);
  if (!packet) {
    ++counters_.unreadable;
  } else {
    ++counters_.received;
    if (const auto signal = rtp::indicator_of(packet->primary)) heard_ = signal;
  }
  if (on_change) on_change();
}

void T38Session::on_timer(net::TimerId timer) {
  if (timer == timer_ && sending_) send();
}

} // namespace sipvet::ua
