// What a user gives to open a capture with: RSA keys, key logs, SRTP keys and MIKEY pre-shared keys, read and
// checked before the capture is looked at.
#pragma once

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/result.hpp"
#include "crypto/rsa.hpp"
#include "rtp/srtp_suite.hpp"
#include "tlswire/keylog.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::analysis {

struct RsaKey {
  std::optional<IpAddress> address; // none: any
  std::optional<std::uint16_t> port;
  std::string protocol; // as written; what the plaintext is gets decided by looking at it
  std::string file;
  crypto::PrivateKey key;
};

struct SuppliedSrtpKey {
  std::optional<std::uint32_t> ssrc; // none: any
  rtp::SrtpKey key;
  std::string key_source = "supplied"; // or "dtls"
  std::string name;                    // for messages: the specification without its secret
};

struct TlsPsk {
  Bytes identity;
  Bytes key;
};

struct Keys {
  std::vector<RsaKey> rsa;
  std::vector<TlsPsk> tls_psks;
  tlswire::Keylog keylog;
  std::vector<std::string> keylog_files;
  std::vector<SuppliedSrtpKey> srtp;
  std::vector<Bytes> mikey_psks;
  std::vector<std::string> remarks; // lines of key logs that were passed over, for the report
};

// Each reads one option's value and adds what it names; an error says which part is wrong or which file
// cannot be used, and adds nothing.

// 'ADDRESS,PORT,PROTOCOL,KEYFILE[,PASSWORD][;…]', as Wireshark writes it. An address of 0.0.0.0, :: or "any",
// and a port of 0 or "any", stand for all; "start_tls" is taken for any port.
Result<void> add_tls_keys(Keys& keys, std::string_view specification);
// A key log in the NSS format. Lines that cannot be read are remarked on; a file without a usable one fails.
Result<void> add_keylog_file(Keys& keys, const std::string& path);
// 'IDENTITY:HEX', a pre-shared key of TLS (RFC 4279, RFC 8446 §2.2). The identity is text, which may hold
// colons, and may be empty.
Result<void> add_tls_psk(Keys& keys, std::string_view specification);
// 'SUITE:BASE64' or 'SUITE:hex:HEX', master key and salt together, with '@0xSSRC' behind it if it is for one
// SSRC; or 'dtls:FILE', the hexadecimal exporter material of RFC 5764 §4.2 (client key, server key, client
// salt, server salt), which gives two keys for each suite that its length fits.
Result<void> add_srtp_key(Keys& keys, std::string_view specification);
// Text, or 'hex:HEX'.
Result<void> add_mikey_psk(Keys& keys, std::string_view specification);

} // namespace sipvet::analysis
