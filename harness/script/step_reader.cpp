#include "script/step_reader.hpp"

#include "script/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sipvet::script {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> action_names(ActorKind kind) {
  std::vector<std::string> names;
  for (const ActionInfo& action : actions())
    if (action.actor == kind) names.emplace_back(action.name);
  return names;
}

// Options, conditions and the action itself: what may stand beside an action.
std::vector<KeyInfo> keys_of(const ActionInfo& action) {
  std::vector<KeyInfo> keys{action.argument};
  keys.insert(keys.end(), action.options.begin(), action.options.end());
  keys.insert(keys.end(), step_keys().begin(), step_keys().end());
  return keys;
}

class StepReader {
 public:
  StepReader(const std::vector<std::string>& peers, Checker& checker) : peers_(peers), checker_(checker) {}

  void read(const Value& item, std::vector<Step>& steps) {
    if (!item.is_map() || item.entries.size() != 1) {
      checker_.add(item.at, fmt::format("a step needs a map of one actor to what it does, found {}",
                                        item.is_map() ? fmt::format("a map of {} keys", item.entries.size())
                                                      : describe(item)));
      return;
    }
    const MapEntry& entry = item.entries.front();
    const std::optional<ActorKind> kind = kind_of(entry);
    if (!kind || !checker_.is_map(entry.key, entry.value)) return;
    const ActionInfo* const action = action_of(*kind, entry.value);
    if (!action) return;
    check_keys(*action, entry.value);
    check_actors(*action, *entry.value.find(action->name));
    check_proxy(*action, entry.value);
    steps.push_back(make(entry, *action));
  }

 private:
  std::optional<ActorKind> kind_of(const MapEntry& entry) {
    if (entry.key == "gateway") return ActorKind::gateway;
    if (entry.key == "media") return ActorKind::media;
    if (entry.key == "time") return ActorKind::time;
    if (contains(peers_, entry.key)) return ActorKind::peer;
    if (entry.key.find("${") == std::string::npos) unknown_actor("actor", entry.key, entry.at, true);
    return std::nullopt;
  }

  void unknown_actor(std::string_view role, const std::string& name, const SourceLocation& at,
                     bool with_media) {
    std::vector<std::string> names = peers_;
    names.emplace_back("gateway");
    if (with_media) names.insert(names.end(), {"media", "time"});
    std::string hint = did_you_mean(name, names);
    if (hint.empty()) hint = "; declared here: " + joined(names);
    checker_.add(at, fmt::format("unknown {} {}{}", role, quote(name), hint));
  }

  const ActionInfo* action_of(ActorKind kind, const Value& value) {
    const ActionInfo* found = nullptr;
    for (const MapEntry& entry : value.entries) {
      const ActionInfo* const action = find_action(kind, entry.key);
      if (!action || (found && find_key(found->options, entry.key))) continue;
      if (found) {
        checker_.add(entry.at, fmt::format("a step has one action, found {} after {}", quote(action->name),
                                           quote(found->name)));
        return nullptr;
      }
      found = action;
    }
    if (!found) no_action(kind, value);
    return found;
  }

  void no_action(ActorKind kind, const Value& value) {
    const std::vector<std::string> names = action_names(kind);
    bool told = false;
    for (const MapEntry& entry : value.entries) {
      const std::string hint = did_you_mean(entry.key, names);
      if (hint.empty()) continue;
      checker_.add(entry.at,
                   fmt::format("unknown action {} of {}{}", quote(entry.key), to_string(kind), hint));
      told = true;
    }
    if (!told)
      checker_.add(value.at,
                   fmt::format("no action of {} in this step; known: {}", to_string(kind), joined(names)));
  }

  void check_keys(const ActionInfo& action, const Value& value) {
    const std::vector<KeyInfo> keys = keys_of(action);
    checker_.entries(value, keys);
  }

