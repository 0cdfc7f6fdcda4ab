#include "mikey/psk.hpp"

#include "crypto/hmac.hpp"
#include "mikey/transport.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

TransportContext transport_context(const Header& header, const Rand& rand, const Timestamp& timestamp,
                                   ByteView psk) {
  return {{header.prf, header.csb_id, rand.value}, timestamp, to_bytes(psk)};
}

TransportContext transport_context(const PskInit& init, ByteView psk) {
  return transport_context(init.message.header, init.rand(), init.timestamp(), psk);
}

Result<void> check_data_type(const Header& header, DataType expected) {
  if (header.data_type == expected) return {};
  return fail(fmt::format("expected a {}, not a {}", to_string(expected), to_string(header.data_type)), 1);
}

template <typename P>
Result<const P*> require(const Message& message) {
  if (const P* found = message.find<P>()) return found;
  return fail(fmt::format("{} has no {} payload", to_string(message.header.data_type), to_string(P::type)));
}

// The MAC is over the octets in front of it, so its payload has to be the last.
template <typename P>
Result<const P*> require_last(const Message& message) {
  SIPVET_TRY(const P* const found, require<P>(message));
  if (found == std::get_if<P>(&message.payloads.back())) return found;
  return fail(fmt::format("the last payload is {}, expected {}, whose MAC covers everything before it",
                          to_string(type_of(message.payloads.back())), to_string(P::type)));
}

// IDi comes first when there are two; a lone ID in an initiator's message is the initiator's.
const Id* initiator_id(const Message& init) { return init.find<Id>(); }

const Id* responder_id(const Message& init, const Message& response) {
  if (const Id* in_response = response.find<Id>()) return in_response;
  const Id* last = nullptr;
  int count = 0;
  for (const Payload& payload : init.payloads) {
    if (const Id* id = std::get_if<Id>(&payload)) {
      last = id;
      ++count;
    }
  }
  return count > 1 ? last : nullptr;
}

// §5.2: a response's MAC covers the message up to the MAC, then IDi, IDr and the initiator's timestamp.
Bytes covered_by_verification(ByteView before_mac, const PskInit& init, const Message& response,
                              VerificationCover cover) {
  Bytes out = to_bytes(before_mac);
  if (cover == VerificationCover::identities_and_timestamp) {
    if (const Id* id = initiator_id(init.message)) append(out, id->data);
    if (const Id* id = responder_id(init.message, response)) append(out, id->data);
  }
  append(out, value_octets(init.timestamp()));
  return out;
}

Result<Bytes> finish_response(Message message, const PskInit& init, ByteView psk) {
  const Mac algorithm = init.message.find<Kemac>()->mac_algorithm;
  message.payloads.emplace_back(Verification{algorithm, {}});
  Bytes octets = write_message(message);
  SIPVET_TRY(const Bytes mac,
             message_mac(transport_context(init, psk), algorithm,
                         covered_by_verification(octets, init, message,
                                                 VerificationCover::identities_and_timestamp)));
  append(octets, mac);
  return octets;
}

Message plan_to_message(const PskInitPlan& plan) {
  Message out{plan.header, {}};
  out.header.data_type = DataType::psk_init;
  out.payloads.emplace_back(plan.timestamp);
  out.payloads.emplace_back(plan.rand);
  if (plan.initiator) out.payloads.emplace_back(*plan.initiator);
  if (plan.responder) out.payloads.emplace_back(*plan.responder);
  for (const SecurityPolicy& policy : plan.policies) out.payloads.emplace_back(policy);
  for (const GeneralExtension& extension : plan.extensions) out.payloads.emplace_back(extension);
  return out;
}

Error describe(const ErrorPayload& error) {
  return fail(fmt::format("the other side refused the message: {}", to_string(error.number)));
}

} // namespace

