#include "mikey/psk.hpp"

#include "crypto/hmac.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

// The MAC is over the octets in front of it, so KEMAC has to be the last payload.
Result<const Kemac*> last_kemac(const Message& message) {
  SIPVET_TRY(const Kemac* const found, require<Kemac>(message));
  if (found == std::get_if<Kemac>(&message.payloads.back())) return found;
  return fail(fmt::format("the last payload is {}, expected {}, whose MAC covers everything before it",
                          to_string(type_of(message.payloads.back())), to_string(PayloadType::kemac)));
}

Result<void> check_mac(ByteView octets, const Kemac& kemac, const TransportContext& context, MacCheck check) {
  if (check == MacCheck::skipped) return {};
  if (kemac.mac_algorithm == Mac::null) {
    if (check == MacCheck::null_allowed) return {};
    return fail("the message is not authenticated: its MAC algorithm is NULL", octets.size() - 1);
  }
  const std::size_t mac_at = octets.size() - kemac.mac.size();
  SIPVET_TRY(const Bytes mac, message_mac(context, kemac.mac_algorithm, octets.first(mac_at)));
  if (crypto::equal_constant_time(mac, kemac.mac)) return {};
  return fail("the MAC is wrong: another pre-shared key, or the message was changed", mac_at);
}

} // namespace

Result<InitMessage> seal_psk_init(const InitPlan& plan, ByteView psk) {
  InitMessage out{begin_message(plan, DataType::psk_init), {}, plan.keys};
  const TransportContext context = transport_context(out, psk);
  SIPVET_TRY(Bytes encrypted, encrypt_key_data(context, plan.encryption, write_key_chain({{}, plan.keys})));
  out.message.payloads.emplace_back(Kemac{plan.encryption, std::move(encrypted), plan.mac, {}});
  out.octets = write_message(out.message);
  SIPVET_TRY(const Bytes mac, message_mac(context, plan.mac, out.octets));
  append(out.octets, mac);
  std::get<Kemac>(out.message.payloads.back()).mac = mac;
  return out;
}

Result<InitMessage> open_psk_init(ByteView octets, ByteView psk, MacCheck check) {
  InitMessage out{{}, to_bytes(octets), {}};
  SIPVET_TRY(out.message, parse_message(octets));
  SIPVET_CHECK(check_data_type(out.message.header, DataType::psk_init));
  SIPVET_CHECK(check_fresh(out.message));
  SIPVET_TRY(const Kemac* const kemac, last_kemac(out.message));
  const TransportContext context = transport_context(out, psk);
  SIPVET_CHECK(check_mac(octets, *kemac, context, check));
  SIPVET_TRY(const Bytes plaintext, decrypt_key_data(context, kemac->encryption, kemac->encrypted));
  auto chain = parse_key_chain(plaintext, false);
  if (!chain) return fail("decrypted key data: " + to_string(chain.error()));
  out.keys = std::move(chain->keys);
  return out;
}

} // namespace sipvet::mikey
