#include "tls/openssl_failure.hpp"

#include "tls/handshake_trace.hpp"
#include "tlswire/alert.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <string_view>

namespace sipvet::tls {
namespace {

struct Sentence {
  int reason;
  std::string_view text;
};
constexpr std::array<Sentence, 16> sentences{{
    {SSL_R_NO_SHARED_CIPHER, no_common_suite},
    {SSL_R_NO_CIPHERS_AVAILABLE, "no cipher suite can be offered at these versions and this security level"},
    {SSL_R_WRONG_CIPHER_RETURNED, "the peer chose a cipher suite that was not offered"},
    {SSL_R_UNKNOWN_CIPHER_RETURNED, "the peer chose a cipher suite that is not known"},
    {SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, "the peer presented no certificate"},
    {SSL_R_NO_SHARED_GROUPS, "no common key exchange group"},
    {SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, "no common signature algorithm"},
    {SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, "no common signature algorithm"},
    {SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "a record from the peer does not decrypt: bad record MAC"},
    {SSL_R_DIGEST_CHECK_FAILED, "the peer's Finished message does not fit the handshake"},
    {SSL_R_UNEXPECTED_MESSAGE, "the peer sent a handshake message out of order"},
    {SSL_R_UNEXPECTED_RECORD, "the peer sent a record out of order"},
    {SSL_R_EE_KEY_TOO_SMALL, "the peer's key is too short for the security level"},
    {SSL_R_NO_SRTP_PROFILES, "no common SRTP protection profile"},
    {SSL_R_BAD_SRTP_PROTECTION_PROFILE_LIST,
     "the peer chose an SRTP protection profile that was not offered"},
    {SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, "the peer does not support secure renegotiation (RFC 5746)"},
}};

bool is_version_reason(int reason) {
  return reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_NO_PROTOCOLS_AVAILABLE ||
         reason == SSL_R_VERSION_TOO_LOW || reason == SSL_R_VERSION_TOO_HIGH ||
         reason == SSL_R_WRONG_SSL_VERSION || reason == SSL_R_UNKNOWN_PROTOCOL;
}

// The sentence of one error, empty when it says nothing to a person.
std::string sentence_of(unsigned long code, const ssl_st* ssl) {
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) return {};
  const int reason = ERR_GET_REASON(code);
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return std::string("the peer's certificate is refused: ") +
           X509_verify_cert_error_string(SSL_get_verify_result(ssl));
  if (is_version_reason(reason)) return std::string(no_common_version);
  for (const Sentence& sentence : sentences) {
    if (sentence.reason == reason) return std::string(sentence.text);
  }
  return {};
}

} // namespace

std::string describe_failure(const ssl_st* ssl, bool established, const std::optional<Alert>& received) {
  // The queue goes from the cause to what it led to: the first that means something to a person, else the
  // last.
  std::string known;
  unsigned long last = 0;
  for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
    if (known.empty()) known = sentence_of(code, ssl);
    last = code;
  }
  if (received)
    return std::string("the peer ended the ") + (established ? "connection" : "handshake") +
           " with the alert " + tlswire::alert_name(received->description);
  if (!known.empty()) return known;
  const char* text = last != 0 ? ERR_reason_error_string(last) : nullptr;
  return std::string("TLS failed: ") + (text != nullptr ? text : "the library gave no reason");
}

} // namespace sipvet::tls
