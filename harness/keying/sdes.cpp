#include "keying/sdes.hpp"

#include "base/text.hpp"
#include "keying/sdes_lies.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace sipvet::keying {
namespace {

constexpr std::string_view attribute = "crypto";

std::string about_line(const sdp::Crypto& crypto, const Error& error) {
  const std::string where = crypto.line == 0 ? "" : " (line " + std::to_string(crypto.line) + ")";
  return "tag " + std::to_string(crypto.tag) + where + ": " + error.what;
}

void add_reason(std::string& why_not, const std::string& reason) {
  why_not += (why_not.empty() ? "" : "; ") + reason;
}

// §4.1, §5.1.1: an answer could not say which of them it means.
Result<void> check_tag(std::span<const sdp::Crypto> offered, const sdp::Crypto& line) {
  if (std::ranges::count(offered, line.tag, &sdp::Crypto::tag) > 1)
    return fail("another line has the same tag (RFC 4568 §5.1.1)");
  return {};
}

struct Usable {
  const sdp::Crypto* line;
  rtp::SrtpContext context;
};

// Every line that can be used; the reasons of the others go into `why_not`.
std::vector<Usable> usable_lines(std::span<const sdp::Crypto> offered, const SdesSettings& settings,
                                 std::string& why_not) {
  std::vector<Usable> usable;
  for (const auto& line : offered) {
    auto context = context_of(line, settings);
    const auto tag = check_tag(offered, line);
    if (!tag && !settings.deviations.repeated_tags_accepted) context = tag.error();
    if (context) {
      usable.push_back({&line, std::move(*context)});
    } else {
      add_reason(why_not, about_line(line, context.error()));
    }
  }
  return usable;
}

bool is_kind(const sdp::SessionParameter& parameter, ParameterKind kind) {
  const ParameterInfo* known = find_parameter(parameter.name);
  return known != nullptr && known->kind == kind;
}

// §6.3: what each side declares comes from our own style, what is negotiated from the line chosen.
std::vector<sdp::SessionParameter> answered_parameters(const sdp::Crypto& chosen, const SdesStyle& style) {
  std::vector<sdp::SessionParameter> out;
  for (const sdp::SessionParameter& parameter : style.parameters)
    if (is_kind(parameter, ParameterKind::declared)) out.push_back(parameter);
  for (const sdp::SessionParameter& parameter : chosen.parameters)
    if (is_kind(parameter, ParameterKind::negotiated)) out.push_back(parameter);
  return out;
}

// What one writes oneself is accepted.
SdesSettings own(const SdesSettings& settings) {
  SdesSettings out;
  for (const ParameterInfo& parameter : session_parameters())
    out.accepted_parameters.emplace_back(parameter.name);
  out.deviations.parameters_ignored = settings.deviations.parameters_ignored;
  out.deviations.unknown_parameters_accepted = true;
  return out;
}

Result<SdesAnswer> answer_line(const Usable& chosen, const SdesSettings& settings, Random& random) {
  SdesAnswer made;
  made.crypto = make_line(chosen.line->tag, chosen.context.suite(), settings.style, random);
  made.crypto.suite = chosen.line->suite; // spelled as offered
  made.crypto.parameters = answered_parameters(*chosen.line, settings.style);
  SIPVET_TRY(made.keys.local, context_of(made.crypto, own(settings)));
  made.keys.remote = chosen.context;
  change_media(made.keys, settings.deviations);
  return made;
}

// None where no usable line has a suite that is accepted.
const Usable* preferred(const std::vector<Usable>& usable, std::span<const rtp::SrtpSuite> accepted,
                        const SdesSettings& settings) {
  const auto rank = [&](const Usable& line) {
    return std::ranges::find(accepted, line.context.suite()) - accepted.begin();
  };
  const Usable* best = nullptr;
  for (const Usable& line : usable) {
    if (rank(line) == std::ssize(accepted)) continue;
    if (settings.offerers_order) return &line;
    if (best == nullptr || rank(line) < rank(*best)) best = &line;
  }
  return best;
}

Result<SdesAnswer> answer_lines(std::span<const sdp::Crypto> offered, std::string why_not,
                                std::span<const rtp::SrtpSuite> accepted, Random& random,
                                const SdesSettings& settings) {
  if (offered.empty() && why_not.empty()) return fail("no crypto line was offered");
  if (settings.deviations.first_line_decides && offered.size() > 1) offered = offered.first(1);
  const auto usable = usable_lines(offered, settings, why_not);
  if (const Usable* const line = preferred(usable, accepted, settings))
    return answer_line(*line, settings, random);
  for (const auto& line : usable)
    add_reason(why_not, about_line(*line.line, fail(line.line->suite + " is not accepted here")));
  return fail("no offered crypto line can be used: " + why_not);
}

Result<const sdp::Crypto*> offered_line(std::span<const sdp::Crypto> offered, const sdp::Crypto& answered,
                                        const SdesDeviations& deviations) {
  const auto line = std::ranges::find(offered, answered.tag, &sdp::Crypto::tag);
  if (line == offered.end()) {
    const auto by_suite = std::ranges::find_if(
        offered, [&](const sdp::Crypto& each) { return iequals(each.suite, answered.suite); });
    if (deviations.answered_tag_not_checked && by_suite != offered.end()) return &*by_suite;
    return fail("the answer has tag " + std::to_string(answered.tag) + ", which was not offered");
  }
  if (!iequals(line->suite, answered.suite) && !deviations.answered_suite_not_checked) {
    return fail("the answer has suite " + answered.suite + " under tag " + std::to_string(answered.tag) +
                ", which was offered with " + line->suite);
  }
  return &*line;
}

// Columns count from 1 and from the start of the line.
Error located(const sdp::Attribute& from, const Error& error) {
  constexpr std::size_t value_column = std::string_view("a=crypto:").size() + 1;
  std::string where = from.line == 0 ? "" : "line " + std::to_string(from.line) + ", ";
  where += "column " + std::to_string(value_column + error.offset.value_or(0)) + ": ";
  return Error{where + error.what, error.offset};
}

} // namespace

