// A configuration turned into OpenSSL's objects, for the engines made from it. Used by the openssl_* files
// only.
#pragma once

#include "base/result.hpp"
#include "tls/engine.hpp"

#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace sipvet::tls {

// Who gets the key log lines of a connection; its SSL object's app data.
struct KeylogSink {
  void* user = nullptr;
  void (*take)(void* user, const char* line) = nullptr;
};

class OpensslContext final : public Context, public std::enable_shared_from_this<OpensslContext> {
 public:
  static Result<std::shared_ptr<const OpensslContext>> make(const Config& config);
  ~OpensslContext() override;

  EngineKind kind() const override { return EngineKind::openssl; }
  std::unique_ptr<Engine> make_engine(const Clock& clock, Random& random,
                                      const PeerName& peer) const override;
  const Config& config() const { return config_; }
  // A new SSL with role, key and server name set, and `sink`, which must outlive it, as its app data; null
  // when memory is short.
  ssl_st* new_ssl(const std::string& server_name, KeylogSink& sink) const;

  struct Parts;

 private:
  explicit OpensslContext(const Config& config);

  Config config_;
  std::unique_ptr<Parts> parts_;
};

// Whether the library can do the suite of that IANA name, at any version.
bool openssl_has_suite(const std::string& name);

} // namespace sipvet::tls
