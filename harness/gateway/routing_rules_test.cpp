#include "gateway/routing_rules.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;

namespace {

// The rule that the guide shows, with a server's address in it.
const std::string guide = R"xml(<?xml version="1.0"?>
<routing_rules>
  <rule name="default_sip_out" outbound_interface="sip" qvalue="0.001">
    <condition param="transfer" expr="false"/>
    <condition param="pstn.in.channelName" expr=".*"/>
    <condition param="pstn.in.dnis" expr="(.*)"/>
    <condition param="pstn.in.ani" expr="(.*)"/>
    <condition param="pstn.in.callerName" expr="(.*)"/>
    <out_leg name="" media_type="sendrecv">
      <param name="sip.out.requestUri" expr="sip:%0@192.0.2.7:5060"/>
      <param name="sip.out.from.uri" expr="sip:%1@GW_HOST_IP:GW_SIP_PORT"/>
      <param name="sip.out.from.displayName" expr="%2"/>
      <param name="sip.out.transport" expr="tls"/>
    </out_leg>
  </rule>
</routing_rules>
)xml";

std::string rule(const std::string& name, const std::string& qvalue, const std::string& conditions,
                 const std::string& uri) {
  return "<rule name=\"" + name + "\" outbound_interface=\"sip\" qvalue=\"" + qvalue + "\">" + conditions +
         "<out_leg><param name=\"sip.out.requestUri\" expr=\"" + uri + "\"/></out_leg></rule>\n";
}

std::string dnis(const std::string& expression) {
  return "<condition param=\"pstn.in.dnis\" expr=\"" + expression + "\"/>";
}

RoutingRules rules_of(const std::string& xml) {
  const ReadRules read = read_routing_rules(xml, "rules.xml");
  for (const script::Diagnostic& error : read.errors) BOOST_ERROR(to_string(error));
  return *read.rules;
}

std::string first_error(const std::string& xml) {
  const ReadRules read = read_routing_rules(xml, "rules.xml");
  BOOST_TEST(!read.rules);
  return read.errors.empty() ? "none" : to_string(read.errors.front());
}

PstnCall call_to(const std::string& number) {
  PstnCall call;
  call.dnis = number;
  return call;
}

} // namespace

BOOST_AUTO_TEST_SUITE(routing_rules)

BOOST_AUTO_TEST_CASE(the_guides_rule) {
  PstnCall call = call_to("5145551212");
  call.ani = "4165550100";
  call.caller_name = "A. Person";
  const auto routed = rules_of(guide).route(call);
  BOOST_REQUIRE(routed.has_value());
  BOOST_TEST(routed->rule == "default_sip_out");
  BOOST_TEST(routed->request_uri == "sip:5145551212@192.0.2.7:5060");
  BOOST_TEST(routed->from_display_name == "A. Person");
  BOOST_TEST((routed->transport == ua::Transport::tls));
  BOOST_TEST(expand_gateway_words(routed->from_uri, {"192.0.2.1", "5067"}) ==
             "sip:4165550100@192.0.2.1:5067");
  BOOST_TEST(rules_of(guide).use(ua::Transport::tls));
  BOOST_TEST(!rules_of(guide).use(ua::Transport::tcp));
}

BOOST_AUTO_TEST_CASE(a_transfer_is_not_taken_by_the_guides_rule) {
  PstnCall call = call_to("1");
  call.transfer = true;
  const auto routed = rules_of(guide).route(call);
  BOOST_REQUIRE(!routed.has_value());
  BOOST_TEST(
      routed.error().what ==
      "no routing rule takes the call: rule 'default_sip_out': transfer 'true' does not match 'false'");
}

BOOST_AUTO_TEST_CASE(the_highest_qvalue_comes_first_then_the_order_of_the_file) {
  const RoutingRules rules =
      rules_of("<rules>" + rule("low", "0.1", dnis(".*"), "sip:low@192.0.2.1") +
               rule("nine", "0.9", dnis("9(.*)"), "sip:%0@192.0.2.9") +
               rule("first", "0.5", dnis("8.*"), "sip:first@192.0.2.1") +
               rule("second", "0.5", dnis("8.*"), "sip:second@192.0.2.1") + "</rules>");
  BOOST_TEST(rules.route(call_to("9123"))->request_uri == "sip:123@192.0.2.9");
  BOOST_TEST(rules.route(call_to("81"))->rule == "first");
  BOOST_TEST(rules.route(call_to("7"))->rule == "low");
}

