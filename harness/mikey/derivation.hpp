// Which keys MIKEY derives and under which labels (RFC 3830 §4.1.3 from a TGK, §4.1.4 from a pre-shared or
// envelope key).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "mikey/algorithms.hpp"

#include <cstddef>
#include <cstdint>

namespace sipvet::mikey {

// What every label of a message ends with.
struct DerivationContext {
  Prf prf = Prf::mikey_1;
  std::uint32_t csb_id = 0;
  Bytes rand;
};

// From a TGK, for one crypto session. SRTP takes the TEK as master key and the salt as master salt (§7.1).
enum class SessionUse { tek, authentication, encryption, salt };
Result<Bytes> derive_session_key(const DerivationContext& context, ByteView tgk, std::uint8_t cs_id,
                                 SessionUse use, std::size_t octets);

// From the pre-shared or envelope key, for the message itself.
enum class TransportUse { encryption, authentication, salt };
Result<Bytes> derive_transport_key(const DerivationContext& context, ByteView key, TransportUse use,
                                   std::size_t octets);

} // namespace sipvet::mikey
