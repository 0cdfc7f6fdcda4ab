#include "tls/dtls_engine.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"
#include "tls/engine_pair.hpp"
#include "tlswire/dtls_record.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <set>

using namespace sipvet;
using namespace sipvet::tls;
using namespace std::chrono_literals;
using tlswire::SrtpProfile;

namespace {

struct MovingClock final : Clock {
  Instant when = testing::lab_time;
  Instant now() const override { return when; }
};

DtlsConfig config_of(Role role) {
  DtlsConfig config;
  config.role = role;
  const crypto::Identity& own = role == Role::server ? testing::lab().elliptic : testing::lab().phone;
  config.certificate_pem = own.certificate_pem;
  config.private_key_pem = own.private_key_pem;
  return config;
}

struct DtlsSide {
  std::unique_ptr<DtlsEngine> engine;
  std::vector<DtlsEvent> events;
  Bytes judged; // the certificate that the engine asked about
  std::optional<PeerRejection> verdict;

  template <typename T>
  std::optional<T> first() const {
    for (const DtlsEvent& event : events)
      if (const T* wanted = std::get_if<T>(&event)) return *wanted;
    return std::nullopt;
  }
  std::string cause() const {
    const auto failed = first<Failed>();
    return failed ? failed->cause : "";
  }
};

// Two engines and the datagrams between them; those whose number is in `lost` are.
struct DtlsPair {
  MovingClock clock;
  SeededRandom random;
  DtlsSide client, server;
  std::set<std::size_t> lost;
  std::vector<Bytes> sent;

  explicit DtlsPair(DtlsConfig client_side = config_of(Role::client),
                    DtlsConfig server_side = config_of(Role::server), std::uint64_t seed = 1)
      : random(seed) {
    const auto make = [this](DtlsSide& side, const DtlsConfig& config) {
      side.engine = make_dtls_engine(config, clock, random, [&side](ByteView der) {
                      side.judged = to_bytes(der);
                      return side.verdict;
                    }).value();
    };
    make(client, client_side);
    make(server, server_side);
  }

  bool move(DtlsSide& from, DtlsSide& to) {
    const std::vector<Bytes> datagrams = from.engine->take_datagrams();
    for (const Bytes& datagram : datagrams) {
      sent.push_back(datagram);
      if (!lost.contains(sent.size() - 1)) to.engine->receive(datagram);
    }
    return !datagrams.empty();
  }

  void run() {
    while (move(client, server) | move(server, client)) {
    }
    for (DtlsSide* side : {&client, &server})
      for (DtlsEvent& event : side->engine->take_events()) side->events.push_back(std::move(event));
  }

  void start() {
    client.engine->start();
    server.engine->start();
    run();
  }

  // Moves the clock to the next timer, if there is one.
  bool wait() {
    std::optional<Instant> next;
    for (const DtlsSide* side : {&client, &server})
      if (const auto at = side->engine->wake_at(); at && (!next || *at < *next)) next = at;
    if (!next) return false;
    clock.when = *next;
    for (DtlsSide* side : {&client, &server})
      if (const auto at = side->engine->wake_at(); at && *at <= clock.when) side->engine->on_time();
    run();
    return true;
  }

