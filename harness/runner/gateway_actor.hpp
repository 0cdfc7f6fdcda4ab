// The gateway as an actor of a scenario: its telephone side places and ends calls.
#pragma once

#include "gateway/gateway.hpp"
#include "peers/actor.hpp"

#include <functional>
#include <optional>
#include <string>

namespace sipvet::runner {

class GatewayActor final : public peers::Actor {
 public:
  // `find_peer` gives the target of a peer's name, or says why there is none.
  GatewayActor(gateway::Gateway& gateway, std::function<Result<ua::Target>(const std::string&)> find_peer);

  peers::ActiveStep begin(const script::Step& step) override;
  bool answered() const override;
  bool rejected() const override;
  rtp::Voiceprint voiceprint() const override;
  std::uint64_t heard_ms(const rtp::Voiceprint& print) const override;
  std::string describe_media() const override;

  // True when no call is up or being made.
  bool idle() const;

 private:
  peers::ActiveStep call(const script::Step& step);
  peers::ActiveStep hang_up(const script::Step& step);
  std::optional<gateway::CallInfo> latest() const;

  gateway::Gateway& gateway_;
  std::function<Result<ua::Target>(const std::string&)> find_peer_;
};

} // namespace sipvet::runner
