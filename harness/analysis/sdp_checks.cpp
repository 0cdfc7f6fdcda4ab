#include "analysis/sdp_checks.hpp"

#include "base/text.hpp"
#include "keying/dtls_srtp.hpp"
#include "keying/offer_shape.hpp"
#include "keying/sdes.hpp"
#include "rtp/srtp_suite.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::analysis {
namespace {

using Lines = std::vector<sdp::Crypto>;

constexpr std::size_t max_compared_keys = 64; // each with each

void report_unusable(const sdp::Crypto& line, const Error& error, std::size_t section, std::size_t frame,
                     FindingList& findings) {
  const auto& facts = rtp::info(*keying::suite_of(line));
  const bool wrong_length = std::ranges::any_of(line.keys, [&](const sdp::InlineKey& key) {
    return key.key_and_salt.size() != facts.key_octets + facts.salt_octets;
  });
  findings.note(wrong_length ? "key-length-wrong" : "crypto-line-unusable", frame,
                fmt::format("The crypto line with tag {} of media section {} cannot be used: {}", line.tag,
                            section + 1, error.what));
}

void check_lines(const sdp::Media& media, std::size_t section, std::size_t frame, FindingList& findings) {
  for (const auto& line : keying::crypto_lines(media)) {
    if (!line && line.error().what.find("key is not base64") != std::string::npos) {
      findings.note(
          "key-not-base64", frame,
          fmt::format("A crypto line of media section {}: {}", section + 1, to_string(line.error())));
      continue;
    }
    if (!line) {
      findings.error("crypto-line-unreadable", frame,
                     fmt::format("A crypto line of media section {} cannot be read: {}", section + 1,
                                 to_string(line.error())),
                     "compare the line with the grammar of RFC 4568 §9");
      continue;
    }
    if (!keying::suite_of(*line)) continue; // RFC 4568 §5.1.2: unknown suites are passed over
    for (const std::string& remark : keying::remarks_on(*line))
      findings.note(
          "crypto-line-odd", frame,
          fmt::format("The crypto line with tag {} of media section {}: {}", line->tag, section + 1, remark));
    const auto keys = keying::keys_of(*line);
    if (!keys) report_unusable(*line, keys.error(), section, frame, findings);
  }
}

// RFC 4568 §6.1: unique in the whole description. Of repetitions one is told.
void check_unique(const sdp::Session& session, std::size_t frame, FindingList& findings) {
  std::vector<std::pair<Bytes, std::string>> seen;
  for (std::size_t section = 0; section < session.media.size(); ++section) {
    for (const sdp::Crypto& line : keying::readable_crypto_lines(session.media[section])) {
      const std::string place = fmt::format("tag {} of media section {}", line.tag, section + 1);
      for (const sdp::InlineKey& key : line.keys) {
        const auto before = std::ranges::find(seen, key.key_and_salt, &std::pair<Bytes, std::string>::first);
        if (before != seen.end())
          return findings.note("key-repeated", frame,
                               fmt::format("The keys of {} and of {} are the same", before->second, place));
        if (seen.size() < max_compared_keys) seen.emplace_back(key.key_and_salt, place);
      }
    }
  }
}

bool any_key(const sdp::Session& session) {
  return std::ranges::any_of(
      session.media, [](const sdp::Media& media) { return !media.attributes.values("crypto").empty(); });
}

void check_line(const Lines& offered, const sdp::Crypto& answered, std::size_t frame, FindingList& findings) {
  const auto by_tag = std::ranges::find(offered, answered.tag, &sdp::Crypto::tag);
  const auto has_suite = [&](const sdp::Crypto& line) { return iequals(line.suite, answered.suite); };
  if (std::ranges::none_of(offered, has_suite))
    findings.error("answer-suite-not-offered", frame,
                   fmt::format("The answer chose {}, which was not offered", answered.suite),
                   "answer with one of the offered suites, or refuse the section (RFC 4568 §5.1.2)");
  else if (by_tag == offered.end())
    findings.error("answer-tag-not-offered", frame,
                   fmt::format("The answer's crypto tag {} was not offered", answered.tag),
                   "answer with the tag of the offered line (RFC 4568 §5.1.2)");
  else if (!has_suite(*by_tag))
    findings.error("answer-suite-not-offered", frame,
                   fmt::format("The answer chose {} under tag {}, which was offered for {}", answered.suite,
                               answered.tag, by_tag->suite),
                   "answer with tag and suite of the same offered line (RFC 4568 §5.1.2)");
}

void check_parameters(const Lines& offered, const sdp::Crypto& answered, std::size_t frame,
                      FindingList& findings) {
  const auto line = std::ranges::find(offered, answered.tag, &sdp::Crypto::tag);
  if (line == offered.end()) return;
  if (const auto same = keying::check_negotiated(*line, answered); !same)
    findings.note("answer-parameters-not-offered", frame,
                  fmt::format("About tag {}: {}", answered.tag, same.error().what));
}

bool has_mikey(const sdp::Session& session, const sdp::Media& media) {
  return !session.attributes.values("key-mgmt").empty() || !media.attributes.values("key-mgmt").empty();
}

void check_management(const sdp::Session& offer, const sdp::Session& answer, std::size_t section,
                      std::size_t frame, FindingList& findings) {
  const auto& offered = offer.media[section];
  const auto& answered = answer.media[section];
  const bool mikey = has_mikey(offer, offered), sdes = !keying::crypto_lines(offered).empty();
  const bool mikey_back = has_mikey(answer, answered), sdes_back = !keying::crypto_lines(answered).empty();
  if ((mikey && !sdes && sdes_back && !mikey_back) || (sdes && !mikey && mikey_back && !sdes_back))
    findings.note("mikey-sdes-mismatch", frame,
                  fmt::format("Media section {} was offered with {} keys and answered with {}", section + 1,
                              mikey ? "MIKEY" : "SDES", mikey_back ? "MIKEY" : "SDES"));
}

void check_reuse(const Lines& offered, const sdp::Crypto& answered, std::size_t frame,
                 FindingList& findings) {
  for (const auto& line : offered)
    for (const auto& ours : line.keys)
      for (const auto& theirs : answered.keys)
        if (!ours.key_and_salt.empty() && ours.key_and_salt == theirs.key_and_salt)
          return findings.error(
              "srtp-key-reused", frame,
              "Offer and answer carry the same SRTP key: both directions would use one key stream",
              "draw a fresh random key for each direction (RFC 4568 §7.1.2)");
}

// RFC 5763 §5: what is said of the DTLS handshake that makes the keys.
void check_dtls_section(const sdp::Session& session, std::size_t section, std::size_t frame,
                        FindingList& findings) {
  const auto& media = session.media[section];
  if (media.port == 0 || !keying::is_dtls_profile(media.protocol)) return;
  if (keying::fingerprint_lines(session, media).empty())
    findings.note("dtls-fingerprint-missing", frame,
                  fmt::format("Media section {} is {} and has no fingerprint", section + 1, media.protocol));
}

void check_roles(const sdp::Session& offer, const sdp::Session& answer, std::size_t section,
                 std::size_t frame, FindingList& findings) {
  const auto offered = keying::read_dtls(offer, offer.media[section]);
  const auto answered = keying::read_dtls(answer, answer.media[section], keying::Setup::passive);
  if (!offered || !answered || !*offered || !*answered) return;
  const auto offered_setup = (*offered)->setup, answered_setup = (*answered)->setup;
  if (!keying::may_answer(offered_setup, answered_setup))
    findings.note("dtls-setup-contradiction", frame,
                  fmt::format("Media section {} was offered with a=setup:{} and answered with a=setup:{}",
                              section + 1, keying::name(offered_setup), keying::name(answered_setup)));
}

} // namespace

