// The initiator's message of the public-key exchange (RFC 3830 §3.2): keys under an envelope key that the
// responder's RSA key opens, signed by the initiator. The verification message is that of mikey/response.hpp
// under the envelope key.
#pragma once

#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "mikey/init_message.hpp"

#include <optional>
#include <vector>

namespace sipvet::mikey {

inline constexpr std::size_t envelope_key_octets = 16;

struct PkSender {
  crypto::PrivateKey key;                 // RSA
  std::vector<crypto::Certificate> chain; // its own first; goes into the message. Empty: the plan's IDi does
  crypto::Certificate responder;          // whom the envelope is for
  bool name_envelope_key = true;          // CHASH: the hash of the responder's certificate
};

// I_MESSAGE = HDR, T, RAND, [IDi|CERTi], [IDr], {SP}, KEMAC, [CHASH], PKE, SIGNi, where KEMAC has IDi before
// the keys and a MAC of its own.
Result<InitMessage> seal_pk_init(const InitPlan& plan, const PkSender& sender, Random& random);

struct OpenedPkInit {
  InitMessage init;
  std::vector<crypto::Certificate>
      signer; // whose signature was right; whether it is trusted is for others to say
};

// What the key opens, without a look at the signature: for who has a key and a capture.
Result<InitMessage> open_pk_envelope(ByteView octets, const crypto::PrivateKey& responder);
// Checks the signature by the certificates in the message, or by `known` where it has none, and the MAC of
// KEMAC. Fails as well when the envelope is for another certificate than `own`.
Result<OpenedPkInit> open_pk_init(ByteView octets, const crypto::PrivateKey& responder,
                                  const std::optional<crypto::Certificate>& own,
                                  const std::vector<crypto::Certificate>& known);

} // namespace sipvet::mikey
