// A DTLS configuration turned into OpenSSL's context. Used by the openssl_* files only.
#pragma once

#include "base/result.hpp"
#include "tls/dtls_engine.hpp"

#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace sipvet::tls {

using DtlsContextPtr = std::shared_ptr<ssl_ctx_st>;

// What the library tells the engine; its SSL object's app data.
class DtlsSink {
 public:
  virtual ~DtlsSink() = default;
  virtual void take_keylog_line(const char* line) = 0;
  virtual void note_message(bool sent, int content_type, ByteView message) = 0;
  virtual bool judge(ByteView certificate_der) = 0; // false: refused
};
DtlsSink& sink_of(const ssl_st* ssl);

Result<DtlsContextPtr> make_dtls_context(const DtlsConfig& config);

} // namespace sipvet::tls
