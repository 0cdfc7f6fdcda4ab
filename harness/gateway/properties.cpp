// The gateway's properties: one row for each name, saying what its value may be and which field it sets.
#include "gateway/properties.hpp"

#include "base/text.hpp"
#include "gateway/property_value.hpp"
#include "gateway/routing_rules.hpp"

#include <algorithm>

namespace sipvet::gateway {

namespace {

using script::Value;

Complaint set_user_agents(const Value& value, PropertyTarget& target) {
  std::vector<std::string> texts;
  if (auto complaint = read_list(value, texts)) return complaint;
  target.config.user_agents.clear();
  for (const std::string& text : texts) {
    const Result<UserAgentAddress> parsed = parse_user_agent_address(text);
    if (!parsed) return parsed.error().what;
    target.config.user_agents.push_back(*parsed);
  }
  return std::nullopt;
}

Complaint set_srtp_mode(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"always", "as-needed", "never"})) return complaint;
  target.config.srtp_mode = *find_srtp_mode(text);
  return std::nullopt;
}

// The guide's two suites; sipvet.media.srtp.suites has all.
Complaint set_srtp_suites(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  std::vector<rtp::SrtpSuite> suites;
  for (const std::string& text : names) {
    const auto suite = rtp::find_srtp_suite(text);
    const bool known =
        suite == rtp::SrtpSuite::aes_cm_128_hmac_sha1_80 || suite == rtp::SrtpSuite::aes_cm_128_hmac_sha1_32;
    if (!known)
      return check_choice(text, {"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"})
          .value_or("'" + text + "' is unknown");
    if (std::find(suites.begin(), suites.end(), *suite) != suites.end())
      return "'" + text + "' stands there twice";
    suites.push_back(*suite);
  }
  target.config.srtp_suites = std::move(suites);
  return std::nullopt;
}

Complaint set_feedback_profile(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.feedback_profile);
}

Complaint set_key_exchanges(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  std::vector<keying::KeyExchange> exchanges;
  for (const std::string& text : names) {
    if (auto complaint = check_choice(text, {"sdes", "mikey", "dtls-srtp"})) return complaint;
    exchanges.push_back(*keying::find_key_exchange(text));
  }
  target.config.key_exchanges = std::move(exchanges);
  return std::nullopt;
}

Complaint set_dtls_versions(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  std::vector<tls::DtlsVersion> versions;
  for (const std::string& text : names) {
    if (auto complaint = check_choice(text, {"DTLSv1.0", "DTLSv1.2"})) return complaint;
    versions.push_back(*tls::find_dtls_version(text));
  }
  target.config.dtls.versions = std::move(versions);
  return std::nullopt;
}

Complaint set_dtls_offer_setup(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"actpass", "active", "passive"})) return complaint;
  target.config.dtls.offer_setup = *keying::find_setup(text);
  return std::nullopt;
}

Complaint set_dtls_answer_setup(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"active", "passive"})) return complaint;
  target.config.dtls.answer_setup = *keying::find_setup(text);
  return std::nullopt;
}

Complaint set_dtls_hashes(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  for (const std::string& text : names)
    if (auto complaint = check_choice(text, {"sha-1", "sha-256", "sha-384", "sha-512"})) return complaint;
  target.config.dtls.hashes = std::move(names);
  return std::nullopt;
}

Complaint set_dtls_timeout(const Value& value, PropertyTarget& target) {
  if (auto complaint = read_duration(value, target.config.dtls.timeout)) return complaint;
  if (target.config.dtls.timeout <= Duration{}) return "expected a duration above 0";
  return std::nullopt;
}

Complaint set_dtls_rtcp_mux(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.dtls.rtcp_mux);
}

Complaint set_unsecure_t38(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.unsecure_t38_with_srtp);
}

Complaint set_payload_types(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  std::vector<std::uint8_t> types;
  for (const std::string& text : names) {
    if (auto complaint = check_choice(text, {"PCMU", "PCMA", "telephone-event"})) return complaint;
    types.push_back(text == "PCMU" ? 0 : text == "PCMA" ? 8 : 101);
  }
  target.config.payload_types = std::move(types);
  return std::nullopt;
}

