#include "mikey/derivation.hpp"

#include "base/writer.hpp"
#include "mikey/prf.hpp"

namespace sipvet::mikey {

namespace {

constexpr std::uint8_t no_session = 0xFF; // §4.1.4 stands this where §4.1.3 has the CS ID

// The constants are digits of e; §4.1.3 and §4.1.4 print them.
std::uint32_t label_constant(SessionUse use) {
  switch (use) {
  case SessionUse::tek:
    return 0x2AD01C64;
  case SessionUse::authentication:
    return 0x1B5C7973;
  case SessionUse::encryption:
    return 0x15798CEF;
  case SessionUse::salt:
    return 0x39A2C14B;
  }
  return 0;
}

std::uint32_t label_constant(TransportUse use) {
  switch (use) {
  case TransportUse::encryption:
    return 0x150533E1;
  case TransportUse::authentication:
    return 0x2D22AC75;
  case TransportUse::salt:
    return 0x29B88916;
  }
  return 0;
}

Bytes label(std::uint32_t constant, std::uint8_t cs_id, const DerivationContext& context) {
  Writer writer;
  writer.u32(constant).u8(cs_id).u32(context.csb_id).bytes(context.rand);
  return writer.take();
}

} // namespace

Result<Bytes> derive_session_key(const DerivationContext& context, ByteView tgk, std::uint8_t cs_id,
                                 SessionUse use, std::size_t octets) {
  return prf(context.prf, tgk, label(label_constant(use), cs_id, context), octets);
}

Result<Bytes> derive_transport_key(const DerivationContext& context, ByteView key, TransportUse use,
                                   std::size_t octets) {
  return prf(context.prf, key, label(label_constant(use), no_session, context), octets);
}

} // namespace sipvet::mikey
