#include "analysis/key_checks.hpp"

#include "crypto/hash.hpp"
#include "keying/sdes.hpp"
#include "rtp/srtp_suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>

namespace sipvet::analysis {
namespace {

constexpr std::size_t max_keys = 100'000;
constexpr std::size_t least_octets = 14; // shorter ones show no pattern

bool even_steps(ByteView octets) {
  if (octets.size() < 3) return false;
  const auto step = static_cast<std::uint8_t>(octets[1] - octets[0]);
  for (std::size_t i = 2; i < octets.size(); ++i)
    if (static_cast<std::uint8_t>(octets[i] - octets[i - 1]) != step) return false;
  return true;
}

} // namespace

std::optional<std::string_view> key_weakness(ByteView key_and_salt, std::size_t key_octets) {
  if (key_and_salt.size() < least_octets) return std::nullopt;
  if (even_steps(key_and_salt.first(std::min(key_octets, key_and_salt.size()))))
    return "its octets follow each other in even steps";
  std::bitset<256> seen;
  for (const auto octet : key_and_salt) seen.set(octet);
  if (seen.count() * 2 < key_and_salt.size()) return "few of its octets differ from each other";
  if (key_and_salt.size() >= 30 &&
      std::ranges::all_of(key_and_salt, [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7f; }))
    return "it is printable text";
  const auto half = key_and_salt.size() / 2;
  if (std::ranges::equal(key_and_salt.first(half), key_and_salt.subspan(half, half)))
    return "its second half repeats the first";
  return std::nullopt;
}

void KeyLedger::on_description(const sdp::Session& session, const std::string& call_id, std::size_t frame,
                               FindingList& findings) {
  for (const auto& section : session.media) {
    const auto media = fmt::format("{}:{}", sdp::media_address(session, section), section.port);
    for (const auto& line : keying::readable_crypto_lines(section))
      for (const auto& key : line.keys) {
        const auto suite = rtp::find_srtp_suite(line.suite);
        const auto octets = suite ? rtp::info(*suite).key_octets : key.key_and_salt.size();
        if (const auto weakness = key_weakness(key.key_and_salt, octets))
          findings.note(
              "weak-key", frame,
              fmt::format("The key of the crypto line with tag {} can be guessed: {}", line.tag, *weakness));
        const auto digest = crypto::digest(crypto::Hash::sha256, key.key_and_salt);
        std::string id(digest.begin(), digest.end());
        const auto known = uses_.find(id);
        if (known == uses_.end()) {
          if (uses_.size() < max_keys) uses_.emplace(std::move(id), Use{call_id, media, frame});
        } else if (known->second.call_id != call_id && known->second.media != media) {
          findings.note(
              "key-reused-across-calls", frame,
              fmt::format("The key of the crypto line with tag {} was used before, in frame {} for the "
                          "call {}",
                          line.tag, known->second.frame, known->second.call_id));
        }
      }
  }
}

} // namespace sipvet::analysis