Complaint set_lock_on_sdp(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.lock_on_sdp);
}
Complaint set_auto_answer(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.auto_answer);
}
Complaint set_ring_for(const Value& value, PropertyTarget& target) {
  return read_duration(value, target.config.ring_for);
}
Complaint set_early_answer(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"none", "180", "183"})) return complaint;
  target.config.early_answer = text == "none" ? 0 : text == "180" ? 180 : 183;
  return std::nullopt;
}
Complaint set_user(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.user);
}
Complaint set_domain(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.domain);
}

Complaint set_clock_offset(const Value& value, PropertyTarget& target) {
  Value amount = value;
  const bool behind = value.is_scalar() && value.text.starts_with('-');
  if (behind) amount.text.erase(0, 1);
  Duration offset{};
  if (read_duration(amount, offset))
    return "expected a duration such as 30s or -24h, found " + script::describe(value);
  target.config.clock_offset = behind ? -offset : offset;
  return std::nullopt;
}

Complaint set_host(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.host);
}
Complaint set_user_agent(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.user_agent);
}
Complaint set_route_uri(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.route.request_uri);
}
Complaint set_routing_rules(const Value& value, PropertyTarget& target) {
  std::string file;
  if (auto complaint = read_text(value, file)) return complaint;
  const ReadRules read = load_routing_rules(script::file_beside(value, file));
  std::string all;
  for (const script::Diagnostic& error : read.errors) all += (all.empty() ? "" : "; ") + to_string(error);
  if (!all.empty()) return all;
  target.config.routing_rules = read.rules;
  return std::nullopt;
}
Complaint set_from_user(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.route.from_user);
}

Complaint set_media_pace(const Value& value, PropertyTarget& target) {
  if (auto complaint = read_duration(value, target.config.media_pace)) return complaint;
  if (target.config.media_pace <= Duration{}) return "expected a duration above 0";
  return std::nullopt;
}

Complaint set_voiceprint(const Value& value, PropertyTarget& target) {
  std::int64_t number = 0;
  if (auto complaint = read_integer(value, 0, rtp::voiceprint_count - 1, number)) return complaint;
  target.config.voiceprint = rtp::Voiceprint(static_cast<unsigned>(number));
  return std::nullopt;
}

Complaint set_route_transport(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"udp", "tcp", "tls"})) return complaint;
  target.config.route.transport = *ua::find_transport(text);
  return std::nullopt;
}

constexpr std::string_view both_suites = "AES_CM_128_HMAC_SHA1_80,AES_CM_128_HMAC_SHA1_32";

