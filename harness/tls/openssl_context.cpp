#include "tls/openssl_context.hpp"

#include "base/endpoint.hpp"
#include "crypto/certificate.hpp"
#include "crypto/encode_der.hpp"
#include "crypto/hash.hpp"
#include "crypto/library_error.hpp"
#include "crypto/owned.hpp"
#include "crypto/rsa.hpp"
#include "tls/own_certificate.hpp"
#include "tlswire/suites.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

namespace sipvet::tls {
namespace {

using ContextPtr = crypto::Owned<SSL_CTX, SSL_CTX_free>;
using SslPtr = crypto::Owned<SSL, SSL_free>;
using X509Ptr = crypto::Owned<X509, X509_free>;
using KeyPtr = crypto::Owned<EVP_PKEY, EVP_PKEY_free>;
using SessionPtr = crypto::Owned<SSL_SESSION, SSL_SESSION_free>;
using Bio = crypto::Owned<BIO, BIO_free_all>;

Error refused(const std::string& what) { return fail(what + ": " + crypto::take_library_error()); }

X509Ptr library_certificate(const crypto::Certificate& certificate) {
  const unsigned char* at = certificate.der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
}

KeyPtr library_key(const crypto::PrivateKey& key) {
  const std::string pem = key.to_pem();
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

} // namespace

struct OpensslContext::Parts {
  ContextPtr ssl;
  KeyPtr key;
  std::mutex sessions_mutex;
  std::map<std::string, SessionPtr> sessions; // client, for resumption: by session_name
  std::vector<crypto::Certificate> roots;
};

namespace {

struct CipherLists {
  std::string before13; // OpenSSL's names
  std::string tls13;    // IANA's names
};

void add_to_list(std::string& list, std::string_view name) {
  if (!list.empty()) list += ':';
  list += name;
}

Result<CipherLists> split_ciphers(const Config& config) {
  CipherLists lists;
  for (const std::string& name : config.ciphers) {
    const tlswire::Suite* suite = tlswire::find_suite(name);
    if (suite != nullptr && suite->is_tls13()) {
      add_to_list(lists.tls13, name);
      continue;
    }
    const std::string openssl_name = OPENSSL_cipher_name(name.c_str());
    if (openssl_name == "(NONE)")
      return fail(suite != nullptr ? "the TLS library does not support the cipher suite " + name
                                   : "expected an IANA cipher suite name, got " + name);
    add_to_list(lists.before13, openssl_name);
  }
  return lists;
}

// The library skips names it was built without; a configuration that names one is told.
Result<void> check_all_taken(SSL_CTX* ssl, const Config& config) {
  const STACK_OF(SSL_CIPHER)* taken = SSL_CTX_get_ciphers(ssl);
  for (const std::string& name : config.ciphers) {
    bool found = false;
    for (int i = 0; i < sk_SSL_CIPHER_num(taken) && !found; ++i)
      found = name == SSL_CIPHER_standard_name(sk_SSL_CIPHER_value(taken, i));
    if (!found) return fail("the TLS library does not support the cipher suite " + name);
  }
  return {};
}

Result<void> set_versions(SSL_CTX* ssl, Version lowest, Version highest) {
  if (lowest > highest)
    return fail("no TLS version is left: from " + std::string(name(lowest)) + " to " +
                std::string(name(highest)));
  if (SSL_CTX_set_min_proto_version(ssl, static_cast<int>(lowest)) != 1 ||
      SSL_CTX_set_max_proto_version(ssl, static_cast<int>(highest)) != 1)
    return refused("the TLS library refused the versions");
  return {};
}

Result<void> set_ciphers_and_versions(SSL_CTX* ssl, const Config& config) {
  if (config.ciphers.empty()) {
    // Said in so many words, because the machine's configuration file may have set others.
    if (SSL_CTX_set_cipher_list(ssl, "DEFAULT") != 1) return refused("the TLS library has no cipher suites");
    return set_versions(ssl, config.min_version, config.max_version);
  }
  SIPVET_TRY(const CipherLists lists, split_ciphers(config));
  Version lowest = config.min_version;
  Version highest = config.max_version;
  if (lists.tls13.empty()) highest = std::min(highest, Version::tls1_2);
  if (lists.before13.empty()) lowest = Version::tls1_3;
  if (!lists.before13.empty() && SSL_CTX_set_cipher_list(ssl, lists.before13.c_str()) != 1) {
    crypto::take_library_error();
    return fail("the TLS library does not support " + config.ciphers.front());
  }
  if (SSL_CTX_set_ciphersuites(ssl, lists.tls13.c_str()) != 1)
    return refused("the TLS 1.3 suites " + lists.tls13);
  SIPVET_CHECK(check_all_taken(ssl, config));
  return set_versions(ssl, lowest, highest);
}

Result<void> set_certificate(OpensslContext::Parts& parts, const Config& config) {
  SIPVET_TRY(const auto own, read_own_certificate(config));
  const auto& chain = own.chain;
  if (chain.empty()) return {};
  SSL_CTX* ssl = parts.ssl.get();
  if (SSL_CTX_use_certificate(ssl, library_certificate(chain.front()).get()) != 1)
    return refused("the TLS library refused the certificate of " + chain.front().subject);
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(ssl, library_certificate(chain[i]).get()) != 1)
      return refused("the TLS library refused the certificate of " + chain[i].subject);
  }
  parts.key = library_key(*own.key);
  if (SSL_CTX_use_PrivateKey(ssl, parts.key.get()) != 1)
    return refused("the TLS library refused the private key");
  return {};
}

// The library hands the peer's certificates to the engine, which decides (peer_validation.hpp).
int verify_peer(X509_STORE_CTX* store, void*) {
  const auto* ssl =
      static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* sink = static_cast<const ConnectionSink*>(SSL_get_app_data(ssl));
  std::vector<Bytes> chain;
  if (const X509* leaf = X509_STORE_CTX_get0_cert(store)) chain.push_back(crypto::encode_der<i2d_X509>(leaf));
  const STACK_OF(X509)* rest = X509_STORE_CTX_get0_untrusted(store);
  for (int i = 0; rest != nullptr && i < sk_X509_num(rest); ++i) {
    Bytes der = crypto::encode_der<i2d_X509>(sk_X509_value(rest, i));
    if (chain.empty() || der != chain.front()) chain.push_back(std::move(der));
  }
  const int error = sink->judge(sink->user, chain);
  X509_STORE_CTX_set_error(store, error);
  return error == X509_V_OK ? 1 : 0;
}

Result<void> set_trust(OpensslContext::Parts& parts, const Config& config) {
  SSL_CTX* ssl = parts.ssl.get();
  SIPVET_TRY(parts.roots, read_trusted_roots(config));
  for (const crypto::Certificate& root : parts.roots) {
    if (config.role == Role::server) SSL_CTX_add_client_CA(ssl, library_certificate(root).get());
  }
  SSL_CTX_set_cert_verify_callback(ssl, verify_peer, nullptr);
  int mode = SSL_VERIFY_NONE;
  if (config.verify != Verify::none) mode = SSL_VERIFY_PEER;
  const bool required =
      config.verify == Verify::chain_required && !config.deviations.ignore_missing_certificate;
  if (required) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  SSL_CTX_set_verify(ssl, mode, nullptr);
  return {};
}

int context_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Keeps a client's newest session for its next connection to the same name.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* parts =
      static_cast<OpensslContext::Parts*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_index()));
  const auto* sink = static_cast<const ConnectionSink*>(SSL_get_app_data(ssl));
  const std::lock_guard lock(parts->sessions_mutex);
  parts->sessions[sink->session_name].reset(session);
  return 1; // the session is ours now
}

