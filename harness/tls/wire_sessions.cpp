#include "tls/wire_sessions.hpp"

#include <algorithm>

namespace sipvet::tls {

void WireSessions::keep(const Bytes& key, const WireSession& session) {
  const std::lock_guard lock(mutex_);
  if (by_key_.insert_or_assign(key, session).second) order_.push_back(key);
  while (order_.size() > max_sessions) {
    by_key_.erase(order_.front());
    order_.pop_front();
  }
}

std::optional<WireSession> WireSessions::find(const Bytes& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? std::nullopt : std::optional(found->second);
}

void WireSessions::forget(const Bytes& key) {
  const std::lock_guard lock(mutex_);
  if (by_key_.erase(key) != 0) std::erase(order_, key);
}

void WireSessions::keep_for(const std::string& server_name, const WireSession& session) {
  const std::lock_guard lock(mutex_);
  by_name_[server_name] = session;
  if (by_name_.size() <= max_sessions) return;
  by_name_.erase(std::ranges::min_element(by_name_, {}, [](const auto& each) { return each.second.made; }));
}

std::optional<WireSession> WireSessions::find_for(const std::string& server_name) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(server_name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

void WireSessions::forget_for(const std::string& server_name) {
  const std::lock_guard lock(mutex_);
  by_name_.erase(server_name);
}

bool is_fresh(const WireSession& session, Instant now) {
  return now >= session.made &&
         now < session.made + std::chrono::seconds(std::min(session.lifetime_s, max_lifetime_s));
}

} // namespace sipvet::tls
