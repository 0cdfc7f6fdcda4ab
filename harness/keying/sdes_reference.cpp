#include "keying/sdes_reference.hpp"

#include "keying/offer_shape.hpp"
#include "keying/sdes_line.hpp"

#include <array>

namespace sipvet::keying {

namespace {

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string row(std::initializer_list<std::string> cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

std::string_view said_of(ParameterKind kind) {
  constexpr std::array<std::string_view, 3> texts = {"declared by each side for what it sends",
                                                     "offered and answered alike", "not done"};
  return texts.at(static_cast<std::size_t>(kind));
}

struct FormText {
  Form form;
  std::string_view offer, with_srtp, with_rtp, source;
};
constexpr FormText forms[] = {
    {Form::two_sections, "an `m=` line each of RTP/SAVP with `a=crypto` and of RTP/AVP",
     "the RTP/AVP section has port 0", "the RTP/SAVP section has port 0", "RFC 3264 §6"},
    {Form::avp_with_crypto, "one `m=` line of RTP/AVP with `a=crypto`", "RTP/AVP with one `a=crypto`",
     "RTP/AVP without", "RFC 8643 §3.1, §3.2"},
    {Form::capability_negotiation,
     "one `m=` line of RTP/AVP with `a=tcap:1 RTP/SAVP`, an `a=acap` for each crypto line, and `a=pcfg:1`",
     "RTP/SAVP with one `a=crypto` and `a=acfg:1`", "RTP/AVP without", "RFC 5939 §3.6"},
    {Form::avp_with_encryption, "one `m=` line of RTP/AVP with `a=crypto` and `a=encryption:optional`",
     "RTP/SAVP with one `a=crypto` and `a=encryption:optional`", "RTP/AVP with `a=encryption:rejected`",
     "[MS-SDPEXT] §3.1.5.8"},
};

} // namespace

std::string suite_reference() {
  std::string out = "| suite | octets of key and salt | octets of tag, RTP and RTCP |\n|---|---|---|\n";
  for (const rtp::SrtpSuiteInfo& suite : rtp::srtp_suites())
    out +=
        row({code(suite.name), std::to_string(suite.key_octets) + " + " + std::to_string(suite.salt_octets),
             std::to_string(suite.rtp_tag_octets) + ", " + std::to_string(suite.rtcp_tag_octets)});
  out += "\n| name that is written as well | suite that it means |\n|---|---|\n";
  for (const rtp::SrtpSuiteAlias& alias : rtp::srtp_suite_aliases())
    out += row({code(alias.name), code(rtp::name(alias.suite))});
  out += "\n| suite that is not done | why |\n|---|---|\n";
  for (const rtp::MissingSrtpSuite& missing : rtp::missing_srtp_suites())
    out += row({code(missing.name), std::string(missing.reason)});
  return out;
}

std::string session_parameter_reference() {
  std::string out = "| parameter | what it says | how |\n|---|---|---|\n";
  for (const ParameterInfo& parameter : session_parameters())
    out += row({code(parameter.name), std::string(parameter.text), std::string(said_of(parameter.kind))});
  return out;
}

std::string form_reference() {
  std::string out = "| form | offer | answer with SRTP | answer with RTP | source |\n|---|---|---|---|---|\n";
  for (const FormText& text : forms)
    out += row({code(name(text.form)), std::string(text.offer), std::string(text.with_srtp),
                std::string(text.with_rtp), std::string(text.source)});
  return out;
}

std::string sdes_deviation_reference() {
  std::string out = "| deviation | what it does |\n|---|---|\n";
  for (const SdesDeviationInfo& info : sdes_deviation_infos())
    out += row({code(info.name), std::string(info.text)});
  return out;
}

} // namespace sipvet::keying
