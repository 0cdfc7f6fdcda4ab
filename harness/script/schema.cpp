// The JSON Schema of a scenario file, so that editors complete keys and mark mistakes while one types.
#include "script/actions.hpp"
#include "script/check.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace sipvet::script {

namespace {

// Every scalar may be a variable instead; what it stands for is checked when the scenario is read.
constexpr std::string_view variable = R"({"type":"string","pattern":"\\$\\{[^}]+\\}"})";
// So may keys, or a part of them.
constexpr std::string_view variable_keys = R"("patternProperties":{"\\$\\{":{}})";
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
      R"({{"type":"object","additionalProperties":false,{},"properties":{{{}}},"required":[{}]}})",
      variable_keys, fmt::join(properties, ","), fmt::join(names, ","));
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
      R"("properties":{{"gateway":{},"media":{},"time":{}}},"additionalProperties":{}}}}})",
      actions_of(ActorKind::gateway), actions_of(ActorKind::media), actions_of(ActorKind::time),
      actions_of(ActorKind::peer));
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

// Of one setting, or of the map that the rest of a dotted name stands in.
struct SettingNode {
  std::string text;
  std::map<std::string, SettingNode> inner;
};

void add_setting(SettingNode& node, std::string_view name, const std::string& text) {
  const std::size_t dot = name.find('.');
  SettingNode& next = node.inner[std::string(name.substr(0, dot))];
  if (dot == name.npos)
    next.text = text;
  else
    add_setting(next, name.substr(dot + 1), text);
}

std::string settings_object(const std::vector<std::string>& properties) {
  return fmt::format(R"({{"type":["object","null"],"additionalProperties":false,{},"properties":{{{}}}}})",
                     variable_keys, fmt::join(properties, ","));
}

std::string setting_schema(const SettingNode& node) {
  if (node.inner.empty()) return fmt::format(R"({{"description":{}}})", json_text(node.text));
  std::vector<std::string> properties;
  for (const auto& [name, inner] : node.inner)
    properties.push_back(fmt::format("{}:{}", json_text(name), setting_schema(inner)));
  return settings_object(properties);
}

// Whole names, and those whose parts are maps of their own.
std::string settings_schema(const std::vector<SettingWords>& settings, bool nested) {
  std::vector<std::string> properties{
      fmt::format(R"("profile":{{"type":"string","description":{}}})", json_text("A device profile."))};
  SettingNode root;
  for (const SettingWords& setting : settings) {
    const bool dotted = setting.name.find('.') != std::string::npos;
    if (dotted && nested) add_setting(root, setting.name, setting.text);
    properties.push_back(
        fmt::format(R"({}:{{"description":{}}})", json_text(setting.name), json_text(setting.text)));
  }
  for (const auto& [name, inner] : root.inner)
    properties.push_back(fmt::format("{}:{}", json_text(name), setting_schema(inner)));
  return settings_object(properties);
}

std::string key_schema(const KeyInfo& key) {
  if (key.name == "steps") return steps_schema();
  if (key.name == "wire") return wire_schema();
  if (key.name == "matrix") return matrix_schema();
  if (key.name == "known_failure") return object(known_failure_keys(), {"reason", "finding"});
  return type_schema(key);
}

} // namespace

std::string json_schema(const std::vector<SettingWords>& gateway, const std::vector<SettingWords>& peer) {
  std::vector<std::string> properties;
  for (const KeyInfo& key : scenario_keys()) {
    std::string schema = key_schema(key);
    if (key.name == "gateway") schema = settings_schema(gateway, false);
    if (key.name == "peers")
      schema = fmt::format(R"({{"type":["object","null"],"additionalProperties":{}}})",
                           settings_schema(peer, true));
    properties.push_back(property(key, schema));
  }
  const std::string schema = object_of(properties, {"scenario", "title", "steps"});
  return fmt::format(
             R"({{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"sipvet scenario",{})",
             schema.substr(1)) +
         "\n";
}

} // namespace sipvet::script
