// Two reference gateways that call each other, in every pair of settings that concern the choice between SRTP
// and RTP: the tables of docs/key-management.md are what came of it. With SIPVET_WRITE_DOCS=1 in the
// environment they are written there.
#include "gateway/gateway.hpp"
#include "net/sim_network.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

using namespace sipvet;
using namespace sipvet::gateway;
using namespace std::chrono_literals;
using keying::Form;
using keying::KeyExchange;

namespace {

constexpr std::string_view page = SIPVET_SOURCE_DIR "/docs/key-management.md";
constexpr std::uint64_t proven_ms = 80;

struct Side {
  SrtpMode mode = SrtpMode::always;
  KeyExchange exchange = KeyExchange::sdes;
  rtp::SrtpSuite suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80;
  Form form = Form::two_sections; // offered
  bool silent = false;            // misbehaves: sends no media
  std::vector<Form> understood{keying::choice_forms().begin(), keying::choice_forms().end()};
};

Config config_of(const Side& side, const IpAddress& address, unsigned voice) {
  Config config;
  config.user_agents = {{address, 5066, ua::Transport::udp}};
  config.srtp_mode = side.mode;
  config.key_exchanges = {side.exchange};
  config.srtp_suites = config.mikey.suites = {side.suite};
  config.srtp_and_rtp_form = side.form;
  config.understood_forms = side.understood;
  config.mikey.psk = to_bytes("back to back");
  config.voiceprint = rtp::Voiceprint(voice);
  config.deviations.one_way_media = side.silent;
  return config;
}

bool hears(const CallInfo& call, unsigned voice) {
  const auto heard = call.heard_ms.find(voice);
  return heard != call.heard_ms.end() && heard->second >= proven_ms;
}

// "SRTP" or "RTP", each side having recognised the other's voice, or the status that the caller got.
std::string outcome(const Side& calls, const Side& is_called) {
  const IpAddress here = IpAddress::v4(10, 0, 0, 1), there = IpAddress::v4(10, 0, 0, 2);
  net::SimNetwork network{5};
  MemoryLog log;
  Gateway caller(network, config_of(calls, here, 1), log),
      callee(network, config_of(is_called, there, 2), log);
  if (!caller.start() || !callee.start()) return "does not start";
  PlaceCall place;
  place.number = "100";
  place.target.emplace();
  place.target->remote = {there, 5066};
  const auto handle = caller.place_call(place);
  if (!handle) return "no offer";
  const auto proven = [&] {
    const auto far = callee.calls();
    return !far.empty() && hears(*caller.call(*handle), 2) && hears(far.front(), 1);
  };
  const auto over = [&] {
    const CallState state = caller.call(*handle)->state;
    return state == CallState::failed || state == CallState::ended;
  };
  network.run_until([&] { return proven() || over(); }, network.now() + 60s);
  const CallInfo call = *caller.call(*handle);
  if (over()) return call.status < 300 ? "200, then BYE" : std::to_string(call.status);
  if (!proven()) return "no media";
  const CallInfo far = callee.calls().front();
  const bool agree = call.srtp == far.srtp && call.suite == far.suite;
  const bool clean = call.media.dropped_for(ua::MediaDrop::plain_on_secured) == 0 &&
                     far.media.dropped_for(ua::MediaDrop::plain_on_secured) == 0;
  if (!agree || !clean || !call.srtp) return "the two disagree";
  return *call.srtp ? "SRTP" : "RTP";
}

constexpr SrtpMode modes[] = {SrtpMode::always, SrtpMode::as_needed, SrtpMode::never};
constexpr KeyExchange exchanges[] = {KeyExchange::sdes, KeyExchange::mikey, KeyExchange::dtls_srtp};

using Pairs = std::vector<std::pair<KeyExchange, KeyExchange>>;

// "any", "the same", "different", or the pairs one by one.
std::string name_of(const Pairs& pairs) {
  const auto same = std::ranges::count_if(pairs, [](const auto& pair) { return pair.first == pair.second; });
  const std::size_t kinds = std::size(exchanges), all = kinds * kinds;
  if (pairs.size() == all) return "any";
  if (pairs.size() == kinds && static_cast<std::size_t>(same) == kinds) return "the same";
  if (pairs.size() == all - kinds && same == 0) return "different";
  std::vector<std::string> names;
  for (const auto& [left, right] : pairs)
    names.push_back(left == right ? fmt::format("`{}` both", keying::name(left))
                                  : fmt::format("`{}` and `{}`", keying::name(left), keying::name(right)));
  return fmt::format("{}", fmt::join(names, ", "));
}

// The rows of one way to offer, one for each set of pairs of key managements with the same outcomes.
std::string rows_of(std::string_view offer, std::string_view forms, const Side& caller,
                    const std::vector<Form>& understood, rtp::SrtpSuite callee_suite) {
  std::vector<std::pair<std::vector<std::string>, Pairs>> groups;
  for (const KeyExchange left : exchanges)
    for (const KeyExchange right : exchanges) {
      std::vector<std::string> outcomes;
      for (const SrtpMode mode : modes) {
        Side calls = caller,
             is_called{.mode = mode, .exchange = right, .suite = callee_suite, .understood = understood};
        calls.exchange = left;
        outcomes.push_back(outcome(calls, is_called));
      }
      const auto known = std::ranges::find(groups, outcomes, &decltype(groups)::value_type::first);
      if (known == groups.end())
        groups.push_back({outcomes, {{left, right}}});
      else
        known->second.emplace_back(left, right);
    }
  // What is left when the others are named needs no names.
  std::ranges::stable_sort(groups, {}, [](const auto& group) { return group.second.size(); });
  std::string out;
  for (const auto& [outcomes, pairs] : groups) {
    const bool rest = groups.size() > 1 && &pairs == &groups.back().second;
    const std::string name = name_of(pairs);
    out += fmt::format("| {} | {} | {} | {} |\n", offer, forms, rest && name != "different" ? "others" : name,
                       fmt::join(outcomes, " | "));
  }
  return out;
}

constexpr rtp::SrtpSuite same_suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80,
                         other_suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_32;

std::string modes_table(rtp::SrtpSuite callee_suite) {
  std::string out =
      "| the caller's mode | its offer | key managements | callee in `always` | `as-needed` | `never` |\n"
      "|---|---|---|---|---|---|\n";
  const Side defaults;
  out += rows_of("`always`", "SRTP", {.mode = SrtpMode::always}, defaults.understood, callee_suite);
  // Forms with the same rows share them.
  std::vector<std::pair<std::string, std::vector<std::string>>> shared;
  for (const bool understands : {true, false})
    for (const Form form : keying::choice_forms()) {
      std::vector<Form> understood = defaults.understood;
      if (!understands) std::erase(understood, form);
      const std::string rows =
          rows_of("`as-needed`", "{}", {.mode = SrtpMode::as_needed, .form = form}, understood, callee_suite);
      const std::string title =
          fmt::format("`{}`{}", keying::name(form), understands ? "" : ", not understood");
      const auto known = std::ranges::find(shared, rows, &decltype(shared)::value_type::first);
      if (known == shared.end())
        shared.push_back({rows, {title}});
      else
        known->second.push_back(title);
    }
  for (const auto& [rows, titles] : shared)
    out += fmt::format(fmt::runtime(rows), fmt::join(titles, "; "), fmt::join(titles, "; "),
                       fmt::join(titles, "; "), fmt::join(titles, "; "), fmt::join(titles, "; "));
  return out + rows_of("`never`", "RTP", {.mode = SrtpMode::never}, defaults.understood, callee_suite);
}

// Every way to offer, as the tables have it.
std::vector<std::pair<Side, std::vector<Form>>> ways_to_offer() {
  const std::vector<Form> all{keying::choice_forms().begin(), keying::choice_forms().end()};
  std::vector<std::pair<Side, std::vector<Form>>> out = {{{.mode = SrtpMode::always}, all},
                                                         {{.mode = SrtpMode::never}, all}};
  for (const Form form : keying::choice_forms()) {
    std::vector<Form> others = all;
    std::erase(others, form);
    out.push_back({{.mode = SrtpMode::as_needed, .form = form}, all});
    out.push_back({{.mode = SrtpMode::as_needed, .form = form}, others});
  }
  return out;
}

bool starts(KeyExchange exchange, rtp::SrtpSuite suite) {
  const Side side{.exchange = exchange, .suite = suite};
  return outcome(side, side) != "does not start";
}

// Of each key management: which suites key a call when both sides have them, and what other pairs come to.
std::string suites_table() {
  std::string out = "| key management | suites | both sides have the same | the other side has another |\n"
                    "|---|---|---|---|\n";
  for (const KeyExchange exchange : exchanges) {
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> groups;
    for (const rtp::SrtpSuiteInfo& left : rtp::srtp_suites()) {
      std::string same = "does not start", different;
      for (const rtp::SrtpSuiteInfo& right : rtp::srtp_suites()) {
        if (!starts(exchange, left.suite) || !starts(exchange, right.suite)) continue;
        const std::string came = outcome({.exchange = exchange, .suite = left.suite},
                                         {.exchange = exchange, .suite = right.suite});
        if (left.suite == right.suite) {
          same = came;
        } else if (!different.ends_with(came)) { // one outcome for all, or each change of it
          different += (different.empty() ? "" : ", ") + came;
        }
      }
      groups[{same, different}].push_back(fmt::format("`{}`", left.name));
    }
    for (const auto& [came, suites] : groups)
      out += fmt::format("| `{}` | {} | {} | {} |\n", keying::name(exchange), fmt::join(suites, ", "),
                         came.first, came.second);
  }
  return out;
}

// The page must have the table between its two marks.
void check_page(std::string_view mark, const std::string& table) {
  std::ifstream in{std::string(page)};
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::string begin = fmt::format("<!-- {} -->\n", mark),
                    end = fmt::format("<!-- end of {} -->\n", mark);
  const auto from = text.find(begin), to = text.find(end);
  BOOST_TEST_REQUIRE((from != std::string::npos && to != std::string::npos), page << " has no " << begin);
  const std::string found = text.substr(from + begin.size(), to - from - begin.size());
  if (found != table && std::getenv("SIPVET_WRITE_DOCS") != nullptr) {
    text.replace(from + begin.size(), found.size(), table);
    std::ofstream{std::string(page)} << text;
    return;
  }
  BOOST_TEST(found == table,
             page << " has another table than what came of the calls; with SIPVET_WRITE_DOCS=1 "
                     "this test writes it:\n"
                  << table);
}

} // namespace

