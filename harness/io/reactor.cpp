#include "io/reactor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/eventfd.h>
#include <unistd.h>

namespace sipvet::io {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

struct Reactor::State {
  asio::io_context context{1};
  asio::steady_timer timer{context};
  SteadyTime timer_set_for = SteadyTime::max();
  stream_descriptor wake_up{context, ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};

  State() { await_wake_up(); }

  void await_wake_up() {
    wake_up.async_wait(stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
      if (error) return;
      std::uint64_t count = 0;
      [[maybe_unused]] const auto octets = ::read(wake_up.native_handle(), &count, sizeof count);
      await_wake_up();
    });
  }

  // The timer, and not the timeout of the wait: the latter is rounded to milliseconds. One that is set for an
  // earlier time stays, since setting it anew would itself count as an event.
  void set_timer(SteadyTime until) {
    if (until >= timer_set_for) return;
    timer_set_for = until;
    timer.expires_at(until);
    timer.async_wait([this](const boost::system::error_code& error) {
      if (!error) timer_set_for = SteadyTime::max();
    });
  }
};

Reactor::Reactor() : state_(std::make_unique<State>()) {}
Reactor::~Reactor() = default;

void Reactor::run_one(SteadyTime until) {
  state_->set_timer(until);
  state_->context.restart();
  state_->context.run_one();
}

bool Reactor::poll_one() {
  state_->context.restart();
  return state_->context.poll_one() > 0;
}

void Reactor::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto octets = ::write(state_->wake_up.native_handle(), &one, sizeof one);
}

// Shared with the waiting handlers, which find `descriptor` closed when the owner is gone.
struct Reactor::Watched::State : std::enable_shared_from_this<State> {
  State(asio::io_context& context, int fd) : descriptor(context, fd) {}
  stream_descriptor descriptor;

  void wait(stream_descriptor::wait_type what, std::function<void()> ready) {
    descriptor.async_wait(what, [weak = weak_from_this(), ready = std::move(ready)](const auto& error) {
      if (!error && !weak.expired()) ready();
    });
  }
};

Reactor::Watched::Watched(Reactor& reactor, Fd fd)
    : state_(std::make_shared<State>(reactor.state_->context, fd.release())) {}
Reactor::Watched::~Watched() = default;

int Reactor::Watched::fd() const {
  // native_handle() is not const, but asks for nothing that changes.
  return const_cast<stream_descriptor&>(state_->descriptor).native_handle();
}

void Reactor::Watched::when_readable(std::function<void()> ready) {
  state_->wait(stream_descriptor::wait_read, std::move(ready));
}

void Reactor::Watched::when_writable(std::function<void()> ready) {
  state_->wait(stream_descriptor::wait_write, std::move(ready));
}

} // namespace sipvet::io
