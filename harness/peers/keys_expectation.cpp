#include "peers/keys_expectation.hpp"

#include "rtp/telephone_event.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

namespace {
constexpr std::string_view none = "none";
}

Result<void> check_keys(std::string_view keys) {
  if (keys.empty()) return fail("expected keys of a telephone");
  if (keys == none) return {};
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (!rtp::event_of_key(keys[i]))
      return fail(fmt::format("'{}' is no key of a telephone: expected 0-9, *, #, A-D", keys[i]));
  return {};
}

std::string keys_of(std::string_view wanted) {
  std::string out;
  if (wanted == none) return out;
  for (const char key : wanted) {
    const auto event = rtp::event_of_key(key);
    if (event) out.push_back(rtp::key_of_event(*event).value_or(key));
  }
  return out;
}

std::optional<Findings> compare_keys(const script::Step& step, const std::string& wanted,
                                     const std::string& heard) {
  const std::string expected = keys_of(wanted);
  if (heard == expected) return Findings{};
  if (expected.starts_with(heard)) return std::nullopt;
  return Findings{step_finding(step, "dtmf",
                               fmt::format("{} has heard other digits than expected.", step.actor), wanted,
                               heard.empty() ? std::string(none) : heard)};
}

} // namespace sipvet::peers
