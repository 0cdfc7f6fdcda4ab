#include "sdp/capability.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sipvet::sdp {
namespace {

// Where a piece stands in the value that it was cut from.
std::size_t offset_in(std::string_view value, std::string_view piece) {
  return static_cast<std::size_t>(piece.data() - value.data());
}

Result<std::uint32_t> number(std::string_view value, std::string_view digits, std::string_view what) {
  const auto parsed = parse_decimal(digits, max_capability_number, what);
  if (!parsed || *parsed == 0)
    return fail("expected " + std::string(what) + " from 1 to " + std::to_string(max_capability_number),
                offset_in(value, digits));
  return static_cast<std::uint32_t>(*parsed);
}

// The number in front and what follows it after white space.
Result<std::pair<std::uint32_t, std::string_view>> numbered(std::string_view value, std::string_view what,
                                                            std::string_view content) {
  const auto sides = split_once(value, ' ');
  SIPVET_TRY(const auto first, number(value, sides ? sides->first : value, what));
  const std::string_view rest = sides ? trim(sides->second) : std::string_view();
  if (rest.empty()) return fail("expected " + std::string(content) + " after the number", value.size());
  return std::pair(first, rest);
}

Result<std::vector<std::uint32_t>> numbers(std::string_view value, std::string_view list, char separator,
                                           std::string_view what) {
  std::vector<std::uint32_t> out;
  for (const std::string_view piece : split(list, separator)) {
    SIPVET_TRY(const auto each, number(value, piece, what));
    out.push_back(each);
  }
  return out;
}

constexpr std::string_view attribute_number = "the number of an attribute capability";
constexpr std::string_view protocol_number = "the number of a protocol capability";

// mo-att-cap-list (§3.5.1): "1,2", "1,[3,4]" or "[3]".
Result<AttributeChoice> parse_choice(std::string_view value, std::string_view text) {
  AttributeChoice choice;
  const auto bracket = text.find('[');
  std::string_view mandatory = text.substr(0, std::min(bracket, text.size()));
  if (bracket != text.npos) {
    std::string_view optional = text.substr(bracket + 1);
    if (!optional.ends_with(']'))
      return fail("expected ']' at the end of the optional attribute capabilities",
                  offset_in(value, text) + text.size());
    optional.remove_suffix(1);
    SIPVET_TRY(choice.optional, numbers(value, optional, ',', attribute_number));
    if (mandatory.empty()) return choice;
    if (!mandatory.ends_with(','))
      return fail("expected ',' before '['", offset_in(value, text) + mandatory.size());
    mandatory.remove_suffix(1);
  }
  SIPVET_TRY(choice.mandatory, numbers(value, mandatory, ',', attribute_number));
  return choice;
}

struct DeletedName {
  std::string_view text;
  Deleted deleted;
};
constexpr DeletedName deleted_names[] = {
    {"-m", Deleted::media}, {"-s", Deleted::session}, {"-ms", Deleted::both}};

Result<void> take_attributes(std::string_view value, std::string_view list, Configuration& out) {
  if (list.starts_with('-')) {
    const auto sides = split_once(list, ':');
    const std::string_view word = sides ? sides->first : list;
    const auto* const known =
        std::ranges::find_if(deleted_names, [&](const DeletedName& name) { return name.text == word; });
    if (known == std::end(deleted_names)) return fail("expected -m, -s or -ms", offset_in(value, word));
    out.deleted = known->deleted;
    if (!sides) return {};
    list = sides->second;
  }
  for (const std::string_view piece : split(list, '|')) {
    SIPVET_TRY(auto choice, parse_choice(value, piece));
    out.attributes.push_back(std::move(choice));
  }
  return {};
}

Result<void> take_list(std::string_view value, std::string_view word, Configuration& out) {
  const auto sides = split_once(word, '=');
  if (!sides || sides->first.empty() || sides->second.empty())
    return fail("expected a list such as a=1 or t=1", offset_in(value, word));
  const auto [name, list] = *sides;
  if (name == "a") return take_attributes(value, list, out);
  if (name == "t") {
    SIPVET_TRY(out.protocols, numbers(value, list, '|', protocol_number));
    return {};
  }
  const bool mandatory = name.starts_with('+');
  out.extensions.push_back({std::string(mandatory ? name.substr(1) : name), std::string(list), mandatory});
  return {};
}

std::string joined(const std::vector<std::uint32_t>& numbers, char separator) {
  std::string out;
  for (const std::uint32_t each : numbers) {
    if (!out.empty()) out += separator;
    out += std::to_string(each);
  }
  return out;
}

std::string to_string(const AttributeChoice& choice) {
  std::string out = joined(choice.mandatory, ',');
  if (choice.optional.empty()) return out;
  return out + (out.empty() ? "[" : ",[") + joined(choice.optional, ',') + ']';
}

std::string attribute_lists(const Configuration& configuration) {
  std::string out;
  for (const DeletedName& name : deleted_names)
    if (name.deleted == configuration.deleted) out = name.text;
  std::string lists;
  for (const AttributeChoice& choice : configuration.attributes)
    lists += (lists.empty() ? "" : "|") + to_string(choice);
  if (!out.empty() && !lists.empty()) out += ':';
  return out + lists;
}

} // namespace

Result<AttributeCapability> parse_attribute_capability(std::string_view value) {
  SIPVET_TRY(const auto parts, numbered(value, attribute_number, "an attribute"));
  const auto sides = split_once(parts.second, ':');
  AttributeCapability out;
  out.number = parts.first;
  out.attribute.name = sides ? sides->first : parts.second;
  if (out.attribute.name.empty())
    return fail("expected the name of an attribute", offset_in(value, parts.second));
  if (sides) out.attribute.value = sides->second;
  return out;
}

Result<std::vector<ProtocolCapability>> parse_protocol_capabilities(std::string_view value) {
  SIPVET_TRY(const auto parts, numbered(value, protocol_number, "a transport protocol"));
  std::vector<ProtocolCapability> out;
  std::uint64_t next = parts.first;
  for (const std::string_view protocol : split(parts.second, ' ')) {
    if (protocol.empty()) continue;
    if (next > max_capability_number)
      return fail("more protocols than numbers are left", offset_in(value, protocol));
    out.push_back({static_cast<std::uint32_t>(next++), std::string(protocol)});
  }
  return out;
}

Result<Configuration> parse_configuration(std::string_view value) {
  const auto words = split(value, ' ');
  Configuration out;
  SIPVET_TRY(out.number, number(value, words.front(), "a configuration number"));
  for (const std::string_view word : std::span(words).subspan(1)) {
    if (!word.empty()) SIPVET_CHECK(take_list(value, word, out));
  }
  return out;
}

std::vector<std::string> parse_option_tags(std::string_view value) {
  std::vector<std::string> out;
  for (const std::string_view tag : split(value, ','))
    if (!trim(tag).empty()) out.emplace_back(trim(tag));
  return out;
}

std::string to_string(const AttributeCapability& capability) {
  const Attribute& attribute = capability.attribute;
  return std::to_string(capability.number) + ' ' + attribute.name +
         (attribute.value ? ':' + *attribute.value : std::string());
}

std::string to_string(const Configuration& configuration) {
  std::string out = std::to_string(configuration.number);
  if (!configuration.protocols.empty()) out += " t=" + joined(configuration.protocols, '|');
  if (const std::string lists = attribute_lists(configuration); !lists.empty()) out += " a=" + lists;
  for (const ConfigurationExtension& extension : configuration.extensions)
    out += (extension.mandatory ? " +" : " ") + extension.name + '=' + extension.list;
  return out;
}

} // namespace sipvet::sdp
