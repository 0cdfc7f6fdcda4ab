#include "mikey/signing.hpp"

#include "crypto/signature.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

constexpr auto algorithm = crypto::SignatureAlgorithm::rsa_pkcs1_sha1;

} // namespace

Result<Bytes> sign_message(Message& message, const crypto::PrivateKey& key, Random& random) {
  // The signature is over the message without its value; the length in front of it is covered.
  Sign sign{SignatureType::rsa_pkcs1, Bytes(key.bits() / 8)};
  message.payloads.emplace_back(sign);
  Bytes octets = write_message(message);
  octets.resize(octets.size() - sign.signature.size());
  SIPVET_TRY(const Bytes signature, crypto::sign(key, algorithm, octets, random));
  append(octets, signature);
  std::get<Sign>(message.payloads.back()).signature = signature;
  return octets;
}

Result<std::vector<crypto::Certificate>> certificates_in(const Message& message) {
  std::vector<crypto::Certificate> chain;
  for (const Certificate& payload : message.all<Certificate>()) {
    if (payload.certificate_type == CertificateType::x509_url) continue;
    auto parsed = crypto::parse_certificate(payload.data);
    if (!parsed) return fail("certificate in the message: " + to_string(parsed.error()));
    chain.push_back(std::move(*parsed));
  }
  return chain;
}

std::vector<Certificate> certificate_payloads(const std::vector<crypto::Certificate>& chain) {
  std::vector<Certificate> out;
  for (const crypto::Certificate& certificate : chain)
    out.push_back({CertificateType::x509, certificate.der});
  return out;
}

Result<void> check_signature(ByteView octets, const Message& message, const crypto::Certificate& signer) {
  const auto* sign = message.payloads.empty() ? nullptr : std::get_if<Sign>(&message.payloads.back());
  if (sign == nullptr)
    return fail(fmt::format("{} does not end with {}", to_string(message.header.data_type),
                            to_string(PayloadType::sign)));
  const std::size_t at = octets.size() - sign->signature.size();
  if (sign->signature_type != SignatureType::rsa_pkcs1)
    return fail(fmt::format("signature type {} is not supported, expected 0 (RSA, PKCS#1 v1.5)",
                            static_cast<unsigned>(sign->signature_type)),
                at - 2);
  if (crypto::verify(signer, algorithm, octets.first(at), sign->signature)) return {};
  return fail(fmt::format("the signature is not that of {}, or the message was changed", signer.subject), at);
}

Result<std::vector<crypto::Certificate>> check_signed(ByteView octets, const Message& message,
                                                      const std::vector<crypto::Certificate>& known) {
  SIPVET_TRY(std::vector<crypto::Certificate> chain, certificates_in(message));
  if (chain.empty()) chain = known;
  if (chain.empty())
    return fail("the message has no certificate, and none is known to check its signature by");
  SIPVET_CHECK(check_signature(octets, message, chain.front()));
  return chain;
}

} // namespace sipvet::mikey