BOOST_AUTO_TEST_SUITE(back_to_back)

BOOST_AUTO_TEST_CASE(modes_forms_and_key_managements) {
  check_page("two gateways: modes, forms and key managements", modes_table(same_suite));
}

BOOST_AUTO_TEST_CASE(modes_forms_and_key_managements_with_another_suite) {
  check_page("two gateways: the same with another suite", modes_table(other_suite));
}

// Some 27,000 calls: run by name, in the release build. The two tables above were made with two suites; what
// they say holds for every pair of suites.
BOOST_AUTO_TEST_CASE(every_pair_of_modes_forms_key_managements_and_suites, *boost::unit_test::disabled()) {
  std::map<KeyExchange, std::map<rtp::SrtpSuite, bool>> can;
  for (const KeyExchange exchange : exchanges)
    for (const rtp::SrtpSuiteInfo& suite : rtp::srtp_suites())
      can[exchange][suite.suite] = starts(exchange, suite.suite);
  std::size_t calls = 0;
  for (const auto& [offering, understood] : ways_to_offer())
    for (const KeyExchange left : exchanges)
      for (const KeyExchange right : exchanges)
        for (const SrtpMode mode : modes) {
          const auto come = [&, &offering = offering, &understood = understood](rtp::SrtpSuite caller_suite,
                                                                                rtp::SrtpSuite callee_suite) {
            Side caller = offering,
                 callee{.mode = mode, .exchange = right, .suite = callee_suite, .understood = understood};
            caller.exchange = left;
            caller.suite = caller_suite;
            ++calls;
            return outcome(caller, callee);
          };
          const std::string same = come(same_suite, same_suite), different = come(same_suite, other_suite);
          for (const rtp::SrtpSuiteInfo& one : rtp::srtp_suites())
            for (const rtp::SrtpSuiteInfo& other : rtp::srtp_suites()) {
              const bool both_start = can[left][one.suite] && can[right][other.suite];
              const std::string& wanted = one.suite == other.suite ? same : different;
              const std::string came = come(one.suite, other.suite);
              if (came == (both_start ? wanted : "does not start")) continue;
              BOOST_ERROR(fmt::format("{} with {} and {}, {} called in {} with {} and {}: {}, not {}",
                                      name(offering.mode), keying::name(left), one.name,
                                      keying::name(offering.form), name(mode), keying::name(right),
                                      other.name, came, both_start ? wanted : "does not start"));
            }
        }
  BOOST_TEST(calls > 27'000u);
}

BOOST_AUTO_TEST_CASE(suites) { check_page("two gateways: suites", suites_table()); }

// The tables could not tell a call without media from one with.
BOOST_AUTO_TEST_CASE(a_gateway_that_is_silent_proves_nothing) {
  BOOST_TEST(outcome({}, {}) == "SRTP");
  BOOST_TEST(outcome({}, {.silent = true}) == "no media");
  BOOST_TEST(outcome({.silent = true}, {}) == "no media");
}

// RFC 3830 §5.1.2: the caller's log says what the other side's MIKEY says.
BOOST_AUTO_TEST_CASE(a_refusal_of_mikey_is_told_to_the_caller) {
  for (const bool told : {true, false}) {
    net::SimNetwork network{5};
    MemoryLog here_log, there_log;
    Side side;
    side.exchange = KeyExchange::mikey;
    const IpAddress here = IpAddress::v4(10, 0, 0, 1), there = IpAddress::v4(10, 0, 0, 2);
    Config other = config_of(side, there, 2);
    other.mikey.psk = to_bytes("another");
    other.mikey.error_messages = told;
    Gateway caller(network, config_of(side, here, 1), here_log), callee(network, other, there_log);
    BOOST_REQUIRE((caller.start() && callee.start()));
    PlaceCall place;
    place.number = "100";
    place.target.emplace();
    place.target->remote = {there, 5066};
    const auto handle = caller.place_call(place).value();
    network.run_until([&] { return caller.call(handle)->state == CallState::failed; }, network.now() + 60s);
    BOOST_TEST(caller.call(handle)->status == 488);
    BOOST_TEST(
        here_log.contains("MIKEY: the other side refused the message: authentication failure (error 0), "
                          "which nothing proves") == told);
  }
}

BOOST_AUTO_TEST_SUITE_END()
