// Findings about SIP, and that clean calls have none.
#include "analysis/finding_kinds.hpp"
#include "analysis/finding_list.hpp"
#include "analysis/test_findings.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::Side;

BOOST_AUTO_TEST_SUITE(findings)

BOOST_AUTO_TEST_CASE(a_clean_call_over_udp_shows_only_that_its_keys_were_in_the_clear) {
  const auto report = clean_call().report();
  for (const auto& found : report.findings) BOOST_TEST(found.id == "key-over-plain-transport", found.text);
  BOOST_TEST_REQUIRE(report.srtp.size() == 2);
  BOOST_TEST(report.srtp[0].max_jitter_ms < 1);
  BOOST_TEST(report.srtp[0].replayed == 0);
}

BOOST_AUTO_TEST_CASE(a_clean_talk_over_tls_shows_only_the_key_exchange) {
  SecureTalk talk;
  talk.say(Side::client, sip_text("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                                  "Contact: <sip:a@192.0.2.1:40000;transport=tls>\r\n"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "1 INVITE", "Contact: <sips:b@192.0.2.2>\r\n"));
  talk.say(Side::client, sip_text("BYE sip:b@server.test SIP/2.0", "2 BYE", "", "1", "z9hG4bK2"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "2 BYE", "", "1", "z9hG4bK2"));
  talk.capture.wait(40'000);
  talk.capture.finish(server, client);
  talk.capture.finish(client, server);
  const auto report = talk.report();
  BOOST_TEST(report.sip.messages.size() == 4);
  for (const auto& found : report.findings)
    BOOST_TEST((found.id == "static-rsa" || found.id == "certificate-expired"), found.id + ": " + found.text);
  BOOST_TEST(report.tls[0].closed_by == "server");
  BOOST_TEST(report.tls[0].idle_before_close.count() >= 40'000);
}

BOOST_AUTO_TEST_CASE(every_finding_made_here_stands_in_the_table_with_its_severity) {
  std::set<std::string_view> ids;
  for (const auto& kind : finding_kinds()) {
    BOOST_TEST(ids.insert(kind.id).second, kind.id);
    BOOST_TEST(!kind.meaning.empty());
    BOOST_TEST(!kind.fix.empty());
    BOOST_TEST(contains(finding_kinds_markdown(), std::string(kind.id)));
  }
  BOOST_TEST(find_finding_kind("weak-key") != nullptr);
  BOOST_TEST(find_finding_kind("no-such-kind") == nullptr);
  for (const auto& found : clean_call().report().findings) {
    const auto* kind = find_finding_kind(found.id);
    BOOST_TEST_REQUIRE(kind != nullptr, found.id);
    BOOST_TEST((kind->severity == found.severity), found.id);
  }
}

// Of one frame as the table has them, whoever found them first.
BOOST_AUTO_TEST_CASE(the_order_of_findings) {
  FindingList list;
  for (const auto& [id, frame, text] :
       std::vector<std::tuple<std::string_view, std::size_t, std::string>>{{"media-lost", 7, "1"},
                                                                           {"weak-key", 7, "3"},
                                                                           {"weak-key", 7, "2"},
                                                                           {"one-way-media", 2, "4"},
                                                                           {"sdp-unreadable", 0, "5"},
                                                                           {"unused-key", 9, "6"}})
    list.note(id, frame == 0 ? std::nullopt : std::optional(frame), text);
  std::string order;
  for (const auto& found : list.take()) order += found.text;
  BOOST_TEST(order == "654231");
}

BOOST_AUTO_TEST_CASE(a_contact_without_tls_and_the_request_that_followed_it) {
  SecureTalk talk;
  talk.say(Side::client,
           sip_text("INVITE sip:b@server.test SIP/2.0", "1 INVITE",
                    "Contact: <sip:a@192.0.2.1:5070>\r\nRecord-Route: <sip:192.0.2.1:5080;lr>\r\n"));
  talk.say(Side::server, sip_text("SIP/2.0 200 OK", "1 INVITE", "Contact: <sip:b@192.0.2.2:5061>\r\n"));
  const auto before = talk.report();
  BOOST_TEST(std::ranges::count(before.findings, "contact-without-tls", &verdict::Finding::id) == 2);
  BOOST_TEST(contains(text_of(before, "contact-without-tls"), "such as its BYE"));
  BOOST_TEST(has(before, "record-route-without-tls"));
  BOOST_TEST(!has(before, "request-astray"));
  talk.capture.udp(at(2, 5060), at(1, 5070),
                   as_bytes(sip_text("BYE sip:a@192.0.2.1:5070 SIP/2.0", "7 BYE", "", "1", "z9hG4bK9")));
  const auto after = talk.report();
  BOOST_TEST_REQUIRE(has(after, "request-astray"));
  BOOST_TEST(finding(after, "request-astray")->frame.value_or(0) == talk.capture.frames());
  BOOST_TEST(contains(text_of(after, "request-astray"), "Contact of frame"));
}

BOOST_AUTO_TEST_CASE(a_registration_without_tls_misroutes_every_call) {
  SecureTalk talk;
  talk.say(Side::client,
           sip_text("REGISTER sip:server.test SIP/2.0", "1 REGISTER", "Contact: <sip:a@192.0.2.1>\r\n"));
  BOOST_TEST(contains(text_of(talk.report(), "contact-without-tls"), "every call to the registered user"));
}

BOOST_AUTO_TEST_CASE(retransmissions_are_counted_and_copies_are_not) {
  TestCall call;
  const auto request = sip_message("OPTIONS sip:b@test SIP/2.0", "1 OPTIONS", "");
  call.send(call.alice, call.bob, request);
  call.send(call.alice, call.bob, request); // the same packet at a second place of capture
  call.send(call.bob, call.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  BOOST_TEST(!has(call.report(), "sip-retransmission"));
  TestCall slow;
  for (const unsigned wait : {0U, 500U, 1000U}) {
    slow.capture.wait(wait);
    slow.send(slow.alice, slow.bob, request);
  }
  for (const unsigned wait : {10U, 600U}) {
    slow.capture.wait(wait);
    slow.send(slow.bob, slow.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  }
  const auto report = slow.report();
  BOOST_TEST(std::ranges::count(report.findings, "sip-retransmission", &verdict::Finding::id) == 2);
  BOOST_TEST(contains(text_of(report, "sip-retransmission"), "was sent 3 times"));
  BOOST_TEST(!has(report, "request-unanswered"));
}

BOOST_AUTO_TEST_CASE(a_request_without_an_answer_is_a_finding_unless_the_capture_ends_first) {
  TestCall call;
  call.send(call.alice, call.bob, sip_message("OPTIONS sip:b@test SIP/2.0", "1 OPTIONS", ""));
  BOOST_TEST(!has(call.report(), "request-unanswered"));
  call.capture.wait(2000);
  call.send(call.alice, call.bob, sip_message("ACK sip:b@test SIP/2.0", "3 ACK", ""));
  BOOST_TEST(contains(text_of(call.report(), "request-unanswered"), "OPTIONS sip:b@test"));
  call.send(call.bob, call.alice, sip_message("SIP/2.0 200 OK", "1 OPTIONS", ""));
  call.capture.wait(2000);
  call.send(call.alice, call.bob, sip_message("ACK sip:b@test SIP/2.0", "3 ACK", ""));
  BOOST_TEST(!has(call.report(), "request-unanswered"));
}

BOOST_AUTO_TEST_CASE(a_refused_offer_is_shown_without_its_key) {
  for (const auto* status : {"488 Not Acceptable Here", "415 Unsupported Media Type"}) {
    TestCall call;
    call.invite(savp, crypto_line(1, random_key(1)));
    call.send(call.bob, call.alice, sip_message("SIP/2.0 " + std::string(status), "1 INVITE", ""));
    const auto text = text_of(call.report(), "offer-refused");
    BOOST_TEST(contains(text, "m=audio 10000 RTP/SAVP 0; a=crypto:1 AES_CM_128_HMAC_SHA1_80"), text);
    BOOST_TEST(contains(text, status), text);
    BOOST_TEST(!contains(text, "inline"), text);
    BOOST_TEST(!has(call.report(), "mikey-sdes-mismatch"));
  }
  TestCall busy;
  busy.invite(savp, crypto_line(1, random_key(1)));
  busy.send(busy.bob, busy.alice, sip_message("SIP/2.0 486 Busy Here", "1 INVITE", ""));
  BOOST_TEST(!has(busy.report(), "offer-refused"));
}

BOOST_AUTO_TEST_CASE(mikey_against_sdes_is_named) {
  TestCall refused;
  refused.invite(savp, "a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO\r\n");
  refused.send(refused.bob, refused.alice, sip_message("SIP/2.0 488 Not Acceptable Here", "1 INVITE", ""));
  BOOST_TEST(contains(text_of(refused.report(), "mikey-sdes-mismatch"), "MIKEY keys only"));
  TestCall answered;
  answered.invite(savp, "a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO\r\n");
  answered.answer(savp, crypto_line(1, random_key(1)));
  BOOST_TEST(contains(text_of(answered.report(), "mikey-sdes-mismatch"), "answered with SDES"));
}

BOOST_AUTO_TEST_SUITE_END()
