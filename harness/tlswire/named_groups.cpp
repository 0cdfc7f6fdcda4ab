#include "tlswire/named_groups.hpp"

#include "tlswire/code_name.hpp"

#include <algorithm>
#include <array>

namespace sipvet::tlswire {
namespace {

constexpr std::array<NamedGroup, 10> groups{{
    {group::secp256r1, "secp256r1", 65, false},
    {group::secp384r1, "secp384r1", 97, false},
    {group::secp521r1, "secp521r1", 133, false},
    {group::x25519, "x25519", 32, false},
    {group::x448, "x448", 56, false},
    {group::ffdhe2048, "ffdhe2048", 256, true},
    {group::ffdhe3072, "ffdhe3072", 384, true},
    {group::ffdhe4096, "ffdhe4096", 512, true},
    {group::ffdhe6144, "ffdhe6144", 768, true},
    {group::ffdhe8192, "ffdhe8192", 1024, true},
}};

template <typename Matches>
const NamedGroup* find_if(Matches matches) {
  const auto* const at = std::find_if(groups.begin(), groups.end(), matches);
  return at != groups.end() ? at : nullptr;
}

} // namespace

std::span<const NamedGroup> all_named_groups() { return groups; }

const NamedGroup* find_named_group(std::uint16_t code) {
  return find_if([&](const NamedGroup& each) { return each.code == code; });
}

const NamedGroup* find_named_group(std::string_view name) {
  return find_if([&](const NamedGroup& each) { return each.name == name; });
}

std::string named_group_name(std::uint16_t code) {
  const NamedGroup* known = find_named_group(code);
  return known != nullptr ? std::string(known->name) : hex_code(code);
}

} // namespace sipvet::tlswire
