// The tables of the language as Markdown, for docs/scenario-language.md.
#include "script/actions.hpp"
#include "script/check.hpp"

#include <fmt/format.h>

#include <string>

namespace sipvet::script {

namespace {

std::string value_of(const KeyInfo& key) {
  const std::vector<std::string> choices = choices_of(key);
  if (!choices.empty()) return fmt::format("`{}`", fmt::join(choices, "`, `"));
  if (const std::size_t dots = key.choices.find(".."); dots != key.choices.npos)
    return fmt::format("{} to {}", key.choices.substr(0, dots), key.choices.substr(dots + 2));
  return std::string(describe(key.type));
}

std::string key_table(std::span<const KeyInfo> keys) {
  std::string out = "| key | value | meaning |\n|---|---|---|\n";
  for (const KeyInfo& key : keys)
    out += fmt::format("| `{}` | {} | {} |\n", key.name, value_of(key), key.text);
  return out;
}

std::string action_rows(const ActionInfo& action) {
  std::string out = fmt::format("| `{}` | {} | {} {} |\n", action.name, value_of(action.argument),
                                action.text, action.argument.text);
  for (const KeyInfo& option : action.options)
    out += fmt::format("| – `{}` | {} | {} |\n", option.name, value_of(option), option.text);
  return out;
}

std::string action_table(ActorKind kind) {
  std::string out = "| action, – its options | value | meaning |\n|---|---|---|\n";
  for (const ActionInfo& action : actions())
    if (action.actor == kind) out += action_rows(action);
  return out;
}

// The table, and after it those of the maps in it.
std::string with_inner_tables(std::span<const KeyInfo> keys) {
  std::string out = key_table(keys);
  for (const KeyInfo& key : keys)
    if (key.table != nullptr)
      out += fmt::format("\nKeys of `{}`:\n\n{}", key.name, with_inner_tables(key.table->keys));
  return out;
}

// Of the actions whose argument is a map.
std::string argument_tables(ActorKind kind) {
  std::string out;
  for (const ActionInfo& action : actions())
    if (action.actor == kind && action.argument.table != nullptr)
      out +=
          fmt::format("\nKeys of `{}`:\n\n{}", action.name, with_inner_tables(action.argument.table->keys));
  return out;
}

} // namespace

std::string language_reference() {
  return "### Keys of a scenario\n\n" + key_table(scenario_keys()) + "\n### Keys of every step\n\n" +
         key_table(step_keys()) + "\n### Actions of a peer\n\n" + action_table(ActorKind::peer) +
         "\nKeys of an outcome written as a map:\n\n" + with_inner_tables(outcome_keys()) +
         "\n### Actions of the gateway's telephone side\n\n" + action_table(ActorKind::gateway) +
         argument_tables(ActorKind::gateway) + "\n### Media\n\n" + action_table(ActorKind::media) +
         "\n### Time\n\n" + action_table(ActorKind::time) + "\n### Checks of the capture (`wire`)\n\n" +
         with_inner_tables(wire_checks()) + "\n### Keys of `known_failure`\n\n" +
         key_table(known_failure_keys());
}

} // namespace sipvet::script