Result<PskInit> seal_psk_init(const PskInitPlan& plan, ByteView psk) {
  PskInit out{plan_to_message(plan), {}, plan.keys};
  const TransportContext context = transport_context(out.message.header, plan.rand, plan.timestamp, psk);
  SIPVET_TRY(Bytes encrypted, encrypt_key_data(context, plan.encryption, write_key_chain({{}, plan.keys})));
  out.message.payloads.emplace_back(Kemac{plan.encryption, std::move(encrypted), plan.mac, {}});
  out.octets = write_message(out.message);
  SIPVET_TRY(const Bytes mac, message_mac(context, plan.mac, out.octets));
  append(out.octets, mac);
  std::get<Kemac>(out.message.payloads.back()).mac = mac;
  return out;
}

Result<PskInit> open_psk_init(ByteView octets, ByteView psk) {
  PskInit out{{}, to_bytes(octets), {}};
  SIPVET_TRY(out.message, parse_message(octets));
  SIPVET_CHECK(check_data_type(out.message.header, DataType::psk_init));
  SIPVET_CHECK(require<Timestamp>(out.message));
  SIPVET_CHECK(require<Rand>(out.message));
  SIPVET_TRY(const Kemac* const kemac, require_last<Kemac>(out.message));
  if (kemac->mac_algorithm == Mac::null)
    return fail("the message is not authenticated: its MAC algorithm is NULL", octets.size() - 1);
  const TransportContext context = transport_context(out, psk);
  const std::size_t mac_at = octets.size() - kemac->mac.size();
  SIPVET_TRY(const Bytes mac, message_mac(context, kemac->mac_algorithm, octets.first(mac_at)));
  if (!crypto::equal_constant_time(mac, kemac->mac))
    return fail("the MAC is wrong: another pre-shared key, or the message was changed", mac_at);
  SIPVET_TRY(const Bytes plaintext, decrypt_key_data(context, kemac->encryption, kemac->encrypted));
  auto chain = parse_key_chain(plaintext, false);
  if (!chain) return fail("decrypted key data: " + to_string(chain.error()));
  out.keys = std::move(chain->keys);
  return out;
}

Result<Bytes> seal_psk_verification(const PskInit& init, const VerificationPlan& plan, ByteView psk) {
  Message message{init.message.header, {}};
  message.header.data_type = DataType::psk_verification;
  message.header.verification_wanted = false;
  message.header.sessions = plan.sessions;
  message.payloads.emplace_back(init.timestamp());
  if (plan.responder) message.payloads.emplace_back(*plan.responder);
  return finish_response(std::move(message), init, psk);
}

Result<PskVerification> open_psk_verification(ByteView octets, const PskInit& init, ByteView psk) {
  SIPVET_TRY(Message message, parse_message(octets));
  if (const ErrorPayload* error = message.find<ErrorPayload>()) return describe(*error);
  SIPVET_CHECK(check_data_type(message.header, DataType::psk_verification));
  if (message.header.csb_id != init.message.header.csb_id)
    return fail(fmt::format("CSB ID is {:08x}, expected the offer's {:08x}", message.header.csb_id,
                            init.message.header.csb_id),
                4);
  SIPVET_TRY(const Verification* const v, require_last<Verification>(message));
  if (v->mac_algorithm == Mac::null)
    return fail("the answer is not authenticated: its MAC algorithm is NULL", octets.size() - 1);
  const TransportContext context = transport_context(init, psk);
  const std::size_t mac_at = octets.size() - v->mac.size();
  for (const auto cover : {VerificationCover::identities_and_timestamp, VerificationCover::timestamp_only}) {
    const Bytes covered = covered_by_verification(octets.first(mac_at), init, message, cover);
    SIPVET_TRY(const Bytes mac, message_mac(context, v->mac_algorithm, covered));
    if (crypto::equal_constant_time(mac, v->mac)) return PskVerification{std::move(message), cover};
  }
  return fail(
      "the verification MAC is wrong: another pre-shared key, another offer, or the answer was changed",
      mac_at);
}

Result<Bytes> seal_psk_error(const PskInit& init, ErrorNumber number, ByteView psk) {
  Message message{init.message.header, {}};
  message.header.data_type = DataType::error;
  message.header.verification_wanted = false;
  message.payloads.emplace_back(init.timestamp());
  message.payloads.emplace_back(ErrorPayload{number, 0});
  if (psk.empty()) return write_message(message);
  return finish_response(std::move(message), init, psk);
}

} // namespace sipvet::mikey
