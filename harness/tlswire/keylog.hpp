// Key logs in the NSS format (SSLKEYLOGFILE): secrets by label and client random.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sipvet::tlswire {

namespace keylog_label {
constexpr std::string_view client_random = "CLIENT_RANDOM"; // TLS 1.0 to 1.2: the master secret
constexpr std::string_view rsa = "RSA"; // premaster by the first 8 octets of the encrypted premaster
constexpr std::string_view pms_client_random = "PMS_CLIENT_RANDOM"; // premaster by client random
constexpr std::string_view client_early = "CLIENT_EARLY_TRAFFIC_SECRET";
constexpr std::string_view client_handshake = "CLIENT_HANDSHAKE_TRAFFIC_SECRET";
constexpr std::string_view server_handshake = "SERVER_HANDSHAKE_TRAFFIC_SECRET";
constexpr std::string_view client_traffic = "CLIENT_TRAFFIC_SECRET_0";
constexpr std::string_view server_traffic = "SERVER_TRAFFIC_SECRET_0";
constexpr std::string_view exporter = "EXPORTER_SECRET";
constexpr std::string_view early_exporter = "EARLY_EXPORTER_SECRET";
} // namespace keylog_label

class Keylog {
 public:
  // A whole file. Blank lines and comments (#) are skipped, either line end will do. A line that cannot be
  // read fails with its number: "line 3: expected 64 hexadecimal digits of client random". Labels not known
  // here are kept.
  static Result<Keylog> parse(std::string_view text);

  // Adds one line; `number` is for the error.
  Result<void> add_line(std::string_view line, std::size_t number = 1);
  // Later secrets for the same label and random win.
  void merge(const Keylog& other);

  // nullptr when there is none. `id` is the client random, or for `RSA` the first 8 octets of the encrypted
  // premaster.
  const Bytes* find(std::string_view label, ByteView id) const;

  std::size_t size() const { return secrets_.size(); }
  bool empty() const { return secrets_.empty(); }

 private:
  std::map<std::pair<std::string, Bytes>, Bytes, std::less<>> secrets_;
};

} // namespace sipvet::tlswire