constexpr Property table[] = {
    {{"netborder.sip.userAgent.IPAddress", "list of address:port/transport", "",
      "INADDR_ANY:5066/udp,INADDR_ANY:5066/tcp", "where SIP is listened for; INADDR_ANY is every interface"},
     set_user_agents},
    {{"netborder.media.srtp.mode", "text", "always,as-needed,never", "as-needed", "when media is SRTP"},
     set_srtp_mode},
    {{"netborder.media.srtp.cryptoSuite", "list of SRTP suites", both_suites, both_suites,
      "SRTP crypto suites, most preferred first"},
     set_srtp_suites},
    {{"netborder.mdedia.srtp.cryptoSuite", "list of SRTP suites", both_suites, both_suites,
      "the same under the spelling that the guide prints"},
     set_srtp_suites},
    {{"netborder.media.rtp.lockOnSDP", "boolean", "", "false",
      "drops media from where no SDP said it comes from"},
     set_lock_on_sdp},
    {{"sipvet.media.feedbackProfile", "boolean", "", "false",
      "offers RTP/SAVPF and RTP/AVPF in place of RTP/SAVP and RTP/AVP"},
     set_feedback_profile},
    {{"sipvet.media.keyExchange", "list", "sdes,mikey,dtls-srtp", "sdes",
      "how SRTP keys are made: all are offered in this order, the first that was offered is answered"},
     set_key_exchanges},
    {{"sipvet.media.dtls.versions", "list", "DTLSv1.0,DTLSv1.2", "DTLSv1.2", "versions of DTLS-SRTP"},
     set_dtls_versions},
    {{"sipvet.media.dtls.offerSetup", "text", "actpass,active,passive", "actpass",
      "a=setup of offers: who is to begin the DTLS handshake"},
     set_dtls_offer_setup},
    {{"sipvet.media.dtls.answerSetup", "text", "active,passive", "active",
      "a=setup of answers, where the offer leaves the choice"},
     set_dtls_answer_setup},
    {{"sipvet.media.dtls.fingerprints", "list", "sha-1,sha-256,sha-384,sha-512", "sha-256",
      "hash functions of the fingerprints, a line for each"},
     set_dtls_hashes},
    {{"sipvet.media.dtls.timeout", "duration", "", "10s",
      "how long a DTLS handshake may take before the call is given up"},
     set_dtls_timeout},
    {{"sipvet.media.dtls.rtcpMux", "boolean", "", "false",
      "with DTLS-SRTP offers and takes RTCP on the port of RTP"},
     set_dtls_rtcp_mux},
    {{"AllowUnsecureT38WithSecureRtp", "boolean", "", "false",
      "whether a call with SRTP may change to T.38, which is never encrypted"},
     set_unsecure_t38},
    {{"sipvet.media.codecs", "list", "PCMU,PCMA,telephone-event", "PCMU,PCMA,telephone-event",
      "codecs, most preferred first"},
     set_payload_types},
    {{"sipvet.media.pace", "duration", "", "20ms",
      "from one media packet to the next; timestamps always grow by 20 ms"},
     set_media_pace},
    {{"sipvet.telephone.voiceprint", "integer", "", "1", "number of the sound that the telephone side plays"},
     set_voiceprint},
    {{"sipvet.telephone.autoAnswer", "boolean", "", "true", "answers calls by itself"}, set_auto_answer},
    {{"sipvet.telephone.ringFor", "duration", "", "0s", "rings so long before it answers"}, set_ring_for},
    {{"sipvet.sip.earlyAnswer", "text", "none,180,183", "none",
      "the provisional response that carries the answer to a call from SIP: early media begins with it"},
     set_early_answer},
    {{"sipvet.sip.user", "text", "", "gateway", "user part of the gateway's own URI"}, set_user},
    {{"sipvet.sip.domain", "text", "", "",
      "the gateway's SIP domain, which its certificate in a scenario is for"},
     set_domain},
    {{"sipvet.clock.offset", "duration", "", "0s",
      "how far the gateway's clock runs ahead, or with a minus sign behind, when it checks certificates"},
     set_clock_offset},
    {{"sipvet.sip.host", "text", "", "", "host in From, Contact and Via; empty: the address in use"},
     set_host},
    {{"sipvet.sip.userAgentHeader", "text", "", "sipvet-gateway", "what User-Agent and Server say"},
     set_user_agent},
    {{"sip.out.requestUri", "text", "", "",
      "where calls from the telephone side go; %0 is the number dialled"},
     set_route_uri},
    {{"sip.out.transport", "text", "udp,tcp,tls", "", "how they get there; empty: what the URI or DNS says"},
     set_route_transport},
    {{"sip.out.from.user", "text", "", "", "user part of From in those calls; empty: the gateway's own"},
     set_from_user},
    {{"sipvet.routing.rulesFile", "file", "", "",
      "routing rules as NetBorder Express writes them in XML; they take the place of sip.out.*"},
     set_routing_rules},
};

} // namespace

bool uses(const Config& config, keying::KeyExchange exchange) {
  return std::find(config.key_exchanges.begin(), config.key_exchanges.end(), exchange) !=
         config.key_exchanges.end();
}

std::span<const Property> property_table() {
  static const std::vector<Property> all = [] {
    std::vector<Property> both(tls_property_table().begin(), tls_property_table().end());
    both.insert(both.end(), std::begin(table), std::end(table));
    both.insert(both.end(), sip_property_table().begin(), sip_property_table().end());
    both.insert(both.end(), limit_property_table().begin(), limit_property_table().end());
    both.insert(both.end(), sdes_property_table().begin(), sdes_property_table().end());
    for (const auto& more :
         {mikey_property_table(), sbc_property_table(), trunk_property_table(), uplink_property_table()})
      both.insert(both.end(), more.begin(), more.end());
    return both;
  }();
  return all;
}

std::span<const PropertyInfo> properties() {
  static const std::vector<PropertyInfo> infos = [] {
    std::vector<PropertyInfo> all;
    for (const Property& property : property_table()) all.push_back(property.info);
    return all;
  }();
  return infos;
}

} // namespace sipvet::gateway
