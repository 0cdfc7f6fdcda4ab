// The gateway's properties: one row for each name, saying what its value may be and which field it sets.
#include "gateway/properties.hpp"

#include "base/text.hpp"
#include "gateway/property_value.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace sipvet::gateway {

namespace {

using script::Value;

// PEM files larger than this are no certificates of a gateway.
constexpr std::size_t max_pem_octets = 1024 * 1024;
constexpr std::string_view installation_directory = "${netborder.Installation.Directory}";

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

std::string expanded(const PropertyTarget& target, std::string path) {
  for (std::size_t at; (at = path.find(installation_directory)) != std::string::npos;) {
    path.replace(at, installation_directory.size(), target.installation_directory);
  }
  return path;
}

Complaint read_pem(const Value& value, const PropertyTarget& target, std::string& file, std::string& pem) {
  if (auto complaint = read_text(value, file)) return complaint;
  file = expanded(target, file);
  std::ifstream in(file, std::ios::binary);
  if (!in) return "the file " + file + " cannot be read";
  pem.assign(std::istreambuf_iterator<char>(in), {});
  if (pem.size() > max_pem_octets) return "the file " + file + " is too large for PEM";
  if (pem.find("-----BEGIN ") == std::string::npos)
    return "expected PEM in the file " + file + ", found no BEGIN line";
  return std::nullopt;
}

Complaint set_certificate(const Value& value, PropertyTarget& target) {
  return read_pem(value, target, target.config.tls.certificate_file, target.config.tls.certificate_pem);
}
Complaint set_private_key(const Value& value, PropertyTarget& target) {
  return read_pem(value, target, target.config.tls.private_key_file, target.config.tls.private_key_pem);
}
Complaint set_trusted_roots(const Value& value, PropertyTarget& target) {
  return read_pem(value, target, target.config.tls.trusted_roots_file, target.config.tls.trusted_roots_pem);
}
Complaint set_password(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.tls.private_key_password);
}
Complaint set_installation(const Value& value, PropertyTarget& target) {
  return read_text(value, target.installation_directory);
}

// A name that the TLS library cannot do is a name all the same; only what is no suite name at all is refused.
Complaint set_tls_suites(const Value& value, PropertyTarget& target) {
  std::vector<std::string> suites;
  if (auto complaint = read_list(value, suites)) return complaint;
  for (const std::string& suite : suites) {
    if (tls_suite_support(suite) == SuiteSupport::unknown)
      return "expected IANA names of TLS cipher suites, found '" + suite + "'";
  }
  target.config.tls.suites = std::move(suites);
  return std::nullopt;
}

Complaint set_tls_versions(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  TlsSettings& tls = target.config.tls;
  tls.min_version = tls::Version::tls1_3;
  tls.max_version = tls::Version::tls1_0;
  for (const std::string& text : names) {
    const auto version = tls::find_version(text);
    if (!version) return "expected TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3, found '" + text + "'";
    tls.min_version = std::min(tls.min_version, *version);
    tls.max_version = std::max(tls.max_version, *version);
  }
  return std::nullopt;
}

Complaint set_verify(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"required", "if-given", "none"})) return complaint;
  target.config.tls.verify = text == "required"   ? tls::Verify::chain_required
                             : text == "if-given" ? tls::Verify::chain_if_given
                                                  : tls::Verify::none;
  return std::nullopt;
}

Complaint set_security_level(const Value& value, PropertyTarget& target) {
  std::int64_t level = 0;
  if (auto complaint = read_integer(value, 0, 5, level)) return complaint;
  target.config.tls.security_level = static_cast<int>(level);
  return std::nullopt;
}

Complaint set_srtp_mode(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"always", "as-needed", "never"})) return complaint;
  target.config.srtp_mode = *find_srtp_mode(text);
  return std::nullopt;
}

// The guide's two suites; "crypto suites" of other profiles come with their engines.
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

