// Carries out the steps of a cell in order: each by its actor, each until it is done or its deadline has
// come.
#pragma once

#include "net/network.hpp"
#include "peers/actor.hpp"
#include "script/scenario.hpp"

#include <atomic>
#include <map>
#include <string>

namespace sipvet::runner {

using Actors = std::map<std::string, peers::Actor*>; // by the names that steps use

struct Conducted {
  peers::Findings findings; // of the step that did not go as expected; later steps were not begun
  std::size_t steps_done = 0;
  bool media_proven = false; // at least one media step heard both sides
  bool interrupted = false;
};
// `stop` ends the run soon when it becomes true, from any thread.
Conducted conduct(const script::Cell& cell, const Actors& actors, net::Network& network,
                  const std::atomic<bool>& stop);

} // namespace sipvet::runner
