#include "mikey/key_validity.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

// Results are built in place: g++ 12 warns, wrongly, of uninitialised members when the variant is moved.
Result<KeyValidity> parse_spi(Reader& reader) {
  SIPVET_TRY(Reader spi, reader.sub_prefixed8("key validity SPI"));
  return {boost::system::in_place_value, Spi{to_bytes(spi.rest())}};
}

Result<KeyValidity> parse_interval(Reader& reader) {
  SIPVET_TRY(Reader from, reader.sub_prefixed8("key validity \"valid from\""));
  SIPVET_TRY(Reader to, reader.sub_prefixed8("key validity \"valid to\""));
  return {boost::system::in_place_value, Interval{to_bytes(from.rest()), to_bytes(to.rest())}};
}

void write_prefixed(Writer& writer, ByteView octets) {
  auto length = writer.prefixed8();
  writer.bytes(octets);
}

} // namespace

Result<KeyValidity> parse_key_validity(Reader& reader, std::uint8_t type) {
  switch (type) {
  case 0:
    return {boost::system::in_place_value, NoValidity{}};
  case 1:
    return parse_spi(reader);
  case 2:
    return parse_interval(reader);
  default:
    return fail(
        fmt::format("key validity type {} is unknown, expected 0 (null), 1 (SPI) or 2 (interval)", type),
        reader.offset());
  }
}

void write(Writer& writer, const KeyValidity& validity) {
  if (const Spi* spi = std::get_if<Spi>(&validity)) write_prefixed(writer, spi->value);
  if (const Interval* interval = std::get_if<Interval>(&validity)) {
    write_prefixed(writer, interval->from);
    write_prefixed(writer, interval->to);
  }
}

} // namespace sipvet::mikey
