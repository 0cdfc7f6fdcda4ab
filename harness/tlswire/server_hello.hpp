// ServerHello (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3), which in TLS 1.3 may also be a HelloRetryRequest.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/extensions.hpp"

#include <cstdint>

namespace sipvet::tlswire {

struct ServerHello {
  std::uint16_t version = 0x0303; // the field; see negotiated_version()
  HelloRandom random{};
  Bytes session_id;
  std::uint16_t suite = 0;
  std::uint8_t compression = 0;
  Extensions extensions;
  bool extensions_present = true;

  std::uint16_t negotiated_version() const; // supported_versions if there, else the field
  bool is_hello_retry_request() const;      // RFC 8446 §4.1.3: by its fixed random
  bool extended_master_secret() const { return extensions.has(extension::extended_master_secret); }
  bool encrypt_then_mac() const { return extensions.has(extension::encrypt_then_mac); }
};

Result<ServerHello> parse_server_hello(ByteView body);
Bytes write_server_hello(const ServerHello& hello);

} // namespace sipvet::tlswire
