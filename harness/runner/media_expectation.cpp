#include "runner/media_expectation.hpp"

#include <fmt/format.h>

#include <numeric>

namespace sipvet::runner {

namespace {

using Dropped = std::map<ua::MediaDrop, std::uint64_t>;

std::uint64_t sum(const Dropped& dropped) {
  return std::accumulate(dropped.begin(), dropped.end(), std::uint64_t{0},
                         [](std::uint64_t total, const auto& entry) { return total + entry.second; });
}

std::optional<std::uint64_t> count(const script::Value& map, std::string_view key) {
  const script::Value* value = map.find(key);
  const auto number = value == nullptr ? std::nullopt : script::as_integer(*value);
  return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

Dropped without_zeros(Dropped dropped) {
  std::erase_if(dropped, [](const auto& entry) { return entry.second == 0; });
  return dropped;
}

} // namespace

bool ExpectedMedia::all_came(const ua::MediaCounters& counters) const {
  const std::uint64_t expected = packets.value_or(0) + reports.value_or(0) + sum(dropped) +
                                 checks_answered.value_or(0) + checks_confirmed.value_or(0);
  const std::uint64_t came = (packets ? counters.rtp_accepted : 0) + (reports ? counters.rtcp_accepted : 0) +
                             (checks_answered ? counters.checks_answered : 0) +
                             (checks_confirmed ? counters.checks_confirmed : 0) + sum(counters.dropped);
  return came >= expected;
}

bool ExpectedMedia::matches(const ua::MediaCounters& counters) const {
  return packets.value_or(counters.rtp_accepted) == counters.rtp_accepted &&
         reports.value_or(counters.rtcp_accepted) == counters.rtcp_accepted &&
         checks_answered.value_or(counters.checks_answered) == counters.checks_answered &&
         checks_confirmed.value_or(counters.checks_confirmed) == counters.checks_confirmed &&
         without_zeros(dropped) == without_zeros(counters.dropped);
}

std::string ExpectedMedia::describe() const {
  std::string out;
  const auto add = [&](std::string part) { out += (out.empty() ? "" : ", ") + std::move(part); };
  if (packets) add(fmt::format("{} RTP packets accepted", *packets));
  if (reports) add(fmt::format("{} RTCP packets accepted", *reports));
  if (checks_answered) add(fmt::format("{} STUN checks answered", *checks_answered));
  if (checks_confirmed) add(fmt::format("{} STUN checks confirmed", *checks_confirmed));
  for (const auto& [why, number] : dropped) add(fmt::format("{} dropped ({})", number, ua::name(why)));
  if (dropped.empty()) add("none dropped");
  return out;
}

ExpectedMedia read_expected_media(const script::Value& map) {
  ExpectedMedia out;
  out.packets = count(map, "packets");
  out.reports = count(map, "reports");
  out.checks_answered = count(map, "checks-answered");
  out.checks_confirmed = count(map, "checks-confirmed");
  const script::Value* dropped = map.find("dropped");
  if (dropped == nullptr) return out;
  for (const script::MapEntry& entry : dropped->entries)
    if (const auto why = ua::find_media_drop(entry.key))
      out.dropped[*why] = count(*dropped, entry.key).value_or(0);
  return out;
}

} // namespace sipvet::runner
