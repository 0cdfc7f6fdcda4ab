// What a responder sends back under a shared key, pre-shared or from an envelope: the verification message
// and error messages (RFC 3830 §3.1, §3.2, §5.1.2).
#pragma once

#include "mikey/init_message.hpp"

#include <optional>
#include <vector>

namespace sipvet::mikey {

// What the MAC of a verification message was found to cover beside the message (§5.2).
enum class VerificationCover {
  identities_and_timestamp, // as §5.2 says; also when neither message names an identity
  timestamp_only,           // identities were named but left out, as libmikey does
  nothing,                  // the NULL MAC: it proves nothing
};

struct VerificationPlan {
  std::optional<Id> responder;
  // The map of the answer: the offer's, with the SSRCs that the responder knows.
  std::vector<SrtpId> sessions;
};

// R_MESSAGE = HDR, T, [IDr], V, with the initiator's timestamp. `key`: the pre-shared key, or the envelope
// key.
Result<Bytes> seal_verification(const InitMessage& init, const VerificationPlan& plan, ByteView key);

struct CheckedVerification {
  Message message;
  VerificationCover cover = VerificationCover::identities_and_timestamp;
};

// Fails on an error message (with its text), on another CSB ID or data type, without V, and when the MAC fits
// no cover. The NULL MAC will do only where the offer's MAC was NULL.
Result<CheckedVerification> open_verification(ByteView octets, const InitMessage& init, ByteView key);

// Error = HDR, T, {ERR}, [V] (§5.1.2): with V, keyed as a verification message, when a key is given.
Result<Bytes> seal_error(const InitMessage& init, ErrorNumber number, ByteView key = {});
// The same without V for a message that could be read but not opened; fails where it has no T to give back.
Result<Bytes> refuse_message(ByteView octets, ErrorNumber number);

// Whether an error message has a MAC that is right: without one anybody may have sent it, and it is a hint
// only (§5.1.2).
enum class ErrorProof { mac, none };
// "the other side refused the message: invalid timestamp (error 1)", and that nothing proves it.
Error refused_by_other_side(const ErrorPayload& error, ErrorProof proof);

} // namespace sipvet::mikey
