#include "io/posix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sipvet::io {

namespace {

// Room for what arrives between two turns of the loop: a second of one G.711 call is 50 datagrams, and many
// calls share one socket in no case, so this is ample.
constexpr int receive_buffer_octets = 1 << 20;
constexpr int listen_backlog = 1024;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress to_socket_address(const Endpoint& endpoint) {
  SocketAddress result;
  if (endpoint.ip.v6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(endpoint.port);
    std::memcpy(&address.sin6_addr, endpoint.ip.octets.data(), 16);
    std::memcpy(&result.storage, &address, sizeof address);
    result.length = sizeof address;
  } else {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    std::memcpy(&address.sin_addr, endpoint.ip.octets.data(), 4);
    std::memcpy(&result.storage, &address, sizeof address);
    result.length = sizeof address;
  }
  return result;
}

Endpoint to_endpoint(const SocketAddress& from) {
  Endpoint result;
  if (from.storage.ss_family == AF_INET6) {
    sockaddr_in6 address{};
    std::memcpy(&address, &from.storage, sizeof address);
    result.ip.v6 = true;
    std::memcpy(result.ip.octets.data(), &address.sin6_addr, 16);
    result.port = ntohs(address.sin6_port);
  } else if (from.storage.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &from.storage, sizeof address);
    std::memcpy(result.ip.octets.data(), &address.sin_addr, 4);
    result.port = ntohs(address.sin_port);
  }
  return result;
}

void set_option(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

Fd open_socket(bool v6, int type) {
  Fd fd(::socket(v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd && v6) set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  return fd;
}

bool bind_to(int socket, const Endpoint& local) {
  const SocketAddress address = to_socket_address(local);
  return ::bind(socket, address.get(), address.length) == 0;
}

Error failed(const char* what, const Endpoint& endpoint) {
  return fail(std::string(what) + " " + to_string(endpoint) + ": " + std::strerror(errno));
}

Transfer transferred(ssize_t result) {
  if (result > 0) return {Transfer::Outcome::moved, static_cast<std::size_t>(result), 0};
  if (result == 0) return {Transfer::Outcome::end, 0, 0};
  if (errno == EAGAIN || errno == EINTR) return {Transfer::Outcome::again, 0, 0};
  return {Transfer::Outcome::failed, 0, errno};
}

} // namespace

void Fd::reset() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this == &other) return *this;
  reset();
  number_ = other.release();
  return *this;
}

Result<Fd> listen_tcp(const Endpoint& local) {
  Fd fd = open_socket(local.ip.v6, SOCK_STREAM);
  if (!fd) return failed("cannot open a socket for", local);
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (!bind_to(fd.get(), local) || ::listen(fd.get(), listen_backlog) != 0)
    return failed("cannot listen on", local);
  return fd;
}

Result<Fd> bind_udp(const Endpoint& local) {
  Fd fd = open_socket(local.ip.v6, SOCK_DGRAM);
  if (!fd) return failed("cannot open a socket for", local);
  set_option(fd.get(), SOL_SOCKET, SO_RCVBUF, receive_buffer_octets);
  if (!bind_to(fd.get(), local)) return failed("cannot bind", local);
  return fd;
}

Connecting start_connect(const Endpoint& local, const Endpoint& remote) {
  if (local.ip.v6 != remote.ip.v6 && !local.ip.is_unspecified()) return {Fd(), EAFNOSUPPORT};
  Fd fd = open_socket(remote.ip.v6, SOCK_STREAM);
  if (!fd) return {Fd(), errno};
  set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (!local.ip.is_unspecified() || local.port != 0) {
    Endpoint from = local;
    from.ip.v6 = remote.ip.v6;
    set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (local.port == 0) set_option(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    if (!bind_to(fd.get(), from)) return {Fd(), errno};
  }
  const SocketAddress address = to_socket_address(remote);
  if (::connect(fd.get(), address.get(), address.length) != 0 && errno != EINPROGRESS) return {Fd(), errno};
  return {std::move(fd), 0};
}

int pending_error(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  return error;
}

Accepted accept_one(int listener) {
  SocketAddress remote;
  Fd fd(::accept4(listener, remote.get(), &remote.length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) return {Fd(), {}, errno};
  set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  return {std::move(fd), to_endpoint(remote), 0};
}

Transfer read_some(int socket, std::span<std::uint8_t> into) {
  return transferred(::recv(socket, into.data(), into.size(), 0));
}

Transfer write_some(int socket, ByteView octets) {
  return transferred(::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL));
}

Transfer receive_from(int socket, std::span<std::uint8_t> into, Endpoint& from) {
  SocketAddress address;
  const ssize_t result = ::recvfrom(socket, into.data(), into.size(), 0, address.get(), &address.length);
  from = to_endpoint(address);
  if (result == 0) return {Transfer::Outcome::moved, 0, 0}; // a datagram may be empty
  return transferred(result);
}

bool send_datagram(int socket, const Endpoint& to, ByteView octets) {
  const SocketAddress address = to_socket_address(to);
  return ::sendto(socket, octets.data(), octets.size(), MSG_NOSIGNAL, address.get(), address.length) >= 0;
}

void shut_down_sending(int socket) { ::shutdown(socket, SHUT_WR); }

void reset_on_close(int socket) {
  const linger option{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, sizeof option);
}

Endpoint local_endpoint_of(int socket) {
  SocketAddress address;
  if (::getsockname(socket, address.get(), &address.length) != 0) return {};
  return to_endpoint(address);
}

IpAddress source_address_for(const IpAddress& remote) {
  IpAddress none;
  none.v6 = remote.v6;
  const Fd fd = open_socket(remote.v6, SOCK_DGRAM);
  const SocketAddress address = to_socket_address({remote, 9}); // connecting a UDP socket sends nothing
  if (!fd || ::connect(fd.get(), address.get(), address.length) != 0) return none;
  return local_endpoint_of(fd.get()).ip;
}

bool is_address_of_this_host(const IpAddress& ip) {
  const Fd fd = open_socket(ip.v6, SOCK_DGRAM);
  return fd && bind_to(fd.get(), {ip, 0});
}

} // namespace sipvet::io
