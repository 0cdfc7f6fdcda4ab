#include "sdp/session.hpp"

#include <algorithm>

namespace sipvet::sdp {

std::optional<std::string_view> AttributeList::value(std::string_view name) const {
  const auto found = std::find_if(begin(), end(), [&](const Attribute& a) { return a.name == name; });
  if (found == end()) return std::nullopt;
  return found->value ? std::string_view(*found->value) : std::string_view();
}

std::vector<std::string_view> AttributeList::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& attribute : *this) {
    if (attribute.name != name) continue;
    found.push_back(attribute.value ? std::string_view(*attribute.value) : std::string_view());
  }
  return found;
}

void AttributeList::remove(std::string_view name) {
  std::erase_if(*this, [&](const Attribute& a) { return a.name == name; });
}

} // namespace sipvet::sdp
