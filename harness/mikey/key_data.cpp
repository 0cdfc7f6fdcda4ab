#include "mikey/key_data.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

Result<PayloadType> next_of(Reader& reader) {
  SIPVET_TRY(const std::uint8_t next, reader.u8("next key data sub-payload"));
  return static_cast<PayloadType>(next);
}

Result<void> expect_key_data(PayloadType type, std::size_t offset) {
  if (type == PayloadType::key_data) return {};
  return fail(fmt::format("{} among the key data, expected another key data sub-payload or the last",
                          to_string(type)),
              offset);
}

} // namespace

Result<KeyData> parse_key_data(Reader& reader) {
  KeyData out;
  const std::size_t at = reader.offset();
  SIPVET_TRY(const std::uint8_t types, reader.u8("key data type"));
  if (types >> 4 > static_cast<unsigned>(KeyKind::tek_with_salt))
    return fail(fmt::format("key data type {} is unknown, expected 0 (TGK) to 3 (TEK+SALT)", types >> 4), at);
  out.kind = static_cast<KeyKind>(types >> 4);
  SIPVET_TRY(Reader key, reader.sub_prefixed16("key data"));
  out.key = to_bytes(key.rest());
  if (has_salt(out.kind)) {
    SIPVET_TRY(Reader salt, reader.sub_prefixed16("key data salt"));
    out.salt = to_bytes(salt.rest());
  }
  SIPVET_TRY(out.validity, parse_key_validity(reader, types & 0x0F));
  return out;
}

void write(Writer& writer, const KeyData& key) {
  writer.u8(static_cast<std::uint8_t>(static_cast<unsigned>(key.kind) << 4 | kv_type(key.validity)));
  {
    auto length = writer.prefixed16();
    writer.bytes(key.key);
  }
  if (has_salt(key.kind)) {
    auto length = writer.prefixed16();
    writer.bytes(key.salt);
  }
  write(writer, key.validity);
}

Result<KeyChain> parse_key_chain(ByteView plaintext, bool initiator_first) {
  Reader reader(plaintext);
  KeyChain out;
  PayloadType next = PayloadType::key_data;
  if (initiator_first) {
    SIPVET_TRY(next, next_of(reader));
    SIPVET_TRY(out.initiator, parse_id(reader));
  }
  while (next != PayloadType::last) {
    SIPVET_CHECK(expect_key_data(next, reader.offset()));
    SIPVET_TRY(next, next_of(reader));
    SIPVET_TRY(KeyData key, parse_key_data(reader));
    out.keys.push_back(std::move(key));
  }
  SIPVET_CHECK(reader.expect_end("key data"));
  return out;
}

Bytes write_key_chain(const KeyChain& chain) {
  Writer writer;
  const auto next = [](bool more) {
    return static_cast<std::uint8_t>(more ? PayloadType::key_data : PayloadType::last);
  };
  if (chain.initiator) {
    writer.u8(next(!chain.keys.empty()));
    write(writer, *chain.initiator);
  }
  for (std::size_t i = 0; i < chain.keys.size(); ++i) {
    writer.u8(next(i + 1 < chain.keys.size()));
    write(writer, chain.keys[i]);
  }
  return writer.take();
}

} // namespace sipvet::mikey
