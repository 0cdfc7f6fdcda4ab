// The extension list of hello and other handshake messages (RFC 8446 §4.2), and the few extensions that are
// looked into.
#pragma once

#include "base/bytes.hpp"
#include "base/reader.hpp"
#include "base/result.hpp"
#include "base/writer.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::tlswire {

namespace extension {
constexpr std::uint16_t server_name = 0;
constexpr std::uint16_t max_fragment_length = 1; // RFC 6066 §4
constexpr std::uint16_t status_request = 5;
constexpr std::uint16_t supported_groups = 10;
constexpr std::uint16_t ec_point_formats = 11;
constexpr std::uint16_t signature_algorithms = 13;
constexpr std::uint16_t use_srtp = 14;
constexpr std::uint16_t heartbeat = 15; // RFC 6520
constexpr std::uint16_t alpn = 16;
constexpr std::uint16_t signed_certificate_timestamp = 18;
constexpr std::uint16_t padding = 21;                // RFC 7685
constexpr std::uint16_t encrypt_then_mac = 22;       // RFC 7366
constexpr std::uint16_t extended_master_secret = 23; // RFC 7627
constexpr std::uint16_t record_size_limit = 28;      // RFC 8449
constexpr std::uint16_t session_ticket = 35;         // RFC 5077
constexpr std::uint16_t pre_shared_key = 41;
constexpr std::uint16_t early_data = 42;
constexpr std::uint16_t supported_versions = 43;
constexpr std::uint16_t cookie = 44;
constexpr std::uint16_t psk_key_exchange_modes = 45;
constexpr std::uint16_t certificate_authorities = 47;
constexpr std::uint16_t oid_filters = 48;
constexpr std::uint16_t post_handshake_auth = 49;
constexpr std::uint16_t signature_algorithms_cert = 50;
constexpr std::uint16_t key_share = 51;
constexpr std::uint16_t renegotiation_info = 0xff01; // RFC 5746
} // namespace extension
// IANA's name: "server_name"; "0x0a0a" for codes without one here.
std::string extension_name(std::uint16_t type);

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
  // RFC 8446 §4.2: a type may stand in a list once. The parsers take such lists, for somebody must see them.
  bool has_duplicate() const;
  bool operator==(const Extensions&) const = default;
};

// With the 16-bit length in front. No octets left is an empty list: hellos before RFC 3546 end there.
Result<Extensions> parse_extensions(Reader& reader);
// For messages where the length must be there, even if it is 0.
Result<Extensions> parse_required_extensions(Reader& reader);
void write_extensions(Writer& writer, const Extensions& extensions); // with the length, even of an empty list

// Bodies. A parser refuses what is left over, and an empty list where the RFC wants an entry.

// RFC 6066 §3: the first host_name of a client's server_name extension.
Result<std::string> parse_server_name(ByteView body);
Extension make_server_name(std::string_view host);

// RFC 8446 §4.2.1: a client's list, and a server's choice.
Extension make_supported_versions(std::span<const std::uint16_t> versions);
Result<std::vector<std::uint16_t>> parse_supported_versions(ByteView client_body);
Extension make_selected_version(std::uint16_t version);
Result<std::uint16_t> parse_selected_version(ByteView server_body);

// Lists of 16-bit values with a 16-bit length: supported_groups (§4.2.7), signature_algorithms and
// signature_algorithms_cert (§4.2.3).
Extension make_u16_list(std::uint16_t type, std::span<const std::uint16_t> values);
Result<std::vector<std::uint16_t>> parse_u16_list(ByteView body, std::string_view what);
Extension make_supported_groups(std::span<const std::uint16_t> groups);
Result<std::vector<std::uint16_t>> parse_supported_groups(ByteView body);
Extension make_signature_algorithms(std::span<const std::uint16_t> schemes);
Result<std::vector<std::uint16_t>> parse_signature_algorithms(ByteView body);

// RFC 8422 §5.1.2: uncompressed(0) must be among them, which is the reader's to see to.
Extension make_ec_point_formats(ByteView formats);
Result<Bytes> parse_ec_point_formats(ByteView body);

// RFC 5746 §3.2: empty in a first handshake; later verify_data of the handshake before, the client's, or in a
// ServerHello the client's and the server's.
Extension make_renegotiation_info(ByteView verify_data);
Result<Bytes> parse_renegotiation_info(ByteView body);

// RFC 8446 §4.2.2.
Extension make_cookie(ByteView cookie);
Result<Bytes> parse_cookie(ByteView body);

// RFC 5077 §3.2: the body is the ticket; an empty one asks for a ticket, or promises one.
Extension make_session_ticket(ByteView ticket);

} // namespace sipvet::tlswire
