#include "dialog/dialog.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::dialog;

namespace {

sip::Message parsed(const std::string& text) { return sip::parse_message(text).value(); }

// Alice's INVITE as Bob sees it behind two proxies; RFC 3261 §16.12.1.1 routes like this.
const std::string invite_text = "INVITE sip:callee@u2.domain.com SIP/2.0\r\n"
                                "Via: SIP/2.0/TLS p2.domain.com;branch=z9hG4bKp2\r\n"
                                "Via: SIP/2.0/TLS u1.example.com;branch=z9hG4bKu1\r\n"
                                "Record-Route: <sip:p2.domain.com;lr>\r\n"
                                "Record-Route: <sip:p1.example.com;lr>\r\n"
                                "From: \"Caller\" <sip:caller@u1.example.com>;tag=a\r\n"
                                "To: <sip:callee@domain.com>\r\n"
                                "Call-ID: c1\r\n"
                                "CSeq: 10 INVITE\r\n"
                                "Timestamp: 54\r\n"
                                "Contact: sip:caller@u1.example.com\r\n"
                                "\r\n";

struct Call {
  sip::Message invite = parsed(invite_text);
  sip::Message response;
  Dialog caller;
  Dialog callee;

  explicit Call(int status = 200) : response(make_response(invite, status, "", "b")) {
    response.add("Contact", "<sip:callee@u2.domain.com;transport=tls>");
    caller = make_uac_dialog(invite, response).value();
    callee = make_uas_dialog(invite, response).value();
  }
};

std::vector<std::string_view> values(const sip::Message& message, const char* name) {
  return message.headers(name);
}
using Values = std::vector<std::string_view>;

} // namespace

BOOST_AUTO_TEST_SUITE(dialogs)

// §12.1.2
BOOST_AUTO_TEST_CASE(the_callers_dialog) {
  const Dialog dialog = Call().caller;
  BOOST_TEST((dialog.state == Dialog::State::confirmed));
  BOOST_TEST(dialog.call_id == "c1");
  BOOST_TEST(dialog.local_tag == "a");
  BOOST_TEST(dialog.remote_tag == "b");
  BOOST_TEST(dialog.local_cseq == 10u);
  BOOST_TEST(!dialog.remote_cseq.has_value());
  BOOST_TEST(dialog.local_uri == "sip:caller@u1.example.com");
  BOOST_TEST(dialog.remote_uri == "sip:callee@domain.com");
  BOOST_TEST(dialog.remote_target == "sip:callee@u2.domain.com;transport=tls");
  BOOST_TEST(
      (dialog.route_set == std::vector<std::string>{"<sip:p1.example.com;lr>", "<sip:p2.domain.com;lr>"}));
  BOOST_TEST(!dialog.secure);
}

// §12.1.1
BOOST_AUTO_TEST_CASE(the_callees_dialog) {
  const Dialog dialog = Call(180).callee;
  BOOST_TEST((dialog.state == Dialog::State::early));
  BOOST_TEST(dialog.local_tag == "b");
  BOOST_TEST(dialog.remote_tag == "a");
  BOOST_TEST((dialog.remote_cseq == 10u));
  BOOST_TEST(dialog.local_cseq == 0u);
  BOOST_TEST(dialog.remote_target == "sip:caller@u1.example.com");
  BOOST_TEST(
      (dialog.route_set == std::vector<std::string>{"<sip:p2.domain.com;lr>", "<sip:p1.example.com;lr>"}));
}

BOOST_AUTO_TEST_CASE(what_makes_no_dialog) {
  Call call;
  BOOST_TEST(!make_uac_dialog(call.invite, make_response(call.invite, 100, "", "b")));
  BOOST_TEST(!make_uac_dialog(call.invite, make_response(call.invite, 486, "", "b")));
  BOOST_TEST(!make_uac_dialog(call.invite, make_response(call.invite, 180, "", "")));
  BOOST_TEST(
      !make_uac_dialog(call.invite, make_response(call.invite, 200, "", "b"))); // a 2xx without Contact
  BOOST_TEST(make_uac_dialog(call.invite, make_response(call.invite, 180, "", "b")).has_value());
  sip::Message broken = call.invite;
  broken.remove("Contact");
  BOOST_TEST(!make_uas_dialog(broken, call.response));
}

