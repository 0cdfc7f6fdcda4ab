// Every message of a handshake sent as every other one: nobody may come out of it with a connection.
#include "tls/wire_test_configs.hpp"

#include "tlswire/handshake_reader.hpp"

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

namespace {

struct Flow {
  const char* name;
  Version version;
  const char* suite;
  bool certificates;
};
constexpr Flow flows[] = {
    {"static RSA", Version::tls1_0, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", false},
    {"ephemeral, both certificates", Version::tls1_2, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", true},
    {"TLS 1.3, both certificates", Version::tls1_3, "TLS_AES_128_GCM_SHA256", true},
};

const std::vector<std::string>& message_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (int type = 0; type < 25; ++type) {
      std::string name = tlswire::handshake_type_name(static_cast<tlswire::HandshakeType>(type));
      if (name.find(' ') == std::string::npos) all.push_back(std::move(name));
    }
    return all;
  }();
  return names;
}

Sides sides_of_flow(const Flow& flow, const Engines& engines) {
  Sides sides = sides_of(engines, flow.version);
  sides.client.ciphers = sides.server.ciphers = {flow.suite};
  if (flow.certificates) ask_for_certificate(sides);
  return sides;
}

// A session in which `swap` happens on one side. What the other side did not notice is a failure, unless the
// message is one that this flow does not have.
void check_swap(const Flow& flow, const Engines& engines, bool client_sends, const std::string& swap) {
  Sides sides = sides_of_flow(flow, engines);
  (client_sends ? sides.client : sides.server).deviations.retype = swap;
  Pair pair(sides.client, sides.server);
  pair.start();
  const Side& noticing = client_sends ? pair.server : pair.client;
  const auto failed = noticing.first<Failed>();
  BOOST_TEST_CONTEXT(flow.name << " " << describe(engines) << (client_sends ? " client " : " server ")
                               << swap) {
    BOOST_TEST(!noticing.first<HandshakeDone>().has_value());
    // RFC 5246 §7.4.1.1: a HelloRequest inside a handshake is passed over, which leaves the other waiting.
    const bool passed_over = swap.ends_with(":HelloRequest") && swap.starts_with("ServerHelloDone");
    if (!passed_over) BOOST_TEST(failed.has_value());
    if (failed) BOOST_TEST((failed->alert && failed->alert->level == AlertLevel::fatal));
  }
}

// Which messages each side sends, found by asking for a swap that cannot be missed.
std::vector<std::string> sent_by(const Flow& flow, bool client) {
  std::vector<std::string> found;
  for (const std::string& name : message_names()) {
    Sides sides = sides_of_flow(flow, {EngineKind::wire, EngineKind::wire});
    (client ? sides.client : sides.server).deviations.overclaim = name;
    Pair pair(sides.client, sides.server);
    pair.start();
    if (!pair.established()) found.push_back(name);
  }
  return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_order)

BOOST_AUTO_TEST_CASE(no_message_passes_for_another) {
  int swaps = 0;
  for (const Flow& flow : flows) {
    for (const bool client : {true, false}) {
      const std::vector<std::string> messages = sent_by(flow, client);
      BOOST_TEST(messages.size() >= 3u);
      for (const std::string& message : messages) {
        for (const std::string& other : message_names()) {
          if (message == other) continue;
          check_swap(flow, {}, client, message + ":" + other);
          ++swaps;
        }
      }
    }
  }
  BOOST_TEST(swaps > 400);
}

BOOST_AUTO_TEST_CASE(no_message_may_be_missing_or_come_twice) {
  for (const Flow& flow : flows) {
    for (const bool client : {true, false}) {
      for (const std::string& message : sent_by(flow, client)) {
        for (const bool twice : {true, false}) {
          Sides sides = sides_of_flow(flow, {});
          Config& deviant = client ? sides.client : sides.server;
          (twice ? deviant.deviations.repeat : deviant.deviations.omit) = message;
          Pair pair(sides.client, sides.server);
          pair.start();
          const Side& noticing = client ? pair.server : pair.client;
          // The last message of all comes again on an open connection, whose end is noticed there. What was
          // left out last of a flight leaves the other waiting.
          const bool wrong =
              noticing.first<Failed>().has_value() || !noticing.first<HandshakeDone>().has_value();
          BOOST_TEST(wrong, flow.name << (client ? " client " : " server ") << message
                                      << (twice ? " twice" : " missing"));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(lengths_that_do_not_fit) {
  for (const Flow& flow : flows) {
    for (const bool client : {true, false}) {
      for (const std::string& message : sent_by(flow, client)) {
        for (auto field : {&Deviations::truncate, &Deviations::lengthen, &Deviations::overclaim}) {
          // Nothing can be taken off what has nothing.
          if (message == "ServerHelloDone" && field == &Deviations::truncate) continue;
          Sides sides = sides_of_flow(flow, {});
          (client ? sides.client : sides.server).deviations.*field = message;
          Pair pair(sides.client, sides.server);
          pair.start();
          const Side& noticing = client ? pair.server : pair.client;
          BOOST_TEST(noticing.first<Failed>().has_value(),
                     flow.name << (client ? " client " : " server ") << message);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
