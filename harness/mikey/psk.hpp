// The initiator's message of the pre-shared key exchange (RFC 3830 §3.1).
#pragma once

#include "mikey/init_message.hpp"

namespace sipvet::mikey {

// I_MESSAGE = HDR, T, RAND, [IDi], [IDr], {SP}, KEMAC
Result<InitMessage> seal_psk_init(const InitPlan& plan, ByteView psk);

enum class MacCheck {
  required,
  null_allowed, // the NULL MAC will do, which proves nothing and which some devices send
  skipped,      // a deviation
};

// Fails when T, RAND or KEMAC is missing or KEMAC is not last, when the MAC is wrong, or NULL and that is not
// allowed, and when the key data cannot be decrypted or make no sense.
Result<InitMessage> open_psk_init(ByteView octets, ByteView psk, MacCheck check = MacCheck::required);

} // namespace sipvet::mikey
