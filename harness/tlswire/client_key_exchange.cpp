#include "tlswire/client_key_exchange.hpp"

#include "base/writer.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tlswire {

Result<ByteView> parse_rsa_client_key_exchange(ByteView body, std::uint16_t version) {
  if (body.empty()) return fail("expected an encrypted premaster secret", 0);
  if (version <= ssl3 || body.size() < 2) return body;
  const std::size_t length = static_cast<std::size_t>(body[0] << 8 | body[1]);
  if (length == body.size() - 2) return body.subspan(2);
  return body;
}

Bytes write_rsa_client_key_exchange(ByteView encrypted_premaster, std::uint16_t version) {
  Writer writer;
  if (version > ssl3) writer.u16(static_cast<std::uint16_t>(encrypted_premaster.size()));
  writer.bytes(encrypted_premaster);
  return writer.take();
}

} // namespace sipvet::tlswire
