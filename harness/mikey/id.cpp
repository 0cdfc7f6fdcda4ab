#include "mikey/id.hpp"

namespace sipvet::mikey {

Result<Id> parse_id(Reader& reader) {
  SIPVET_TRY(const std::uint8_t type, reader.u8("ID type"));
  SIPVET_TRY(Reader data, reader.sub_prefixed16("ID data"));
  return Id{static_cast<IdType>(type), to_bytes(data.rest())};
}

void write(Writer& writer, const Id& id) {
  writer.u8(static_cast<std::uint8_t>(id.id_type));
  auto length = writer.prefixed16();
  writer.bytes(id.data);
}

} // namespace sipvet::mikey
