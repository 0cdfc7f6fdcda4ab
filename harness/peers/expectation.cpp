#include "peers/expectation.hpp"

#include "base/text.hpp"
#include "keying/key_mgmt.hpp"
#include "keying/sdes.hpp"
#include "peers/keys_expectation.hpp"
#include "ua/session_description.hpp"
#include "ua/t38_description.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <regex>

namespace sipvet::peers {

namespace {

using script::Value;
using HeaderPatterns = std::vector<std::pair<std::string, std::string>>;

Result<void> read_status(ExpectedResponse& out, std::string_view text) {
  const bool digit = !text.empty() && text[0] >= '1' && text[0] <= '6';
  if (text == "1xx") return fail("'1xx' is no final status");
  if (text.size() == 3 && digit && text.substr(1) == "xx") {
    out.status_low = (text[0] - '0') * 100;
    out.status_high = out.status_low + 99;
  } else {
    SIPVET_TRY(const std::uint64_t status, parse_decimal(text, 699, "status"));
    if (status < 200) return fail(fmt::format("'{}' is no final status", text));
    out.status_low = out.status_high = static_cast<int>(status);
  }
  out.status_text = text;
  return {};
}

Result<void> check_pattern(const std::string& pattern) {
  try {
    std::regex{pattern};
  } catch (const std::regex_error&) {
    return fail(fmt::format("'{}' is no regular expression", pattern));
  }
  return {};
}

Result<HeaderPatterns> read_headers(const Value* value, std::string_view key = "header") {
  HeaderPatterns out;
  if (value == nullptr) return out;
  if (!value->is_map()) return fail(fmt::format("'{}' needs a map of names to regular expressions", key));
  for (const script::MapEntry& entry : value->entries) {
    SIPVET_CHECK(check_pattern(entry.value.text));
    out.emplace_back(entry.key, entry.value.text);
  }
  return out;
}

Result<ExpectedLines> read_lines(const Value& map) {
  ExpectedLines out;
  for (const auto& [key, field] : {std::pair("sdp", &out.present), std::pair("no_sdp", &out.absent)}) {
    const Value* value = map.find(key);
    if (value == nullptr) continue;
    *field = script::as_texts(*value).value_or(std::vector<std::string>{});
    for (const std::string& pattern : *field) SIPVET_CHECK(check_pattern(pattern));
  }
  return out;
}

std::string text_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr ? std::string() : value->text;
}

Result<ExpectedResponse> read_map(const Value& map) {
  ExpectedResponse out;
  if (const Value* status = map.find("status")) {
    SIPVET_CHECK(read_status(out, status->text));
  }
  out.media = text_of(map, "media");
  if (!out.media.empty() && out.media != "srtp" && out.media != "rtp" && out.media != "t38")
    return fail("'media' is srtp, rtp or t38");
  out.suite = text_of(map, "suite");
  out.exchange = text_of(map, "key-exchange");
  SIPVET_TRY(out.attributes, read_headers(map.find("attributes"), "attributes"));
  out.reason = text_of(map, "reason");
  SIPVET_CHECK(check_pattern(out.reason));
  SIPVET_TRY(out.headers, read_headers(map.find("header")));
  SIPVET_TRY(out.sdp, read_lines(map));
  return out;
}

// "200 OK with SRTP", "488 Not Acceptable Here", or the reason there is no response.
std::string describe(const Outcome& outcome) {
  const std::string next_hop = outcome.disagreement.empty()
                                   ? std::string()
                                   : fmt::format(" (next hop: its {} disagrees)", outcome.disagreement);
  if (!outcome.response) return outcome.failure + next_hop;
  std::string out = fmt::format("{} {}{}", outcome.response->status(), outcome.response->reason(), next_hop);
  if (!outcome.media_problem.empty()) return out + ", but " + outcome.media_problem;
  if (outcome.media == "srtp") return out + " with SRTP";
  if (outcome.media == "rtp") return out + " with plain RTP";
  if (outcome.media == "t38") return out + " with T.38";
  return out;
}

std::string describe(const ExpectedResponse& expected) {
  if (expected.media == "srtp") return expected.status_text + " with SRTP";
  if (expected.media == "rtp") return expected.status_text + " with plain RTP";
  if (expected.media == "t38") return expected.status_text + " with T.38";
  return expected.status_text;
}

// The standard library's regular expressions take stack for each character; no header that a scenario looks
// into is longer.
constexpr std::size_t max_searched_octets = 4096;

void compare_headers(Findings& out, const script::Step& step, const HeaderPatterns& patterns,
                     const sip::Message& message) {
  for (const auto& [name, pattern] : patterns) {
    const auto values = message.headers(name);
    bool found = false;
    for (const std::string_view value : values) {
      const std::string_view start = value.substr(0, max_searched_octets);
      found = found || std::regex_search(start.begin(), start.end(), std::regex(pattern));
    }
    if (found) continue;
    out.push_back(step_finding(
        step, "header", fmt::format("The {} header is not what the scenario expects.", name),
        fmt::format("{}: /{}/", name, pattern),
        values.empty() ? "no such header" : fmt::format("{}: {}", name, fmt::join(values, " | "))));
  }
}

void compare_lines(Findings& out, const script::Step& step, const ExpectedLines& expected,
                   const sip::Message& message) {
  const auto lines = split(message.body(), '\n');
  const auto matched = [&](const std::string& pattern) {
    const std::regex wanted(pattern);
    return std::ranges::find_if(lines, [&](std::string_view line) {
      const std::string_view start = trim(line).substr(0, max_searched_octets);
      return std::regex_search(start.begin(), start.end(), wanted);
    });
  };
  for (const std::string& pattern : expected.present)
    if (matched(pattern) == lines.end())
      out.push_back(step_finding(step, "sdp-line", "A line of the session description is missing.",
                                 fmt::format("/{}/", pattern), std::string(trim(message.body()))));
  for (const std::string& pattern : expected.absent)
    if (const auto line = matched(pattern); line != lines.end())
      out.push_back(
          step_finding(step, "sdp-line", "A line stands in the session description that must not be there.",
                       fmt::format("no line that matches /{}/", pattern), std::string(trim(*line))));
}

// Of the session and of its sections that are not turned down; "session/NAME" and "media/NAME" are of one
// level.
std::vector<std::string_view> attribute_values(const sdp::Session& session, std::string_view name) {
  const auto slash = name.find('/');
  const std::string_view level = slash == std::string_view::npos ? "" : name.substr(0, slash);
  if (!level.empty()) name.remove_prefix(slash + 1);
  std::vector<std::string_view> values;
  if (level != "media") values = session.attributes.values(name);
  for (const sdp::Media& media : session.media)
    if (level != "session" && media.port != 0)
      std::ranges::copy(media.attributes.values(name), std::back_inserter(values));
  return values;
}

void compare_attributes(Findings& out, const script::Step& step, const HeaderPatterns& patterns,
                        const sip::Message& message) {
  if (patterns.empty()) return;
  const ua::SdpInMessage body = ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
  const sdp::Session session = body.session.value_or(sdp::Session{});
  for (const auto& [name, pattern] : patterns) {
    const std::vector<std::string_view> values = attribute_values(session, name);
    const bool found = std::ranges::any_of(values, [&](std::string_view value) {
      const std::string_view start = value.substr(0, max_searched_octets);
      return std::regex_search(start.begin(), start.end(), std::regex(pattern));
    });
    if (pattern == "none" ? values.empty() : found) continue;
    out.push_back(step_finding(
        step, "sdp-attribute", fmt::format("a={} is not what the scenario expects.", name),
        fmt::format("a={}: /{}/", name, pattern),
        values.empty() ? "no such attribute" : fmt::format("a={}: {}", name, fmt::join(values, " | "))));
  }
}

// The key exchanges that an offer has sections for, in their order.
std::vector<std::string> exchanges_of(const keying::ShapeInfo& shape, const sdp::Session& offer) {
  std::vector<std::pair<std::size_t, std::string>> found;
  if (shape.srtp_section) {
    const sdp::Media& section = offer.media[*shape.srtp_section];
    const bool mikey = keying::key_mgmt_lines(offer, section).data_of(keying::mikey_protocol).has_value();
    if (mikey) found.emplace_back(*shape.srtp_section, "mikey");
    if (section.attributes.value("crypto")) found.emplace_back(*shape.srtp_section, "sdes");
  }
  if (shape.dtls_section) found.emplace_back(*shape.dtls_section, "dtls-srtp");
  std::ranges::sort(found);
  std::vector<std::string> out;
  for (auto& [section, name] : found) out.push_back(std::move(name));
  return out;
}

} // namespace