// RFC 6066 §3: a session belongs to the server name it was made under. The library does not see to that by
// itself, but resumes nothing of another session id context.
int bind_sessions_to_name(SSL* ssl, int*, void*) {
  const unsigned char* name = nullptr;
  std::size_t octets = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &name, &octets) != 1) octets = 0;
  const Bytes context = crypto::digest(crypto::Hash::sha256, {name, octets});
  SSL_set_session_id_context(ssl, context.data(), static_cast<unsigned>(context.size()));
  return SSL_CLIENT_HELLO_SUCCESS;
}

void set_resumption(OpensslContext::Parts& parts, const Config& config) {
  SSL_CTX* ssl = parts.ssl.get();
  if (!config.allow_resumption) {
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(ssl, 0);
    return;
  }
  static constexpr unsigned char id[] = "sipvet";
  SSL_CTX_set_session_id_context(ssl, id, sizeof id - 1);
  if (config.role == Role::server) {
    SSL_CTX_set_client_hello_cb(ssl, bind_sessions_to_name, nullptr);
    return;
  }
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_ex_data(ssl, context_index(), &parts);
  SSL_CTX_sess_set_new_cb(ssl, keep_session);
}

void give_keylog_line(const SSL* ssl, const char* line) {
  const auto* sink = static_cast<const ConnectionSink*>(SSL_get_app_data(ssl));
  sink->take_keylog_line(sink->user, line);
}

void note_message(int sent, int, int content_type, const void* data, std::size_t octets, SSL* ssl, void*) {
  const auto* sink = static_cast<const ConnectionSink*>(SSL_get_app_data(ssl));
  sink->note_message(sink->user, sent != 0, content_type, {static_cast<const std::uint8_t*>(data), octets});
}

Result<void> set_groups(SSL_CTX* ssl, const Config& config) {
  if (config.groups.empty()) return {};
  std::string list;
  for (const std::string& group : config.groups)
    add_to_list(list, group == "secp256r1" ? "P-256" : group == "x25519" ? "X25519" : group);
  if (SSL_CTX_set1_groups_list(ssl, list.c_str()) != 1)
    return refused("the TLS library refused the groups " + list);
  return {};
}

