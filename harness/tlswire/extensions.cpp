#include "tlswire/extensions.hpp"

#include <algorithm>

namespace sipvet::tlswire {

const Extension* Extensions::find(std::uint16_t type) const {
  const auto at = std::find_if(list.begin(), list.end(), [&](const Extension& e) { return e.type == type; });
  return at == list.end() ? nullptr : &*at;
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

namespace {

Result<std::vector<std::uint16_t>> read_all_u16(Reader& values, std::string_view what) {
  std::vector<std::uint16_t> out;
  while (!values.empty()) {
    SIPVET_TRY(const std::uint16_t value, values.u16(what));
    out.push_back(value);
  }
  return out;
}

} // namespace

Result<std::vector<std::uint16_t>> parse_supported_versions(ByteView client_body) {
  Reader reader(client_body);
  SIPVET_TRY(Reader values, reader.sub_prefixed8("supported versions"));
  SIPVET_CHECK(reader.expect_end("supported versions"));
  return read_all_u16(values, "supported version");
}

Result<std::vector<std::uint16_t>> parse_u16_list(ByteView body, std::string_view what) {
  Reader reader(body);
  SIPVET_TRY(Reader values, reader.sub_prefixed16(what));
  SIPVET_CHECK(reader.expect_end(what));
  return read_all_u16(values, what);
}

} // namespace sipvet::tlswire