BOOST_AUTO_TEST_CASE(the_whole_value_must_match) {
  const RoutingRules rules = rules_of(rule("r", "1", dnis("12"), "sip:a@192.0.2.1"));
  BOOST_TEST(rules.route(call_to("12")).has_value());
  BOOST_TEST(!rules.route(call_to("123")).has_value());
  BOOST_TEST(!rules.route(call_to("012")).has_value());
  BOOST_TEST(!rules_of(rule("r", "1", dnis(".*"), "sip:a@192.0.2.1"))
                  .route(call_to(std::string(257, '1')))
                  .has_value());
}

BOOST_AUTO_TEST_CASE(groups_are_counted_through_the_whole_rule) {
  const RoutingRules rules =
      rules_of(rule("r", "1", dnis("(.)(.)") + "<condition param=\"pstn.in.ani\" expr=\"(.*)\"/>",
                    "sip:%1%0-%2-%%@192.0.2.1"));
  PstnCall call = call_to("ab");
  call.ani = "c";
  BOOST_TEST(rules.route(call)->request_uri == "sip:ba-c-%@192.0.2.1");
}

BOOST_AUTO_TEST_CASE(rules_of_the_other_direction_are_passed_over) {
  const ReadRules read =
      read_routing_rules("<rule name=\"in\" outbound_interface=\"pstn\" qvalue=\"1\"><anything/></rule>" +
                             rule("out", "0.5", dnis(".*"), "sip:a@192.0.2.1"),
                         "rules.xml");
  BOOST_TEST(read.errors.empty());
  BOOST_TEST(read.warnings.size() == 1);
  BOOST_TEST(read.rules->route(call_to("1"))->rule == "out");
}

BOOST_AUTO_TEST_CASE(mistakes_have_their_place) {
  BOOST_TEST(first_error("<rules>\n  <rule name=\"a\">\n</rules>").starts_with("rules.xml:3:"));
  BOOST_TEST(first_error("<rules/>") == "rules.xml:1:1: error: expected at least one 'rule' element");
  BOOST_TEST(first_error("<rules>\n <rule name=\"a\" outbound_interface=\"sip\" qvalue=\"x\"/></rules>") ==
             "rules.xml:2:3: error: qvalue: expected a number from 0 to 1, found 'x'");
  BOOST_TEST(first_error(rule("a", "1", dnis("("), "sip:a@192.0.2.1")).find("is no regular expression") !=
             std::string::npos);
  BOOST_TEST(first_error(rule("a", "1", "<condition param=\"pstn.in.dnsi\" expr=\"\"/>", "sip:a@192.0.2.1"))
                 .ends_with("unknown condition parameter 'pstn.in.dnsi': did you mean 'pstn.in.dnis'?"));
  BOOST_TEST(
      first_error(rule("a", "1", dnis(".*"), "sip:%0@192.0.2.1"))
          .ends_with("sip.out.requestUri: '%0' stands for nothing: the conditions have 0 groups, from %0 on; "
                     "%% is a percent sign"));
  BOOST_TEST(first_error(rule("a", "1", dnis(".*"), ""))
                 .ends_with("rule 'a' lacks its parameter 'sip.out.requestUri'"));
  BOOST_TEST(first_error(rule("a", "1", "", "sip:a@192.0.2.1") + rule("a", "1", "", "sip:a@192.0.2.1")) ==
             "rules.xml:2:2: error: rule 'a' stands there twice");
  BOOST_TEST(first_error("<rule name=\"a\" outbound_interface=\"sip\" qvalue=\"1\"/>") ==
             "rules.xml:1:2: error: rule 'a': expected one out_leg, found 0");
  BOOST_TEST(first_error("<rule outbound_interface=\"sip\" qvalue=\"1\"/>") ==
             "rules.xml:1:2: error: element 'rule' lacks its attribute 'name'");
  BOOST_TEST(to_string(load_routing_rules("/nonexistent").errors.front()) ==
             "/nonexistent: error: the file cannot be read");
}

BOOST_AUTO_TEST_CASE(all_mistakes_at_once) {
  const ReadRules read = read_routing_rules(
      "<rules>" + rule("a", "2", dnis("["), "") + rule("b", "-1", "", "sip:%3@x") + "</rules>", "rules.xml");
  BOOST_TEST(read.errors.size() == 5);
}

BOOST_AUTO_TEST_SUITE_END()
