// The Diffie-Hellman exchange (RFC 3830 §3.3): both sides sign their public values, and the TGK is the shared
// secret.
#pragma once

#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "crypto/modp.hpp"
#include "mikey/init_message.hpp"

#include <optional>
#include <vector>

namespace sipvet::mikey {

// Nothing for numbers that are not in table 6.4.a.
std::optional<crypto::ModpGroup> modp_group(DhGroup group);
DhGroup dh_group(crypto::ModpGroup group);

struct DhParty {
  crypto::PrivateKey key;                 // RSA: signs
  std::vector<crypto::Certificate> chain; // its own first; goes into the message
  std::optional<Id> identity;             // goes into the message where there is no chain
};

// I_MESSAGE = HDR, T, RAND, [IDi|CERTi], [IDr], {SP}, DHi, SIGNi. The plan's keys, encryption and MAC have no
// place in it. `validity` is that of the TGK (§6.4).
Result<InitMessage> seal_dh_init(const InitPlan& plan, const crypto::ModpKey& own, const DhParty& party,
                                 Random& random, const KeyValidity& validity = {});

struct OpenedDhMessage {
  InitMessage init;
  std::vector<crypto::Certificate>
      signer; // whose signature was right; whether it is trusted is for others to say
};
// Fails without T, RAND or DHi, on a group that is not known, and when the signature is not that of the first
// certificate in the message, or of `known` where it has none.
Result<OpenedDhMessage> open_dh_init(ByteView octets, const std::vector<crypto::Certificate>& known);

// R_MESSAGE = HDR, T, [IDr|CERTr], IDi, DHr, DHi, SIGNr. Where the offer has a certificate in place of IDi,
// IDi names its subject; where it has neither, IDi is left out.
Result<Bytes> seal_dh_response(const InitMessage& init, const std::vector<SrtpId>& sessions,
                               const crypto::ModpKey& own, const DhParty& party, Random& random);

struct OpenedDhResponse {
  Message message;
  Bytes value; // DHr
  std::vector<crypto::Certificate> signer;
};
// Fails on an error message (with its text), on another CSB ID, timestamp or data type, when DHi is not what
// the offer had or DHr is of another group, and when the signature is wrong.
Result<OpenedDhResponse> open_dh_response(ByteView octets, const InitMessage& init,
                                          const std::vector<crypto::Certificate>& known);

// The TGK of the exchange as one key with the validity that the initiator gave it.
Result<KeyData> agree_dh(const InitMessage& init, const crypto::ModpKey& own, ByteView other_value);

} // namespace sipvet::mikey
