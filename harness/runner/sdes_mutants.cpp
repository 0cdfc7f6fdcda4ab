// Gateways whose SDES, or whose choice between SRTP and RTP, is wrong in one way each, and the scenario that
// must notice.
#include "runner/mutants.hpp"

#include "keying/sdes_deviations.hpp"

#include <algorithm>
#include <string_view>

namespace sipvet::runner {

namespace {

struct Deviant {
  const char* deviation; // of keying/sdes_deviations.def
  const char* scenario;
};
constexpr Deviant deviants[] = {
    // What it writes.
    {"tag_renumbered", "sdes/answer-tag"},
    {"tag_not_offered", "sdes/answer-tag"},
    {"tags_repeated", "sdes/own-lines"},
    {"several_lines_answered", "sdes/one-answer"},
    {"answer_without_key", "sdes/answer-tag"},
    {"answer_without_key", "sdes/rekey"},
    {"key_too_short", "sdes/suites"},
    {"key_too_long", "sdes/suites"},
    {"key_not_base64", "sdes/suites"},
    {"padding_left_out", "sdes/own-lines"},
    {"suite_misspelled", "sdes/own-lines"},
    {"unknown_parameter_written", "sdes/own-lines"},
    {"parameter_added", "sdes/session-parameters"},
    {"parameters_not_answered", "sdes/session-parameters"},
    {"configuration_not_answered", "optional-srtp/inbound"},
    {"configuration_not_offered", "optional-srtp/inbound"},
    // What it does with the media.
    {"mki_not_sent", "sdes/identified-keys"},
    {"mki_not_expected", "sdes/offered-identifier"},
    {"lifetime_ignored", "sdes/lifetime-end"},
    {"parameters_ignored", "sdes/session-parameters"},
    {"parameters_ignored", "sdes/own-parameters"},
    // What it takes.
    {"mki_refused", "sdes/offered-identifier"},
    {"lifetime_refused", "sdes/lifetime-written"},
    {"tag_zero_refused", "sdes/answer-tag"},
    {"padding_required", "sdes/key-spelling"},
    {"registered_names_required", "sdes/key-spelling"},
    {"wrong_key_length_accepted", "sdes/lines-passed-over"},
    {"wrong_key_length_accepted", "sdes/key-octet-short"},
    {"wrong_mki_accepted", "sdes/lines-passed-over"},
    {"unknown_parameters_accepted", "sdes/lines-passed-over"},
    {"unknown_parameters_accepted", "sdes/answered-parameter"},
    {"optional_parameters_refused", "sdes/optional-parameters"},
    {"repeated_tags_accepted", "sdes/repeated-tags"},
    {"first_line_decides", "sdes/lines-passed-over"},
    {"first_line_decides", "sdes/aead-authenticates"},
    {"one_bad_line_spoils_all", "sdes/lines-passed-over"},
    {"answered_tag_not_checked", "sdes/answers-checked"},
    {"answered_suite_not_checked", "sdes/answered-suite"},
    {"answered_parameters_not_checked", "sdes/answers-checked"},
    {"several_answered_lines_accepted", "sdes/answers-checked"},
    {"missing_key_accepted", "sdes/answers-checked"},
    {"first_configuration_decides", "optional-srtp/next-configuration"},
    {"first_configuration_decides", "dtls-srtp/configuration-taken"},
    {"required_capabilities_ignored", "optional-srtp/required-capability"},
    {"answered_configuration_not_checked", "optional-srtp/answers-checked"},
    {"unknown_capabilities_taken", "optional-srtp/capabilities"},
};

struct Misset {
  const char* name;
  const char* setting;
  const char* scenario;
};
constexpr Misset missets[] = {
    {"takes RTP where keys that cannot be used were offered", "netborder.media.srtp.mode: as-needed",
     "optional-srtp/unusable-keys"},
    {"understands every form of SRTP and RTP",
     "sipvet.media.srtp.understoodForms: [two-sections, avp-with-crypto, capability-negotiation, "
     "avp-with-encryption]",
     "optional-srtp/not-understood"},
    {"offers SRTP and RTP in two sections", "sipvet.media.srtp.offerForm: two-sections",
     "optional-srtp/outbound"},
    {"takes no notice of a=encryption", "sipvet.media.srtp.understoodForms: [two-sections, avp-with-crypto]",
     "optional-srtp/inbound"},
    {"offers DTLS-SRTP in a section of its own", "sipvet.media.srtp.offerForm: two-sections",
     "dtls-srtp/configuration-offered"},
    {"goes by its own order", "sipvet.media.sdes.answerOrder: own", "sdes/answer-order"},
    {"goes by the order of the offer", "sipvet.media.sdes.answerOrder: offered", "sdes/answer-order"},
    {"takes the first line that it can use, whatever is configured", "sipvet.media.sdes.answerOrder: offered",
     "sdes/one-answer"},
    {"has one key in its lines and no more", "sipvet.media.sdes.keys: 1", "sdes/next-key"},
    {"never offers new keys", "sipvet.media.srtp.rekeyAfter: 0", "sdes/new-keys-in-time"},
    {"is in unsecure mode", "netborder.media.srtp.mode: never", "optional-srtp/secure-and-unsecure"},
    {"is in mode always", "netborder.media.srtp.mode: always", "optional-srtp/single-form-inbound"},
};

std::string text_of(const char* deviation) {
  const auto infos = keying::sdes_deviation_infos();
  const auto found = std::ranges::find(infos, std::string_view(deviation), &keying::SdesDeviationInfo::name);
  return found == infos.end() ? deviation : std::string(found->text);
}

} // namespace

std::vector<Mutant> sdes_mutants() {
  std::vector<Mutant> out;
  for (const Deviant& each : deviants)
    out.push_back({text_of(each.deviation) + " (" + each.scenario + ")",
                   "sdes: {" + std::string(each.deviation) + ": true}", each.scenario});
  for (const Misset& each : missets) out.push_back({each.name, "", each.scenario, "", each.setting});
  return out;
}

} // namespace sipvet::runner
