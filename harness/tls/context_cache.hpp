// The contexts a thread has made lately: a run of scenarios asks for the same few configurations thousands of
// times, and reading their certificates and keys costs milliseconds each time.
#pragma once

#include "tls/engine.hpp"

#include <cstddef>
#include <deque>
#include <memory>

namespace sipvet::tls {

// As many configurations as a scenario with many peers has; the oldest goes first.
inline constexpr std::size_t max_cached_contexts = 16;

class ContextCache {
 public:
  // Workers share nothing: each thread has its own.
  static ContextCache& of_this_thread();

  // Null when there is none for exactly this configuration.
  std::shared_ptr<const Context> find(const Config& config) const;
  // Configurations that allow resumption are passed over: their contexts remember sessions.
  void add(const Config& config, std::shared_ptr<const Context> context);
  std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    Config config;
    std::shared_ptr<const Context> context;
  };
  std::deque<Kept> kept_; // oldest first
};

} // namespace sipvet::tls
