#include "gateway/tls_settings.hpp"

namespace sipvet::gateway {

tls::Config tls_config(const TlsSettings& settings, tls::Role role, const tls::Deviations& deviations) {
  const bool server = role == tls::Role::server;
  tls::Config config;
  config.role = role;
  config.engine = settings.engine;
  config.min_version = settings.min_version;
  config.max_version = settings.max_version;
  config.ciphers = settings.suites;
  config.groups = settings.groups;
  if (server || settings.present_as_client) {
    config.certificate_pem = settings.certificate_pem;
    config.private_key_pem = settings.private_key_pem;
    config.private_key_password = settings.private_key_password;
  }
  config.trusted_roots_pem = settings.trusted_roots_pem;
  if (!settings.trusted_roots_pem.empty())
    config.verify = server ? settings.verify_clients : settings.verify_servers;
  config.verify_identity = !server && settings.verify_identity;
  config.security_level = settings.security_level;
  config.allow_resumption = settings.resumption;
  config.renegotiation = settings.renegotiation;
  config.accept_sslv2_hello = server && settings.sslv2_hello;
  config.send_sslv2_hello = !server && settings.sslv2_hello;
  config.deviations = deviations;
  return config;
}

} // namespace sipvet::gateway
