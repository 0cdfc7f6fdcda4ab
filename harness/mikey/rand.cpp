#include "mikey/rand.hpp"

namespace sipvet::mikey {

Result<Rand> parse_rand(Reader& reader) {
  SIPVET_TRY(Reader value, reader.sub_prefixed8("RAND"));
  return Rand{to_bytes(value.rest())};
}

void write(Writer& writer, const Rand& rand) {
  auto length = writer.prefixed8();
  writer.bytes(rand.value);
}

} // namespace sipvet::mikey
