#include "tls/context_cache.hpp"

#include <algorithm>

namespace sipvet::tls {

ContextCache& ContextCache::of_this_thread() {
  thread_local ContextCache cache;
  return cache;
}

std::shared_ptr<const Context> ContextCache::find(const Config& config) const {
  const auto known = std::ranges::find(kept_, config, &Kept::config);
  return known == kept_.end() ? nullptr : known->context;
}

void ContextCache::add(const Config& config, std::shared_ptr<const Context> context) {
  if (config.allow_resumption || find(config) != nullptr) return;
  kept_.push_back({config, std::move(context)});
  if (kept_.size() > max_cached_contexts) kept_.pop_front();
}

} // namespace sipvet::tls
