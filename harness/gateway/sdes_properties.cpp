// The properties about SDES, and about how a choice between SRTP and RTP is written and understood.
#include "gateway/properties.hpp"

#include <algorithm>

namespace sipvet::gateway {

namespace {

using script::Value;

constexpr std::string_view form_names =
    "two-sections,avp-with-crypto,capability-negotiation,avp-with-encryption";

Complaint set_suites(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  std::vector<std::string> known;
  for (const rtp::SrtpSuiteInfo& suite : rtp::srtp_suites()) known.emplace_back(suite.name);
  std::vector<rtp::SrtpSuite> suites;
  for (const std::string& name : names) {
    const auto suite = rtp::find_srtp_suite(name);
    if (!suite) return check_choice(name, known);
    if (std::ranges::find(suites, *suite) != suites.end()) return "'" + name + "' stands there twice";
    suites.push_back(*suite);
  }
  if (suites.empty()) return "expected one suite at least";
  target.config.srtp_suites = std::move(suites);
  return std::nullopt;
}

Complaint take_form(const std::string& text, keying::Form& field) {
  std::vector<std::string> known;
  for (const keying::Form form : keying::choice_forms()) known.emplace_back(keying::name(form));
  if (auto complaint = check_choice(text, known)) return complaint;
  field = *keying::find_choice_form(text);
  return std::nullopt;
}

Complaint set_offer_form(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  return take_form(text, target.config.srtp_and_rtp_form);
}

Complaint set_understood_forms(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names;
  if (auto complaint = read_list(value, names)) return complaint;
  std::vector<keying::Form> forms(names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (auto complaint = take_form(names[i], forms[i])) return complaint;
  target.config.understood_forms = std::move(forms);
  return std::nullopt;
}

Complaint set_first_tag(const Value& value, PropertyTarget& target) {
  std::int64_t tag = 0;
  if (auto complaint = read_integer(value, 0, 999'999'000, tag)) return complaint;
  target.config.sdes.style.first_tag = static_cast<std::uint32_t>(tag);
  return std::nullopt;
}

Complaint set_answer_order(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  if (auto complaint = check_choice(text, {"own", "offered"})) return complaint;
  target.config.sdes.offerers_order = text == "offered";
  return std::nullopt;
}

Complaint set_keys(const Value& value, PropertyTarget& target) {
  std::int64_t keys = 0;
  if (auto complaint = read_integer(value, 1, 16, keys)) return complaint;
  target.config.sdes.style.keys = static_cast<std::uint32_t>(keys);
  return std::nullopt;
}

Complaint set_mki_octets(const Value& value, PropertyTarget& target) {
  std::int64_t octets = 0;
  if (auto complaint = read_integer(value, 0, 128, octets)) return complaint;
  target.config.sdes.style.mki_octets = static_cast<std::uint32_t>(octets);
  return std::nullopt;
}

Complaint set_lifetime(const Value& value, PropertyTarget& target) {
  std::string text;
  if (auto complaint = read_text(value, text)) return complaint;
  const auto lifetime = sdp::parse_lifetime(text);
  if (!lifetime) return to_string(lifetime.error());
  target.config.sdes.style.lifetime = *lifetime;
  return std::nullopt;
}

Complaint set_rekey_after(const Value& value, PropertyTarget& target) {
  std::int64_t packets = 0;
  if (auto complaint = read_integer(value, 0, std::int64_t{1} << 48, packets)) return complaint;
  target.config.rekey_after_packets = static_cast<std::uint64_t>(packets);
  return std::nullopt;
}

Complaint set_parameters(const Value& value, PropertyTarget& target) {
  std::vector<std::string> texts;
  if (auto complaint = read_list(value, texts)) return complaint;
  std::vector<sdp::SessionParameter> parameters;
  for (const std::string& text : texts) {
    auto parameter = sdp::parse_session_parameter(text);
    if (!parameter) return to_string(parameter.error());
    if (keying::is_kdr_0(*parameter)) return "KDR is 1 to 24 (RFC 4568 §6.3.1)";
    parameters.push_back(std::move(*parameter));
  }
  target.config.sdes.style.parameters = std::move(parameters);
  return std::nullopt;
}

Complaint set_accepted_parameters(const Value& value, PropertyTarget& target) {
  std::vector<std::string> names, known;
  if (auto complaint = read_list(value, names)) return complaint;
  for (const keying::ParameterInfo& parameter : keying::session_parameters())
    if (parameter.kind != keying::ParameterKind::not_done) known.emplace_back(parameter.name);
  for (const std::string& name : names)
    if (auto complaint = check_choice(name, known)) return complaint;
  target.config.sdes.accepted_parameters = std::move(names);
  return std::nullopt;
}

constexpr Property table[] = {
    {{"sipvet.media.srtp.suites", "list of SRTP suites", "",
      "AES_CM_128_HMAC_SHA1_80,AES_CM_128_HMAC_SHA1_32",
      "SRTP crypto suites of RFC 4568, RFC 6188 and RFC 7714, most preferred first"},
     set_suites},
    {{"sipvet.media.srtp.offerForm", "text", form_names, "two-sections",
      "how an offer of SRTP and RTP is written"},
     set_offer_form},
    {{"sipvet.media.srtp.understoodForms", "list", form_names, form_names,
      "in which forms an offer of SRTP and RTP is understood; of others only what is left without them "
      "counts"},
     set_understood_forms},
    {{"sipvet.media.sdes.firstTag", "integer", "", "1",
      "tag of the first crypto line of an offer; each further one has one more"},
     set_first_tag},
    {{"sipvet.media.sdes.answerOrder", "text", "own,offered", "own",
      "which of several crypto lines is answered: that with the first of its own suites, or the first that "
      "it "
      "can use"},
     set_answer_order},
    {{"sipvet.media.sdes.keys", "integer", "", "1", "master keys in a crypto line; several need an MKI"},
     set_keys},
    {{"sipvet.media.sdes.mkiOctets", "integer", "", "0",
      "length of the MKI of each key, up to 128; 0: no MKI"},
     set_mki_octets},
    {{"sipvet.media.sdes.lifetime", "text", "", "",
      "lifetime of the keys in packets, as 2^n or as a number; empty: not written"},
     set_lifetime},
    {{"sipvet.media.srtp.rekeyAfter", "integer", "", "0",
      "packets sent after which a re-INVITE brings new keys; 0: never, and sending ends with the lifetime"},
     set_rekey_after},
    {{"sipvet.media.sdes.parameters", "list", "", "", "session parameters of the crypto lines offered"},
     set_parameters},
    {{"sipvet.media.sdes.acceptedParameters", "list",
      "KDR,UNENCRYPTED_SRTP,UNENCRYPTED_SRTCP,UNAUTHENTICATED_SRTP,WSH", "KDR,WSH",
      "session parameters that the other side may ask for"},
     set_accepted_parameters},
};

} // namespace

std::span<const Property> sdes_property_table() { return table; }

} // namespace sipvet::gateway
