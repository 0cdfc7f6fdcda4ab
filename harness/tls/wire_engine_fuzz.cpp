// What a wire engine makes of damaged flights: the octets of real handshakes, changed, fed to an honest side
// at the same point of its own handshake.
#include "tls/engine_pair.hpp"

#include "tls/engine.hpp"

#include <cstdlib>
#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::tls;
using namespace sipvet::tls::testing;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// The first octet of an input says which of these is fed.
struct Setting {
  Version version;
  Role fed;
};
constexpr Setting settings[] = {{Version::tls1_0, Role::server}, {Version::tls1_2, Role::server},
                                {Version::tls1_3, Role::server}, {Version::tls1_0, Role::client},
                                {Version::tls1_2, Role::client}, {Version::tls1_3, Role::client}};

Config config_of(const Setting& setting, Role role) {
  Config config = role == Role::client ? client_config() : server_config();
  config.engine = EngineKind::wire;
  config.min_version = config.max_version = setting.version;
  config.security_level = 0;
  config.accept_sslv2_hello = true;
  return config;
}

const std::shared_ptr<const Context>& context_of(const Setting& setting) {
  static std::vector<std::shared_ptr<const Context>> made = [] {
    std::vector<std::shared_ptr<const Context>> all;
    for (const Setting& each : settings) all.push_back(make_context(config_of(each, each.fed)).value());
    return all;
  }();
  return made[static_cast<std::size_t>(&setting - settings)];
}

} // namespace

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  for (const Setting& setting : settings) {
    Pair pair(config_of(setting, Role::client), config_of(setting, Role::server));
    pair.start();
    const Side& other = setting.fed == Role::server ? pair.client : pair.server;
    std::string seed(1, static_cast<char>(&setting - settings));
    seed += as_text(other.sent_octets);
    seeds.push_back(std::move(seed));
  }
  return seeds;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Setting& setting = settings[data[0] % std::size(settings)];
  const FixedClock clock(lab_time);
  SeededRandom random(1); // the seeds' own: a client's hello is the one that the flight answers
  const auto engine = context_of(setting)->make_engine(clock, random, {});
  engine->start();
  engine->receive(ByteView(data + 1, size - 1));
  bool failed = false;
  bool done = false;
  for (const Event& event : engine->take_events()) {
    if (failed) std::abort(); // nothing comes after the end
    failed = std::holds_alternative<Failed>(event);
    done = done || std::holds_alternative<HandshakeDone>(event);
  }
  // Without keys of its own nobody gets through, but for an unchanged seed.
  if (failed && done) return 0;
  engine->send(as_bytes("OPTIONS"));
  engine->close();
  (void)engine->take_output();
  return 0;
}
