// The key data sub-payloads inside KEMAC (RFC 3830 §6.13): TGKs and TEKs with their salts and validity.
#pragma once

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "mikey/id.hpp"
#include "mikey/key_validity.hpp"
#include "mikey/payload_type.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sipvet::mikey {

enum class KeyKind : std::uint8_t { tgk = 0, tgk_with_salt = 1, tek = 2, tek_with_salt = 3 };

inline bool has_salt(KeyKind kind) {
  return kind == KeyKind::tgk_with_salt || kind == KeyKind::tek_with_salt;
}
inline bool is_tgk(KeyKind kind) { return kind == KeyKind::tgk || kind == KeyKind::tgk_with_salt; }

struct KeyData {
  KeyKind kind = KeyKind::tgk;
  Bytes key;
  Bytes salt; // of the two kinds that have one
  KeyValidity validity;
  bool operator==(const KeyData&) const = default;
};

// The decrypted content of KEMAC. In public-key mode the initiator's identity comes first (§3.2); nothing in
// the message says so but the mode.
struct KeyChain {
  std::optional<Id> initiator;
  std::vector<KeyData> keys;
  bool operator==(const KeyChain&) const = default;
};

Result<KeyChain> parse_key_chain(ByteView plaintext, bool initiator_first);
Bytes write_key_chain(const KeyChain& chain);

// One sub-payload behind its next-payload octet.
Result<KeyData> parse_key_data(Reader& reader);
void write(Writer& writer, const KeyData& key);

} // namespace sipvet::mikey