  // Names of actors inside arguments: both ends of the media, the peer that the telephone side calls.
  void check_actors(const ActionInfo& action, const Value& argument) {
    if (checker_.left_open(argument)) return;
    // A number, keys, a file: the gateway's own settings, or its last call, say whose.
    const bool of_nobody = contains({"dial", "dtmf", "record"}, std::string(action.name));
    if (action.actor == ActorKind::gateway && argument.is_scalar() && !of_nobody) {
      if (!contains(peers_, argument.text)) unknown_actor("peer", argument.text, argument.at, false);
    } else if (action.actor == ActorKind::media) {
      check_ends(argument);
    }
  }

  // Who calls a user calls through a proxy, and who calls without one calls the gateway.
  void check_proxy(const ActionInfo& action, const Value& value) {
    const Value& argument = *value.find(action.name);
    if (action.name == "registers_with") check_peer(argument);
    if (action.name != "call") return;
    const Value* through = value.find("through");
    if (through != nullptr)
      check_peer(*through);
    else if (action.actor == ActorKind::peer && argument.is_scalar() && !checker_.left_open(argument) &&
             argument.text != "gateway")
      checker_.add(argument.at,
                   fmt::format("'call' needs 'gateway', or a user and 'through', found {}{}",
                               quote(argument.text),
                               did_you_mean(argument.text, std::vector<std::string>{"gateway"})));
  }

  void check_peer(const Value& name) {
    if (name.is_scalar() && !checker_.left_open(name) && !contains(peers_, name.text))
      unknown_actor("peer", name.text, name.at, false);
  }

  void check_ends(const Value& argument) {
    if (!argument.is_list() || argument.items.size() != 2) {
      checker_.add(argument.at, "'between' needs two actors, found " +
                                    (argument.is_list() ? fmt::format("a list of {}", argument.items.size())
                                                        : describe(argument)));
      return;
    }
    for (const Value& end : argument.items)
      if (end.is_scalar() && !checker_.left_open(end) && end.text != "gateway" && !contains(peers_, end.text))
        unknown_actor("actor", end.text, end.at, false);
    if (argument.items[0].text == argument.items[1].text)
      checker_.add(argument.at, fmt::format("'between' needs two different actors, found {} twice",
                                            quote(argument.items[0].text)));
  }

  static Step make(const MapEntry& entry, const ActionInfo& action) {
    Step step;
    step.actor = entry.key;
    step.action = action.name;
    step.at = entry.at;
    step.options.kind = Value::Kind::map;
    step.options.at = entry.value.at;
    for (const MapEntry& key : entry.value.entries) {
      if (key.key == action.name)
        step.argument = key.value;
      else if (key.key == "if")
        step.condition = key.value.text;
      else if (key.key == "within")
        step.within = as_duration(key.value);
      else
        step.options.entries.push_back(key);
    }
    return step;
  }

  const std::vector<std::string>& peers_;
  Checker& checker_;
};

} // namespace

std::vector<Step> read_steps(const Value& steps, const std::vector<std::string>& peers, Checker& checker) {
  std::vector<Step> out;
  if (!steps.is_list()) {
    checker.add(steps.at, "'steps' needs a list of steps, found " + describe(steps));
    return out;
  }
  if (steps.items.empty()) checker.add(steps.at, "'steps' has no steps");
  StepReader reader(peers, checker);
  for (const Value& item : steps.items) reader.read(item, out);
  return out;
}

std::vector<WireExpectation> read_wire(const Value& wire, Checker& checker) {
  std::vector<WireExpectation> out;
  if (!wire.is_list()) {
    checker.add(wire.at, "'wire' needs a list of checks, found " + describe(wire));
    return out;
  }
  for (const Value& item : wire.items) {
    if (!item.is_map() || item.entries.empty()) {
      checker.add(item.at, "a wire check needs a map, found " + describe(item));
      continue;
    }
    checker.entries(item, wire_checks());
    for (const MapEntry& entry : item.entries) out.push_back({entry.key, entry.value, entry.at});
  }
  return out;
}

} // namespace sipvet::script
