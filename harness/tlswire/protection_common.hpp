// What both directions of record protection share: checking of parameters, nonces, and the octets that a MAC
// or AEAD covers beside the data.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/cipher.hpp"
#include "tlswire/record_protection.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sipvet::tlswire {

constexpr std::size_t explicit_nonce_octets = 8; // RFC 5288 §3, RFC 6655 §3

Result<void> check_parameters(const ProtectionParameters& parameters);

crypto::BlockCipher block_cipher_of(SuiteCipher cipher); // of CBC suites
crypto::AeadCipher aead_cipher_of(SuiteCipher cipher);   // of AEAD suites

// TLS 1.2 GCM and CCM write half of the nonce into the record; ChaCha20 and TLS 1.3 do not.
bool has_explicit_nonce(const ProtectionParameters& parameters);
// TLS 1.1 and 1.2 CBC write the IV into the record; TLS 1.0 takes the last block before.
bool has_explicit_iv(const ProtectionParameters& parameters);

using Nonce = std::array<std::uint8_t, crypto::aead_nonce_octets>;
// RFC 5288 §3: fixed part, then the record's.
Nonce explicit_nonce(ByteView fixed, ByteView from_record);
// RFC 8446 §5.3, RFC 7905 §2: the IV xored with the sequence number.
Nonce xored_nonce(ByteView iv, std::uint64_t sequence);

// Sequence number, type, version, length (RFC 5246 §6.2.3.1 and §6.2.3.3).
using PseudoHeader = std::array<std::uint8_t, 13>;
PseudoHeader pseudo_header(std::uint64_t sequence, ContentType type, std::uint16_t version,
                           std::size_t length);
std::array<std::uint8_t, 8> sequence_octets(std::uint64_t sequence);

// RFC 8446 §5.2: the record's own header is the associated data.
using OuterHeader = std::array<std::uint8_t, record_header_octets>;
OuterHeader outer_header(std::uint16_t version, std::size_t length);

} // namespace sipvet::tlswire
