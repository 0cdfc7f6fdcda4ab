#include "ua/t38_description.hpp"
#include "ua/t38_session.hpp"

#include "net/sim_network.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using namespace std::chrono_literals;

namespace {

const IpAddress left_ip = IpAddress::v4(10, 0, 0, 1), right_ip = IpAddress::v4(10, 0, 0, 2);

sdp::Session parsed(const std::string& media_lines) {
  return sdp::parse_session("v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\n" +
                            media_lines)
      .value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(t38)

BOOST_AUTO_TEST_CASE(signals_go_both_ways) {
  net::SimNetwork network(3);
  T38Session left(network), right(network);
  left.open(left_ip).value();
  right.open(right_ip).value();
  left.set_remote({right_ip, right.port()});
  right.set_remote({left_ip, left.port()});
  std::size_t told = 0;
  left.on_change = [&] { ++told; };
  left.start(rtp::T30Indicator::cng);
  right.start(rtp::T30Indicator::ced);
  (void)network.run_until([] { return false; }, network.now() + 99ms);
  BOOST_TEST(left.counters().sent == 5u);
  BOOST_TEST((left.counters().received == 5u && told == 5u));
  BOOST_TEST((left.heard() == rtp::T30Indicator::ced && right.heard() == rtp::T30Indicator::cng));
  right.start(rtp::T30Indicator::v21_preamble); // from now on
  (void)network.run_until([] { return false; }, network.now() + 50ms);
  BOOST_TEST((left.heard() == rtp::T30Indicator::v21_preamble));
  right.stop();
  const auto sent = right.counters().sent;
  (void)network.run_until([] { return false; }, network.now() + 100ms);
  BOOST_TEST(right.counters().sent == sent);
  left.close();
  BOOST_TEST(left.port() == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_udptl_is_counted_apart) {
  struct Stranger final : net::Node {
  } stranger;
  net::SimNetwork network(3);
  T38Session session(network);
  session.open(left_ip).value();
  const auto socket = network.open_datagram(stranger, {right_ip, 5000}).value();
  network.send_to(socket, {left_ip, session.port()}, Bytes(40, 0x80));
  (void)network.run_until([] { return false; }, network.now() + 10ms);
  BOOST_TEST((session.counters().unreadable == 1 && session.counters().received == 0));
  BOOST_TEST(!session.heard());
}

BOOST_AUTO_TEST_CASE(an_offer_keeps_the_sections_there_were) {
  const sdp::Session before = parsed("m=audio 4000 RTP/SAVP 0\r\nm=audio 4002 RTP/AVP 0\r\n");
  const sdp::Session offer = make_t38_offer(left_ip, 5000, {1, 2}, before);
  BOOST_REQUIRE(offer.media.size() == 3u);
  BOOST_TEST((offer.media[0].port == 0 && offer.media[1].port == 0 && offer.media[2].port == 5000));
  BOOST_TEST((t38_section(offer) == 2u));
  BOOST_TEST(offer.origin.version == "2");
  const sdp::Session again = make_t38_offer(left_ip, 5000, {1, 3}, offer);
  BOOST_TEST((again.media.size() == 3 && t38_section(again) == 2u));
  BOOST_TEST(sdp::parse_session(sdp::serialize(offer)).has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_takes_the_image_alone) {
  const sdp::Session offer = parsed("m=audio 0 RTP/AVP 0\r\nm=image 5000 UDPTL t38\r\n");
  const sdp::Session answer = make_t38_answer(offer, t38_section(offer).value(), right_ip, 6000, {7, 1});
  BOOST_REQUIRE(answer.media.size() == 2u);
  BOOST_TEST((answer.media[0].port == 0 && answer.media[1].port == 6000));
  BOOST_TEST((t38_endpoint(answer).value() == Endpoint{right_ip, 6000}));
  BOOST_TEST(answer.media[1].attributes.value("T38FaxUdpEC").value_or("") == "t38UDPRedundancy");
}

BOOST_AUTO_TEST_CASE(sound_beside_the_image_is_no_change_to_fax) {
  BOOST_TEST(!t38_section(parsed("m=audio 4000 RTP/AVP 0\r\nm=image 5000 udptl t38\r\n")));
  BOOST_TEST(!t38_section(parsed("m=audio 0 RTP/AVP 0\r\nm=image 0 udptl t38\r\n")));
  BOOST_TEST(!t38_section(parsed("m=image 5000 tcp t38\r\n")));
  BOOST_TEST(!t38_section(parsed("m=image 5000 udptl jpeg\r\n")));
  BOOST_TEST(!t38_endpoint(parsed("m=image 0 udptl t38\r\n")));
}

BOOST_AUTO_TEST_SUITE_END()
