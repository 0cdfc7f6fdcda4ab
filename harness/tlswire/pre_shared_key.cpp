#include "tlswire/pre_shared_key.hpp"

#include <algorithm>
#include <string>

namespace sipvet::tlswire {
namespace {

constexpr std::size_t min_binder_octets = 32; // RFC 8446 §4.2.11: PskBinderEntry<32..255>

Result<std::vector<PskIdentity>> read_identities(Reader& reader) {
  SIPVET_TRY(Reader list, reader.sub_prefixed16("PSK identities"));
  if (list.empty()) return fail("expected one PSK identity or more", list.offset());
  std::vector<PskIdentity> out;
  while (!list.empty()) {
    PskIdentity entry;
    SIPVET_TRY(Reader identity, list.sub_prefixed16("PSK identity"));
    if (identity.empty()) return fail("expected a PSK identity of 1 octet or more", identity.offset());
    entry.identity = to_bytes(identity.rest());
    SIPVET_TRY(entry.obfuscated_ticket_age, list.u32("obfuscated ticket age"));
    out.push_back(std::move(entry));
  }
  return out;
}

Result<std::vector<Bytes>> read_binders(Reader& reader) {
  SIPVET_TRY(Reader list, reader.sub_prefixed16("PSK binders"));
  std::vector<Bytes> out;
  while (!list.empty()) {
    SIPVET_TRY(Reader binder, list.sub_prefixed8("PSK binder"));
    if (binder.remaining() < min_binder_octets)
      return fail("expected a PSK binder of 32 octets or more, got " + std::to_string(binder.remaining()),
                  binder.offset());
    out.push_back(to_bytes(binder.rest()));
  }
  return out;
}

} // namespace

Extension make_psk_offer(const PskOffer& offer) {
  Writer writer;
  {
    const auto list = writer.prefixed16();
    for (const PskIdentity& entry : offer.identities) {
      {
        const auto identity = writer.prefixed16();
        writer.bytes(entry.identity);
      }
      writer.u32(entry.obfuscated_ticket_age);
    }
  }
  {
    const auto list = writer.prefixed16();
    for (const Bytes& octets : offer.binders) {
      const auto binder = writer.prefixed8();
      writer.bytes(octets);
    }
  }
  return {extension::pre_shared_key, writer.take()};
}

Result<PskOffer> parse_psk_offer(ByteView body) {
  Reader reader(body);
  PskOffer out;
  SIPVET_TRY(out.identities, read_identities(reader));
  const std::size_t binders_at = reader.offset();
  SIPVET_TRY(out.binders, read_binders(reader));
  SIPVET_CHECK(reader.expect_end("pre_shared_key"));
  if (out.binders.size() != out.identities.size())
    return fail("expected " + std::to_string(out.identities.size()) +
                    " PSK binders, one for each identity, got " + std::to_string(out.binders.size()),
                binders_at);
  return out;
}

bool is_last(const Extensions& extensions, std::uint16_t type) {
  return !extensions.empty() && extensions.list.back().type == type;
}

std::size_t binder_list_octets(const PskOffer& offer) {
  std::size_t octets = 2;
  for (const Bytes& binder : offer.binders) octets += 1 + binder.size();
  return octets;
}

ByteView without_binders(ByteView client_hello, const PskOffer& offer) {
  return client_hello.first(client_hello.size() - std::min(client_hello.size(), binder_list_octets(offer)));
}

Extension make_selected_psk(std::uint16_t index) {
  Writer writer;
  writer.u16(index);
  return {extension::pre_shared_key, writer.take()};
}

Result<std::uint16_t> parse_selected_psk(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(const std::uint16_t index, reader.u16("selected PSK identity"));
  SIPVET_CHECK(reader.expect_end("selected PSK identity"));
  return index;
}

Extension make_psk_modes(ByteView modes) {
  Writer writer;
  {
    const auto list = writer.prefixed8();
    writer.bytes(modes);
  }
  return {extension::psk_key_exchange_modes, writer.take()};
}

Result<Bytes> parse_psk_modes(ByteView body) {
  Reader reader(body);
  SIPVET_TRY(Reader modes, reader.sub_prefixed8("PSK key exchange modes"));
  if (modes.empty()) return fail("expected one PSK key exchange mode or more", modes.offset());
  SIPVET_CHECK(reader.expect_end("PSK key exchange modes"));
  return to_bytes(modes.rest());
}

} // namespace sipvet::tlswire
