// The few socket calls that the network makes, with endpoints and results in place of structures and errno.
#pragma once

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace sipvet::io {

// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  explicit operator bool() const { return number_ >= 0; }

 private:
  void reset();
  int number_ = -1;
};

// All sockets are non-blocking and closed on exec; IPv6 ones take no IPv4.
Result<Fd> listen_tcp(const Endpoint& local);
Result<Fd> bind_udp(const Endpoint& local);

// A connection being made, or the errno of why not.
struct Connecting {
  Fd socket;
  int error = 0;
};
Connecting start_connect(const Endpoint& local, const Endpoint& remote);
int pending_error(int socket); // SO_ERROR

struct Accepted {
  Fd socket;
  Endpoint remote;
  int error = 0; // errno when there is no socket
};
Accepted accept_one(int listener);

struct Transfer {
  enum class Outcome { moved, again, end, failed };
  Outcome outcome = Outcome::again;
  std::size_t octets = 0;
  int error = 0;
};
Transfer read_some(int socket, std::span<std::uint8_t> into);
Transfer write_some(int socket, ByteView octets);
Transfer receive_from(int socket, std::span<std::uint8_t> into, Endpoint& from);
// False when it was not sent.
bool send_datagram(int socket, const Endpoint& to, ByteView octets);

void shut_down_sending(int socket);
void reset_on_close(int socket); // closing sends RST

Endpoint local_endpoint_of(int socket);
// The address from which this host would send to `remote`; unspecified when it has no way there.
IpAddress source_address_for(const IpAddress& remote);
bool is_address_of_this_host(const IpAddress& ip);

} // namespace sipvet::io
