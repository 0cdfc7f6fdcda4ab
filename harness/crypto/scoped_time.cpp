#include "crypto/scoped_time.hpp"

#include <sys/time.h>

#include <ctime>

namespace sipvet::crypto {
namespace {

thread_local const Instant* current = nullptr;

} // namespace

ScopedTime::ScopedTime(Instant now) : now_(now), previous_(current) { current = &now_; }
ScopedTime::~ScopedTime() { current = previous_; }

} // namespace sipvet::crypto

extern "C" int gettimeofday(struct timeval* __restrict out, void* __restrict) noexcept {
  using namespace sipvet;
  if (crypto::current != nullptr) {
    const auto since = crypto::current->time_since_epoch().count();
    out->tv_sec = since / 1'000'000'000;
    out->tv_usec = since % 1'000'000'000 / 1000;
    return 0;
  }
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}
