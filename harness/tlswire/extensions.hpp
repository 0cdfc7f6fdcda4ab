// The extension list of hello and other handshake messages (RFC 8446 §4.2), and the few extensions that are
// looked into.
#pragma once

#include "base/bytes.hpp"
#include "base/reader.hpp"
#include "base/result.hpp"
#include "base/writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::tlswire {

namespace extension {
constexpr std::uint16_t server_name = 0;
constexpr std::uint16_t supported_groups = 10;
constexpr std::uint16_t ec_point_formats = 11;
constexpr std::uint16_t signature_algorithms = 13;
constexpr std::uint16_t use_srtp = 14;
constexpr std::uint16_t alpn = 16;
constexpr std::uint16_t encrypt_then_mac = 22;       // RFC 7366
constexpr std::uint16_t extended_master_secret = 23; // RFC 7627
constexpr std::uint16_t session_ticket = 35;         // RFC 5077
constexpr std::uint16_t pre_shared_key = 41;
constexpr std::uint16_t early_data = 42;
constexpr std::uint16_t supported_versions = 43;
constexpr std::uint16_t cookie = 44;
constexpr std::uint16_t key_share = 51;
constexpr std::uint16_t renegotiation_info = 0xff01; // RFC 5746
} // namespace extension

struct Extension {
  std::uint16_t type = 0;
  Bytes body;
  bool operator==(const Extension&) const = default;
};

class Extensions {
 public:
  std::vector<Extension> list; // in order

  const Extension* find(std::uint16_t type) const;
  bool has(std::uint16_t type) const { return find(type) != nullptr; }
  bool empty() const { return list.empty(); }
  bool operator==(const Extensions&) const = default;
};

// With the 16-bit length in front. No octets left is an empty list: hellos before RFC 3546 end there.
Result<Extensions> parse_extensions(Reader& reader);
void write_extensions(Writer& writer, const Extensions& extensions); // with the length, even of an empty list

// RFC 6066 §3: the first host_name of a client's server_name extension.
Result<std::string> parse_server_name(ByteView body);
Extension make_server_name(std::string_view host);
// RFC 8446 §4.2.1: a client's list; a server's choice is two plain octets.
Result<std::vector<std::uint16_t>> parse_supported_versions(ByteView client_body);
// Lists of 16-bit values with a 16-bit length: supported_groups, signature_algorithms.
Result<std::vector<std::uint16_t>> parse_u16_list(ByteView body, std::string_view what);

} // namespace sipvet::tlswire
