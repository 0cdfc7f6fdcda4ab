#include "keying/dtls_setup.hpp"

#include <algorithm>
#include <array>

namespace sipvet::keying {
namespace {

constexpr std::array<std::string_view, 4> names = {"active", "passive", "actpass", "holdconn"};

// RFC 4145 §4.1: offered and answered. Of several answers to one offer the first is ours where no preference
// decides.
struct Allowed {
  Setup offered, answered;
};
constexpr std::array<Allowed, 8> allowed = {{
    {Setup::active, Setup::passive},
    {Setup::active, Setup::holdconn},
    {Setup::passive, Setup::active},
    {Setup::passive, Setup::holdconn},
    {Setup::actpass, Setup::active},
    {Setup::actpass, Setup::passive},
    {Setup::actpass, Setup::holdconn},
    {Setup::holdconn, Setup::holdconn},
}};

} // namespace

std::string_view name(Setup setup) { return names.at(static_cast<std::size_t>(setup)); }

std::optional<Setup> find_setup(std::string_view text) {
  const auto* const found = std::ranges::find(names, text);
  return found == names.end() ? std::nullopt : std::optional(static_cast<Setup>(found - names.begin()));
}

bool may_answer(Setup offered, Setup answered) {
  return std::ranges::any_of(
      allowed, [&](const Allowed& row) { return row.offered == offered && row.answered == answered; });
}

Setup answer_to(Setup offered, Setup preferred) {
  if (may_answer(offered, preferred)) return preferred;
  return std::ranges::find(allowed, offered, &Allowed::offered)->answered;
}

std::optional<DtlsRole> role_of(Setup answered) {
  switch (answered) {
  case Setup::active:
    return DtlsRole::client;
  case Setup::passive:
    return DtlsRole::server;
  default:
    return std::nullopt;
  }
}

} // namespace sipvet::keying
