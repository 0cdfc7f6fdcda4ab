// The JSON Schema of a scenario file, so that editors complete keys and mark mistakes while one types.
#include "script/actions.hpp"
#include "script/check.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace sipvet::script {

namespace {

// Every scalar may be a variable instead; what it stands for is checked when the scenario is read.
constexpr std::string_view variable = R"({"type":"string","pattern":"\\$\\{[^}]+\\}"})";
constexpr std::string_view plain = R"({"type":["string","number","boolean"]})";

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string any_of(const std::vector<std::string>& schemas) {
  return fmt::format(R"({{"anyOf":[{}]}})", fmt::join(schemas, ","));
}

std::string enumeration(const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  for (const std::string& value : values) texts.push_back(json_text(value));
  return fmt::format(R"({{"enum":[{}]}})", fmt::join(texts, ","));
}

std::string object(std::span<const KeyInfo> keys, const std::vector<std::string>& required);

std::string outcome_schema() {
  return any_of({std::string(variable), R"({"enum":["srtp","rtp","answered"]})",
                 R"({"type":"integer","minimum":100,"maximum":699})",
                 R"({"type":"string","pattern":"^[1-6]([0-9]{2}|xx)$"})", object(outcome_keys(), {})});
}

std::string integer_schema(std::string_view range) {
  const std::size_t dots = range.find("..");
  const std::string limits = dots == range.npos ? std::string()
                                                : fmt::format(R"(,"minimum":{},"maximum":{})",
                                                              range.substr(0, dots), range.substr(dots + 2));
  return any_of({std::string(variable), fmt::format(R"({{"type":"integer"{}}})", limits)});
}

std::string type_schema(const KeyInfo& key) {
  if (const std::vector<std::string> choices = choices_of(key); !choices.empty())
    return any_of({std::string(variable), enumeration(choices)});
  switch (key.type) {
  case ValueType::text:
    return std::string(plain);
  case ValueType::integer:
    return integer_schema(key.choices);
  case ValueType::boolean:
    return any_of({std::string(variable), R"({"type":"boolean"})"});
  case ValueType::duration:
    return any_of(
        {std::string(variable), R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|min|h)$"})"});
  case ValueType::texts:
    return any_of({std::string(plain), fmt::format(R"({{"type":"array","items":{}}})", plain)});
  case ValueType::list:
    return R"({"type":"array"})";
  case ValueType::map:
    return key.table == nullptr ? R"({"type":"object"})" : object(key.table->keys, {});
  case ValueType::media_outcome:
    return outcome_schema();
  case ValueType::any:
    return "{}";
  }
  return "{}";
}

// A schema with the key's sentence, which editors show beside it.
std::string described(const KeyInfo& key, const std::string& schema) {
  const std::string text = fmt::format(R"("description":{})", json_text(key.text));
  return schema == "{}" ? "{" + text + "}" : fmt::format("{{{},{}", text, schema.substr(1));
}

std::string property(const KeyInfo& key, const std::string& schema) {
  return fmt::format("{}:{}", json_text(key.name), described(key, schema));
}

std::string object_of(const std::vector<std::string>& properties, const std::vector<std::string>& required) {
  std::vector<std::string> names;
  for (const std::string& name : required) names.push_back(json_text(name));
  return fmt::format(
      R"({{"type":"object","additionalProperties":false,"properties":{{{}}},"required":[{}]}})",
      fmt::join(properties, ","), fmt::join(names, ","));
}

std::string object(std::span<const KeyInfo> keys, const std::vector<std::string>& required) {
  std::vector<std::string> properties;
  for (const KeyInfo& key : keys) properties.push_back(property(key, type_schema(key)));
  return object_of(properties, required);
}

std::string action_schema(const ActionInfo& action) {
  std::vector<KeyInfo> keys{action.argument};
  keys.insert(keys.end(), action.options.begin(), action.options.end());
  keys.insert(keys.end(), step_keys().begin(), step_keys().end());
  const std::string schema = object(keys, {std::string(action.name)});
  return fmt::format(R"({{"description":{},{})", json_text(action.text), schema.substr(1));
}

std::string actions_of(ActorKind kind) {
  std::vector<std::string> schemas;
  for (const ActionInfo& action : actions())
    if (action.actor == kind) schemas.push_back(action_schema(action));
  return any_of(schemas);
}

std::string steps_schema() {
  return fmt::format(
      R"({{"type":"array","minItems":1,"items":{{"type":"object","minProperties":1,"maxProperties":1,)"
      R"("properties":{{"gateway":{},"media":{}}},"additionalProperties":{}}}}})",
      actions_of(ActorKind::gateway), actions_of(ActorKind::media), actions_of(ActorKind::peer));
}

std::string wire_schema() {
  std::vector<std::string> properties;
  for (const KeyInfo& check : wire_checks()) properties.push_back(property(check, type_schema(check)));
  return fmt::format(R"({{"type":"array","items":{}}})", object_of(properties, {}));
}

std::string matrix_schema() {
  return fmt::format(
      R"({{"type":"object","additionalProperties":{{"type":"array","minItems":1,"items":{}}}}})", plain);
}

std::string key_schema(const KeyInfo& key) {
  if (key.name == "steps") return steps_schema();
  if (key.name == "wire") return wire_schema();
  if (key.name == "matrix") return matrix_schema();
  if (key.name == "known_failure") return object(known_failure_keys(), {"reason", "finding"});
  if (key.name == "peers")
    return R"({"type":["object","null"],"additionalProperties":{"type":["object","null"]}})";
  return type_schema(key);
}

} // namespace

std::string json_schema() {
  std::vector<std::string> properties;
  for (const KeyInfo& key : scenario_keys()) properties.push_back(property(key, key_schema(key)));
  const std::string schema = object_of(properties, {"scenario", "title", "steps"});
  return fmt::format(
             R"({{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"sipvet scenario",{})",
             schema.substr(1)) +
         "\n";
}

} // namespace sipvet::script
