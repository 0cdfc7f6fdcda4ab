#include "tlswire/key_share.hpp"

namespace sipvet::tlswire {
namespace {

void write_entry(Writer& writer, const KeyShareEntry& share) {
  writer.u16(share.group);
  const auto key = writer.prefixed16();
  writer.bytes(share.key);
}

Result<KeyShareEntry> read_entry(Reader& reader) {
  KeyShareEntry out;
  SIPVET_TRY(out.group, reader.u16("key share group"));
  SIPVET_TRY(Reader key, reader.sub_prefixed16("key share"));
  if (key.empty()) return fail("expected a key share of 1 octet or more", key.offset());
  out.key = to_bytes(key.rest());
  return out;
}

} // namespace

Extension make_client_key_shares(std::span<const KeyShareEntry> shares) {
  Writer writer;
  {
    const auto list = writer.prefixed16();
    for (const KeyShareEntry& share : shares) write_entry(writer, share);
  }
  return {extension::key_share, writer.take()};
}

Result<std::vector<KeyShareEntry>> parse_client_key_shares(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(Reader list, reader.sub_prefixed16("key shares"));
  SIPVET_CHECK(reader.expect_end("key shares"));
  std::vector<KeyShareEntry> out;
  while (!list.empty()) {
    SIPVET_TRY(KeyShareEntry share, read_entry(list));
    out.push_back(std::move(share));
  }
  return out;
}

Extension make_server_key_share(const KeyShareEntry& share) {
  Writer writer;
  write_entry(writer, share);
  return {extension::key_share, writer.take()};
}

Result<KeyShareEntry> parse_server_key_share(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(KeyShareEntry out, read_entry(reader));
  SIPVET_CHECK(reader.expect_end("key share"));
  return out;
}

Extension make_retry_group(std::uint16_t group) {
  Writer writer;
  writer.u16(group);
  return {extension::key_share, writer.take()};
}

Result<std::uint16_t> parse_retry_group(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(const std::uint16_t group, reader.u16("key share group"));
  SIPVET_CHECK(reader.expect_end("key share group"));
  return group;
}

} // namespace sipvet::tlswire
