// A configuration turned into what the wire engine works with: suites, groups, certificates and keys as
// values, and the sessions that can be resumed.
#pragma once

#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/rsa.hpp"
#include "tls/engine.hpp"
#include "tls/wire_sessions.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace sipvet::tls {

// What the engine is able to do at all.
bool wire_has_suite(std::string_view iana_name);
bool wire_has_group(std::string_view name);

class WireContext final : public Context, public std::enable_shared_from_this<WireContext> {
 public:
  static Result<std::shared_ptr<const WireContext>> make(const Config& config);

  EngineKind kind() const override { return EngineKind::wire; }
  std::unique_ptr<Engine> make_engine(const Clock& clock, Random& random,
                                      const PeerName& peer) const override;

  const Config& config() const { return config_; }
  bool server() const { return config_.role == Role::server; }
  const Deviations& deviations() const { return config_.deviations; }
  // By preference, those without a version to go with left out.
  const std::vector<const tlswire::Suite*>& suites() const { return suites_; }
  const std::vector<std::uint16_t>& groups() const { return groups_; }
  const std::vector<Bytes>& chain_der() const { return chain_der_; } // leaf first; empty: none
  const std::optional<crypto::PrivateKey>& key() const { return key_; }
  const std::vector<crypto::Certificate>& roots() const { return roots_; }
  std::uint16_t lowest() const { return lowest_; } // versions, as on the wire
  std::uint16_t highest() const { return highest_; }
  WireSessions& sessions() const { return sessions_; }

 private:
  explicit WireContext(const Config& config) : config_(config) {}
  Result<void> read_certificates();

  Config config_;
  std::vector<const tlswire::Suite*> suites_;
  std::vector<std::uint16_t> groups_;
  std::vector<Bytes> chain_der_;
  std::optional<crypto::PrivateKey> key_;
  std::vector<crypto::Certificate> roots_;
  std::uint16_t lowest_ = 0, highest_ = 0;
  mutable WireSessions sessions_;
};

} // namespace sipvet::tls
