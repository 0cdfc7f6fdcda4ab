// The words of the scenario language as tables: the reader checks against them, the JSON Schema and the
// documentation are generated from them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::script {

enum class ValueType { text, integer, boolean, duration, texts, list, map, media_outcome, any };

struct KeyTable;

struct KeyInfo {
  std::string_view name;
  ValueType type;
  std::string_view choices;        // comma-separated, or an integer's range "180..189"; empty: free
  std::string_view text;           // one sentence for the documentation
  const KeyTable* table = nullptr; // the keys of a map that has its own; it needs at least one of them
};

struct KeyTable {
  std::span<const KeyInfo> keys;
};

enum class ActorKind { peer, gateway, media, time };

struct ActionInfo {
  std::string_view name;
  ActorKind actor;
  KeyInfo argument; // of the action's own key
  std::span<const KeyInfo> options;
  std::string_view text;
};

std::span<const ActionInfo> actions();
std::span<const KeyInfo> scenario_keys(); // top level of a scenario file
std::span<const KeyInfo> wire_checks();
std::span<const KeyInfo> step_keys();    // allowed beside every action: if, within
std::span<const KeyInfo> outcome_keys(); // of a media_outcome written as a map
std::span<const KeyInfo> known_failure_keys();
// The row of the action of that name for that kind of actor; nullptr when there is none.
const ActionInfo* find_action(ActorKind actor, std::string_view name);
std::string_view to_string(ActorKind actor);
// "a duration such as 200ms": for messages and documentation.
std::string_view describe(ValueType type);
// The tables as Markdown: the second part of docs/scenario-language.md, which a test compares with it.
std::string language_reference();

// A setting of the gateway or of a peer, which higher floors know: its name and a sentence for editors.
struct SettingWords {
  std::string name; // dotted names may be written as nested maps
  std::string text;
};
// JSON Schema (draft 2020-12) of a scenario file, made from the tables and from those settings.
std::string json_schema(const std::vector<SettingWords>& gateway, const std::vector<SettingWords>& peer);

} // namespace sipvet::script