BOOST_AUTO_TEST_CASE(secure_needs_sips_and_tls) {
  sip::Message invite = parsed(invite_text);
  invite.set_uri("sips:callee@u2.domain.com");
  sip::Message ok = make_response(invite, 200, "", "b");
  ok.add("Contact", "<sips:callee@u2.domain.com>");
  BOOST_TEST(make_uac_dialog(invite, ok).value().secure);
  BOOST_TEST(make_uas_dialog(invite, ok, true).value().secure);
  BOOST_TEST(!make_uas_dialog(invite, ok, false).value().secure);
  BOOST_TEST(!make_uas_dialog(parsed(invite_text), ok, true).value().secure);
}

// §13.2.2.4
BOOST_AUTO_TEST_CASE(a_2xx_confirms_and_takes_the_route_anew) {
  Call call(180);
  sip::Message ok = parsed("SIP/2.0 200 OK\r\nRecord-Route: <sip:p9.example.com;lr>, "
                           "<sip:p8.example.com;lr>\r\nFrom: <sip:x>;tag=a\r\nTo: <sip:y>;tag=b\r\n"
                           "Call-ID: c1\r\nCSeq: 10 INVITE\r\nContact: <sip:new@u3>\r\n\r\n");
  BOOST_TEST(confirm(call.caller, ok).has_value());
  BOOST_TEST((call.caller.state == Dialog::State::confirmed));
  BOOST_TEST(call.caller.remote_target == "sip:new@u3");
  BOOST_TEST((call.caller.route_set ==
              std::vector<std::string>{"<sip:p8.example.com;lr>", "<sip:p9.example.com;lr>"}));
  BOOST_TEST(!confirm(call.caller, make_response(call.invite, 180, "", "b")));
}

// §12.2.1.1 with loose routers.
BOOST_AUTO_TEST_CASE(a_request_within) {
  Call call;
  const sip::Message bye = make_request(call.caller, "BYE");
  BOOST_TEST(bye.serialize() == "BYE sip:callee@u2.domain.com;transport=tls SIP/2.0\r\n"
                                "Route: <sip:p1.example.com;lr>\r\n"
                                "Route: <sip:p2.domain.com;lr>\r\n"
                                "From: \"Caller\" <sip:caller@u1.example.com>;tag=a\r\n"
                                "To: <sip:callee@domain.com>;tag=b\r\n"
                                "Call-ID: c1\r\n"
                                "CSeq: 11 BYE\r\n"
                                "Max-Forwards: 70\r\n"
                                "Content-Length: 0\r\n"
                                "\r\n");
  BOOST_TEST((make_request(call.caller, "INFO").header("CSeq") == "12 INFO"));
  const sip::Message back = make_request(call.callee, "BYE");
  BOOST_TEST((back.header("CSeq") == "1 BYE"));
  BOOST_TEST((back.header("From") == "<sip:callee@domain.com>;tag=b"));
  BOOST_TEST((back.header("To") == "\"Caller\" <sip:caller@u1.example.com>;tag=a"));
}

// §12.2.1.1's own example of strict routing.
BOOST_AUTO_TEST_CASE(a_strict_router_takes_the_request_uri) {
  Call call;
  call.caller.route_set = {"<sip:proxy1>", "<sip:proxy2>", "<sip:proxy3;lr>", "<sip:proxy4>"};
  call.caller.remote_target = "sip:user@remoteua";
  const sip::Message request = make_request(call.caller, "OPTIONS");
  BOOST_TEST(request.uri() == "sip:proxy1");
  BOOST_TEST((values(request, "Route") ==
              Values{"<sip:proxy2>", "<sip:proxy3;lr>", "<sip:proxy4>", "<sip:user@remoteua>"}));
}

// §19.1.1, table 1: neither method nor headers in a Request-URI.
BOOST_AUTO_TEST_CASE(the_request_uri_is_cleaned) {
  Call call;
  call.caller.route_set.clear();
  call.caller.remote_target = "sip:b@h;method=INVITE;transport=tcp?Subject=x";
  BOOST_TEST(make_request(call.caller, "BYE").uri() == "sip:b@h;transport=tcp");
}

BOOST_AUTO_TEST_CASE(the_ack_of_a_2xx_has_the_number_of_its_invite) {
  Call call;
  make_request(call.caller, "INFO");
  const sip::Message ack = make_ack_2xx(call.caller, 10);
  BOOST_TEST((ack.header("CSeq") == "10 ACK"));
  BOOST_TEST(ack.uri() == "sip:callee@u2.domain.com;transport=tls");
  BOOST_TEST(values(ack, "Route").size() == 2u);
  BOOST_TEST(call.caller.local_cseq == 11u);
}