std::vector<std::string> text_list(const Value* value) {
  std::vector<std::string> out;
  if (value == nullptr) return out;
  for (const std::string& text : script::as_texts(*value).value_or(std::vector<std::string>{}))
    for (const std::string_view piece : split(text, ',')) out.emplace_back(trim(piece));
  return out;
}

Result<ExpectedResponse> read_expected_response(const Value& value) {
  if (value.is_map()) return read_map(value);
  ExpectedResponse out;
  if (value.text == "srtp" || value.text == "rtp") {
    out.media = value.text;
  } else if (value.text != "answered") {
    SIPVET_CHECK(read_status(out, value.text));
  }
  return out;
}

Result<Expectation> read_expectation(const Value& value) {
  Expectation out;
  std::size_t apart = 0; // from what is said of the response
  if (const Value* tls = value.find("tls")) {
    SIPVET_TRY(out.connection, read_expected_connection(*tls));
    ++apart;
  }
  if (const Value* dtls = value.find("dtls")) {
    SIPVET_TRY(out.dtls, read_expected_dtls(*dtls));
    ++apart;
  }
  if (const Value* fax = value.find("fax")) {
    out.fax = fax->text;
    ++apart;
  }
  if (const Value* dtmf = value.find("dtmf")) {
    SIPVET_CHECK(check_keys(dtmf->text));
    out.dtmf = dtmf->text;
    ++apart;
  }
  if (const Value* next_hop = value.find("next-hop")) {
    out.next_hop = next_hop->text;
    ++apart;
  }
  if (apart == 0 || value.entries.size() > apart) {
    SIPVET_TRY(out.response, read_expected_response(value));
  }
  return out;
}

