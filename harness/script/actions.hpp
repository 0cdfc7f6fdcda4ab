// The words of the scenario language as tables: the reader checks against them, the JSON Schema and the documentation
// are generated from them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sipvet::script {

enum class ValueType { text, integer, boolean, duration, texts, map, media_outcome, any };

struct KeyInfo {
  std::string_view name;
  ValueType type;
  std::string_view choices; // comma-separated; empty: free
  std::string_view text;    // one sentence for the documentation
};

enum class ActorKind { peer, gateway, media };

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
// JSON Schema (draft 2020-12) of a scenario file, made from the tables.
std::string json_schema();

} // namespace sipvet::script
