// Signatures over MIKEY messages, with the certificate chains that they are checked by (RFC 3830 §4.2.6,
// §5.2, §6.5).
#pragma once

#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "mikey/message.hpp"

#include <vector>

namespace sipvet::mikey {

// Writes the message with SIGN behind it: RSA with PKCS#1 v1.5 padding over SHA-1, which every implementation
// has (§4.2.6).
Result<Bytes> sign_message(Message& message, const crypto::PrivateKey& key, Random& random);

// The CERT payloads that carry certificates themselves, in order; addresses of certificates are passed over.
// Fails on one that cannot be read.
Result<std::vector<crypto::Certificate>> certificates_in(const Message& message);
std::vector<Certificate> certificate_payloads(const std::vector<crypto::Certificate>& chain);

// Whether `signer` signed: SIGN must be the last payload and cover everything before its value.
Result<void> check_signature(ByteView octets, const Message& message, const crypto::Certificate& signer);
// The same by the first certificate in the message, or where it has none by `known`; gives the signer's
// chain.
Result<std::vector<crypto::Certificate>> check_signed(ByteView octets, const Message& message,
                                                      const std::vector<crypto::Certificate>& known);

} // namespace sipvet::mikey
