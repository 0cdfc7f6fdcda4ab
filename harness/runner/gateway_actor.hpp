// The gateway as an actor of a scenario: its telephone side places and ends calls, and is told what came of
// them.
#pragma once

#include "gateway/gateway.hpp"
#include "peers/actor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::runner {

// A peer of the scenario as the gateway reaches it.
struct PeerPlace {
  ua::Target target;                  // where it listens
  std::vector<Endpoint> connected_at; // its ends of connections
  rtp::Voiceprint voiceprint;
};

class GatewayActor final : public peers::Actor {
 public:
  // `find_peer` gives the place of a peer by its name, or says why there is none. `log` is what the gateway
  // writes to; recordings stand in `folder`.
  GatewayActor(gateway::Gateway& gateway, const gateway::MemoryLog& log,
               std::function<Result<PeerPlace>(const std::string&)> find_peer, std::string folder);

  peers::ActiveStep begin(const script::Step& step) override;
  bool answered() const override;
  bool rejected() const override;
  rtp::Voiceprint voiceprint() const override;
  std::uint64_t heard_ms(const rtp::Voiceprint& print) const override;
  std::string describe_media() const override;

  // True when no call is up or being made, and no OPTIONS waits for its response.
  bool idle() const;
  // A step expected that a call or an OPTIONS comes to nothing, and it did.
  bool failure_expected() const { return failure_expected_; }
  // The counters that a step has judged last and found right, and the call they are of; none: no step did.
  const std::optional<ua::MediaCounters>& judged_media() const { return judged_media_; }

 private:
  peers::ActiveStep call(const script::Step& step);
  peers::ActiveStep dial(const script::Step& step);
  peers::ActiveStep placed(const script::Step& step, const gateway::PlaceCall& call);
  peers::ActiveStep options(const script::Step& step);
  peers::ActiveStep disconnect(const script::Step& step);
  peers::ActiveStep fax(const script::Step& step);
  // gateway_telephone.cpp
  std::optional<gateway::CallInfo> call_with(const std::string& peer) const;
  // What came of an order, which the step may want refused.
  peers::ActiveStep ordered(const script::Step& step, const Result<void>& done) const;
  peers::ActiveStep hang_up(const script::Step& step);
  peers::ActiveStep answer(const script::Step& step);
  peers::ActiveStep decline(const script::Step& step);
  peers::ActiveStep dtmf(const script::Step& step);
  peers::ActiveStep record(const script::Step& step);
  bool rings() const;
  std::optional<peers::Findings> judge_telephone(const script::Step& step);
  peers::Findings judge_recording(const script::Step& step, const script::Value& map);
  std::string missing_of_telephone(const script::Step& step) const;
  // gateway_registration.cpp
  peers::ActiveStep register_with(const script::Step& step);
  peers::ActiveStep unregister(const script::Step& step);
  std::optional<peers::Findings> judge_uplink(const script::Step& step) const;
  std::string missing_of_uplink(std::string_view key, const script::Value& wanted) const;
  peers::ActiveStep expect(const script::Step& step);
  std::optional<gateway::CallInfo> latest() const;

  // The last call or OPTIONS, whichever came later.
  struct Outbound {
    bool done = false;
    bool succeeded = false;
    int status = 0;
    std::string reason;
  };
  std::optional<Outbound> outbound() const;
  std::optional<peers::Findings> judge(const script::Step& step);
  std::string missing(const script::Step& step) const;
  std::optional<peers::Findings> judge_outcome(const script::Step& step);

  gateway::Gateway& gateway_;
  const gateway::MemoryLog& log_;
  std::function<Result<PeerPlace>(const std::string&)> find_peer_;
  std::string folder_;
  std::optional<gateway::CallHandle> last_call_;
  std::optional<ua::MediaCounters> judged_media_;
  std::optional<ua::RequestId> last_request_; // when it came after that call
  bool failure_expected_ = false;
};

peers::ActiveStep impossible(const script::Step& step, const std::string& why);

// What of a step of the gateway can be seen to be wrong before anything runs.
std::vector<script::Diagnostic> check_gateway_step(const script::Step& step);

} // namespace sipvet::runner
