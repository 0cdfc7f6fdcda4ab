// Messages of RFC 4475, the valid and the invalid ones, through every parser of this folder.
#include "sip/cseq.hpp"
#include "sip/message.hpp"
#include "sip/name_addr.hpp"
#include "sip/via.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::sip;
using namespace std::string_literals;

namespace {

std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

Message parsed(const std::string& text) {
  const auto message = parse_message(text);
  const std::string why = message.has_value() ? std::string() : to_string(message.error());
  BOOST_REQUIRE(why == "");
  BOOST_TEST(message->serialize() == text);
  return *message;
}

NameAddr address(const Message& message, const char* name) {
  return parse_name_addr(*message.header(name)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(torture_valid)

// §3.1.1.1
BOOST_AUTO_TEST_CASE(wsinv) {
  const Message message = parsed(crlf(R"(INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 150
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.3
s=-
c=IN IP4 192.0.2.4
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
)"));
  BOOST_TEST(message.body().size() == 150u);
  BOOST_TEST(address(message, "To").tag() == "1918181833n");
  BOOST_TEST(address(message, "From").display_name == "J Rosenberg \\\"");
  BOOST_TEST(address(message, "From").tag() == "98asjd8");
  BOOST_TEST((message.header("Max-Forwards") == "0068"));
  BOOST_TEST(parse_cseq(*message.header("CSeq")).value().number == 9u);
  BOOST_TEST((message.header("Subject") == ""));
  BOOST_TEST((message.header("NewFangledHeader") == "newfangled value continued newfangled value"));
  BOOST_TEST((message.header("UnknownHeaderWithUnusualValue") == ";;,,;;,;"));

  const auto vias = message.list("Via");
  BOOST_REQUIRE(vias.size() == 3u);
  BOOST_TEST(parse_via(vias[0]).value().host == "192.0.2.2");
  BOOST_TEST(parse_via(vias[0]).value().branch() == "390skdjuw");
  BOOST_TEST(parse_via(vias[1]).value().transport == "TCP");
  BOOST_TEST(parse_via(vias[1]).value().branch() == "z9hG4bK9ikj8");
  BOOST_TEST(parse_via(vias[2]).value().host == "192.168.255.111");
  BOOST_TEST(parse_via(vias[2]).value().branch() == "z9hG4bK30239");

  const NameAddr contact = address(message, "Contact");
  BOOST_TEST(contact.display_name == "Quoted string \"\"");
  BOOST_TEST((contact.parameters ==
              Parameters{{"newparam", "newvalue"}, {"secondparam", std::nullopt}, {"q", "0.33"}}));
  const NameAddr route = address(message, "Route");
  BOOST_TEST(route.uri.parameters.size() == 3u);
}

// §3.1.1.2
BOOST_AUTO_TEST_CASE(intmeth) {
  const Message message = parsed(
      "!interesting-Method0123456789_*+`.%indeed'~ "
      "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/"
      ";;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0\r\n"
      "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\r\n"
      "To: \"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f\" "
      "<sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>\r\n"
      "From: token1~` token2'+_ token3*%!.- "
      "<sip:mundane@example.com>;fromParam''~+*_!.-%=\"\xd1\x80\xd0\xb0\xd0\xb1\";tag=_token~1'+`*%!-.\r\n"
      "Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\r\n"
      "CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\r\n"
      "Max-Forwards: 255\r\n"
      "extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb\r\n"
      "Content-Length: 0\r\n\r\n"s);
  BOOST_TEST(message.method() == "!interesting-Method0123456789_*+`.%indeed'~");
  const Uri uri = parse_uri(message.uri()).value();
  BOOST_TEST(uri.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
  BOOST_TEST((uri.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"));
  BOOST_TEST(parse_via(*message.header("Via")).value().branch() == "z9hG4bK-.!%66*_+`'~");
  BOOST_TEST(address(message, "To").display_name == "BEL:\x07 NUL:\0 DEL:\x7f"s);
  BOOST_TEST(address(message, "From").display_name == "token1~` token2'+_ token3*%!.-");
  BOOST_TEST(address(message, "From").tag() == "_token~1'+`*%!-.");
  BOOST_TEST((message.header("Call-ID") == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"));
  BOOST_TEST(
      (message.header("extensionheader-!.%*+_`'~") == "\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb"));
}

// §3.1.1.3
BOOST_AUTO_TEST_CASE(esc01) {
  const Message message = parsed(crlf(R"(INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0
To: sip:%75se%72@example.com
From: <sip:I%20have%20spaces@example.net>;tag=938
Max-Forwards: 87
i: esc01.239409asdfakjkn23onasd0-3234
CSeq: 234234 INVITE
Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw
C: application/sdp
Contact:
  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>
Content-Length: 0

)"));
  BOOST_TEST(parse_uri(message.uri()).value().user == "sips%3Auser%40example.com");
  BOOST_TEST(equivalent(address(message, "To").uri, parse_uri("sip:user@example.com").value()));
  // %6C%72 is lr, and the value is value%41: decoding happens once.
  BOOST_TEST(equivalent(address(message, "Contact").uri,
                        parse_uri("sip:caller@host5.example.net;lr;name=value%2541").value()));
}

// §3.1.1.5: the method is not INVITE, and header names have no escapes.
BOOST_AUTO_TEST_CASE(esc02) {
  const Message message = parsed(crlf(R"(RE%47IST%45R sip:registrar.example.com SIP/2.0
To: "%Z%45" <sip:resource@example.com>
From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23
Call-ID: esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf
Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234
CSeq: 29344 RE%47IST%45R
Max-Forwards: 70
Contact: <sip:alias1@host1.example.com>
C%6Fntact: <sip:alias2@host2.example.com>
Contact: <sip:alias3@host3.example.com>
l: 0

)"));
  BOOST_TEST(message.method() == "RE%47IST%45R");
  BOOST_TEST(message.list("Contact").size() == 2u);
  BOOST_TEST(address(message, "To").display_name == "%Z%45");
  BOOST_TEST(parse_via(*message.header("Via")).value().branch() == "z9hG4bK209%fzsnel234");
}

// §3.1.1.6: no blank between display name and <.
BOOST_AUTO_TEST_CASE(lwsdisp) {
  BOOST_TEST(parse_name_addr("caller<sip:caller@example.com>;tag=323").value().display_name == "caller");
}

// §3.1.1.8: the second request is no part of the first.
BOOST_AUTO_TEST_CASE(dblreq) {
  const auto message =
      parse_message(crlf("REGISTER sip:example.com SIP/2.0\nTo: sip:j.user@example.com\nFrom: "
                         "sip:j.user@example.com;tag=43251j3j324\n"
                         "Max-Forwards: 8\nI: dblreq.0ha0isndaksdj99sdfafnl3lk233412\nContact: "
                         "sip:j.user@host.example.com\nCSeq: 8 REGISTER\n"
                         "Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492\nContent-Length: 0\n\n"
                         "INVITE sip:joe@example.com SIP/2.0\n\n"));
  BOOST_REQUIRE(message.has_value());
  BOOST_TEST(message->method() == "REGISTER");
  BOOST_TEST(message->body().empty());
}

// §3.1.1.9
BOOST_AUTO_TEST_CASE(semiuri) {
  BOOST_TEST(parse_uri("sip:user;par=u%40example.net@example.com").value().user ==
             "user;par=u%40example.net");
}

// §3.1.1.10
BOOST_AUTO_TEST_CASE(transports) {
  const Message message = parsed(crlf(R"(OPTIONS sip:user@example.com SIP/2.0
Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw
Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf
Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj
Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en
Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee
l: 0

)"));
  std::string seen;
  for (const std::string& via : message.list("Via")) seen += parse_via(via).value().transport + ' ';
  BOOST_TEST(seen == "UDP SCTP TLS UNKNOWN TCP ");
}

// §3.1.1.12
BOOST_AUTO_TEST_CASE(unreason) {
  const std::string text =
      "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe\r\nl: 0\r\n\r\n";
  BOOST_TEST(parsed(text).reason().starts_with("= 2**3 * 5**2 "));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(torture_invalid)

// §3.1.2.1: the message can be cut, but Via and Contact cannot be read.
BOOST_AUTO_TEST_CASE(badinv01) {
  const Message message = parsed(crlf(R"(INVITE sip:user@example.com SIP/2.0
To: sip:j.user@example.com
From: sip:caller@example.net;tag=134161461246
Max-Forwards: 7
Call-ID: badinv01.0ha0isndaksdjasdf3234nas
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.15;;,;,,
Contact: "Joe" <sip:joe@example.org>;;;;
Content-Length: 0

)"));
  BOOST_TEST(!parse_via(*message.header("Via")));
  BOOST_TEST(!parse_via(message.list("Via").front()));
  BOOST_TEST(!parse_name_addr(*message.header("Contact")));
}

// §3.1.2.2
BOOST_AUTO_TEST_CASE(clerr) {
  const auto result =
      parse_message(crlf("INVITE sip:user@example.com SIP/2.0\nContent-Length: 9999\n\nv=0\n"));
  BOOST_REQUIRE(!result);
  BOOST_TEST(result.error().what == "body: expected 9999 octets as Content-Length says, found 5");
}

// §3.1.2.3
BOOST_AUTO_TEST_CASE(ncl) {
  const auto result =
      parse_message(crlf("INVITE sip:user@example.com SIP/2.0\nContent-Length: -999\n\nv=0\n"));
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().offset == 37u));
}

// §3.1.2.4, §3.1.2.5
BOOST_AUTO_TEST_CASE(scalar02_and_scalarlg) {
  BOOST_TEST(!parse_cseq("36893488147419103232 REGISTER"));
  BOOST_TEST(!parse_cseq("9292394834772304023312 OPTIONS"));
}

// §3.1.2.6
BOOST_AUTO_TEST_CASE(quotbal) { BOOST_TEST(!parse_name_addr("\"Mr. J. User <sip:j.user@example.com>")); }

// §3.1.2.7 to §3.1.2.10, §3.1.2.16
BOOST_AUTO_TEST_CASE(request_lines) {
  BOOST_TEST(!parse_uri(parsed("INVITE <sip:user@example.com> SIP/2.0\r\n\r\n").uri()));
  BOOST_TEST(!parse_message("INVITE sip:user@example.com; lr SIP/2.0\r\n\r\n"));
  BOOST_TEST(!parse_message("INVITE  sip:user@example.com  SIP/2.0\r\n\r\n"));
  BOOST_TEST(!parse_message("OPTIONS sip:remote-target@example.com SIP/2.0  \r\n\r\n"));
  BOOST_TEST(!parse_message("OPTIONS sip:t.watson@example.org SIP/7.0\r\n\r\n"));
}

// §3.1.2.14, §3.1.2.15
BOOST_AUTO_TEST_CASE(badaspec_and_baddn) {
  BOOST_TEST(!parse_name_addr("\"Watson, Thomas\" < sip:t.watson@example.org >"));
  BOOST_TEST(!parse_name_addr("Bell, Alexander <sip:a.g.bell@example.com>;tag=43"));
}

// §3.1.2.17: the mismatch is visible.
BOOST_AUTO_TEST_CASE(mismatch01) {
  const Message message = parsed("OPTIONS sip:user@example.com SIP/2.0\r\nCSeq: 8 INVITE\r\n\r\n");
  BOOST_TEST(parse_cseq(*message.header("CSeq")).value().method != message.method());
}

// §3.1.2.19
BOOST_AUTO_TEST_CASE(bigcode) {
  BOOST_TEST(!parse_message("SIP/2.0 4294967301 better not break the receiver\r\n\r\n"));
}

// §3.3.9
BOOST_AUTO_TEST_CASE(mcl01) {
  BOOST_TEST(!parse_message("OPTIONS sip:user@example.com SIP/2.0\r\nContent-Length: 13\r\nContent-Length: "
                            "5\r\n\r\nThere's no way to know"));
}

BOOST_AUTO_TEST_SUITE_END()
