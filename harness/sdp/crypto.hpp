// The SDES attribute `a=crypto` (RFC 4568 §9 grammar): tag, suite, key parameters, session parameters.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sdp {

struct Mki {
  std::uint64_t value = 0;  // of the first 8 octets at most; longer identifiers keep their text in `digits`
  std::string digits;       // decimal, as written (§6.1)
  std::uint32_t octets = 0; // 1 to 128
};

struct Lifetime {
  std::uint64_t packets = 0; // at most 2^48
  bool power_of_two = false; // written as 2^n
};

struct InlineKey {
  Bytes key_and_salt;
  std::string base64;           // as written
  bool padding_missing = false; // devices leave out the `=`; accepted, and a finding
  std::optional<Lifetime> lifetime;
  std::optional<Mki> mki;
};

struct SessionParameter {
  std::string name; // KDR, UNENCRYPTED_SRTP, UNENCRYPTED_SRTCP, UNAUTHENTICATED_SRTP, FEC_ORDER, FEC_KEY,
                    // WSH, or unknown
  std::optional<std::string> value;
  bool mandatory() const {
    return name.empty() || name.front() != '-';
  } // §6.3.7: "-" marks an optional extension
};

struct Crypto {
  std::uint32_t tag = 0; // 0 to 999999999
  std::string suite;     // as written; whether it is known is the keying layer's business
  std::vector<InlineKey> keys;
  std::vector<SessionParameter> parameters;
  std::size_t line = 0; // of the description that it stood in, from 1; 0 for one made here
};

// The value of the attribute, without "a=crypto:". Offsets count from its start.
Result<Crypto> parse_crypto(std::string_view value);
std::string to_string(const Crypto& crypto);

// Parts of it, as settings write them: "2^20" or "1048576"; "KDR=4", "-NEW=x".
Result<Lifetime> parse_lifetime(std::string_view text);
Result<SessionParameter> parse_session_parameter(std::string_view text);

} // namespace sipvet::sdp
