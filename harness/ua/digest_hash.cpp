#include "ua/digest_hash.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"

namespace sipvet::ua {

std::optional<sip::HexHash> digest_hash(std::string_view algorithm) {
  const std::optional<std::string> name = sip::hash_name(algorithm);
  if (name != "MD5" && name != "SHA-256") return std::nullopt;
  const crypto::Hash hash = name == "MD5" ? crypto::Hash::md5 : crypto::Hash::sha256;
  return [hash](std::string_view text) { return to_hex(crypto::digest(hash, as_bytes(text))); };
}

} // namespace sipvet::ua
