#include "dialog/session_timer.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::dialog;
using sip::Refresher;

namespace {

sip::Message invite(const HeaderLines& headers) {
  sip::Message message = sip::Message::request("INVITE", "sip:b@10.0.0.2");
  for (const auto& [name, value] : headers) message.add(name, value);
  return message;
}

std::string header(const HeaderLines& headers, const std::string& name) {
  for (const auto& [each, value] : headers)
    if (each == name) return value;
  return "none";
}

SessionTimerSettings settings(std::uint32_t interval = 0, std::uint32_t minimum = smallest_session_interval) {
  return {true, interval, minimum, {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_timer)

BOOST_AUTO_TEST_CASE(when_it_is_refreshed_and_when_given_up) {
  using namespace std::chrono_literals;
  BOOST_TEST((refresh_after({1800, true}) == 900s));
  BOOST_TEST((give_up_after({1800, false}) == 1768s));
  BOOST_TEST((give_up_after({90, false}) == 60s)); // a third is less than 32 s
  BOOST_TEST((refresh_after({91, true}) == 45500ms));
}

BOOST_AUTO_TEST_CASE(requests) {
  BOOST_TEST(session_request_headers({}, {}, 0).empty());
  BOOST_TEST(session_request_headers(settings(), {}, 0).empty());
  const auto asked = session_request_headers({true, 1800, 120, Refresher::uas}, {}, 0);
  BOOST_TEST(header(asked, "Session-Expires") == "1800;refresher=uas");
  BOOST_TEST(header(asked, "Min-SE") == "120");
  const auto again = session_request_headers(settings(100), {}, 3600); // after a 422
  BOOST_TEST(header(again, "Session-Expires") == "3600");
  BOOST_TEST(header(again, "Min-SE") == "3600");
  BOOST_TEST(header(session_request_headers(settings(), SessionTimer{200, true}, 0), "Session-Expires") ==
             "200;refresher=uac");
  BOOST_TEST(header(session_request_headers(settings(), SessionTimer{200, false}, 0), "Session-Expires") ==
             "200;refresher=uas");
}

// RFC 4028 §9, table 2.
BOOST_AUTO_TEST_CASE(who_refreshes) {
  struct Row {
    bool caller_can;
    const char* asked;
    std::optional<Refresher> ours;
    const char* answered;
    bool we;
  };
  const Row rows[] = {
      {false, "300", {}, "300;refresher=uas", true},
      {false, "300;refresher=uas", Refresher::uac, "300;refresher=uas", true},
      {true, "300", {}, "300;refresher=uac", false},
      {true, "300", Refresher::uas, "300;refresher=uas", true},
      {true, "300;refresher=uac", Refresher::uas, "300;refresher=uac", false},
      {true, "300;refresher=uas", Refresher::uac, "300;refresher=uas", true},
  };
  for (const Row& row : rows) {
    SessionTimerSettings own = settings();
    own.refresher = row.ours;
    HeaderLines lines = {{"Session-Expires", row.asked}};
    if (row.caller_can) lines.emplace_back("Supported", "100rel, timer");
    const SessionAnswer answer = answer_session_request(own, invite(lines));
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(header(answer.headers, "Session-Expires") == row.answered);
    BOOST_TEST(header(answer.headers, "Require") == (row.caller_can ? "timer" : "none"));
    BOOST_TEST(answer.timer.value().ours == row.we);
  }
}

BOOST_AUTO_TEST_CASE(intervals) {
  const HeaderLines can = {{"Supported", "timer"}};
  auto with = [&](const char* expires, const char* min_se = nullptr) {
    HeaderLines all = can;
    all.emplace_back("x", expires); // compact form
    if (min_se != nullptr) all.emplace_back("Min-SE", min_se);
    return invite(all);
  };
  // Too short: refused, but only where the caller knows what 422 is.
  const SessionAnswer refused = answer_session_request(settings(0, 600), with("599"));
  BOOST_TEST(refused.status == 422);
  BOOST_TEST(header(refused.headers, "Min-SE") == "600");
  BOOST_TEST(!refused.timer.has_value());
  const SessionAnswer by_proxy =
      answer_session_request(settings(0, 600), invite({{"Session-Expires", "100"}}));
  BOOST_TEST(by_proxy.status == 200);
  BOOST_TEST(by_proxy.timer.value().interval == 100u);
  // Ours is shorter, but not below either minimum; never longer than asked for.
  BOOST_TEST(answer_session_request(settings(200), with("1800")).timer.value().interval == 200u);
  BOOST_TEST(answer_session_request(settings(200), with("1800", "300")).timer.value().interval == 300u);
  BOOST_TEST(answer_session_request(settings(2000), with("1800")).timer.value().interval == 1800u);
  // Nothing asked for.
  BOOST_TEST(!answer_session_request(settings(), invite(can)).timer.has_value());
  BOOST_TEST(answer_session_request(settings(200), invite(can)).timer.value().interval == 200u);
  BOOST_TEST(answer_session_request(settings(200), invite({})).timer.value().ours);
  BOOST_TEST(answer_session_request({}, with("1800")).headers.empty());
  BOOST_TEST(!answer_session_request(settings(), with("soon")).timer.has_value());
}

BOOST_AUTO_TEST_CASE(responses) {
  sip::Message ok = sip::Message::response(200, "OK");
  BOOST_TEST(!session_of_response(ok).has_value());
  ok.add("Session-Expires", "400;refresher=uas");
  BOOST_TEST(session_of_response(ok).value().interval == 400u);
  BOOST_TEST(!session_of_response(ok).value().ours);
  ok.set("Session-Expires", "400");
  BOOST_TEST(session_of_response(ok).value().ours);
  ok.set("Session-Expires", "often");
  BOOST_TEST(!session_of_response(ok).has_value());
  ok.add("Min-SE", "700");
  BOOST_TEST(minimum_of_refusal(ok).value() == 700u);
  BOOST_TEST(!minimum_of_refusal(sip::Message::response(422, "x")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
