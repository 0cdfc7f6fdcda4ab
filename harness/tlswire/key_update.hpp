// KeyUpdate (RFC 8446 §4.6.3): from the next record on, the sender uses its next traffic secret.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace sipvet::tlswire {

struct KeyUpdate {
  bool update_requested = false;
};

Result<KeyUpdate> parse_key_update(ByteView body);
Bytes write_key_update(const KeyUpdate& update);

} // namespace sipvet::tlswire
