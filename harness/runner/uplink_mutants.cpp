// Gateways whose registration or persistent connections misbehave in one way each, and the scenario that must
// notice.
#include "runner/mutants.hpp"

namespace sipvet::runner {

std::vector<Mutant> uplink_mutants() {
  return {
      {"keeps no connection to its proxy", "no_persistent_connection: true",
       "registration/persistent-connection"},
      {"asks for one port for all its connections", "one_persistent_port: true", "registration/base-port"},
      {"takes connections of any port", "no_persistent_connection: true", "registration/base-port"},
      {"takes any name in a certificate", "", "registration/host-names", "",
       "TlsCertificateValidation: TrustedCertificate"},
      {"registers another account than its own", "", "registration/host-names-call", "",
       "sipvet.registration.accounts: \"102:secret\""},
      {"stays with a server that is down", "route: {no_failover: true}", "registration/next-server"},
      {"stays with a registrar that does not answer", "route: {no_failover: true}",
       "registration/next-server-plain"},
      {"calls elsewhere when its proxy is not found", "", "registration/no-such-host", "",
       "ProxyHost: other.example.test"},
      {"uses suites that give nothing away to whoever has its key", "", "captures/rsa-keys", "",
       "netborder.sip.tls.cypherSuites: TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
      {"opens a connection for each request", "connection_for_each_request: true", "captures/begun-too-late"},
      {"uses static RSA where it is not configured", "", "captures/ephemeral-keys", "",
       "netborder.sip.tls.cypherSuites: TLS_RSA_WITH_AES_128_CBC_SHA"},
      {"answers no challenge", "no_credentials: true", "registration/digest"},
      {"answers no challenge to a call", "no_credentials: true", "proxy/challenged-call"},
      {"does not use the nonce that was announced", "ignores_next_nonce: true", "registration/next-nonce"},
      {"tries a refused password again", "tries_refused_password: true", "registration/wrong-password"},
      {"does not renew its binding", "no_renewed_registration: true", "registration/renewed-in-time"},
      {"does not ask for more after a 423", "ignores_min_expires: true", "registration/interval-too-brief"},
      {"lets TLS and plain gateways stand side by side", "tls_for_some: true", "registration/tls-for-all"},
      {"does not come back after a loss", "no_reconnect: true", "proxy/idle-connection"},
      {"does not register over a new connection", "no_renewed_registration: true", "proxy/restarted"},
      {"sends no keep-alives", "no_keep_alive: true", "registration/keep-alive"},
      {"trusts a silent connection", "ignores_missing_pong: true", "registration/keep-alive-unanswered"},
      {"names no transport in Contact", "", "proxy/contact-without-transport", "",
       "AddSipTransportInContact: Disable"},
      {"names the transport in registrations all the same", "", "proxy/contact-without-transport", "",
       "AddSipTransportInRegistration: Enable"},
      {"has TLS on whatever is configured", "", "registration/plain-to-tls-port", "",
       "Gateways: OpenSIPS 5061/tls"},
      {"speaks TLS 1.0 to old phones", "", "tls/old-phone", "",
       "sipvet.sip.tls.versions: [TLSv1.0, TLSv1.1, TLSv1.2]"},
      {"has a host certificate where it should have none", "", "certificates/back-to-back", "",
       "sipvet.sip.tls.certificate: good"},
      {"leaves its bindings where they are", "no_unregister: true", "registration/removed"},
      {"forgets the transport behind a proxy that changes it", "udp_in_dialog: true",
       "proxy/transport-changes"},
      {"forgets the transport within dialogs", "udp_in_dialog: true", "proxy/call-from-unit"},
      {"does not acknowledge a 200 through a proxy", "no_ack: true", "proxy/call-from-unit"},
      {"makes a connection for each request to its proxy", "connection_for_each_request: true",
       "proxy/call-to-unit"},
      {"does not answer a BYE through a proxy", "no_bye_response: true", "proxy/call-to-unit"},
      {"names no transport in its INVITE's Contact", "", "proxy/call-from-unit", "",
       "AddSipTransportInContact: Disable"},
  };
}

} // namespace sipvet::runner