sdp::Crypto make_crypto(std::uint32_t tag, rtp::SrtpSuite suite, Random& random) {
  return make_line(tag, suite, {}, random);
}

std::vector<sdp::Crypto> make_offer(std::span<const rtp::SrtpSuite> suites_in_order, Random& random,
                                    const SdesSettings& settings) {
  std::vector<sdp::Crypto> offer;
  std::uint32_t tag = settings.style.first_tag;
  for (const auto suite : suites_in_order) {
    offer.push_back(make_line(tag++, suite, settings.style, random));
    offer.back().parameters = settings.style.parameters;
  }
  change_offer(offer, settings.deviations);
  return offer;
}

Result<SdesAnswer> answer(std::span<const sdp::Crypto> offered, std::span<const rtp::SrtpSuite> accepted,
                          Random& random, const SdesSettings& settings) {
  return answer_lines(offered, {}, accepted, random, settings);
}

Result<SdesAnswer> answer_section(const sdp::Media& offered, std::span<const rtp::SrtpSuite> accepted,
                                  Random& random, const SdesSettings& settings) {
  std::vector<sdp::Crypto> readable;
  std::string why_not;
  for (auto& line : crypto_lines(offered)) {
    if (line) {
      readable.push_back(std::move(*line));
    } else {
      add_reason(why_not, line.error().what);
    }
  }
  if (!why_not.empty() && settings.deviations.one_bad_line_spoils_all)
    return fail("a crypto line cannot be read: " + why_not);
  return answer_lines(readable, std::move(why_not), accepted, random, settings);
}

bool keep_local_key(SdesAnswer& answer, const MediaKeys& previous) {
  if (previous.exchange != KeyExchange::sdes || previous.remote != answer.keys.remote) return false;
  answer.keys.local = previous.local;
  answer.crypto.keys = inline_keys(previous.local);
  return true;
}

std::vector<sdp::Crypto> written_lines(const SdesAnswer& answer, std::span<const sdp::Crypto> offered,
                                       const SdesSettings& settings, Random& random) {
  std::vector<sdp::Crypto> lines = {answer.crypto};
  if (settings.deviations.several_lines_answered)
    for (const sdp::Crypto& other : offered)
      if (const auto suite = suite_of(other); suite && other.tag != answer.crypto.tag)
        lines.push_back(make_line(other.tag, *suite, settings.style, random));
  change_answer(lines, offered, settings.deviations);
  return lines;
}

Result<void> check_negotiated(const sdp::Crypto& offered, const sdp::Crypto& answered) {
  for (const ParameterInfo& parameter : session_parameters()) {
    if (parameter.kind != ParameterKind::negotiated) continue;
    const auto has = [&](const sdp::Crypto& line) {
      return std::ranges::any_of(line.parameters, [&](const sdp::SessionParameter& each) {
        return iequals(each.name, parameter.name);
      });
    };
    if (has(offered) && !has(answered))
      return fail("the answer lacks session parameter " + std::string(parameter.name) +
                  ", which was offered (RFC 4568 §5.1.3)");
    if (!has(offered) && has(answered))
      return fail("the answer has session parameter " + std::string(parameter.name) +
                  ", which was not offered (RFC 4568 §5.1.3)");
  }
  return {};
}

Result<MediaKeys> complete(std::span<const sdp::Crypto> offered, const sdp::Crypto& answered,
                           const SdesSettings& settings) {
  SIPVET_TRY(const sdp::Crypto* const line, offered_line(offered, answered, settings.deviations));
  if (!settings.deviations.answered_parameters_not_checked) SIPVET_CHECK(check_negotiated(*line, answered));
  SdesSettings theirs = settings;
  for (const sdp::SessionParameter& parameter : line->parameters)
    theirs.accepted_parameters.push_back(parameter.name);
  if (settings.deviations.answered_parameters_not_checked)
    theirs.accepted_parameters = own(settings).accepted_parameters;
  MediaKeys keys;
  SIPVET_TRY(keys.local, context_of(*line, own(settings)));
  SIPVET_TRY(keys.remote, context_of(answered, theirs));
  change_media(keys, settings.deviations);
  return keys;
}

Result<MediaKeys> complete_section(std::span<const sdp::Crypto> offered, const sdp::Media& answered,
                                   const SdesSettings& settings) {
  const auto lines = crypto_lines(answered);
  if (lines.size() != 1 && (lines.empty() || !settings.deviations.several_answered_lines_accepted)) {
    return fail("expected exactly one crypto line in the answer, found " + std::to_string(lines.size()));
  }
  if (!lines.front()) return lines.front().error();
  return complete(offered, *lines.front(), settings);
}

std::vector<Result<sdp::Crypto>> crypto_lines(const sdp::Media& media) {
  std::vector<Result<sdp::Crypto>> lines;
  for (const sdp::Attribute& each : media.attributes) {
    if (each.name != attribute) continue;
    auto line = sdp::parse_crypto(each.value ? std::string_view(*each.value) : std::string_view());
    if (!line) line = located(each, line.error());
    if (line) line->line = each.line;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<sdp::Crypto> readable_crypto_lines(const sdp::Media& media) {
  std::vector<sdp::Crypto> readable;
  for (auto& line : crypto_lines(media))
    if (line) readable.push_back(std::move(*line));
  return readable;
}

} // namespace sipvet::keying
