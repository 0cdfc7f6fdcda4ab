#include "io/control_socket.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <mutex>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace sipvet::io {

namespace {

constexpr std::size_t max_order_octets = 4096;
constexpr int backlog = 8;

Error system_error(const std::string& path, const char* what) {
  return fail(path + ": " + what + ": " + std::strerror(errno));
}

bool send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return fail("expected a path of at most " + std::to_string(sizeof address.sun_path - 1) +
                " octets for the control socket, got '" + path + "'");
  path.copy(address.sun_path, path.size());
  return address;
}

// A program that ended without a word leaves its socket behind.
void remove_dead_socket(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return;
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return;
  const bool alive = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!alive && errno == ECONNREFUSED) ::unlink(path.c_str());
  ::close(probe);
}

} // namespace

struct ControlSocket::Service {
  std::string path;
  std::function<std::string(const std::string&)> answer;
  int listener = -1;
  std::atomic<bool> ending{false};
  std::thread acceptor;
  struct Client {
    int socket = -1;
    std::atomic<bool> done{false};
    std::thread thread;
  };
  std::mutex mutex; // of clients
  std::list<Client> clients;

  void accept_clients() {
    while (!ending.load()) {
      const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) {
        if (errno == EINTR || errno == ECONNABORTED) continue;
        return; // shut down, or out of descriptors: nobody more is served
      }
      const std::lock_guard lock(mutex);
      std::erase_if(clients, [](Client& each) {
        if (!each.done.load()) return false;
        each.thread.join();
        ::close(each.socket);
        return true;
      });
      // Who does not read its answers holds nobody up for long.
      const timeval patience{2, 0};
      (void)::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
      Client& client = clients.emplace_back();
      client.socket = socket;
      client.thread = std::thread([this, &client] {
        serve(client.socket);
        client.done = true;
      });
    }
  }

  void serve(int socket) const {
    std::string waiting;
    std::array<char, 512> piece{};
    while (!ending.load()) {
      const ssize_t got = ::recv(socket, piece.data(), piece.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return;
      waiting.append(piece.data(), static_cast<std::size_t>(got));
      for (std::size_t end = 0; (end = waiting.find('\n')) != std::string::npos;) {
        const std::string order = waiting.substr(0, end);
        waiting.erase(0, end + 1);
        if (ending.load() || !send_all(socket, answer(order) + "\n")) return;
      }
      if (waiting.size() > max_order_octets) {
        (void)send_all(socket, "error: an order has at most 4096 octets\n");
        ::shutdown(socket, SHUT_RDWR);
        return;
      }
    }
  }

  ~Service() {
    ending = true;
    if (listener >= 0) ::shutdown(listener, SHUT_RDWR); // wakes accept
    if (acceptor.joinable()) acceptor.join();
    for (Client& client : clients) {
      ::shutdown(client.socket, SHUT_RD); // the answer to the last order may still be on its way
      client.thread.join();
      ::close(client.socket);
    }
    if (listener >= 0) {
      ::close(listener);
      ::unlink(path.c_str());
    }
  }
};

ControlSocket::ControlSocket(std::unique_ptr<Service> service) : service_(std::move(service)) {}
ControlSocket::ControlSocket(ControlSocket&&) noexcept = default;
ControlSocket::~ControlSocket() = default;

Result<ControlSocket> ControlSocket::open(std::string path,
                                          std::function<std::string(const std::string&)> answer) {
  SIPVET_TRY(const sockaddr_un address, address_of(path));
  remove_dead_socket(path, address);
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return system_error(path, "no socket");
  const mode_t before = ::umask(0177);
  const bool bound = ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::umask(before);
  if (!bound || ::listen(listener, backlog) != 0) {
    Error error = system_error(path, "cannot listen");
    ::close(listener);
    return error;
  }
  auto service = std::make_unique<Service>();
  service->path = std::move(path);
  service->answer = std::move(answer);
  service->listener = listener;
  service->acceptor = std::thread([made = service.get()] { made->accept_clients(); });
  return ControlSocket(std::move(service));
}

} // namespace sipvet::io
