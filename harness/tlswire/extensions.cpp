#include "tlswire/extensions.hpp"

#include "tlswire/code_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sipvet::tlswire {
namespace {

// RFC 8446 §4.2 and, where it has none, the RFC that the constant names.
constexpr std::array<std::pair<std::uint16_t, const char*>, 26> names{{
    {extension::server_name, "server_name"},
    {extension::max_fragment_length, "max_fragment_length"},
    {extension::status_request, "status_request"},
    {extension::supported_groups, "supported_groups"},
    {extension::ec_point_formats, "ec_point_formats"},
    {extension::signature_algorithms, "signature_algorithms"},
    {extension::use_srtp, "use_srtp"},
    {extension::heartbeat, "heartbeat"},
    {extension::alpn, "application_layer_protocol_negotiation"},
    {extension::signed_certificate_timestamp, "signed_certificate_timestamp"},
    {extension::padding, "padding"},
    {extension::encrypt_then_mac, "encrypt_then_mac"},
    {extension::extended_master_secret, "extended_master_secret"},
    {extension::record_size_limit, "record_size_limit"},
    {extension::session_ticket, "session_ticket"},
    {extension::pre_shared_key, "pre_shared_key"},
    {extension::early_data, "early_data"},
    {extension::supported_versions, "supported_versions"},
    {extension::cookie, "cookie"},
    {extension::psk_key_exchange_modes, "psk_key_exchange_modes"},
    {extension::certificate_authorities, "certificate_authorities"},
    {extension::oid_filters, "oid_filters"},
    {extension::post_handshake_auth, "post_handshake_auth"},
    {extension::signature_algorithms_cert, "signature_algorithms_cert"},
    {extension::key_share, "key_share"},
    {extension::renegotiation_info, "renegotiation_info"},
}};

Result<std::vector<std::uint16_t>> read_all_u16(Reader& values, std::string_view what) {
  if (values.empty()) return fail("expected one " + std::string(what) + " or more", values.offset());
  std::vector<std::uint16_t> out;
  while (!values.empty()) {
    SIPVET_TRY(const std::uint16_t value, values.u16(what));
    out.push_back(value);
  }
  return out;
}

Result<Bytes> read_octets8(ByteView body, std::string_view what) {
  Reader reader(body);
  SIPVET_TRY(Reader octets, reader.sub_prefixed8(what));
  SIPVET_CHECK(reader.expect_end(what));
  return to_bytes(octets.rest());
}

Extension octets8(std::uint16_t type, ByteView octets) {
  Writer writer;
  {
    const auto prefix = writer.prefixed8();
    writer.bytes(octets);
  }
  return {type, writer.take()};
}

} // namespace

std::string extension_name(std::uint16_t type) {
  for (const auto& [known, name] : names) {
    if (known == type) return name;
  }
  return hex_code(type);
}

const Extension* Extensions::find(std::uint16_t type) const {
  const auto at = std::find_if(list.begin(), list.end(), [&](const Extension& e) { return e.type == type; });
  return at == list.end() ? nullptr : &*at;
}

bool Extensions::has_duplicate() const {
  std::vector<std::uint16_t> types;
  for (const Extension& each : list) types.push_back(each.type);
  std::sort(types.begin(), types.end());
  return std::adjacent_find(types.begin(), types.end()) != types.end();
}

Result<Extensions> parse_required_extensions(Reader& reader) {
  if (reader.empty()) return fail("expected the length of the extensions", reader.offset());
  return parse_extensions(reader);
}

Result<Extensions> parse_extensions(Reader& reader) {
  Extensions out;
  if (reader.empty()) return out;
  SIPVET_TRY(Reader entries, reader.sub_prefixed16("extensions"));
  while (!entries.empty()) {
    Extension extension;
    SIPVET_TRY(extension.type, entries.u16("extension type"));
    SIPVET_TRY(Reader body, entries.sub_prefixed16("extension body"));
    extension.body = to_bytes(body.rest());
    out.list.push_back(std::move(extension));
  }
  return out;
}

void write_extensions(Writer& writer, const Extensions& extensions) {
  const auto all = writer.prefixed16();
  for (const Extension& extension : extensions.list) {
    writer.u16(extension.type);
    const auto body = writer.prefixed16();
    writer.bytes(extension.body);
  }
}

