#include "peers/next_hop.hpp"

#include "peers/settings.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;

namespace {

ReadSettings read(const std::string& yaml) {
  return read_settings(script::load_yaml_text(yaml, "x.yaml").root);
}

ConnectionRecord failed(std::string cause) {
  ConnectionRecord record;
  record.state = ConnectionRecord::State::failed;
  record.failure = ua::ConnectFailure{std::move(cause)};
  return record;
}

} // namespace

BOOST_AUTO_TEST_SUITE(next_hop)

BOOST_AUTO_TEST_CASE(settings) {
  const ReadSettings good =
      read("next-hop: {domain: a.test, port: 5067, transport: tcp, encryption: required}\n"
           "tcp-beside-tls: true\nlistens: false\nanswers-options: false");
  BOOST_TEST(good.errors.empty());
  BOOST_TEST(*good.settings.next_hop.domain == "a.test");
  BOOST_TEST(*good.settings.next_hop.port == 5067);
  BOOST_TEST((*good.settings.next_hop.transport == ua::Transport::tcp));
  BOOST_TEST((*good.settings.next_hop.encryption == keying::OfferShape::srtp_only));
  BOOST_TEST(good.settings.tcp_beside_tls);
  BOOST_TEST(!good.settings.listens);
  BOOST_TEST(!good.settings.answers_options);
  const ReadSettings bad = read("next-hop: {domain: '', port: 0, transport: sctp, encryption: some}\n"
                                "tcp-beside-tls: perhaps\nlistens: 7\nanswers-options: maybe");
  BOOST_TEST(bad.errors.size() == 7u);
}

BOOST_AUTO_TEST_CASE(which_of_them) {
  const ConnectionRecord nobody = failed("the connection was refused");
  BOOST_TEST(disagreement(0, &nobody) == "port");
  const ConnectionRecord in_handshake =
      failed("the connection was refused during the TLS handshake (nothing came)");
  BOOST_TEST(disagreement(0, &in_handshake) == "port");
  ConnectionRecord other = failed("another domain");
  other.failure->rejection.emplace();
  other.failure->rejection->kind = tls::PeerRejection::Kind::identity;
  BOOST_TEST(disagreement(0, &other) == "address");
  other.failure->rejection->kind = tls::PeerRejection::Kind::chain;
  BOOST_TEST(disagreement(0, &other) == "");
  const ConnectionRecord no_tls = failed("what came is no TLS");
  BOOST_TEST(disagreement(0, &no_tls) == "transport");
  ConnectionRecord open;
  open.state = ConnectionRecord::State::open;
  BOOST_TEST(disagreement(0, &open) == "transport");
  BOOST_TEST(disagreement(488, &open) == "encryption");
  BOOST_TEST(disagreement(404, &open) == "");
  BOOST_TEST(disagreement(0, nullptr) == "");
}

BOOST_AUTO_TEST_SUITE_END()
