#include "tlswire/downgrade.hpp"

#include "tlswire/version.hpp"

#include <algorithm>
#include <array>

namespace sipvet::tlswire {
namespace {

using Mark = std::array<std::uint8_t, 8>;
// "DOWNGRD" and one octet more.
constexpr Mark mark_of_tls12{0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01};
constexpr Mark mark_of_tls11{0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x00};

bool ends_with(const HelloRandom& random, const Mark& mark) {
  return std::equal(mark.rbegin(), mark.rend(), random.rbegin());
}

} // namespace

void mark_downgrade(HelloRandom& server_random, std::uint16_t negotiated_version) {
  if (negotiated_version >= tls1_3) return;
  const Mark& mark = negotiated_version == tls1_2 ? mark_of_tls12 : mark_of_tls11;
  std::copy(mark.rbegin(), mark.rend(), server_random.rbegin());
}

Downgrade find_downgrade(const HelloRandom& server_random) {
  if (ends_with(server_random, mark_of_tls12)) return Downgrade::to_tls12;
  if (ends_with(server_random, mark_of_tls11)) return Downgrade::to_tls11_or_older;
  return Downgrade::none;
}

} // namespace sipvet::tlswire
