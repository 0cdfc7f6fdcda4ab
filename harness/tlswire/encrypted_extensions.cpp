#include "tlswire/encrypted_extensions.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

namespace sipvet::tlswire {

Result<Extensions> parse_encrypted_extensions(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(Extensions out, parse_required_extensions(reader));
  SIPVET_CHECK(reader.expect_end("EncryptedExtensions"));
  return out;
}

Bytes write_encrypted_extensions(const Extensions& extensions) {
  Writer writer;
  write_extensions(writer, extensions);
  return writer.take();
}

} // namespace sipvet::tlswire
