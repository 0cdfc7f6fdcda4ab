// Ladder diagrams in text and HTML, and the filter in front of them.
#include "cli/inspect_ladder.hpp"

#include "cli/inspect_filter.hpp"
#include "cli/inspect_html.hpp"
#include "cli/terminal.hpp"
#include "report/text_width.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::cli;

namespace {

Endpoint host(std::uint8_t number, std::uint16_t port) { return {IpAddress::v4(192, 0, 2, number), port}; }

analysis::SipMessage message(std::size_t frame, const Endpoint& from, const Endpoint& to, std::string line,
                             std::string call = "one") {
  analysis::SipMessage out;
  out.frame = frame;
  out.time = Instant{} + std::chrono::milliseconds(frame);
  out.source = from;
  out.destination = to;
  out.is_request = !line.starts_with("SIP/2.0 ");
  out.method = out.is_request ? line.substr(0, line.find(' ')) : "INVITE";
  out.first_line = std::move(line);
  out.call_id = std::move(call);
  return out;
}

// The message at `index` of a report, changed.
template <typename Change>
void change_message(analysis::Report& report, std::size_t index, Change change) {
  analysis::MessageList changed;
  for (std::size_t i = 0; i < report.sip.messages.size(); ++i) {
    auto one = static_cast<analysis::SipMessage>(report.sip.messages[i]);
    if (i == index) change(one);
    changed.push_back(one);
  }
  report.sip.messages = std::move(changed);
}

analysis::Report sample() {
  analysis::Report report;
  report.tls.resize(1);
  auto& tls = report.tls[0];
  tls.client = host(1, 40000), tls.server = host(2, 5061);
  tls.first_frame = 1;
  tls.version = "TLSv1.2", tls.cipher = "TLS_RSA_WITH_AES_128_CBC_SHA";
  report.sip.messages = {message(4, host(1, 40000), host(2, 5061), "INVITE sip:b@test SIP/2.0"),
                         message(6, host(2, 5061), host(1, 40000), "SIP/2.0 200 OK"),
                         message(9, host(1, 40000), host(3, 5060), "OPTIONS sip:c@test SIP/2.0", "two")};
  for (const std::size_t i : {0, 1}) change_message(report, i, [](auto& one) { one.connection = 0; });
  report.srtp.resize(1);
  auto& stream = report.srtp[0];
  stream.source = host(1, 10000), stream.destination = host(2, 20000);
  stream.first_frame = 7;
  stream.secured = true, stream.packets = 10, stream.authenticated = 9, stream.failed = 1;
  stream.call_id = "one";
  report.findings.resize(1);
  report.findings[0].id = "srtp-authentication-failed";
  report.findings[0].text = "Bad packets.";
  report.findings[0].frame = 7;
  return report;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text)
    if (c == '\n')
      out.emplace_back();
    else
      out.back() += c;
  out.pop_back();
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(inspect_ladder_diagram)

BOOST_AUTO_TEST_CASE(events_stand_in_order_between_their_parties) {
  const auto drawn = lines(inspect_ladder(sample(), {}));
  BOOST_TEST_REQUIRE(drawn.size() == 7u);
  BOOST_TEST(has(drawn[0], "192.0.2.1"));
  BOOST_TEST(drawn[0].find("192.0.2.1") < drawn[0].find("192.0.2.2"));
  BOOST_TEST(drawn[0].find("192.0.2.2") < drawn[0].find("192.0.2.3"));
  BOOST_TEST(has(drawn[1], "|<~"));
  BOOST_TEST(has(drawn[2], "- INVITE -")); // no room for more
  BOOST_TEST(has(inspect_ladder(sample(), {false, 200}), "INVITE sip:b@test [UDP]"));
  BOOST_TEST(has(drawn[2], "->|"));
  BOOST_TEST(has(drawn[3], "|<-"));
  BOOST_TEST(has(drawn[3], "200 OK (INVITE)"));
  BOOST_TEST(has(drawn[4], "=>|"));
  BOOST_TEST(drawn[5] == "   !! error: Bad packets. [srtp-authentication-failed]");
  BOOST_TEST(has(drawn[6], "00:00:00.009 #9"));
  BOOST_TEST(has(drawn[6], "->|"));
}

BOOST_AUTO_TEST_CASE(no_line_is_wider_than_asked_for) {
  auto report = sample();
  report.findings[0].text = std::string(500, 'x') + " " + std::string(40, 'y');
  change_message(report, 0, [](auto& one) {
    one.first_line = "INVITE sip:" + std::string(300, 'z') + "\xc3\xa9 SIP/2.0";
  });
  for (std::uint8_t i = 10; i < 40; ++i)
    report.sip.messages.push_back(message(i, host(i, 5060), host(i + 1, 5060), "BYE sip:x SIP/2.0"));
  for (const std::size_t width : {60U, 80U, 133U})
    for (const auto& line : lines(inspect_ladder(report, {false, width})))
      BOOST_TEST(report::columns_of(line) <= width, line);
  BOOST_TEST(has(inspect_ladder(report, {false, 80}), " +31"));
}

BOOST_AUTO_TEST_CASE(colours_only_when_asked_for_and_nothing_steers_the_terminal) {
  auto report = sample();
  BOOST_TEST(!has(inspect_ladder(report, {false, 100}), "\x1b"));
  BOOST_TEST(has(inspect_ladder(report, {true, 100}), "\x1b[31m"));
  change_message(report, 0, [](auto& one) { one.first_line = "INVITE \x1b[2J SIP/2.0"; });
  report.findings[0].text = "\x1b]0;x\x07";
  BOOST_TEST(!has(inspect_ladder(report, {false, 100}), "\x1b"));
}

BOOST_AUTO_TEST_CASE(on_a_loopback_every_port_is_a_party) {
  analysis::Report report;
  report.sip.messages = {message(1, host(1, 5060), host(1, 5070), "OPTIONS sip:x SIP/2.0"),
                         message(2, host(1, 5060), host(1, 5060), "OPTIONS sip:y SIP/2.0")};
  const auto drawn = lines(inspect_ladder(report, {}));
  BOOST_TEST(has(drawn[0], "192.0.2.1:5060"));
  BOOST_TEST(has(drawn[0], "192.0.2.1:5070"));
  BOOST_TEST(has(drawn[2], "| o OPTIONS"));
  BOOST_TEST(inspect_ladder({}, {}) == "\n");
}

BOOST_AUTO_TEST_CASE(on_a_loopback_media_belongs_to_who_described_it) {
  analysis::Report report;
  report.sip.messages = {message(1, host(1, 5060), host(1, 5070), "INVITE sip:x SIP/2.0"),
                         message(2, host(1, 5070), host(1, 5060), "SIP/2.0 200 OK")};
  auto& media = report.sip.dialogs.emplace_back().media.emplace_back();
  media.offer_frame = 1, media.answer_frame = 2;
  media.offer.rtp = host(1, 10000), media.answer.rtp = host(1, 20000);
  auto& stream = report.rtp.emplace_back();
  stream.source = host(1, 20000), stream.destination = host(1, 10000);
  stream.first_frame = 3, stream.packets = 7;
  const auto drawn = lines(inspect_ladder(report, {}));
  BOOST_TEST(!has(drawn[0], "20000"));
  BOOST_TEST(has(drawn[3], "|<="));
  BOOST_TEST(has(drawn[3], "RTP, 7 packets"));
}

BOOST_AUTO_TEST_CASE(filters_pick_calls_addresses_and_methods) {
  const auto ladder = [](std::string_view text) {
    return inspect_ladder(filtered(sample(), {parse_filter(text).value()}), {});
  };
  BOOST_TEST(!has(ladder("call:one"), "OPTIONS"));
  BOOST_TEST(has(ladder("call:one"), "Bad packets"));
  BOOST_TEST(has(ladder("call:one"), "TLSv1.2"));
  BOOST_TEST(has(ladder("address:192.0.2.3"), "OPTIONS"));
  BOOST_TEST(!has(ladder("address:192.0.2.3"), "INVITE"));
  BOOST_TEST(!has(ladder("address:192.0.2.3"), "Bad packets"));
  BOOST_TEST(has(ladder("address:192.0.2.2:20000"), "SRTP"));
  BOOST_TEST(has(ladder("method:options"), "OPTIONS"));
  BOOST_TEST(!has(ladder("method:options"), "SRTP"));
  BOOST_TEST(filtered(sample(), {parse_filter("call:one").value(), parse_filter("method:OPTIONS").value()})
                 .sip.messages.empty());
  for (const auto* bad : {"", "one", "call:", "address:x", "port:1"}) BOOST_TEST(!parse_filter(bad), bad);
}

BOOST_AUTO_TEST_CASE(the_page_needs_nothing_and_lets_nothing_in) {
  auto report = sample();
  const std::string evil = "<script>alert(1)</script>\"'&\x1b";
  report.files = {{evil, 1, 1}};
  change_message(report, 0, [&](auto& one) { one.first_line = one.text = one.call_id = evil; });
  report.tls[0].reason = report.tls[0].cipher = report.tls[0].certificate = evil;
  report.srtp[0].suite = report.srtp[0].codec = evil;
  report.srtp[0].reason = evil;
  report.findings[0].text = report.findings[0].fix = report.findings[0].id = evil;
  const auto page = inspect_html(report);
  BOOST_TEST(!has(page, "<script"));
  BOOST_TEST(!has(page, "\x1b"));
  BOOST_TEST(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  BOOST_TEST(has(page, "<svg"));
  for (const auto* outside : {"src=", "href=", "@import", "url("}) BOOST_TEST(!has(page, outside), outside);
  BOOST_TEST(std::ranges::count(page, '<') == std::ranges::count(page, '>'));
}

BOOST_AUTO_TEST_CASE(progress_is_a_bar_of_one_width) {
  BOOST_TEST(progress_text(0, 0) == "0 MB");
  BOOST_TEST(progress_text(500'000'000, 1'000'000'000) ==
             "[" + std::string(15, '=') + std::string(15, ' ') + "] 50 %  500 MB");
  BOOST_TEST(progress_text(9, 3) == "[" + std::string(30, '=') + "] 100 %  0 MB"); // the file grew
}

BOOST_AUTO_TEST_SUITE_END()
