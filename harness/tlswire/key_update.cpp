#include "tlswire/key_update.hpp"

#include <string>

namespace sipvet::tlswire {

Result<KeyUpdate> parse_key_update(ByteView body) {
  if (body.size() != 1) return fail("expected a KeyUpdate of 1 octet, got " + std::to_string(body.size()), 0);
  if (body[0] > 1)
    return fail("expected update_not_requested(0) or update_requested(1), got " + std::to_string(body[0]), 0);
  return KeyUpdate{body[0] == 1};
}

Bytes write_key_update(const KeyUpdate& update) {
  return {static_cast<std::uint8_t>(update.update_requested ? 1 : 0)};
}

} // namespace sipvet::tlswire
