// What a scenario's steps are carried out by: a scripted peer, or the telephone side of the gateway.
#pragma once

#include "rtp/voiceprint.hpp"
#include "script/scenario.hpp"
#include "ua/media_session.hpp"
#include "verdict/verdict.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::peers {

using Findings = std::vector<verdict::Finding>;

// A step under way. It is looked at after each event of the network and never waits itself.
struct ActiveStep {
  // Empty: not yet. No findings: done as expected.
  std::function<std::optional<Findings>()> poll;
  // What is still missing, for the finding when the deadline has come: "a final response to the INVITE".
  std::function<std::string()> waiting_for;
};
ActiveStep finished(Findings findings = {});

// A finding about a step, with its place in the scenario filled in.
verdict::Finding step_finding(const script::Step& step, std::string id, std::string text,
                              std::string expected, std::string actual);

// "12 RTP packets received, 2 accepted, 10 dropped (authentication)"
std::string describe_counters(const ua::MediaCounters& counters);

class Actor {
 public:
  virtual ~Actor() = default;
  virtual ActiveStep begin(const script::Step& step) = 0;

  // How the latest call stands: for `if:` of steps.
  virtual bool answered() const = 0;
  virtual bool rejected() const = 0;

  // The sound this actor sends, and how many milliseconds of another's it has heard in the latest call.
  virtual rtp::Voiceprint voiceprint() const = 0;
  virtual std::uint64_t heard_ms(const rtp::Voiceprint& print) const = 0;
  // What arrived instead, for a person: "12 packets received, 12 dropped (authentication)".
  virtual std::string describe_media() const = 0;
};

} // namespace sipvet::peers
