// For tests: two engines joined in memory, and what each of them reported.
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "crypto/lab_ca.hpp"
#include "tls/engine.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::tls::testing {

struct FixedClock final : Clock {
  Instant when;
  explicit FixedClock(Instant at) : when(at) {}
  Instant now() const override { return when; }
};

// 2026-01-01T00:00:00Z.
inline const Instant lab_time{std::chrono::seconds(1767225600)};

// Certificates are slow to make, so one set serves every test.
struct Lab {
  SeededRandom random{7};
  crypto::LabCa ca = *crypto::LabCa::create(random, lab_time);
  crypto::LabCa other_ca = *crypto::LabCa::create(random, lab_time, "another CA");
  crypto::Identity gateway = *ca.issue({.common_name = "gw.example.com", .dns_names = {"gw.example.com"}});
  crypto::Identity phone = *ca.issue({.common_name = "phone.example.com"});
  crypto::Identity elliptic = *ca.issue(
      {.common_name = "gw.example.com", .dns_names = {"gw.example.com"}, .curve = crypto::Group::secp256r1});
  crypto::Identity stranger = *other_ca.issue({.common_name = "stranger.example.com"});
};
inline Lab& lab() {
  static Lab made;
  return made;
}

inline Config server_config() {
  Config config;
  config.role = Role::server;
  config.certificate_pem = lab().gateway.certificate_pem;
  config.private_key_pem = lab().gateway.private_key_pem;
  return config;
}

inline Config client_config() {
  Config config;
  config.role = Role::client;
  config.trusted_roots_pem = lab().ca.root_pem();
  config.verify = Verify::chain_required;
  config.server_name = "gw.example.com";
  return config;
}

struct Side {
  std::unique_ptr<Engine> engine;
  std::vector<Event> events;
  Bytes received;
  Bytes sent_octets; // on the wire

  template <typename T>
  std::vector<T> all() const {
    std::vector<T> found;
    for (const Event& event : events) {
      if (const T* wanted = std::get_if<T>(&event)) found.push_back(*wanted);
    }
    return found;
  }
  template <typename T>
  std::optional<T> first() const {
    const auto found = all<T>();
    return found.empty() ? std::nullopt : std::optional<T>(found.front());
  }
  std::string cause() const {
    const auto failed = first<Failed>();
    return failed ? failed->cause : "";
  }
};

struct Pair {
  FixedClock clock{lab_time};
  SeededRandom random;
  Side client;
  Side server;
  std::size_t piece_octets = 1 << 20;

  Pair(const Config& client_side, const Config& server_side, std::uint64_t seed = 1) : random(seed) {
    client.engine = make_engine(client_side, clock, random).value();
    server.engine = make_engine(server_side, clock, random).value();
  }
  // Of contexts that outlive the connection: for resumption.
  Pair(const std::shared_ptr<const Context>& client_side, const std::shared_ptr<const Context>& server_side,
       const PeerName& peer = {}, std::uint64_t seed = 1)
      : random(seed) {
    client.engine = client_side->make_engine(clock, random, peer);
    server.engine = server_side->make_engine(clock, random, {});
  }

  bool established() const {
    return client.first<HandshakeDone>().has_value() && server.first<HandshakeDone>().has_value();
  }

  void start() {
    client.engine->start();
    server.engine->start();
    run();
  }

  // Moves octets until neither side has any left.
  void run() {
    while (move(client, server) | move(server, client)) {
    }
    collect(client);
    collect(server);
  }

 private:
  bool move(Side& from, Side& to) {
    const Bytes octets = from.engine->take_output();
    append(from.sent_octets, octets);
    for (std::size_t at = 0; at < octets.size(); at += piece_octets)
      to.engine->receive(ByteView(octets).subspan(at, std::min(piece_octets, octets.size() - at)));
    return !octets.empty();
  }

  static void collect(Side& side) {
    for (Event& event : side.engine->take_events()) {
      if (const auto* data = std::get_if<Received>(&event)) append(side.received, data->octets);
      side.events.push_back(std::move(event));
    }
  }
};

} // namespace sipvet::tls::testing
