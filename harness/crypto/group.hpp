// The elliptic-curve groups that key exchange and keys of certificates use.
#pragma once

#include <string_view>

namespace sipvet::crypto {

// SEC 2 curves and RFC 7748's curve25519.
enum class Group { secp256r1, secp384r1, secp521r1, x25519 };
std::string_view name(Group group); // "secp256r1", as the IANA registry of supported groups prints it

} // namespace sipvet::crypto