  bool established() const { return client.first<DtlsEstablished>() && server.first<DtlsEstablished>(); }
};

Bytes der_of(const crypto::Identity& identity) {
  return crypto::parse_certificates_pem(identity.certificate_pem).value().front().der;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dtls_engine)

BOOST_AUTO_TEST_CASE(both_sides_export_the_same_for_every_profile_and_version) {
  for (const SrtpProfile profile : {SrtpProfile::aes128_cm_hmac_sha1_80, SrtpProfile::aes128_cm_hmac_sha1_32,
                                    SrtpProfile::aead_aes_128_gcm, SrtpProfile::aead_aes_256_gcm}) {
    for (const DtlsVersion version : {DtlsVersion::dtls1_0, DtlsVersion::dtls1_2}) {
      BOOST_TEST_CONTEXT(info(profile).name << " " << name(version)) {
        DtlsConfig client = config_of(Role::client), server = config_of(Role::server);
        client.profiles = server.profiles = {profile};
        client.min_version = client.max_version = version;
        server.min_version = DtlsVersion::dtls1_0;
        DtlsPair pair(client, server);
        pair.start();
        BOOST_TEST(pair.client.cause() == "");
        BOOST_TEST(pair.server.cause() == "");
        BOOST_REQUIRE(pair.established());
        const auto here = *pair.client.first<DtlsEstablished>(),
                   there = *pair.server.first<DtlsEstablished>();
        BOOST_TEST((here.version == version && there.version == version));
        BOOST_TEST((here.profile == profile && there.profile == profile));
        BOOST_TEST(here.exported.size() == tlswire::exported_octets(profile));
        BOOST_TEST(to_hex(here.exported) == to_hex(there.exported));
        BOOST_TEST(here.cipher == there.cipher);
        BOOST_TEST((here.peer_certificate_der == der_of(testing::lab().elliptic)));
        BOOST_TEST((there.peer_certificate_der == der_of(testing::lab().phone)));
        BOOST_TEST((pair.client.judged == here.peer_certificate_der));
        BOOST_TEST(pair.client.first<KeylogLine>()->line.starts_with("CLIENT_RANDOM "));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_servers_order_of_profiles_decides) {
  DtlsConfig client = config_of(Role::client), server = config_of(Role::server);
  client.profiles = {SrtpProfile::aes128_cm_hmac_sha1_80, SrtpProfile::aead_aes_128_gcm};
  server.profiles = {SrtpProfile::aead_aes_256_gcm, SrtpProfile::aead_aes_128_gcm,
                     SrtpProfile::aes128_cm_hmac_sha1_80};
  DtlsPair pair(client, server);
  pair.start();
  BOOST_TEST((pair.client.first<DtlsEstablished>().value().profile == SrtpProfile::aead_aes_128_gcm));
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_handshake_to_the_octet) {
  DtlsPair one, same, other(config_of(Role::client), config_of(Role::server), 2);
  for (DtlsPair* pair : {&one, &same, &other}) pair->start();
  BOOST_TEST(one.established());
  BOOST_TEST((one.sent == same.sent));
  BOOST_TEST((one.sent != other.sent));
}

BOOST_AUTO_TEST_CASE(datagrams_stay_within_the_mtu) {
  DtlsConfig small = config_of(Role::server);
  small.mtu = 400;
  small.certificate_pem = testing::lab().gateway.certificate_pem; // RSA: larger than one datagram
  small.private_key_pem = testing::lab().gateway.private_key_pem;
  DtlsPair pair(config_of(Role::client), small);
  pair.start();
  BOOST_TEST(pair.established());
  std::size_t largest = 0;
  for (const Bytes& datagram : pair.sent) {
    BOOST_TEST(tlswire::looks_like_dtls(datagram));
    BOOST_TEST(tlswire::parse_dtls_records(datagram).has_value());
    if (tlswire::parse_dtls_records(datagram)->front().version == 0xfefd) largest = datagram.size();
  }
  BOOST_TEST(largest <= 1200u);
}

BOOST_AUTO_TEST_CASE(a_lost_datagram_is_sent_again_when_its_time_comes) {
  DtlsPair whole;
  whole.start();
  BOOST_REQUIRE(whole.established());
  BOOST_TEST(!whole.wait()); // nothing is waited for any more
  for (std::size_t victim = 0; victim < whole.sent.size(); ++victim) {
    BOOST_TEST_CONTEXT("datagram " << victim) {
      DtlsPair pair;
      pair.lost = {victim};
      pair.start();
      const Instant before = pair.clock.when;
      for (int i = 0; i < 4 && !pair.established(); ++i) pair.wait();
      BOOST_TEST(pair.established());
      BOOST_TEST((pair.clock.when - before <= 2s)); // the first timer: one second (RFC 6347 §4.2.4.1)
      BOOST_TEST(
          (pair.client.first<DtlsEstablished>()->exported == pair.server.first<DtlsEstablished>()->exported));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_wait_doubles_as_long_as_nothing_comes) {
  DtlsPair pair;
  for (std::size_t i = 0; i < 100; ++i) pair.lost.insert(i);
  pair.start();
  Instant at = pair.clock.when;
  for (const auto wanted : {1s, 2s, 4s, 8s}) {
    BOOST_TEST(pair.wait());
    BOOST_TEST((pair.clock.when - at >= wanted - 20ms && pair.clock.when - at <= wanted + 20ms));
    at = pair.clock.when;
  }
  for (int i = 0; i < 20 && pair.client.cause().empty(); ++i) pair.wait();
  BOOST_TEST(pair.client.cause() != ""); // not for ever
  BOOST_TEST(!pair.client.engine->wake_at());
}

BOOST_AUTO_TEST_CASE(who_judges_the_certificate_can_refuse_it) {
  for (const bool by_client : {true, false}) {
    DtlsPair pair;
    DtlsSide& judge = by_client ? pair.client : pair.server;
    DtlsSide& refused = by_client ? pair.server : pair.client;
    judge.verdict = PeerRejection{PeerRejection::Kind::identity, "another fingerprint", {}, {}, 42};
    pair.start();
    BOOST_TEST(!pair.established());
    BOOST_TEST(judge.cause().starts_with("another fingerprint"));
    BOOST_TEST(judge.first<Failed>()->rejection.has_value());
    BOOST_TEST((refused.first<AlertReceived>().value().alert == Alert{AlertLevel::fatal, 42}));
    BOOST_TEST(!refused.first<DtlsEstablished>());
  }
}

BOOST_AUTO_TEST_CASE(a_client_without_certificate_is_refused) {
  DtlsConfig bare = config_of(Role::client);
  bare.deviations.no_certificate = true;
  DtlsPair pair(bare);
  pair.start();
  BOOST_TEST(pair.server.cause().starts_with("the peer presented no certificate"));
  BOOST_TEST(!pair.server.first<DtlsEstablished>());
  BOOST_TEST(pair.client.first<AlertReceived>().value().alert.description == 40);
}

BOOST_AUTO_TEST_CASE(a_server_that_needs_none_takes_a_client_without_certificate) {
  DtlsConfig bare = config_of(Role::client), careless = config_of(Role::server);
  bare.deviations.no_certificate = true;
  careless.deviations.no_certificate_needed = true;
  DtlsPair pair(bare, careless);
  pair.start();
  BOOST_TEST(pair.established());
  BOOST_TEST(pair.server.first<DtlsEstablished>()->peer_certificate_der.empty());
}

BOOST_AUTO_TEST_CASE(without_a_common_profile_there_is_no_association) {
  DtlsConfig none = config_of(Role::client);
  none.deviations.no_use_srtp = true;
  DtlsConfig other = config_of(Role::client);
  other.profiles = {SrtpProfile::aead_aes_128_gcm};
  for (const DtlsConfig& client : {none, other}) {
    DtlsPair pair(client);
    pair.start();
    BOOST_TEST(!pair.server.first<DtlsEstablished>());
    BOOST_TEST(pair.server.cause().starts_with("no common SRTP protection profile"));
    BOOST_TEST(pair.client.first<AlertReceived>().value().alert.description == 40);
  }
  DtlsConfig silent = config_of(Role::server);
  silent.deviations.no_use_srtp = true;
  DtlsPair pair(config_of(Role::client), silent);
  pair.start();
  BOOST_TEST(!pair.client.first<DtlsEstablished>());
  BOOST_TEST(pair.client.cause().starts_with("the peer agreed on no SRTP protection profile"));
}

// RFC 5764 §4.1.1: a server must not select what was not offered.
BOOST_AUTO_TEST_CASE(a_profile_that_was_not_offered_is_noticed) {
  DtlsConfig server = config_of(Role::server);
  server.deviations.other_profile = true;
  DtlsPair pair(config_of(Role::client), server);
  pair.start();
  BOOST_TEST(!pair.client.first<DtlsEstablished>());
  BOOST_TEST(pair.client.cause() == "the peer chose an SRTP protection profile that was not offered (sent "
                                    "ClientHello last, received ServerHello last, sent the alert fatal "
                                    "decode_error(50))");
}

BOOST_AUTO_TEST_CASE(damaged_and_foreign_datagrams_end_nothing) {
  DtlsPair whole;
  whole.start();
  DtlsPair pair;
  pair.server.engine->receive(as_bytes("INVITE sip:bob@example.com SIP/2.0\r\n"));
  pair.server.engine->receive({});
  Bytes cut = whole.sent.front();
  cut.resize(20);
  pair.server.engine->receive(cut);
  pair.start();
  BOOST_TEST(pair.established());
  Bytes garbled = whole.sent.back();
  garbled.back() ^= 1;
  pair.client.engine->receive(garbled); // RFC 6347 §4.1.2.7: dropped
  pair.run();
  BOOST_TEST(pair.client.cause() == "");
}

BOOST_AUTO_TEST_CASE(close_notify_is_told) {
  DtlsPair pair;
  pair.start();
  pair.client.engine->close();
  pair.run();
  BOOST_TEST(pair.server.first<PeerClosed>().has_value());
  BOOST_TEST(pair.server.cause() == "");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_refused_by_name) {
  MovingClock clock;
  SeededRandom random(1);
  const auto problem = [&](const DtlsConfig& config) {
    const auto made = make_dtls_engine(config, clock, random, {});
    return made ? std::string() : made.error().what;
  };
  DtlsConfig config = config_of(Role::server);
  config.profiles = {SrtpProfile::null_hmac_sha1_80};
  BOOST_TEST(problem(config) == "the TLS library does not support SRTP_NULL_HMAC_SHA1_80");
  config.profiles = {};
  BOOST_TEST(problem(config) == "expected one SRTP protection profile or more");
  config = config_of(Role::server);
  config.ciphers = {"TLS_FROM_NOWHERE"};
  BOOST_TEST(problem(config) == "the TLS library does not support the cipher suite TLS_FROM_NOWHERE");
  config = config_of(Role::server);
  config.private_key_pem = "";
  BOOST_TEST(problem(config).starts_with("the private key for DTLS cannot be read"));
  config.certificate_pem = "";
  BOOST_TEST(problem(config).starts_with("the certificate for DTLS cannot be read"));
  config = config_of(Role::server);
  config.private_key_pem = testing::lab().phone.private_key_pem;
  BOOST_TEST(problem(config).starts_with("the TLS library refused certificate or key"));
  config = config_of(Role::server);
  config.max_version = DtlsVersion::dtls1_0;
  BOOST_TEST(problem(config).starts_with("no DTLS version is left: from DTLSv1.2 to DTLSv1.0"));
}

BOOST_AUTO_TEST_SUITE_END()
