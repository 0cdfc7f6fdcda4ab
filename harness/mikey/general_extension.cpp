#include "mikey/general_extension.hpp"

namespace sipvet::mikey {

Result<GeneralExtension> parse_general_extension(Reader& reader) {
  SIPVET_TRY(const std::uint8_t type, reader.u8("general extension type"));
  SIPVET_TRY(Reader data, reader.sub_prefixed16("general extension"));
  return GeneralExtension{static_cast<ExtensionType>(type), to_bytes(data.rest())};
}

void write(Writer& writer, const GeneralExtension& extension) {
  writer.u8(static_cast<std::uint8_t>(extension.extension));
  auto length = writer.prefixed16();
  writer.bytes(extension.data);
}

GeneralExtension sdp_ids(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& protocol : protocols) {
    if (!list.empty()) list += ';';
    list += protocol;
  }
  return {ExtensionType::sdp_ids, to_bytes(list)};
}

} // namespace sipvet::mikey
