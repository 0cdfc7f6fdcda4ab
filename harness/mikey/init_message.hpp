// An initiator's message in the open, whatever protects it: its payloads, its octets and the keys it brings.
#pragma once

#include "mikey/key_data.hpp"
#include "mikey/message.hpp"
#include "mikey/transport.hpp"

#include <optional>
#include <vector>

namespace sipvet::mikey {

// Made by us, or received and found authentic.
struct InitMessage {
  Message message;
  Bytes octets;
  std::vector<KeyData> keys; // decrypted; a Diffie-Hellman exchange has none until its answer came
  Bytes envelope_key = {};   // of a public-key message: what stands in for the pre-shared key
  std::optional<Id> encrypted_initiator = {}; // of a public-key message: the identity inside KEMAC
  const Timestamp& timestamp() const { return *message.find<Timestamp>(); }
  const Rand& rand() const { return *message.find<Rand>(); }
};

// What goes into an initiator's message. Numbers that must be fresh (CSB ID, RAND, TGK) are the caller's
// business.
struct InitPlan {
  Header header; // the data type is set by who seals
  Timestamp timestamp;
  Rand rand;
  std::optional<Id> initiator, responder;
  std::vector<SecurityPolicy> policies;
  std::vector<GeneralExtension> extensions;
  Encryption encryption = Encryption::aes_cm_128;
  Mac mac = Mac::hmac_sha1_160;
  std::vector<KeyData> keys;
};

// HDR, T, RAND, then certificates or IDi, [IDr], {SP} and extensions: how every initiator's message begins
// (RFC 3830 §3.1 to §3.3).
Message begin_message(const InitPlan& plan, DataType type, const std::vector<Certificate>& certificates = {});

// What protects a message under `key`, a pre-shared or an envelope key (§4.2.3, §4.2.4).
TransportContext transport_context(const InitMessage& init, ByteView key);

Result<void> check_data_type(const Header& header, DataType expected);
// T and RAND, without which nothing can be derived.
Result<void> check_fresh(const Message& message);
Error missing(const Message& message, PayloadType type);

template <typename P>
Result<const P*> require(const Message& message) {
  if (const P* found = message.find<P>()) return found;
  return missing(message, P::type);
}

} // namespace sipvet::mikey
