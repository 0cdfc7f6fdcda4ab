#include "keying/media_keys.hpp"

#include <algorithm>
#include <array>

namespace sipvet::keying {

namespace {

constexpr std::array<std::string_view, 3> exchange_names = {"sdes", "mikey", "dtls-srtp"};

bool same_master(const rtp::SrtpKey& one, const rtp::SrtpKey& other) {
  return one.master_key == other.master_key && one.master_salt == other.master_salt;
}

} // namespace

std::string_view name(KeyExchange exchange) { return exchange_names.at(static_cast<std::size_t>(exchange)); }

std::optional<KeyExchange> find_key_exchange(std::string_view name) {
  const auto* const found = std::find(exchange_names.begin(), exchange_names.end(), name);
  if (found == exchange_names.end()) return std::nullopt;
  return static_cast<KeyExchange>(found - exchange_names.begin());
}

bool repeats_key(const MediaKeys& keys) {
  const std::vector<rtp::SrtpKey>& remote = keys.remote.keys;
  return std::any_of(keys.local.keys.begin(), keys.local.keys.end(), [&](const rtp::SrtpKey& mine) {
    return std::any_of(remote.begin(), remote.end(),
                       [&](const rtp::SrtpKey& theirs) { return same_master(mine, theirs); });
  });
}

} // namespace sipvet::keying
