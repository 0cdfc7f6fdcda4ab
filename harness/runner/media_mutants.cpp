// Gateways whose media misbehaves in one way each, and the scenario that must notice.
#include "runner/mutants.hpp"

#include "ua/media_deviations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sipvet::runner {

namespace {

struct Deviant {
  const char* deviation; // of ua/media_deviations.def, with its value
  const char* scenario;
};
constexpr Deviant deviants[] = {
    // What it takes.
    {"accept_replays: true", "media/replay"},
    {"gap_refused: true", "media/reorder"},
    {"gap_refused: true", "media/loss"},
    {"rollover_ignored: true", "media/wrap"},
    {"rollover_ignored: true", "media/wrap-disordered"},
    {"accept_wrong_tags: true", "media/wrap-before-first"},
    {"accept_wrong_tags: true", "media/late-join"},
    {"rollover_shared: true", "media/ssrc-change"},
    {"collision_ignored: true", "media/ssrc-collision"},
    {"accept_wrong_tags: true", "media/wrong-tag"},
    {"accept_wrong_tags: true", "media/truncated"},
    {"accept_plain: true", "media/plain-packet"},
    {"accept_short_rtcp_tags: true", "media/srtcp-short-tag"},
    {"accept_plain_rtcp: true", "media/srtcp-plain"},
    {"rollover_forgotten: true", "media/rekey"},
    {"rollover_forgotten: true", "media/late-offer"},
    {"accept_old_keys: true", "media/rekey-old-key"},
    {"old_keys_forgotten: true", "media/rekey-late"},
    {"accept_other_sources: true", "media/source-locked"},
    {"accept_plain: true", "media/source-free"},
    {"accept_wrong_tags: true", "media/source-free"},
    {"key_reuse_unnoticed: true", "media/key-reused"},
    // Early media and forks.
    {"early_media_ignored: true", "forking/early-media"},
    {"early_media_ignored: true", "forking/new-keys-later"},
    {"last_fork_heard: true", "forking/first-source"},
    {"all_forks_heard: true", "forking/first-source"},
    {"last_fork_heard: true", "forking/source-free"},
    {"accept_plain: true", "forking/source-free"},
    {"accept_wrong_tags: true", "forking/source-free"},
    {"early_media_ignored: true", "forking/first-heard"},
    {"first_fork_kept: true", "forking/other-fork-answers"},
    {"ended_fork_kept: true", "forking/fork-ends"},
    {"later_answer_taken: true", "forking/first-answer-counts"},
    {"early_media_ignored: true", "forking/dtls-associations"},
    {"early_media_ignored: true", "key-management/verification-early-taken"},
    // What it sends.
    {"srtcp_plain: true", "media/srtcp-sent"},
    {"srtcp_short_tag: true", "media/srtcp-sent"},
    {"wrong_tag: 3-5", "media/wrap"},
    {"truncated: 3-5", "media/wrap"},
    {"plain: 3-5", "media/wrap"},
    {"first_rollover: 1", "media/wrap"},
    {"rollover_begins_anew: true, first_sequence: 65533", "media/rekey"},
    {"old_key: 2-9", "media/rekey"},
    {"key_reused: true", "media/own-key"},
};

} // namespace

std::vector<Mutant> media_mutants() {
  std::vector<Mutant> out;
  for (const Deviant& deviant : deviants) {
    const std::string_view text = deviant.deviation;
    const auto name = text.substr(0, text.find(':'));
    const auto infos = ua::media_deviation_infos();
    const auto info = std::ranges::find(infos, name, &ua::MediaDeviationInfo::name);
    out.push_back({fmt::format("media: {} ({})", info == infos.end() ? name : info->text, deviant.scenario),
                   fmt::format("media: {{{}}}", deviant.deviation), deviant.scenario});
  }
  return out;
}

} // namespace sipvet::runner