std::vector<script::Diagnostic> check_step(const script::Step& step) {
  Result<void> checked;
  if (step.action == "expect") {
    if (const auto read = read_expectation(step.argument); !read) checked = read.error();
  } else if (step.action == "receive") {
    if (const auto read = read_expected_request(step); !read) checked = read.error();
  } else if (step.action == "dtmf") {
    checked = check_keys(step.argument.text);
  }
  if (checked) return {};
  return {{step.argument.at, fmt::format("'{}': {}", step.action, checked.error().what)}};
}

Findings compare(const script::Step& step, const ExpectedResponse& expected, const Outcome& outcome) {
  Findings out;
  const std::string want = describe(expected), got = describe(outcome);
  const int status = outcome.response ? outcome.response->status() : 0;
  const std::string from = fmt::format("The response to {}'s {}", step.actor, outcome.method);
  if (status < expected.status_low || status > expected.status_high) {
    const std::string id = outcome.response ? "response-status" : "no-response";
    const std::string_view was = outcome.response ? "was" : "was missing:";
    out.push_back(
        step_finding(step, id, fmt::format("{} should be {} and {} {}.", from, want, was, got), want, got));
    return out;
  }
  // RFC 3264 §6: an answer that does not fit its offer is wrong, whatever media was expected.
  if (expected.media.empty() && !outcome.media_problem.empty())
    out.push_back(
        step_finding(step, "answer-media",
                     fmt::format("{} has an answer that cannot be used: {}.", from, outcome.media_problem),
                     want + " with an answer that can be used", got));
  if (!expected.media.empty() && outcome.media != expected.media)
    out.push_back(step_finding(step, "answer-media",
                               fmt::format("{} should be {} and was {}.", from, want, got), want, got));
  if (!expected.suite.empty() && !iequals(outcome.suite, expected.suite))
    out.push_back(step_finding(step, "answer-suite",
                               "The gateway chose another SRTP crypto suite than expected.", expected.suite,
                               outcome.suite.empty() ? "none" : outcome.suite));
  if (!expected.exchange.empty() && outcome.exchange != expected.exchange)
    out.push_back(step_finding(step, "answer-key-exchange",
                               "The gateway chose another way to make SRTP keys than expected.",
                               expected.exchange, outcome.exchange.empty() ? "none" : outcome.exchange));
  if (!std::regex_search(outcome.response->reason(), std::regex(expected.reason)))
    out.push_back(step_finding(step, "response-reason", fmt::format("{} has another reason phrase.", from),
                               "/" + expected.reason + "/", outcome.response->reason()));
  compare_headers(out, step, expected.headers, *outcome.response);
  compare_lines(out, step, expected.sdp, *outcome.response);
  compare_attributes(out, step, expected.attributes, *outcome.response);
  return out;
}

