// Certificates in words, to stand before their PEM blocks or on a terminal.
#pragma once

#include "crypto/certificate.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sipvet::crypto {

// "label: value" lines, each ending in a line end. Names come from strangers: control characters and runs of
// hyphens in them are escaped, so that no line can be taken for the beginning of a PEM block.
std::string certificate_text(const Certificate& certificate);

// "RSA, 2048 bits" or "EC, secp256r1".
std::string key_text(KeyType type, std::size_t bits, std::optional<Group> curve);
// What a stranger wrote, made safe for one line as said above.
std::string one_line(std::string_view text);
// "DNS gw.example.com, URI sip:example.com, IP 192.0.2.1"; empty when there are none.
std::string names_text(std::span<const std::string> dns_names, std::span<const std::string> uris,
                       std::span<const std::string> ips);
// "AB:01:…"
std::string fingerprint_text(ByteView hash);

// Each certificate's text and PEM block, an empty line after each: what PEM readers read as the blocks alone.
std::string pem_with_text(std::span<const Certificate> certificates);

} // namespace sipvet::crypto
