#include "runner/mutants.hpp"

#include "runner/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sipvet::runner {

namespace {

using script::Cell;

// The guide's tables with one entry changed each: the treatment that the mutant gives instead.
struct ChangedAnswer {
  const char* mode;
  const char* offer;
  const char* treatment;
};
constexpr ChangedAnswer changed_answers[] = {
    {"always", "srtp-only", "488"},    {"always", "srtp-and-rtp", "rtp"},    {"always", "rtp-only", "rtp"},
    {"as-needed", "srtp-only", "488"}, {"as-needed", "srtp-and-rtp", "rtp"}, {"as-needed", "rtp-only", "488"},
    {"never", "srtp-only", "srtp"},    {"never", "srtp-and-rtp", "srtp"},    {"never", "rtp-only", "488"},
};

struct ChangedOffer {
  const char* mode;
  const char* offer;
};
constexpr ChangedOffer changed_offers[] = {
    {"always", "srtp-and-rtp"}, {"as-needed", "rtp-only"}, {"never", "srtp-only"}};

constexpr const char* both_suites =
    "netborder.media.srtp.cryptoSuite: [AES_CM_128_HMAC_SHA1_80, AES_CM_128_HMAC_SHA1_32]";

// The rest of the deviations that can be switched on, with the requirement whose scenarios must notice.
const Mutant switches[] = {
    {"406 where the guide says 488", "status_instead_of_488: 406", "NBE-SRTP-IN-never-srtp-only"},
    {"agrees on SRTP and sends RTP", "plain_media_on_secured_leg: true", "NBE-SRTP-IN-always-srtp-only"},
    {"sends with the key it was given", "reuse_key_both_directions: true", "NBE-SRTP-IN-always-srtp-only"},
    {"answers one crypto suite and uses another", "wrong_suite_in_answer: true", "NBE-SUITE-1"},
    {"answers a crypto tag that was not offered", "answer_tag_changed: true", "NBE-SRTP-IN-always-srtp-only"},
    {"offers its crypto suites last first", "offer_suites_reversed: true", "NBE-SUITE-1"},
    {"takes the other side's first crypto suite", "answer_picks_offerers_order: true", "NBE-SUITE-1"},
    {"sends packets without sound", "silent_media: true", "NBE-SRTP-IN-*"},
    {"sends the caller's own sound back", "wrong_voiceprint: true", "NBE-SRTP-IN-*"},
    {"sends no media", "one_way_media: true", "NBE-SRTP-IN-*"},
    {"does not acknowledge a 200", "no_ack: true", "NBE-SRTP-OUT-*"},
    {"does not answer BYE", "no_bye_response: true", "NBE-SRTP-IN-*"},
    {"offers authenticated encryption last", "offer_suites_reversed: true", "sdes/modern-order"},
    {"lets a second fork that answers go on", "second_answer_kept: true", "forking/two-answers"},
    {"gives no early media", "", "forking/early-media-given", "", "sipvet.sip.earlyAnswer: none"},
    {"rings without the verification message", "", "key-management/verification-early", "",
     "sipvet.sip.earlyAnswer: none"},
    {"leaves the verification message out of its answers", "mikey: {no_verification: true}",
     "key-management/verification-early"},
    {"begins every stream at rollover counter 0", "mikey: {ignore_rollover: true}",
     "key-management/rollover-told"},
    {"encrypts under SDES where NULL is configured", "", "key-management/null-encryption-sdes", "",
     "Encryption: AES_CM_128"},
    {"takes a forged verification message of a fork", "mikey: {ignore_verification: true}",
     "key-management/verification-early-taken"},
    {"changes a call with SRTP to T.38 whatever is configured", "t38_beside_srtp: true",
     "t38/change-refused"},
    {"offers T.38 beside SRTP whatever is configured", "t38_beside_srtp: true", "t38/fax-not-allowed"},
    {"turns T.38 down whatever is configured", "no_t38: true", "t38/change-to-fax"},
    {"never offers T.38", "no_t38: true", "t38/fax-begins-here"},
    {"keeps a fax in the sound without a try", "no_t38: true", "t38/fax-not-taken"},
    {"is in mode always where nothing says so", "", "srtp-mode/default", "",
     "netborder.media.srtp.mode: always"},
    {"takes both crypto suites where one is configured", "", "suites/restricted-inbound", "", both_suites},
    {"offers both crypto suites where one is configured", "", "suites/restricted-outbound", "", both_suites},
    {"does not read the property as the guide misspells it", "", "suites/guide-spelling", "",
     "netborder.mdedia.srtp.cryptoSuite: [AES_CM_128_HMAC_SHA1_80, AES_CM_128_HMAC_SHA1_32]"},
};

bool covers(const Cell& cell, const std::string& glob) {
  return matches_glob(glob, cell.scenario) ||
         std::any_of(cell.covers.begin(), cell.covers.end(),
                     [&](const std::string& id) { return matches_glob(glob, id); });
}

// OpenSSL cannot be made to misbehave, nor do all that a setting may ask for.
bool can_take(const Cell& cell, const Mutant& mutant) {
  const script::Value* engine = cell.gateway.settings.find("sipvet.sip.tls.engine");
  return (!mutant.deviation.starts_with("tls:") && mutant.setting.empty()) || engine == nullptr ||
         engine->text != "openssl";
}

std::vector<Cell> mutated(const std::vector<Cell>& cells, const Mutant& mutant) {
  const script::Document changes = script::load_yaml_text(
      fmt::format("deviations: {{{}}}\n{}\n", mutant.deviation, mutant.setting), mutant.name);
  std::vector<Cell> out;
  for (const Cell& cell : cells) {
    if (!covers(cell, mutant.caught) && (mutant.spared.empty() || !covers(cell, mutant.spared))) continue;
    if (!can_take(cell, mutant)) continue;
    out.push_back(cell);
    out.back().gateway.settings = script::merge(cell.gateway.settings, changes.root);
    out.back().known_failure.reset();
  }
  return out;
}

void judge(MutantVerdict& out, const std::vector<Cell>& cells, const std::vector<verdict::Result>& results) {
  std::size_t concerned = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const verdict::Result& result = results[i];
    const bool must_fail = covers(cells[i], out.mutant.caught);
    concerned += must_fail;
    if (result.outcome == verdict::Outcome::fail) out.caught_by.push_back(result);
    if (result.outcome == verdict::Outcome::error)
      out.problems.push_back(fmt::format("{}: the harness failed: {}", result.id,
                                         result.findings.empty() ? "" : result.findings.front().actual));
    if (out.mutant.spared.empty()) continue;
    if (must_fail && result.outcome == verdict::Outcome::pass) out.problems.push_back(result.id + " passes");
    if (!must_fail && result.outcome == verdict::Outcome::fail)
      out.problems.push_back(result.id + " fails and has nothing to do with it");
  }
  if (concerned == 0) out.problems.push_back("no cell covers " + out.mutant.caught);
  if (out.caught_by.empty()) out.problems.push_back("no cell failed");
}

} // namespace

