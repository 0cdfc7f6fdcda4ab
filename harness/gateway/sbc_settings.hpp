// What an SBC is configured with in tables of its own: TLS contexts, SIP interfaces, media realms, proxy sets
// and IP groups, as AudioCodes calls them.
#pragma once

#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "gateway/tls_settings.hpp"
#include "sip/uri.hpp"
#include "ua/transport.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::gateway {

// Replaces netborder.sip.userAgent.IPAddress; a port of 0 is not listened on.
struct SipInterface {
  std::uint16_t udp_port = 0, tcp_port = 0, tls_port = 0;
  std::string tls_context; // empty: the TLS settings without a name
  std::string media_realm; // of calls that no IP group has one for
  int classification_failure_status = 500;
};

// Both ends count; RTP takes an even port and RTCP the next one.
struct MediaRealm {
  std::uint16_t first_port = 0, last_port = 0;
};

struct ProxyAddress {
  std::string host; // a name or an address
  std::optional<std::uint16_t> port;
  ua::Transport transport = ua::Transport::tls;
};
std::string to_string(const ProxyAddress& address); // "fe1.example.test:5067/tls"

struct ProxySet {
  std::string sip_interface; // empty: whichever serves the transport
  bool keep_alive = false;   // with OPTIONS
  Duration keep_alive_time = std::chrono::seconds(60);
  bool hot_swap = false; // a call that fails at one server goes on to the next
  std::vector<ProxyAddress> addresses;
};

struct IpGroup {
  std::string proxy_set;
  std::string media_realm;
  bool classify_by_proxy_set = false;
};

struct SbcSettings {
  std::map<std::string, TlsSettings> tls_contexts;
  std::map<std::string, std::string> tls_context_domains; // that a lab's certificate is for, where said
  std::map<std::string, SipInterface> sip_interfaces;
  std::map<std::string, MediaRealm> media_realms;
  std::map<std::string, ProxySet> proxy_sets;
  std::map<std::string, IpGroup> ip_groups;
  std::string outbound_group; // where calls of the telephone side go; empty: elsewhere

  bool classifies() const; // some IP group says whom requests may come from
};

} // namespace sipvet::gateway
