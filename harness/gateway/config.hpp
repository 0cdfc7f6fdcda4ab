// The reference gateway's settings as it uses them, and the reader that makes them from property names.
#pragma once

#include "base/clock.hpp"
#include "dialog/session_timer.hpp"
#include "dialog/transaction.hpp"
#include "gateway/deviations.hpp"
#include "gateway/sbc_settings.hpp"
#include "gateway/tls_settings.hpp"
#include "gateway/trunk_settings.hpp"
#include "gateway/uplink_settings.hpp"
#include "keying/media_keys.hpp"
#include "keying/mikey_party.hpp"
#include "keying/offer_shape.hpp"
#include "keying/sdes_line.hpp"
#include "rtp/srtp_suite.hpp"
#include "rtp/voiceprint.hpp"
#include "script/value.hpp"
#include "ua/dtls_settings.hpp"
#include "ua/media_session.hpp"
#include "ua/transport.hpp"
#include "ua/user_agent.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

// One entry of netborder.sip.userAgent.IPAddress.
struct UserAgentAddress {
  IpAddress ip;           // unspecified: INADDR_ANY
  std::uint16_t port = 0; // 0 asks for a free one
  ua::Transport transport = ua::Transport::udp;
};
std::string to_string(const UserAgentAddress& address); // "INADDR_ANY:5067/tls"
Result<UserAgentAddress> parse_user_agent_address(std::string_view text);

class RoutingRules;

// One route for all calls of the telephone side; routing rules take its place.
struct Route {
  std::string request_uri;                // %0 is the number dialled: "sip:%0@192.0.2.7:5060"
  std::optional<ua::Transport> transport; // none: what the URI says, or DNS
  std::string from_user;                  // of calls placed by the telephone side
};

// Whether UPDATE (RFC 3311) is known, and used in answered calls as well, where a re-INVITE would do.
enum class UpdateUse { never, supported, preferred };

struct Config {
  std::vector<UserAgentAddress> user_agents = {{{}, 5066, ua::Transport::udp},
                                               {{}, 5066, ua::Transport::tcp}};
  TlsSettings tls;
  SbcSettings sbc;
  bool any_port = false;  // free ports are asked for in the place of those that are configured
  IpAddress interface_ip; // of the SIP interfaces; unspecified: every interface
  TrunkSettings trunks;
  std::vector<Endpoint> dns_servers; // none: hosts must be addresses

  SrtpMode srtp_mode = default_srtp_mode;
  std::vector<rtp::SrtpSuite> srtp_suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80,
                                             rtp::SrtpSuite::aes_cm_128_hmac_sha1_32};
  keying::Form srtp_and_rtp_form = keying::Form::two_sections; // of choice_forms()
  std::vector<keying::Form> understood_forms{keying::choice_forms().begin(), keying::choice_forms().end()};
  keying::SdesSettings sdes;             // its deviations stand in `deviations`
  std::uint64_t rekey_after_packets = 0; // sent under the same keys; 0: no re-INVITE for new keys
  bool feedback_profile = false;         // offers RTP/SAVPF and RTP/AVPF
  // How SRTP keys are made: all are offered, in this order; the first that was offered is answered.
  std::vector<keying::KeyExchange> key_exchanges = {keying::KeyExchange::sdes};
  ua::DtlsSettings dtls;
  keying::MikeySettings mikey; // keys and certificates for signatures are those of TLS
  // Of calls whose offer has keys, and none in a way that is configured. DGW says 415; 406 is seen as well.
  int wrong_key_management_status = 488;
  // Whether a call with SRTP may change to T.38, which is never encrypted.
  bool unsecure_t38_with_srtp = false;

  std::vector<std::uint8_t> payload_types = {0, 8, 101}; // by preference
  bool lock_on_sdp = false;                              // netborder.media.rtp.lockOnSDP
  Duration media_pace = std::chrono::milliseconds(20);

  std::string user = "gateway";
  std::string domain; // SIP domain that its certificate is for; empty: the lab's choice
  std::string host;   // in From, Contact and Via; empty: the address in use
  std::string user_agent = "sipvet-gateway";
  rtp::Voiceprint voiceprint{1}; // what the telephone side says
  bool auto_answer = true;       // false: rings until answer() is called
  int decline_status = 603;      // what callers are told whose calls the telephone side declines
  bool dtmf_by_info = false;     // key presses go by SIP INFO in the place of telephone events
  Duration ring_for{};           // a 180 and so long, before the answer; 0: answers at once
  int early_answer = 0;  // the provisional response that carries the answer, with early media; 0: none
  bool transfers = true; // follows REFER in a call
  dialog::SessionTimerSettings session_timer;
  ua::ReliableProvisional reliable_provisional = ua::ReliableProvisional::never;
  UpdateUse updates = UpdateUse::never;
  bool asks_before_changes = false; // the telephone side must agree to a changed session
  ua::TransportLimits limits;
  Route route;
  UplinkSettings uplink; // its proxy takes the place of `route` and of routing rules
  std::shared_ptr<const RoutingRules> routing_rules; // none: `route`
  dialog::TimerSettings timers;
  Duration clock_offset{}; // of the gateway's clock from the right time, as far as certificates go
  Deviations deviations;
};

struct ReadConfig {
  Config config;
  std::vector<script::Diagnostic> errors;   // in file order; config is of no use when there are any
  std::vector<script::Diagnostic> warnings; // TLS beside UDP or TCP, and their like
};
// What becomes of names that are not in the table. A gw.properties file of a real gateway has hundreds that
// do not matter here; in what is written for sipvet a name that is unknown is a mistake. `sipvet.…` is always
// an error.
enum class UnknownNames { are_errors, are_warnings };
// Reads a map of property names: a scenario's `gateway:` section (its `profile` is passed over) or a
// configuration file's root. All errors at once, each with its place, unknown names with the nearest known
// one. Files named are read here.
ReadConfig read_config(const script::Value& settings, UnknownNames unknown = UnknownNames::are_errors);
// A configuration file: gw.properties where its name ends in ".properties", else YAML.
ReadConfig load_config(const std::string& path);

// The DNS servers that the text of a resolv.conf names.
std::vector<Endpoint> system_dns_servers(std::string_view resolv_conf);

// The table of properties, for documentation and schemas.
struct PropertyInfo {
  std::string_view name;
  std::string_view type;    // "text", "boolean", "list of address:port/transport", …
  std::string_view choices; // comma-separated; empty: free
  std::string_view default_text;
  std::string_view text; // one sentence
};
std::span<const PropertyInfo> properties();
std::span<const PropertyInfo> deviation_properties(); // keys of the `deviations` map
bool uses(const Config& config, keying::KeyExchange exchange);

} // namespace sipvet::gateway
