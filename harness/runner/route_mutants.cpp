// Gateways that find, choose or admit others wrongly in one way each, and the scenario that must notice.
#include "runner/mutants.hpp"

#include <string>

namespace sipvet::runner {

namespace {

struct Deviant {
  const char* deviation; // of gateway/route_deviations.def
  const char* scenario;
};
constexpr Deviant deviants[] = {
    // DNS and the order of servers.
    {"ignores_naptr", "routing/naptr"},
    {"ignores_naptr", "sipxbridge/trunk-transport"},
    {"last_server_first", "routing/service-order"},
    {"last_server_first", "routing/other-refusals-are-final"},
    {"no_failover", "routing/next-server"},
    {"no_failover", "routing/next-server-after-503"},
    {"no_failover", "audiocodes/hot-swap"},
    {"no_failover", "routing/options-next-server"},
    {"follows_first_hop", "routing/contact-by-name"},
    // Proxy sets.
    {"calls_dead_servers", "audiocodes/all-servers-dead"},
    {"calls_dead_servers", "audiocodes/silent-server"},
    {"no_keep_alive", "audiocodes/proxy-set"},
    {"no_keep_alive", "audiocodes/fail-over"},
    {"takes_unclassified_requests", "audiocodes/classification"},
    {"one_tls_context", "audiocodes/tls-contexts"},
    {"one_tls_context", "certificates/audiocodes-context"},
    {"ignores_media_realm", "audiocodes/media-realm"},
    {"keeps_media_ports", "audiocodes/media-realm"},
    // TLS peers.
    {"grants_every_permission", "sipxbridge/tls-peer-permissions"},
    {"grants_every_permission", "sipxbridge/default-permissions"},
    {"silent_about_unknown_peers", "sipxbridge/no-matching-peer"},
    // Rules and properties.
    {"ignores_qvalue", "netborder/routing-rules"},
    {"ignores_rule_transport", "netborder/routing-rules"},
    {"same_port_taken", "netborder/same-port"},
    {"no_security_warning", "netborder/security-warning"},
    {"spellings_unchecked", "netborder/two-spellings"},
};

// One property that is set otherwise than it should be.
const Mutant wrong_settings[] = {
    {"listens on TLS without being asked to", "", "netborder/default-user-agents", "",
     "netborder.sip.userAgent.IPAddress: INADDR_ANY:5066/tls"},
    {"listens on nothing but TLS", "", "netborder/user-agents", "",
     "netborder.sip.userAgent.IPAddress: INADDR_ANY:5067/tls"},
    {"never uses SRTP where its next hop has it", "", "netborder/next-hop-agrees", "",
     "netborder.media.srtp.mode: never"},
    {"takes calls without SRTP from a next hop that has none", "", "netborder/next-hop-disagrees", "",
     "netborder.media.srtp.mode: as-needed"},
    {"offers the other suite than its property names", "", "netborder/either-spelling", "",
     "sipvet.media.srtp.suites: AES_CM_128_HMAC_SHA1_80"},
    {"calls over UDP a server that has TCP and TLS", "", "netborder/tcp-and-tls-on-one-port", "",
     "sip.out.transport: udp"},
    {"calls an address where nobody was to be found", "", "routing/no-such-name", "",
     "sip.out.requestUri: 'sip:%0@example.test'"},
    {"does not look whom a certificate is for", "", "routing/certificate-of-another", "",
     "sipvet.sip.tls.verifyIdentity: false"},
    {"calls servers at the port that it listens on itself", "", "audiocodes/ports-apart", "",
     "Proxy Sets: {SfB: {Proxy Address: ['fe1.example.test:5067']}}"},
    {"prefers SRTP where it is mandatory", "", "audiocodes/media-security-*", "",
     "Media Security: {Media Security: Enable, Media Security Behavior: Preferable}"},
    {"offers RTP to servers that are to have SRTP", "", "audiocodes/no-srtp-at-the-server", "",
     "Media Security: {Media Security: Disable}"},
    {"listens at the port of other systems", "", "sipxbridge/port", "",
     "netborder.sip.userAgent.IPAddress: INADDR_ANY:5061/tls"},
};

// Of other parts, where these scenarios must notice as well.
const Mutant others[] = {
    {"takes a segment for a message", "message_for_each_read: true", "field/several-messages"},
    {"has no room for a large INVITE", "", "field/large-messages", "", "sipvet.limits.headOctets: 16384"},
    {"does not answer BYE after other requests", "no_bye_response: true", "field/unsolicited-requests"},
    {"has no time for what nobody asked for", "", "field/unsolicited-requests", "",
     "sipvet.limits.requestsPerSecond: 1"},
};

} // namespace

std::vector<Mutant> route_mutants() {
  std::vector<Mutant> out;
  for (const Deviant& deviant : deviants) {
    const std::string name = deviant.deviation;
    out.push_back(
        {"route: " + name + " (" + deviant.scenario + ")", "route: {" + name + ": true}", deviant.scenario});
  }
  out.insert(out.end(), std::begin(wrong_settings), std::end(wrong_settings));
  out.insert(out.end(), std::begin(others), std::end(others));
  return out;
}

} // namespace sipvet::runner
