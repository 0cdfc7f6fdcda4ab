// A Unix socket that takes orders, one a line, and answers each with one line.
#pragma once

#include "base/result.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sipvet::io {

class ControlSocket {
 public:
  // Listens at `path`, which must not exist or be a socket that nobody listens on any more; only this user
  // may connect. `answer` is called by threads of the socket's own, one for each client, and may wait.
  static Result<ControlSocket> open(std::string path, std::function<std::string(const std::string&)> answer);
  // Ends the clients' connections, waits until no call of `answer` is under way, and removes the path.
  ~ControlSocket();
  ControlSocket(ControlSocket&&) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;

 private:
  struct Service;
  explicit ControlSocket(std::unique_ptr<Service> service);
  std::unique_ptr<Service> service_;
};

} // namespace sipvet::io
