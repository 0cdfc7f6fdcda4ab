#include "keying/sdes_lies.hpp"

#include "base/base64.hpp"
#include "rtp/srtp_suite.hpp"

#include <algorithm>

namespace sipvet::keying {
namespace {

void change_key(sdp::InlineKey& key, const SdesDeviations& deviations) {
  Bytes octets = key.key_and_salt;
  if (deviations.key_too_short && !octets.empty()) octets.pop_back();
  if (deviations.key_too_long) octets.push_back(0);
  key.base64 = to_base64(octets);
  if (deviations.key_not_base64) key.base64.front() = '*';
  if (deviations.padding_left_out) std::erase(key.base64, '=');
}

void change_line(sdp::Crypto& line, const SdesDeviations& deviations) {
  for (sdp::InlineKey& key : line.keys) change_key(key, deviations);
  if (deviations.suite_misspelled)
    for (const rtp::SrtpSuiteAlias& alias : rtp::srtp_suite_aliases())
      if (rtp::name(alias.suite) == line.suite) line.suite = alias.name;
  if (deviations.unknown_parameter_written) line.parameters.push_back({"SIPVET_UNKNOWN", "1"});
}

void drop_identifiers(rtp::SrtpContext& context) {
  context.keys.resize(1);
  context.keys.front().mki.clear();
}

void drop_lifetimes(rtp::SrtpContext& context) {
  for (rtp::SrtpKey& key : context.keys) key.lifetime_packets.reset();
}

} // namespace

void change_offer(std::vector<sdp::Crypto>& lines, const SdesDeviations& deviations) {
  for (sdp::Crypto& line : lines) {
    change_line(line, deviations);
    if (deviations.tags_repeated) line.tag = lines.front().tag;
  }
}

void change_answer(std::vector<sdp::Crypto>& lines, std::span<const sdp::Crypto> offered,
                   const SdesDeviations& deviations) {
  for (sdp::Crypto& line : lines) {
    change_line(line, deviations);
    if (deviations.parameters_not_answered) line.parameters.clear();
    if (deviations.parameter_added) line.parameters.push_back({"UNENCRYPTED_SRTP", std::nullopt});
    if (deviations.tag_renumbered) line.tag = 1;
    if (deviations.tag_not_offered) {
      line.tag = 0;
      for (const sdp::Crypto& each : offered) line.tag = std::max(line.tag, each.tag + 1);
    }
  }
  if (deviations.answer_without_key) lines.clear();
}

void change_media(MediaKeys& keys, const SdesDeviations& deviations) {
  if (deviations.mki_not_sent) drop_identifiers(keys.local);
  if (deviations.mki_not_expected) drop_identifiers(keys.remote);
  if (deviations.lifetime_ignored) {
    drop_lifetimes(keys.local);
    drop_lifetimes(keys.remote);
  }
}

} // namespace sipvet::keying