std::vector<Mutant> mutants() {
  std::vector<Mutant> out;
  for (const ChangedAnswer& changed : changed_answers)
    out.push_back({fmt::format("mode {} answers {} with {}", changed.mode, changed.offer, changed.treatment),
                   fmt::format("srtp_answer: {{mode: {}, offer: {}, treatment: {}}}", changed.mode,
                               changed.offer, changed.treatment),
                   fmt::format("NBE-SRTP-IN-{}-{}", changed.mode, changed.offer), "NBE-SRTP-IN-*"});
  for (const ChangedOffer& changed : changed_offers)
    out.push_back({fmt::format("mode {} offers {}", changed.mode, changed.offer),
                   fmt::format("srtp_offer: {{mode: {}, offer: {}}}", changed.mode, changed.offer),
                   fmt::format("NBE-SRTP-OUT-{}", changed.mode), "NBE-SRTP-OUT-*"});
  out.insert(out.end(), std::begin(switches), std::end(switches));
  for (const auto part : {tls_mutants, media_mutants, dtls_mutants, sdes_mutants, mikey_mutants, sip_mutants,
                          route_mutants, uplink_mutants, telephone_mutants, limit_mutants}) {
    const std::vector<Mutant> some = part();
    out.insert(out.end(), some.begin(), some.end());
  }
  return out;
}

std::vector<std::string> unguarded(const std::vector<Cell>& cells,
                                   const std::vector<MutantVerdict>& verdicts) {
  std::set<std::string> guarded;
  for (const MutantVerdict& verdict : verdicts)
    for (const verdict::Result& result : verdict.caught_by)
      guarded.insert(result.id.substr(0, result.id.find('[')));
  std::vector<std::string> out;
  for (const Cell& cell : cells)
    if (guarded.insert(cell.scenario).second) out.push_back(cell.scenario);
  return out;
}

std::vector<MutantVerdict> run_mutants(const std::vector<Cell>& cells, RunOptions options,
                                       const std::function<void(const MutantVerdict&)>& on_verdict,
                                       const std::atomic<bool>& stop) {
  options.network = NetworkKind::sim;
  options.keep = Keep::none;
  std::vector<MutantVerdict> out;
  const auto lab = lab_for(options);
  for (const Mutant& mutant : mutants()) {
    if (stop.load()) break;
    MutantVerdict verdict{mutant, {}, {}};
    const std::vector<Cell> concerned = mutated(cells, mutant);
    for (const Cell& cell : concerned)
      for (const verdict::Diagnostic& error : check_cell(cell)) verdict.problems.push_back(to_string(error));
    if (lab)
      judge(verdict, concerned, run_cells(concerned, options, *lab, {}, stop));
    else
      verdict.problems.push_back(to_string(lab.error()));
    if (stop.load()) break; // cells that were not run say nothing
    if (on_verdict) on_verdict(verdict);
    out.push_back(std::move(verdict));
  }
  return out;
}

} // namespace sipvet::runner
