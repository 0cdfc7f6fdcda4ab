#include "dns/service_order.hpp"

#include <algorithm>

namespace sipvet::dns {

std::vector<Service> in_order(std::vector<Service> services, Random& random) {
  // RFC 2782: those of weight 0 stand first in each draw, so that a draw of 0 can mean them.
  std::ranges::stable_sort(services, [](const Service& a, const Service& b) {
    if (a.priority != b.priority) return a.priority < b.priority;
    return a.weight == 0 && b.weight != 0;
  });
  std::vector<Service> out;
  while (!services.empty()) {
    const auto end = std::ranges::find_if(
        services, [&](const Service& each) { return each.priority != services.front().priority; });
    std::uint64_t sum = 0;
    for (auto each = services.begin(); each != end; ++each) sum += each->weight;
    const std::uint64_t drawn = random.below(sum + 1);
    std::uint64_t running = 0;
    const auto chosen = std::find_if(services.begin(), end, [&](const Service& each) {
      running += each.weight;
      return running >= drawn;
    });
    out.push_back(std::move(*chosen));
    services.erase(chosen);
  }
  return out;
}

} // namespace sipvet::dns
