// What a scripted peer is like: the keys of a `peers:` entry and of a profile's `peer:` section, as one
// table.
#pragma once

#include "dialog/session_timer.hpp"
#include "keying/media_keys.hpp"
#include "keying/mikey_party.hpp"
#include "keying/offer_shape.hpp"
#include "keying/sdes.hpp"
#include "peers/next_hop.hpp"
#include "peers/proxy_settings.hpp"
#include "peers/tls_settings.hpp"
#include "rtp/srtp_suite.hpp"
#include "script/value.hpp"
#include "ua/dtls_settings.hpp"
#include "ua/media_deviations.hpp"
#include "ua/transport.hpp"
#include "ua/user_agent.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::peers {

// A peer takes whatever session parameters it can do.
keying::SdesSettings lenient_sdes();

struct Settings {
  ua::Transport transport = ua::Transport::tls; // what it calls by and listens on
  std::uint16_t port = 5061; // in the simulated network; over sockets a free one is asked for
  std::string user = "peer";
  std::string fork_of; // the peer whose calls it gets as another branch; empty: it is reached by itself
  std::string domain = "peer.example.test"; // SIP domain that its certificate is for
  std::string user_agent;                   // User-Agent value; empty: none sent
  dialog::SessionTimerSettings session_timer;
  ua::ReliableProvisional reliable_provisional = ua::ReliableProvisional::never;
  enum class Updates { never, answered, by_steps };
  Updates updates = Updates::never; // whether it knows UPDATE, and who answers the offers in it
  ua::UserAgentDeviations sip_deviations;
  TlsSettings tls;
  bool tcp_beside_tls = false; // on the port for TLS
  bool listens = true;
  bool answers_options = true; // false: takes them and says nothing
  NextHop next_hop;
  std::vector<rtp::SrtpSuite> suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80};
  keying::Form form = keying::Form::two_sections; // how it writes an offer of SRTP and RTP
  keying::ShapeRules shape_rules;                 // how it reads one
  keying::SdesSettings sdes = lenient_sdes();
  std::vector<std::uint8_t> codecs = {0, 8}; // RTP payload types, most preferred first
  // All are offered in this order; the first that was offered is answered.
  std::vector<keying::KeyExchange> key_exchanges = {keying::KeyExchange::sdes};
  ua::DtlsSettings dtls;
  keying::MikeySettings mikey; // its suites are `suites`

  ProxySettings proxy;
  std::string registers_with; // name of a peer; empty: it does not register
  std::string password;       // empty: it answers no challenges
  bool alias = false;         // asks for requests over the connections that it makes (RFC 5923)

  bool uses(keying::KeyExchange exchange) const;
  ua::MediaDeviations media_deviations;
};

struct SettingInfo {
  std::string_view name; // "tls.versions"
  std::string_view text; // one sentence for the documentation
};
std::span<const SettingInfo> setting_infos();
// The table as Markdown: a part of docs/scenario-language.md.
std::string settings_reference();
// The table of DTLS-SRTP's deviations: a part of docs/dtls-srtp.md.
std::string dtls_deviations_reference();

struct ReadSettings {
  Settings settings;
  std::vector<script::Diagnostic> errors; // all of them, each with its place
};
ReadSettings read_settings(const script::Value& map);

} // namespace sipvet::peers
