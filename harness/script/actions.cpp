#include "script/actions.hpp"

#include "script/action_tables.hpp"

#include <algorithm>

namespace sipvet::script {
namespace {

using enum ValueType;

constexpr KeyInfo media_options[] = {
    {"for", duration, "", "Media that must go each way; default 200ms."},
};

constexpr ActionInfo own_actions[] = {
    {"between",
     ActorKind::media,
     {"between", texts, "", "The two actors."},
     media_options,
     "Both actors send their own voice and must recognise the other's."},
    {"passes",
     ActorKind::time,
     {"passes", duration, "", "How long."},
     {},
     "Nothing is done. Only in scenarios that are always simulated."},
};

constexpr KeyInfo scenario_table[] = {
    {"scenario", text, "", "Its name, folder/name; required."},
    {"title", text, "", "One sentence that says what is shown; required."},
    {"covers", texts, "", "Requirements that a pass proves."},
    {"tags", texts, "", "Words to pick scenarios by."},
    {"matrix", map, "", "Variables and the values each takes; the steps run once for every combination."},
    {"oracle", map, "",
     "Variables whose value depends on the matrix: nested maps, a level for each dimension."},
    {"gateway", map, "", "The gateway's profile and settings."},
    {"peers", map, "", "Name of each peer to its profile and settings."},
    {"dns", map, "",
     "Records that the gateway's DNS server has: name to a record, or to a list of them, as zone files write "
     "them without the name; {peer} is a peer's address and {peer:port} its port."},
    {"steps", ValueType::list, "", "What happens, in order: a list of actor to action; required."},
    {"wire", ValueType::list, "", "What the decrypted capture must show: a list of checks."},
    {"explain", text, "", "Why it must be so, for the reader of a failure."},
    {"known_failure", map, "", "The defect that makes this fail today; a pass is then a failure."},
    {"deadline", duration, "", "Time for the whole cell; default 10s."},
    {"network", text, "simulated",
     "Runs in the simulated network whatever is asked for: where minutes pass in a moment, and addresses and "
     "ports are as written."},
};

constexpr KeyInfo step_table[] = {
    {"if", text, "answered, rejected", "Only when the last call ended so."},
    {"within", duration, "", "Deadline of this step; default the cell's."},
};

constexpr KeyInfo known_failure_table[] = {
    {"reason", text, "", "What is wrong and where that is written down; required."},
    {"finding", text, "", "Id of the finding that must be among the failures; required."},
};

std::vector<ActionInfo> all_actions() {
  std::vector<ActionInfo> all;
  for (const auto part : {peer_actions(), gateway_actions(), std::span<const ActionInfo>(own_actions)})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

} // namespace

std::span<const ActionInfo> actions() {
  static const std::vector<ActionInfo> all = all_actions();
  return all;
}
std::span<const KeyInfo> scenario_keys() { return scenario_table; }
std::span<const KeyInfo> step_keys() { return step_table; }
std::span<const KeyInfo> known_failure_keys() { return known_failure_table; }

const ActionInfo* find_action(ActorKind actor, std::string_view name) {
  const auto all = actions();
  const auto row = std::find_if(all.begin(), all.end(),
                                [&](const ActionInfo& a) { return a.actor == actor && a.name == name; });
  return row == all.end() ? nullptr : &*row;
}

std::string_view to_string(ActorKind actor) {
  switch (actor) {
  case ActorKind::peer:
    return "a peer";
  case ActorKind::gateway:
    return "the gateway";
  case ActorKind::media:
    return "media";
  case ActorKind::time:
    return "time";
  }
  return "media";
}

std::string_view describe(ValueType type) {
  switch (type) {
  case text:
    return "a text";
  case integer:
    return "an integer";
  case boolean:
    return "true or false";
  case duration:
    return "a duration such as 200ms";
  case texts:
    return "a text or a list of texts";
  case list:
    return "a list";
  case map:
    return "a map";
  case media_outcome:
    return "an outcome such as srtp, rtp, answered, 488, 4xx or a map";
  case any:
    return "a value";
  }
  return "a value";
}

} // namespace sipvet::script
