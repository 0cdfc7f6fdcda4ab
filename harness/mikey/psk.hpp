// The pre-shared key exchange (RFC 3830 §3.1): the initiator's message with its keys, and the verification
// message.
#pragma once

#include "mikey/key_data.hpp"
#include "mikey/message.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace sipvet::mikey {

// An initiator's message in the open: made by us, or received with the right MAC.
struct PskInit {
  Message message;
  Bytes octets;
  std::vector<KeyData> keys; // decrypted

  const Timestamp& timestamp() const { return *message.find<Timestamp>(); }
  const Rand& rand() const { return *message.find<Rand>(); }
};

// What goes into an initiator's message. Numbers that must be fresh (CSB ID, RAND, TGK) are the caller's
// business.
struct PskInitPlan {
  Header header; // the data type is set here
  Timestamp timestamp;
  Rand rand;
  std::optional<Id> initiator, responder;
  std::vector<SecurityPolicy> policies;
  std::vector<GeneralExtension> extensions;
  Encryption encryption = Encryption::aes_cm_128;
  Mac mac = Mac::hmac_sha1_160;
  std::vector<KeyData> keys;
};

// I_MESSAGE = HDR, T, RAND, [IDi], [IDr], {SP}, KEMAC
Result<PskInit> seal_psk_init(const PskInitPlan& plan, ByteView psk);
// Fails when T, RAND or KEMAC is missing or KEMAC is not last, when the MAC is NULL or wrong, and when the
// key data cannot be decrypted or make no sense.
Result<PskInit> open_psk_init(ByteView octets, ByteView psk);

// What the MAC of a verification message was found to cover beside the message (§5.2).
enum class VerificationCover {
  identities_and_timestamp, // as §5.2 says; also when neither message names an identity
  timestamp_only,           // identities were named but left out, as libmikey does
};

struct VerificationPlan {
  std::optional<Id> responder;
  // The map of the answer: the offer's, with the SSRCs that the responder knows.
  std::vector<SrtpId> sessions;
};

// R_MESSAGE = HDR, T, [IDr], V, with the initiator's timestamp.
Result<Bytes> seal_psk_verification(const PskInit& init, const VerificationPlan& plan, ByteView psk);

struct PskVerification {
  Message message;
  VerificationCover cover = VerificationCover::identities_and_timestamp;
};

// Fails on an error message (with its text), on another CSB ID or data type, without V, and when the MAC fits
// neither cover.
Result<PskVerification> open_psk_verification(ByteView octets, const PskInit& init, ByteView psk);

// Error = HDR, T, {ERR}, [V] (§5.1.2): with V, keyed as a verification message, when a key is given.
Result<Bytes> seal_psk_error(const PskInit& init, ErrorNumber number, ByteView psk = {});

} // namespace sipvet::mikey
