#include "mikey/dh.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

std::optional<std::size_t> value_octets(DhGroup group) {
  switch (group) {
  case DhGroup::oakley_5:
    return 192;
  case DhGroup::oakley_1:
    return 96;
  case DhGroup::oakley_2:
    return 128;
  }
  return std::nullopt;
}

Result<Dh> parse_dh(Reader& reader) {
  Dh out;
  const std::size_t at = reader.offset();
  SIPVET_TRY(const std::uint8_t group, reader.u8("DH group"));
  out.group = static_cast<DhGroup>(group);
  const auto length = value_octets(out.group);
  if (!length) return fail(fmt::format("DH group {} is unknown, expected 0, 1 or 2", group), at);
  SIPVET_TRY(const ByteView value, reader.bytes(*length, "DH value"));
  out.value = to_bytes(value);
  SIPVET_TRY(const std::uint8_t types, reader.u8("DH key validity type"));
  out.reserved = types >> 4;
  SIPVET_TRY(out.validity, parse_key_validity(reader, types & 0x0F));
  return out;
}

void write(Writer& writer, const Dh& dh) {
  writer.u8(static_cast<std::uint8_t>(dh.group)).bytes(dh.value);
  writer.u8(static_cast<std::uint8_t>(dh.reserved << 4 | kv_type(dh.validity)));
  write(writer, dh.validity);
}

} // namespace sipvet::mikey
