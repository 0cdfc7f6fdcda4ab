// A scripted peer that acts as registrar and proxy: digest, location, stateful forwarding with Record-Route,
// and connections that are used again and closed when idle (RFC 3261 §10.3, §16; RFC 5923).
#pragma once

#include "peers/peer.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sipvet::peers {

class Proxy final : public Actor {
 public:
  Proxy(std::string name, Settings settings, Surroundings surroundings);
  ~Proxy() override;

  Result<Endpoint> listen(); // on all its transports; the endpoint of the first
  std::optional<Endpoint> endpoint(ua::Transport transport) const;
  const Settings& settings() const;
  std::vector<ConnectionRecord> connections() const;
  std::vector<ua::Hop> open_connections() const;
  std::size_t bindings(const std::string& user) const;
  bool idle() const; // no request waits for its response

  // It acts by itself. Steps: disconnect.
  ActiveStep begin(const script::Step& step) override;
  bool answered() const override { return false; }
  bool rejected() const override { return false; }
  rtp::Voiceprint voiceprint() const override;
  std::uint64_t heard_ms(const rtp::Voiceprint&) const override { return 0; }
  std::string describe_media() const override { return "a proxy has no media"; }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::peers