Complaint set_offer_form(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"two-sections", "avp-with-crypto"})) return complaint;
  target.config.srtp_and_rtp_form =
      text == "two-sections" ? keying::Form::two_sections : keying::Form::avp_with_crypto;
  return std::nullopt;
}

Complaint set_feedback_profile(const Value& value, PropertyTarget& target) {
  return read_boolean(value, target.config.feedback_profile);
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
Complaint set_user(const Value& value, PropertyTarget& target) {
  return read_text(value, target.config.user);
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

// Read in this order: files after the directory that stands in their names.
constexpr Property table[] = {
    {{"netborder.Installation.Directory", "text", "", "",
      "what ${netborder.Installation.Directory} stands for in file names"},
     set_installation},
    {{"netborder.sip.userAgent.IPAddress", "list of address:port/transport", "",
      "INADDR_ANY:5066/udp,INADDR_ANY:5066/tcp", "where SIP is listened for; INADDR_ANY is every interface"},
     set_user_agents},
    {{"netborder.sip.tls.serverCertificateFile", "file", "", "",
      "PEM file with the gateway's certificate and its chain"},
     set_certificate},
    {{"netborder.sip.tls.serverCertificatePrivateKeyFile", "file", "", "",
      "PEM file with the certificate's private key"},
     set_private_key},
    {{"netborder.sip.tls.serverCertificatePrivateKeyPassword", "text", "", "",
      "pass phrase of the private key"},
     set_password},
    {{"netborder.sip.tls.trustedRootCertificatesStore", "file", "", "",
      "PEM file with the certificates of trusted authorities"},
     set_trusted_roots},
    {{"netborder.sip.tls.cypherSuites", "list of TLS suites", "",
      "TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_3DES_EDE_CBC_SHA",
      "TLS cipher suites, most preferred first"},
     set_tls_suites},
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
    {{"sipvet.sip.tls.versions", "list of TLS versions", "TLSv1.0,TLSv1.1,TLSv1.2,TLSv1.3",
      "TLSv1.0,TLSv1.1,TLSv1.2", "TLS versions: the lowest and the highest count"},
     set_tls_versions},
    {{"sipvet.sip.tls.verifyPeer", "text", "required,if-given,none", "required",
      "whether the other side must present a certificate that chains to a trusted root"},
     set_verify},
    {{"sipvet.sip.tls.securityLevel", "integer", "", "0",
      "OpenSSL's security level; above 0 old versions and keys are refused"},
     set_security_level},
    {{"sipvet.media.srtp.offerForm", "text", "two-sections,avp-with-crypto", "two-sections",
      "how an offer of SRTP and RTP is written"},
     set_offer_form},
    {{"sipvet.media.feedbackProfile", "boolean", "", "false",
      "offers RTP/SAVPF and RTP/AVPF in place of RTP/SAVP and RTP/AVP"},
     set_feedback_profile},
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
    {{"sipvet.sip.user", "text", "", "gateway", "user part of the gateway's own URI"}, set_user},
    {{"sipvet.sip.host", "text", "", "", "host in From, Contact and Via; empty: the address in use"},
     set_host},
    {{"sipvet.sip.userAgentHeader", "text", "", "sipvet-gateway", "what User-Agent and Server say"},
     set_user_agent},
    {{"sip.out.requestUri", "text", "", "",
      "where calls from the telephone side go; %0 is the number dialled"},
     set_route_uri},
    {{"sip.out.transport", "text", "udp,tcp,tls", "udp", "how they get there"}, set_route_transport},
    {{"sip.out.from.user", "text", "", "", "user part of From in those calls; empty: the gateway's own"},
     set_from_user},
};

} // namespace

std::span<const Property> property_table() { return table; }

std::span<const PropertyInfo> properties() {
  static const std::vector<PropertyInfo> infos = [] {
    std::vector<PropertyInfo> all;
    for (const Property& property : table) all.push_back(property.info);
    return all;
  }();
  return infos;
}

} // namespace sipvet::gateway
