// What properties and deviations have in common when they are read: a name, how its value becomes a field,
// and what to say when it does not.
#pragma once

#include "script/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

// Nothing, or what is wrong with the value: "expected …, found …".
using Complaint = std::optional<std::string>;

Complaint read_text(const script::Value& value, std::string& field);
Complaint read_boolean(const script::Value& value, bool& field);
Complaint read_integer(const script::Value& value, std::int64_t lowest, std::int64_t highest,
                       std::int64_t& field);
Complaint read_duration(const script::Value& value, Duration& field);
// A YAML list, or one text with commas as gw.properties writes lists; blanks around elements do not count.
Complaint read_list(const script::Value& value, std::vector<std::string>& field);
// One of `choices`; the nearest is named when it is none.
Complaint check_choice(const std::string& text, const std::vector<std::string>& choices);

// "unknown property 'x': did you mean 'y'?"
std::string unknown_name(std::string_view kind, const std::string& name,
                         const std::vector<std::string>& known);

} // namespace sipvet::gateway
