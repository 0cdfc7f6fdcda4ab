// For the tests of peers: two of them that take each other for the gateway, in the simulated network.
#pragma once

#include "net/sim_network.hpp"
#include "peers/peer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace sipvet::peers::test {

using namespace std::chrono_literals;

// Keys take long to make: one set for all tests of the program.
struct Certificates {
  SeededRandom random{11};
  crypto::LabCa ca = *crypto::LabCa::create(random, net::sim_start);
  crypto::LabCa stranger = *crypto::LabCa::create(random, net::sim_start, "another CA");
  crypto::Identity peer = *ca.issue({.common_name = "peer", .ips = {"10.0.0.1"}});
};
inline Certificates& certificates() {
  static Certificates made;
  return made;
}

// "{call: gateway, offer: none}": the first key is the action, the others are options.
inline script::Step step(const std::string& yaml) {
  const script::Document document = script::load_yaml_text(yaml, "s.yaml");
  BOOST_TEST_REQUIRE(document.errors.empty());
  script::Step out;
  out.actor = "server";
  out.action = document.root.entries.at(0).key;
  out.argument = document.root.entries.at(0).value;
  out.options = document.root;
  out.options.entries.erase(out.options.entries.begin());
  out.at = {"s.yaml", 3, 5};
  return out;
}

// Counts RTP packets by payload type: what goes over the wire when no SRTP is used.
struct RtpCounter final : net::Tap {
  std::map<unsigned, std::size_t> by_payload_type;
  std::size_t endings = 0; // of TCP connections
  void connected(Instant, const net::Flow&) override {}
  void refused(Instant, const net::Flow&) override {}
  void bytes(Instant, const net::Flow&, net::Direction, ByteView) override {}
  void ended(Instant, const net::Flow&, net::Direction, net::Ending) override { ++endings; }
  void datagram(Instant, const Endpoint&, const Endpoint& to, ByteView octets) override {
    if (octets.size() > 12 && to.port % 2 == 0 && to.port >= 49152) ++by_payload_type[octets[1] & 0x7fu];
  }
  void secret(std::string_view) override {}
};

struct Pair {
  RtpCounter rtp;
  net::SimNetwork network{5};
  std::vector<std::string> seen;   // of `a`: "> INVITE sip:… SIP/2.0", "< SIP/2.0 200 OK"
  std::vector<sip::Message> whole; // the same
  bool reachable = true;
  std::string roots_of_a = certificates().ca.root_pem();
  Settings a_settings, b_settings;
  std::unique_ptr<Peer> a, b;
  Endpoint a_at, b_at;

  explicit Pair(ua::Transport transport = ua::Transport::udp) {
    network.set_tap(&rtp);
    a_settings.transport = b_settings.transport = transport;
    a_settings.user = "alice";
  }

  std::unique_ptr<Peer> make(bool first) {
    const Endpoint& other = first ? b_at : a_at;
    const ua::Transport listens = first ? b_settings.transport : a_settings.transport;
    Surroundings around{network,
                        IpAddress::v4(10, 0, 0, first ? 1 : 2),
                        5060,
                        certificates().peer,
                        first ? roots_of_a : certificates().ca.root_pem(),
                        {},
                        rtp::Voiceprint(first ? 3 : 4),
                        1ms,
                        [this, &other, listens](ua::Transport wanted) -> Result<ua::Target> {
                          if (!reachable || wanted != listens)
                            return fail("the gateway does not listen there");
                          return ua::Target{wanted, other, net::ConnectionId::none, ""};
                        },
                        {},
                        {},
                        {}};
    if (first)
      around.traffic = [this](bool sent, const ua::Hop&, const sip::Message& message) {
        const std::string text = message.serialize();
        seen.push_back((sent ? "> " : "< ") + text.substr(0, text.find("\r\n")));
        whole.push_back(message);
      };
    return std::make_unique<Peer>(first ? "server" : "other", first ? a_settings : b_settings, around);
  }
  // Made as late as this so that a test may change settings before.
  Pair& start() {
    a = make(true);
    b = make(false);
    a_at = *a->listen();
    b_at = *b->listen();
    return *this;
  }

  // Ids of the findings; "waiting for …" when the step was not done in time.
  std::string run(Peer& who, const std::string& yaml, Duration within = 5s) {
    last = {};
    const ActiveStep active = who.begin(step(yaml));
    std::optional<Findings> got = active.poll();
    const auto done = [&] {
      if (!got) got = active.poll();
      return got.has_value();
    };
    if (!got) (void)network.run_until(done, network.now() + within);
    if (!got) return "waiting for " + active.waiting_for();
    last = *got;
    std::string ids;
    for (const verdict::Finding& finding : last) ids += (ids.empty() ? "" : " ") + finding.id;
    return ids;
  }
  void wait(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
  void good(Peer& who, const std::string& yaml, Duration within = 5s) {
    BOOST_TEST_CONTEXT(yaml) { BOOST_TEST_REQUIRE(run(who, yaml, within) == ""); }
  }
  void impossible(Peer& who, const std::string& yaml, const std::string& why) {
    BOOST_TEST_CONTEXT(yaml) {
      BOOST_TEST_REQUIRE(run(who, yaml) == "step-impossible");
      BOOST_TEST(last[0].actual == why);
      BOOST_TEST(last[0].text == "server cannot carry out '" + step(yaml).action + "' here: " + why + ".");
      BOOST_TEST(to_string(last[0].where) == "s.yaml:3:5");
    }
  }
  // A call from a to b, answered and acknowledged.
  void connect(const std::string& offer = "srtp-only", const std::string& answer = "{answer: 200}") {
    good(*a, "{call: gateway, offer: " + offer + "}");
    good(*b, "{receive: INVITE}");
    good(*b, answer);
    good(*a, "{expect: answered}");
    good(*b, "{receive: ACK}");
  }
  bool hear_each_other(std::uint64_t ms = 100) {
    const std::uint64_t a_had = a->heard_ms(b->voiceprint()), b_had = b->heard_ms(a->voiceprint());
    return network.run_until(
        [&] {
          return a->heard_ms(b->voiceprint()) >= a_had + ms && b->heard_ms(a->voiceprint()) >= b_had + ms;
        },
        network.now() + 2s);
  }
  std::string request_line(const std::string& start) const {
    const auto found = std::find_if(seen.begin(), seen.end(),
                                    [&](const std::string& line) { return line.starts_with(start); });
    return found == seen.end() ? "" : *found;
  }
  const sip::Message* message(const std::string& start) const {
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (seen[i].starts_with(start)) return &whole[i];
    return nullptr;
  }

  Findings last;
};

} // namespace sipvet::peers::test
