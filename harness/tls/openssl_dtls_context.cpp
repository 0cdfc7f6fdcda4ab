#include "tls/openssl_dtls_context.hpp"

#include "crypto/encode_der.hpp"
#include "crypto/library_error.hpp"
#include "crypto/owned.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sipvet::tls {
namespace {

using Bio = crypto::Owned<BIO, BIO_free_all>;
using X509Ptr = crypto::Owned<X509, X509_free>;
using KeyPtr = crypto::Owned<EVP_PKEY, EVP_PKEY_free>;

Error refused(const std::string& what) { return fail(what + ": " + crypto::take_library_error()); }

// OpenSSL's own names.
constexpr std::array<std::pair<tlswire::SrtpProfile, const char*>, 4> library_profiles{{
    {tlswire::SrtpProfile::aes128_cm_hmac_sha1_80, "SRTP_AES128_CM_SHA1_80"},
    {tlswire::SrtpProfile::aes128_cm_hmac_sha1_32, "SRTP_AES128_CM_SHA1_32"},
    {tlswire::SrtpProfile::aead_aes_128_gcm, "SRTP_AEAD_AES_128_GCM"},
    {tlswire::SrtpProfile::aead_aes_256_gcm, "SRTP_AEAD_AES_256_GCM"},
}};

Result<void> set_profiles(SSL_CTX* context, const DtlsConfig& config) {
  if (config.profiles.empty()) return fail("expected one SRTP protection profile or more");
  if (config.deviations.no_use_srtp) return {};
  std::string list;
  for (const tlswire::SrtpProfile profile : config.profiles) {
    const auto* const row =
        std::ranges::find(library_profiles, profile, &std::pair<tlswire::SrtpProfile, const char*>::first);
    if (row == library_profiles.end())
      return fail("the TLS library does not support " + std::string(info(profile).name));
    list += (list.empty() ? "" : ":") + std::string(row->second);
  }
  if (SSL_CTX_set_tlsext_use_srtp(context, list.c_str()) != 0)
    return refused("the TLS library refused the SRTP protection profiles " + list);
  return {};
}

Result<void> set_certificate(SSL_CTX* context, const DtlsConfig& config) {
  if (config.role == Role::client && config.deviations.no_certificate) return {};
  const auto text = [](const std::string& pem) {
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  };
  const X509Ptr certificate(PEM_read_bio_X509(text(config.certificate_pem).get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return refused("the certificate for DTLS cannot be read");
  const KeyPtr key(PEM_read_bio_PrivateKey(text(config.private_key_pem).get(), nullptr, nullptr, nullptr));
  if (key == nullptr) return refused("the private key for DTLS cannot be read");
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return refused("the TLS library refused certificate or key");
  return {};
}

Result<void> set_ciphers_and_versions(SSL_CTX* context, const DtlsConfig& config) {
  if (SSL_CTX_set_min_proto_version(context, static_cast<int>(config.min_version)) != 1 ||
      SSL_CTX_set_max_proto_version(context, static_cast<int>(config.max_version)) != 1 ||
      config.min_version < config.max_version) // the numbers of DTLS go down
    return refused("no DTLS version is left: from " + std::string(name(config.min_version)) + " to " +
                   std::string(name(config.max_version)));
  // DTLS 1.0 signs with SHA-1.
  SSL_CTX_set_security_level(context, config.min_version == DtlsVersion::dtls1_0 ? 0 : 1);
  std::string list;
  for (const std::string& cipher : config.ciphers) {
    const std::string own = OPENSSL_cipher_name(cipher.c_str());
    if (own == "(NONE)") return fail("the TLS library does not support the cipher suite " + cipher);
    list += (list.empty() ? "" : ":") + own;
  }
  if (SSL_CTX_set_cipher_list(context, list.empty() ? "DEFAULT" : list.c_str()) != 1)
    return refused("the TLS library has none of the cipher suites " + list);
  return {};
}

int verify_peer(X509_STORE_CTX* store, void*) {
  const auto* ssl =
      static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const Bytes der = crypto::encode_der<i2d_X509>(X509_STORE_CTX_get0_cert(store));
  const bool fine = !der.empty() && sink_of(ssl).judge(der);
  X509_STORE_CTX_set_error(store, fine ? X509_V_OK : X509_V_ERR_CERT_REJECTED); // bad_certificate
  return fine ? 1 : 0;
}

// RFC 5764 §4.1.1: without a profile in common the library goes on, and there would be no keys for the media.
int want_common_profile(SSL* ssl, int* alert, void*) {
  const unsigned char* octets = nullptr;
  std::size_t count = 0;
  *alert = SSL_AD_HANDSHAKE_FAILURE;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_use_srtp, &octets, &count) != 1) {
    ERR_raise(ERR_LIB_SSL, SSL_R_NO_SRTP_PROFILES);
    return SSL_CLIENT_HELLO_ERROR;
  }
  const auto offered = tlswire::parse_use_srtp({octets, count});
  const STACK_OF(SRTP_PROTECTION_PROFILE)* own = SSL_get_srtp_profiles(ssl);
  for (int i = 0; offered && i < sk_SRTP_PROTECTION_PROFILE_num(own); ++i) {
    const auto id = static_cast<std::uint16_t>(sk_SRTP_PROTECTION_PROFILE_value(own, i)->id);
    if (std::ranges::find(offered->profiles, id) != offered->profiles.end()) return SSL_CLIENT_HELLO_SUCCESS;
  }
  ERR_raise(ERR_LIB_SSL, SSL_R_NO_SRTP_PROFILES);
  return SSL_CLIENT_HELLO_ERROR;
}

void give_keylog_line(const SSL* ssl, const char* line) { sink_of(ssl).take_keylog_line(line); }

void note_message(int sent, int, int content_type, const void* data, std::size_t octets, SSL* ssl, void*) {
  sink_of(ssl).note_message(sent != 0, content_type, {static_cast<const std::uint8_t*>(data), octets});
}

} // namespace

DtlsSink& sink_of(const ssl_st* ssl) { return *static_cast<DtlsSink*>(SSL_get_app_data(ssl)); }

Result<DtlsContextPtr> make_dtls_context(const DtlsConfig& config) {
  ERR_clear_error();
  SSL_CTX* context = SSL_CTX_new(config.role == Role::server ? DTLS_server_method() : DTLS_client_method());
  if (context == nullptr) return refused("the TLS library has no memory");
  const DtlsContextPtr made(context, SSL_CTX_free);
  SIPVET_CHECK(set_ciphers_and_versions(context, config));
  SIPVET_CHECK(set_certificate(context, config));
  SIPVET_CHECK(set_profiles(context, config));
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_cert_verify_callback(context, verify_peer, nullptr);
  // RFC 5763 §5: the passive side asks for a certificate, and both verify.
  const int needed = config.deviations.no_certificate_needed ? 0 : SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | needed, nullptr);
  if (config.role == Role::server && !config.deviations.no_use_srtp)
    SSL_CTX_set_client_hello_cb(context, want_common_profile, nullptr);
  SSL_CTX_set_msg_callback(context, note_message);
  SSL_CTX_set_keylog_callback(context, give_keylog_line);
  return made;
}

} // namespace sipvet::tls