// §12.2.2
BOOST_AUTO_TEST_CASE(requests_come_in_order_or_are_refused) {
  Call call;
  const auto request = [&](const char* method, const char* number) {
    sip::Message message = sip::Message::request(method, "sip:x");
    message.add("CSeq", std::string(number) + ' ' + method);
    return accept_request(call.callee, message);
  };
  BOOST_TEST(request("ACK", "10").has_value());
  BOOST_TEST(request("INFO", "12").has_value());
  const auto late = request("INFO", "11");
  BOOST_REQUIRE(!late);
  BOOST_TEST(late.error().what == "CSeq 11 is out of order: expected more than 12");
  BOOST_TEST(!request("INFO", "12"));
  BOOST_TEST(request("CANCEL", "10").has_value());
  BOOST_TEST((call.callee.remote_cseq == 12u));
  BOOST_TEST(!request("BYE", "x"));
  call.callee.remote_cseq.reset();
  BOOST_TEST(request("BYE", "1").has_value());
}

BOOST_AUTO_TEST_CASE(target_refresh) {
  Call call;
  const auto give = [&](const std::string& start, const std::string& method) {
    update_target(call.caller,
                  parsed(start + "\r\nCSeq: 1 " + method + "\r\nContact: <sip:moved@u9>\r\n\r\n"));
    return std::exchange(call.caller.remote_target, "sip:old");
  };
  give("INVITE sip:x SIP/2.0", "INVITE");
  BOOST_TEST(give("INVITE sip:x SIP/2.0", "INVITE") == "sip:moved@u9");
  BOOST_TEST(give("UPDATE sip:x SIP/2.0", "UPDATE") == "sip:moved@u9");
  BOOST_TEST(give("SIP/2.0 200 OK", "INVITE") == "sip:moved@u9");
  BOOST_TEST(give("SIP/2.0 488 No", "INVITE") == "sip:old");
  BOOST_TEST(give("INFO sip:x SIP/2.0", "INFO") == "sip:old");
  BOOST_TEST(give("SIP/2.0 200 OK", "BYE") == "sip:old");
}

BOOST_AUTO_TEST_CASE(messages_find_their_dialog) {
  Call call;
  BOOST_TEST(dialog_key(call.response) == dialog_key(call.caller));
  BOOST_TEST(dialog_key(make_request(call.caller, "BYE")) == dialog_key(call.callee));
  BOOST_TEST(dialog_key(make_request(call.callee, "BYE")) == dialog_key(call.caller));
  BOOST_TEST(dialog_key(make_request(call.caller, "BYE")) != dialog_key(call.caller));
  BOOST_TEST(early_key(call.invite) == early_key(call.response));
}

// §8.2.6.2
BOOST_AUTO_TEST_CASE(a_response_copies_what_it_must) {
  const sip::Message invite = parsed(invite_text);
  BOOST_TEST(make_response(invite, 200, "", "b").serialize() ==
             "SIP/2.0 200 OK\r\n"
             "Via: SIP/2.0/TLS p2.domain.com;branch=z9hG4bKp2\r\n"
             "Via: SIP/2.0/TLS u1.example.com;branch=z9hG4bKu1\r\n"
             "Record-Route: <sip:p2.domain.com;lr>\r\n"
             "Record-Route: <sip:p1.example.com;lr>\r\n"
             "From: \"Caller\" <sip:caller@u1.example.com>;tag=a\r\n"
             "To: <sip:callee@domain.com>;tag=b\r\n"
             "Call-ID: c1\r\n"
             "CSeq: 10 INVITE\r\n"
             "Content-Length: 0\r\n"
             "\r\n");
  const sip::Message trying = make_response(invite, 100, "", "b");
  BOOST_TEST((trying.header("To") == "<sip:callee@domain.com>"));
  BOOST_TEST((trying.header("Timestamp") == "54")); // §8.2.6.1
  BOOST_TEST(values(trying, "Record-Route").empty());
  BOOST_TEST(values(make_response(invite, 488, "", "b"), "Record-Route").empty());
  BOOST_TEST(make_response(invite, 486, "Gone fishing", "b").reason() == "Gone fishing");
}

BOOST_AUTO_TEST_CASE(a_tag_that_is_there_stays) {
  Call call;
  const sip::Message bye = make_request(call.caller, "BYE");
  BOOST_TEST((make_response(bye, 200, "", "other").header("To") == "<sip:callee@domain.com>;tag=b"));
}

BOOST_AUTO_TEST_SUITE_END()
