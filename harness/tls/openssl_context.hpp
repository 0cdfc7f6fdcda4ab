// A configuration turned into OpenSSL's objects, for the engines made from it. Used by the openssl_* files
// only.
#pragma once

#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "tls/engine.hpp"

#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace sipvet::tls {

// What the library tells the engine of a connection; its SSL object's app data.
struct ConnectionSink {
  void* user = nullptr;
  void (*take_keylog_line)(void* user, const char* line) = nullptr;
  // `content_type` as in records; 0 or 0x100 and above for what is no message.
  void (*note_message)(void* user, bool sent, int content_type, ByteView message) = nullptr;
  // The peer's certificates, leaf first: X509_V_OK, or the library's error for it.
  int (*judge)(void* user, const std::vector<Bytes>& chain) = nullptr;
  // Client: sessions are kept and found under it. One that resumes does not see the certificate again.
  std::string session_name = {};
};

class OpensslContext final : public Context, public std::enable_shared_from_this<OpensslContext> {
 public:
  static Result<std::shared_ptr<const OpensslContext>> make(const Config& config);
  ~OpensslContext() override;

  EngineKind kind() const override { return EngineKind::openssl; }
  std::unique_ptr<Engine> make_engine(const Clock& clock, Random& random,
                                      const PeerName& peer) const override;
  const Config& config() const { return config_; }
  const std::vector<crypto::Certificate>& roots() const;
  std::vector<std::uint16_t> suite_codes() const; // by preference
  // A new SSL with role, key and server name set, and `sink`, which must outlive it, as its app data; null
  // when memory is short.
  ssl_st* new_ssl(const std::string& server_name, ConnectionSink& sink) const;

  struct Parts;

 private:
  explicit OpensslContext(const Config& config);

  Config config_;
  std::unique_ptr<Parts> parts_;
};

// Whether the library can do the suite of that IANA name, at any version.
bool openssl_has_suite(const std::string& name);

} // namespace sipvet::tls