void set_options(SSL_CTX* ssl, const Config& config) {
  SSL_CTX_set_security_level(ssl, config.security_level);
  SSL_CTX_set_options(ssl, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  // Peers from before RFC 5746.
  if (config.security_level == 0) SSL_CTX_set_options(ssl, SSL_OP_LEGACY_SERVER_CONNECT);
  if (!config.encrypt_then_mac) SSL_CTX_set_options(ssl, SSL_OP_NO_ENCRYPT_THEN_MAC);
  if (!config.extended_master_secret) SSL_CTX_set_options(ssl, SSL_OP_NO_EXTENDED_MASTER_SECRET);
  // Left alone, a server of OpenSSL 3 refuses all that a client asks for.
  SSL_CTX_set_options(ssl, config.renegotiation == Renegotiation::refuse ? SSL_OP_NO_RENEGOTIATION
                                                                         : SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
  SSL_CTX_set_msg_callback(ssl, note_message);
  // Of one's own chain exactly what the configuration holds, nothing added from the trusted roots.
  SSL_CTX_set_mode(ssl, SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_dh_auto(ssl, 1);
  SSL_CTX_set_keylog_callback(ssl, give_keylog_line);
}

} // namespace

OpensslContext::OpensslContext(const Config& config) : config_(config), parts_(std::make_unique<Parts>()) {}
OpensslContext::~OpensslContext() = default;

Result<std::shared_ptr<const OpensslContext>> OpensslContext::make(const Config& config) {
  ERR_clear_error();
  const std::shared_ptr<OpensslContext> made(new OpensslContext(config));
  Parts& parts = *made->parts_;
  parts.ssl.reset(SSL_CTX_new(config.role == Role::server ? TLS_server_method() : TLS_client_method()));
  if (parts.ssl == nullptr) return refused("the TLS library has no memory");
  set_options(parts.ssl.get(), config);
  SIPVET_CHECK(set_ciphers_and_versions(parts.ssl.get(), config));
  SIPVET_CHECK(set_certificate(parts, config));
  SIPVET_CHECK(set_groups(parts.ssl.get(), config));
  SIPVET_CHECK(set_trust(parts, config));
  set_resumption(parts, config);
  return std::shared_ptr<const OpensslContext>(made);
}

std::vector<std::uint16_t> OpensslContext::suite_codes() const {
  std::vector<std::uint16_t> codes;
  const STACK_OF(SSL_CIPHER)* all = SSL_CTX_get_ciphers(parts_->ssl.get());
  for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i)
    codes.push_back(SSL_CIPHER_get_protocol_id(sk_SSL_CIPHER_value(all, i)));
  return codes;
}

const std::vector<crypto::Certificate>& OpensslContext::roots() const { return parts_->roots; }

ssl_st* OpensslContext::new_ssl(const std::string& server_name, ConnectionSink& sink) const {
  SslPtr ssl(SSL_new(parts_->ssl.get()));
  if (ssl == nullptr) return nullptr;
  SSL_set_app_data(ssl.get(), &sink);
  // RSA keys carry blinding factors from use to use. A key of its own makes what a connection draws from its
  // random source independent of the connections before it.
  if (parts_->key != nullptr) {
    const KeyPtr own(EVP_PKEY_dup(parts_->key.get()));
    if (own != nullptr) SSL_use_PrivateKey(ssl.get(), own.get());
  }
  if (config_.role == Role::server) {
    SSL_set_accept_state(ssl.get());
    return ssl.release();
  }
  SSL_set_connect_state(ssl.get());
  // RFC 6066 §3: addresses are no server names.
  if (!server_name.empty() && !parse_ip(server_name))
    SSL_set_tlsext_host_name(ssl.get(), server_name.c_str());
  const std::lock_guard lock(parts_->sessions_mutex);
  const auto known = parts_->sessions.find(sink.session_name);
  if (known != parts_->sessions.end()) SSL_set_session(ssl.get(), known->second.get());
  return ssl.release();
}

bool openssl_has_suite(const std::string& name) {
  static const std::set<std::string> names = [] {
    std::set<std::string> all;
    const ContextPtr ssl(SSL_CTX_new(TLS_method()));
    SSL_CTX_set_security_level(ssl.get(), 0);
    SSL_CTX_set_cipher_list(ssl.get(), "ALL:COMPLEMENTOFALL");
    const STACK_OF(SSL_CIPHER)* taken = SSL_CTX_get_ciphers(ssl.get());
    for (int i = 0; i < sk_SSL_CIPHER_num(taken); ++i)
      all.insert(SSL_CIPHER_standard_name(sk_SSL_CIPHER_value(taken, i)));
    return all;
  }();
  return names.contains(name);
}

} // namespace sipvet::tls