Result<ExpectedRequest> read_expected_request(const script::Step& step) {
  ExpectedRequest out;
  out.method = step.argument.text;
  out.offer = text_of(step.options, "offer");
  out.form = text_of(step.options, "form");
  out.suites = text_list(step.options.find("suites"));
  SIPVET_TRY(out.sdp, read_lines(step.options));
  out.exchanges = text_list(step.options.find("key-exchange"));
  SIPVET_TRY(out.attributes, read_headers(step.options.find("attributes"), "attributes"));
  SIPVET_TRY(out.headers, read_headers(step.options.find("header")));
  out.body = text_of(step.options, "body");
  if (!out.body.empty()) SIPVET_CHECK(check_pattern(out.body));
  return out;
}

Findings compare(const script::Step& step, const ExpectedRequest& expected, const sip::Message& request) {
  Findings out;
  compare_headers(out, step, expected.headers, request);
  compare_lines(out, step, expected.sdp, request);
  compare_attributes(out, step, expected.attributes, request);
  if (const std::string start(request.body().substr(0, max_searched_octets));
      !expected.body.empty() && !std::regex_search(start, std::regex(expected.body)))
    out.push_back(step_finding(step, "body", "The body is not what the scenario expects.",
                               fmt::format("/{}/", expected.body), start.empty() ? "no body" : start));
  const bool of_offer = !expected.offer.empty() || !expected.suites.empty() || !expected.form.empty() ||
                        !expected.exchanges.empty();
  if (!of_offer) return out;

  const ua::SdpInMessage body = ua::sdp_of(request.header("Content-Type").value_or(""), request.body());
  std::string offer = body.session ? "an offer that cannot be classified" : "none";
  std::string form = "none";
  std::vector<std::string> suites, exchanges;
  if (body.problem != ua::SdpProblem::none) offer = body.what;
  if (body.session) {
    if (ua::t38_section(*body.session)) {
      offer = "t38";
    } else if (const auto shape = keying::classify(*body.session)) {
      offer = keying::name(shape->shape);
      form = keying::name(shape->form);
      const sdp::Session taken = keying::offer_as_taken(*body.session, *shape, true);
      exchanges = exchanges_of(*shape, *body.session);
      if (shape->srtp_section)
        for (const sdp::Crypto& line : keying::readable_crypto_lines(taken.media[*shape->srtp_section]))
          suites.push_back(line.suite);
    } else {
      offer = shape.error().what;
    }
  }
  if (!expected.offer.empty() && offer != expected.offer)
    out.push_back(step_finding(
        step, "offer-shape",
        fmt::format("The {} should offer {} and offers {}.", expected.method, expected.offer, offer),
        expected.offer, offer));
  if (!expected.form.empty() && form != expected.form)
    out.push_back(step_finding(step, "offer-form", "The offer is written in another form than expected.",
                               expected.form, form));
  if (!expected.exchanges.empty() && exchanges != expected.exchanges)
    out.push_back(step_finding(step, "offer-key-exchange",
                               "The offer has other ways to make SRTP keys than expected.",
                               fmt::format("{}", fmt::join(expected.exchanges, ", ")),
                               exchanges.empty() ? "none" : fmt::format("{}", fmt::join(exchanges, ", "))));
  if (!expected.suites.empty() && suites != expected.suites)
    out.push_back(step_finding(
        step, "offer-suites", "The offer lists other SRTP crypto suites, or in another order, than expected.",
        fmt::format("{}", fmt::join(expected.suites, ", ")),
        suites.empty() ? "none" : fmt::format("{}", fmt::join(suites, ", "))));
  return out;
}

} // namespace sipvet::peers
