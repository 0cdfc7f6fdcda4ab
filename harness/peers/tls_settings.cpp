#include "peers/tls_settings.hpp"

#include <algorithm>

namespace sipvet::peers {

std::string_view name(Trust trust) {
  constexpr std::string_view names[] = {"lab", "other", "none"};
  return names[static_cast<std::size_t>(trust)];
}

tls::Config tls_config(tls::Role role, const TlsSettings& settings) {
  tls::Config config;
  config.role = role;
  config.engine = settings.engine;
  if (!settings.versions.empty()) {
    const auto [low, high] = std::ranges::minmax(settings.versions);
    config.min_version = low;
    config.max_version = high;
  }
  // Old versions need SHA-1 and small keys, which OpenSSL allows at level 0 only.
  const int usual_level = config.min_version < tls::Version::tls1_2 ? 0 : 1;
  config.security_level = settings.security_level.value_or(usual_level);
  config.ciphers = settings.ciphers;
  config.groups = settings.groups;
  const bool has_roots = settings.trust != Trust::none;
  config.verify = settings.verify.value_or(has_roots ? tls::Verify::chain_required : tls::Verify::none);
  config.verify_identity = role == tls::Role::client && settings.verify_identity;
  config.allow_resumption = settings.resumption;
  config.renegotiation = settings.renegotiation;
  config.accept_sslv2_hello = role == tls::Role::server && settings.accept_sslv2_hello;
  config.send_sslv2_hello = role == tls::Role::client && settings.sslv2_hello;
  config.encrypt_then_mac = settings.encrypt_then_mac;
  config.extended_master_secret = settings.extended_master_secret;
  config.deviations = settings.deviations;
  return config;
}

} // namespace sipvet::peers
