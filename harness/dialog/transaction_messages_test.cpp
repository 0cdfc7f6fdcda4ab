#include "dialog/transaction_messages.hpp"

#include "dialog/dialog.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::dialog;

namespace {

sip::Message message(const std::string& start, const std::string& via, const std::string& cseq,
                     const std::string& to = "<sip:bob@biloxi.com>") {
  return sip::parse_message(
             start + "\r\nVia: " + via + "\r\nVia: SIP/2.0/UDP behind.example;branch=z9hG4bKother\r\nTo: " +
             to + "\r\nFrom: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\nCall-ID: 987asjd97y7atg\r\nCSeq: " +
             cseq + "\r\n\r\n")
      .value();
}

const std::string via = "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff";
const std::string invite_line = "INVITE sip:bob@biloxi.com SIP/2.0";

} // namespace

BOOST_AUTO_TEST_SUITE(transaction_messages)

// RFC 3261 §17.1.3, §17.2.3.
BOOST_AUTO_TEST_CASE(request_response_and_ack_have_one_key) {
  const auto invite = message(invite_line, via, "1 INVITE");
  const std::string key = transaction_key(invite);
  BOOST_TEST(!key.empty());
  BOOST_TEST(transaction_key(message("SIP/2.0 180 Ringing", via + ";received=192.0.2.1;rport=5060",
                                     "1 INVITE", "<sip:bob@biloxi.com>;tag=9")) == key);
  BOOST_TEST(transaction_key(message("ACK sip:bob@biloxi.com SIP/2.0", via, "1 ACK",
                                     "<sip:bob@biloxi.com>;tag=9")) == key);
}

BOOST_AUTO_TEST_CASE(branch_sent_by_and_method_tell_transactions_apart) {
  const std::string key = transaction_key(message(invite_line, via, "1 INVITE"));
  BOOST_TEST(transaction_key(message(invite_line, via + "x", "1 INVITE")) != key);
  BOOST_TEST(transaction_key(
                 message(invite_line, "SIP/2.0/UDP other.com;branch=z9hG4bKkjshdyff", "1 INVITE")) != key);
  BOOST_TEST(transaction_key(message(invite_line, "SIP/2.0/UDP pc33.atlanta.com:5070;branch=z9hG4bKkjshdyff",
                                     "1 INVITE")) != key);
  BOOST_TEST(transaction_key(message(invite_line, "SIP/2.0/UDP PC33.atlanta.com;branch=z9hG4bKkjshdyff",
                                     "1 INVITE")) == key);
  const auto cancel = message("CANCEL sip:bob@biloxi.com SIP/2.0", via, "1 CANCEL");
  BOOST_TEST(transaction_key(cancel) != key);
  BOOST_TEST(cancelled_key(cancel) == key);
  BOOST_TEST(transaction_key(message("SIP/2.0 200 OK", via, "1 CANCEL")) == transaction_key(cancel));
}

// §17.2.3: without the cookie the branch alone says nothing.
BOOST_AUTO_TEST_CASE(branches_of_rfc_2543) {
  const std::string old = "SIP/2.0/UDP pc33.atlanta.com;branch=1";
  const std::string key = transaction_key(message(invite_line, old, "1 INVITE"));
  BOOST_TEST(transaction_key(message("ACK sip:bob@biloxi.com SIP/2.0", old, "1 ACK",
                                     "<sip:bob@biloxi.com>;tag=9")) == key);
  BOOST_TEST(transaction_key(message(invite_line, old, "2 INVITE")) != key);
  BOOST_TEST(!transaction_key(message(invite_line, "SIP/2.0/UDP pc33.atlanta.com", "1 INVITE")).empty());
}

BOOST_AUTO_TEST_CASE(no_key_without_via_or_cseq) {
  BOOST_TEST(transaction_key(message(invite_line, "x", "1 INVITE")).empty());
  BOOST_TEST(transaction_key(message(invite_line, via, "INVITE")).empty());
  BOOST_TEST(transaction_key(sip::Message::request("BYE", "sip:x")).empty());
}

// The example of §17.1.1.3.
BOOST_AUTO_TEST_CASE(the_ack_of_a_failure) {
  auto invite = sip::parse_message("INVITE sip:bob@biloxi.com SIP/2.0\r\n"
                                   "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
                                   "To: Bob <sip:bob@biloxi.com>\r\n"
                                   "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                                   "Max-Forwards: 70\r\n"
                                   "Call-ID: 987asjd97y7atg\r\n"
                                   "CSeq: 986759 INVITE\r\n"
                                   "Route: <sip:p1.example;lr>\r\n"
                                   "Route: <sip:p2.example;lr>\r\n"
                                   "Contact: <sip:alice@pc33.atlanta.com>\r\n"
                                   "\r\n")
                    .value();
  const auto busy = make_response(invite, 486, "", "99sa0xk");
  const auto ack = make_ack_non_2xx(invite, busy);
  BOOST_TEST(ack.serialize() == "ACK sip:bob@biloxi.com SIP/2.0\r\n"
                                "Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff\r\n"
                                "Max-Forwards: 70\r\n"
                                "Route: <sip:p1.example;lr>\r\n"
                                "Route: <sip:p2.example;lr>\r\n"
                                "From: Alice <sip:alice@atlanta.com>;tag=88sja8x\r\n"
                                "To: Bob <sip:bob@biloxi.com>;tag=99sa0xk\r\n"
                                "Call-ID: 987asjd97y7atg\r\n"
                                "CSeq: 986759 ACK\r\n"
                                "Content-Length: 0\r\n"
                                "\r\n");
  BOOST_TEST(transaction_key(ack) == transaction_key(invite));
}

// §9.1: everything of the INVITE, its topmost Via alone, To without a tag.
BOOST_AUTO_TEST_CASE(the_cancel_of_an_invite) {
  const auto invite = message(invite_line, via, "7 INVITE");
  const auto cancel = make_cancel(invite);
  BOOST_TEST(cancel.method() == "CANCEL");
  BOOST_TEST(cancel.uri() == invite.uri());
  BOOST_TEST((cancel.headers("Via") == std::vector<std::string_view>{via}));
  BOOST_TEST((cancel.header("CSeq") == "7 CANCEL"));
  BOOST_TEST((cancel.header("To") == invite.header("To")));
  BOOST_TEST((cancel.header("From") == invite.header("From")));
  BOOST_TEST((cancel.header("Call-ID") == invite.header("Call-ID")));
  BOOST_TEST(cancelled_key(cancel) == transaction_key(invite));
}

BOOST_AUTO_TEST_SUITE_END()
