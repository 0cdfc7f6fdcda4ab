#include "tlswire/sslv2_client_hello.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "tlswire/version.hpp"

#include <algorithm>
#include <string>

namespace sipvet::tlswire {
namespace {

constexpr std::uint8_t client_hello_type = 1;
constexpr std::size_t cipher_spec_octets = 3;
constexpr std::size_t old_session_id_octets = 16;

// The three lengths in front of the fields.
struct Lengths {
  std::uint16_t specs = 0;
  std::uint16_t session_id = 0;
  std::uint16_t challenge = 0;
};

Result<void> check(const Lengths& lengths, std::uint16_t version, Sslv2Leniency leniency) {
  if (version >> 8 != 3 && version != ssl2)
    return fail("expected version 3.x or 0.2, got " + version_name(version), 1);
  if (lengths.specs == 0 || lengths.specs % cipher_spec_octets != 0)
    return fail("expected a cipher spec length that is a multiple of 3, got " + std::to_string(lengths.specs),
                3);
  if (lengths.session_id != 0 && !leniency.any_session_id) {
    const std::string got = ", got " + std::to_string(lengths.session_id);
    if (version >= tls1_2) return fail("expected a session id of 0 octets" + got, 5);
    if (lengths.session_id != old_session_id_octets)
      return fail("expected a session id of 0 or 16 octets" + got, 5);
  }
  if ((lengths.challenge < 16 || lengths.challenge > 32) && !leniency.any_challenge)
    return fail("expected a challenge of 16 to 32 octets, got " + std::to_string(lengths.challenge), 7);
  return {};
}

} // namespace

ClientHello Sslv2ClientHello::as_client_hello() const {
  ClientHello hello;
  hello.version = version;
  hello.session_id = session_id;
  hello.extensions_present = false;
  for (const std::uint32_t spec : cipher_specs) {
    if (spec <= 0xffff) hello.suites.push_back(static_cast<std::uint16_t>(spec));
  }
  const std::size_t used = std::min(challenge.size(), hello.random.size());
  std::copy(challenge.end() - static_cast<std::ptrdiff_t>(used), challenge.end(),
            hello.random.end() - static_cast<std::ptrdiff_t>(used));
  return hello;
}

Result<Sslv2ClientHello> parse_sslv2_client_hello(ByteView fragment, Sslv2Leniency leniency) {
  Reader reader(fragment);
  Sslv2ClientHello hello;
  SIPVET_TRY(const std::uint8_t type, reader.u8("message type"));
  if (type != client_hello_type) return fail("expected message type 1 in an SSLv2-format hello", 0);
  SIPVET_TRY(hello.version, reader.u16("version"));
  Lengths lengths;
  SIPVET_TRY(lengths.specs, reader.u16("cipher spec length"));
  SIPVET_TRY(lengths.session_id, reader.u16("session id length"));
  SIPVET_TRY(lengths.challenge, reader.u16("challenge length"));
  SIPVET_CHECK(check(lengths, hello.version, leniency));
  SIPVET_TRY(Reader specs, reader.sub(lengths.specs, "cipher specs"));
  while (!specs.empty()) {
    SIPVET_TRY(const std::uint32_t spec, specs.u24("cipher spec"));
    hello.cipher_specs.push_back(spec);
  }
  SIPVET_TRY(const ByteView session_id, reader.bytes(lengths.session_id, "session id"));
  hello.session_id = to_bytes(session_id);
  SIPVET_TRY(const ByteView challenge, reader.bytes(lengths.challenge, "challenge"));
  hello.challenge = to_bytes(challenge);
  SIPVET_CHECK(reader.expect_end("SSLv2-format ClientHello"));
  return hello;
}

Bytes write_sslv2_client_hello(const Sslv2ClientHello& hello) {
  Writer writer;
  writer.u8(client_hello_type).u16(hello.version);
  writer.u16(static_cast<std::uint16_t>(hello.cipher_specs.size() * cipher_spec_octets));
  writer.u16(static_cast<std::uint16_t>(hello.session_id.size()));
  writer.u16(static_cast<std::uint16_t>(hello.challenge.size()));
  for (const std::uint32_t spec : hello.cipher_specs) writer.u24(spec);
  writer.bytes(hello.session_id).bytes(hello.challenge);
  Writer framed;
  framed.u16(static_cast<std::uint16_t>(0x8000 | writer.size())).bytes(writer.view());
  return framed.take();
}

} // namespace sipvet::tlswire