void check_description(const sdp::Session& session, const SipOrigin& origin, std::size_t frame,
                       FindingList& findings) {
  if (!is_encrypted(origin.transport) && any_key(session))
    findings.warning("key-over-plain-transport", frame,
                     fmt::format("SRTP keys were sent in the clear, over {} from {}",
                                 to_string(origin.transport), to_string(origin.source)),
                     "send SDES keys over TLS only (RFC 4568 §8.3)");
  if (session.attributes.value("crypto"))
    findings.note("crypto-at-session-level", frame,
                  "The description has a crypto line before its first media section, where it says nothing");
  check_unique(session, frame, findings);
  for (std::size_t section = 0; section < session.media.size(); ++section)
    check_lines(session.media[section], section, frame, findings);
  for (std::size_t section = 0; section < session.media.size(); ++section)
    check_dtls_section(session, section, frame, findings);
}

void check_answer(const sdp::Session& written, const sdp::Session& answer, std::size_t frame,
                  FindingList& findings) {
  const auto taken = keying::offer_as_answered(written, answer);
  const sdp::Session& offer = taken ? *taken : written;
  const auto sections = std::min(offer.media.size(), answer.media.size());
  for (std::size_t section = 0; section < sections; ++section) {
    const auto& answered = answer.media[section];
    if (answered.port == 0) continue;
    check_management(offer, answer, section, frame, findings);
    check_roles(offer, answer, section, frame, findings);
    const auto offered = keying::readable_crypto_lines(offer.media[section]);
    const auto lines = keying::readable_crypto_lines(answered);
    if (keying::crypto_lines(answered).empty() && !offered.empty() && !has_mikey(answer, answered) &&
        keying::is_secure_profile(answered.protocol))
      findings.error(
          "answer-without-key", frame,
          fmt::format("Media section {} was answered with {} and no key", section + 1, answered.protocol),
          "answer with a crypto line, or refuse the section (RFC 4568 §5.1.2)");
    if (lines.size() > 1)
      findings.warning(
          "answer-with-several-keys", frame,
          fmt::format("Media section {} was answered with {} crypto lines", section + 1, lines.size()),
          "answer with exactly one (RFC 4568 §5.1.2)");
    if (lines.empty()) continue;
    check_line(offered, lines.front(), frame, findings);
    check_parameters(offered, lines.front(), frame, findings);
    check_reuse(offered, lines.front(), frame, findings);
  }
}

} // namespace sipvet::analysis
