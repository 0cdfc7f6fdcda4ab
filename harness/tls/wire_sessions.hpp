// The sessions that one side of the wire engine may resume: by id and by ticket in TLS 1.0 to 1.2, by
// pre-shared key in TLS 1.3.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::tls {

// RFC 5246 §F.1.4 and RFC 8446 §4.6.1 set upper limits; this is shorter than both.
inline constexpr std::uint32_t session_lifetime_s = 7200;
// Of each side; the oldest goes first.
inline constexpr std::size_t max_sessions = 1000;
inline constexpr std::uint32_t max_lifetime_s = 604800; // seven days (RFC 8446 §4.6.1)

struct WireSession {
  std::uint16_t version = 0;
  const tlswire::Suite* suite = nullptr;
  Bytes secret; // master secret; TLS 1.3: the pre-shared key that the ticket stands for
  bool extended_master_secret = false;
  std::string server_name;
  std::vector<Bytes> peer_chain_der;
  Instant made;
  Bytes id;                  // TLS 1.0 to 1.2: session id
  Bytes ticket;              // empty: none
  std::uint32_t age_add = 0; // TLS 1.3
  std::uint32_t lifetime_s = session_lifetime_s;
};

// Shared by the connections of a context, which may live in several threads.
class WireSessions {
 public:
  // Servers: by id or ticket, whichever `key` is.
  void keep(const Bytes& key, const WireSession& session);
  std::optional<WireSession> find(const Bytes& key) const;
  void forget(const Bytes& key);
  // Clients: the newest session with a server of that name.
  void keep_for(const std::string& server_name, const WireSession& session);
  std::optional<WireSession> find_for(const std::string& server_name) const;
  void forget_for(const std::string& server_name);

 private:
  mutable std::mutex mutex_;
  std::map<Bytes, WireSession> by_key_;
  std::deque<Bytes> order_; // oldest first
  std::map<std::string, WireSession> by_name_;
};

// Whether it is still within its lifetime.
bool is_fresh(const WireSession& session, Instant now);

} // namespace sipvet::tls