Result<std::string> parse_server_name(ByteView body) {
  constexpr std::uint8_t host_name = 0;
  Reader reader(body);
  SIPVET_TRY(Reader entries, reader.sub_prefixed16("server name list"));
  while (!entries.empty()) {
    SIPVET_TRY(const std::uint8_t type, entries.u8("server name type"));
    SIPVET_TRY(Reader name, entries.sub_prefixed16("server name"));
    if (type == host_name) return {boost::system::in_place_value, as_text(name.rest())};
  }
  return fail("expected a host_name in the server name list", reader.offset());
}

Extension make_server_name(std::string_view host) {
  Writer writer;
  {
    const auto list = writer.prefixed16();
    writer.u8(0);
    const auto name = writer.prefixed16();
    writer.bytes(as_bytes(host));
  }
  return {extension::server_name, writer.take()};
}

Extension make_supported_versions(std::span<const std::uint16_t> versions) {
  Writer writer;
  {
    const auto list = writer.prefixed8();
    for (const std::uint16_t version : versions) writer.u16(version);
  }
  return {extension::supported_versions, writer.take()};
}

Result<std::vector<std::uint16_t>> parse_supported_versions(ByteView client_body) {
  Reader reader(client_body);
  SIPVET_TRY(Reader values, reader.sub_prefixed8("supported versions"));
  SIPVET_CHECK(reader.expect_end("supported versions"));
  return read_all_u16(values, "supported version");
}

Extension make_selected_version(std::uint16_t version) {
  Writer writer;
  writer.u16(version);
  return {extension::supported_versions, writer.take()};
}

Result<std::uint16_t> parse_selected_version(ByteView server_body) {
  Reader reader(server_body);
  SIPVET_TRY(const std::uint16_t version, reader.u16("selected version"));
  SIPVET_CHECK(reader.expect_end("selected version"));
  return version;
}

Extension make_u16_list(std::uint16_t type, std::span<const std::uint16_t> values) {
  Writer writer;
  {
    const auto list = writer.prefixed16();
    for (const std::uint16_t value : values) writer.u16(value);
  }
  return {type, writer.take()};
}

Result<std::vector<std::uint16_t>> parse_u16_list(ByteView body, std::string_view what) {
  Reader reader(body);
  SIPVET_TRY(Reader values, reader.sub_prefixed16(what));
  SIPVET_CHECK(reader.expect_end(what));
  return read_all_u16(values, what);
}

Extension make_supported_groups(std::span<const std::uint16_t> groups) {
  return make_u16_list(extension::supported_groups, groups);
}

Result<std::vector<std::uint16_t>> parse_supported_groups(ByteView body) {
  return parse_u16_list(body, "supported group");
}

Extension make_signature_algorithms(std::span<const std::uint16_t> schemes) {
  return make_u16_list(extension::signature_algorithms, schemes);
}

Result<std::vector<std::uint16_t>> parse_signature_algorithms(ByteView body) {
  return parse_u16_list(body, "signature scheme");
}

Extension make_ec_point_formats(ByteView formats) { return octets8(extension::ec_point_formats, formats); }

Result<Bytes> parse_ec_point_formats(ByteView body) {
  SIPVET_TRY(Bytes formats, read_octets8(body, "point formats"));
  if (formats.empty()) return fail("expected one point format or more", 1);
  return formats;
}

Extension make_renegotiation_info(ByteView verify_data) {
  return octets8(extension::renegotiation_info, verify_data);
}

Result<Bytes> parse_renegotiation_info(ByteView body) {
  return read_octets8(body, "renegotiated connection");
}

Extension make_cookie(ByteView cookie) {
  Writer writer;
  {
    const auto octets = writer.prefixed16();
    writer.bytes(cookie);
  }
  return {extension::cookie, writer.take()};
}

Result<Bytes> parse_cookie(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(Reader octets, reader.sub_prefixed16("cookie"));
  SIPVET_CHECK(reader.expect_end("cookie"));
  if (octets.empty()) return fail("expected a cookie of 1 octet or more", octets.offset());
  return to_bytes(octets.rest());
}

Extension make_session_ticket(ByteView ticket) { return {extension::session_ticket, to_bytes(ticket)}; }

} // namespace sipvet::tlswire
