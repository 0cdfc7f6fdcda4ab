#include "mikey/response.hpp"

#include "crypto/hmac.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

// IDi comes first when there are two; a lone ID in an initiator's message is the initiator's. A public-key
// message has it inside KEMAC.
const Id* initiator_id(const InitMessage& init) {
  return init.encrypted_initiator ? &*init.encrypted_initiator : init.message.find<Id>();
}

const Id* responder_id(const Message& init, const Message& response) {
  if (const Id* in_response = response.find<Id>()) return in_response;
  const Id* last = nullptr;
  int count = init.find<Certificate>() == nullptr ? 0 : 1; // a certificate stands in for IDi
  for (const Payload& payload : init.payloads) {
    if (const Id* id = std::get_if<Id>(&payload)) {
      last = id;
      ++count;
    }
  }
  return count > 1 ? last : nullptr;
}

// §5.2: a response's MAC covers the message up to the MAC, then IDi, IDr and the initiator's timestamp.
Bytes covered_by_verification(ByteView before_mac, const InitMessage& init, const Message& response,
                              VerificationCover cover) {
  Bytes out = to_bytes(before_mac);
  if (cover == VerificationCover::identities_and_timestamp) {
    if (const Id* id = initiator_id(init)) append(out, id->data);
    if (const Id* id = responder_id(init.message, response)) append(out, id->data);
  }
  append(out, value_octets(init.timestamp()));
  return out;
}

Mac mac_of(const InitMessage& init) {
  const Kemac* kemac = init.message.find<Kemac>();
  return kemac == nullptr ? Mac::hmac_sha1_160 : kemac->mac_algorithm;
}

Result<Bytes> finish_response(Message message, const InitMessage& init, ByteView key) {
  const Mac algorithm = mac_of(init);
  message.payloads.emplace_back(Verification{algorithm, {}});
  Bytes octets = write_message(message);
  SIPVET_TRY(const Bytes mac,
             message_mac(transport_context(init, key), algorithm,
                         covered_by_verification(octets, init, message,
                                                 VerificationCover::identities_and_timestamp)));
  append(octets, mac);
  return octets;
}

DataType answer_to(DataType init) {
  return init == DataType::pk_init ? DataType::pk_verification : DataType::psk_verification;
}

// The MAC is over the octets in front of it, so V has to be the last payload.
Result<const Verification*> last_verification(const Message& message) {
  SIPVET_TRY(const Verification* const found, require<Verification>(message));
  if (found == std::get_if<Verification>(&message.payloads.back())) return found;
  return fail(fmt::format("the last payload is {}, expected {}, whose MAC covers everything before it",
                          to_string(type_of(message.payloads.back())), to_string(PayloadType::verification)));
}

// What the MAC covers; none where it fits nothing.
Result<std::optional<VerificationCover>> find_cover(ByteView octets, const InitMessage& init,
                                                    const Message& message, const Verification& v,
                                                    ByteView key) {
  const TransportContext context = transport_context(init, key);
  const ByteView before_mac = octets.first(octets.size() - v.mac.size());
  for (const auto cover : {VerificationCover::identities_and_timestamp, VerificationCover::timestamp_only}) {
    const Bytes covered = covered_by_verification(before_mac, init, message, cover);
    SIPVET_TRY(const Bytes mac, message_mac(context, v.mac_algorithm, covered));
    if (crypto::equal_constant_time(mac, v.mac)) return std::optional(cover);
  }
  return std::optional<VerificationCover>();
}

ErrorProof proof_of(ByteView octets, const InitMessage& init, const Message& message, ByteView key) {
  const auto v = last_verification(message);
  if (!v || (*v)->mac_algorithm == Mac::null) return ErrorProof::none;
  const auto cover = find_cover(octets, init, message, **v, key);
  return cover && *cover ? ErrorProof::mac : ErrorProof::none;
}

} // namespace

Error refused_by_other_side(const ErrorPayload& error, ErrorProof proof) {
  return fail(fmt::format("the other side refused the message: {}{}", to_string(error.number),
                          proof == ErrorProof::mac ? "" : ", which nothing proves"));
}

Result<Bytes> seal_verification(const InitMessage& init, const VerificationPlan& plan, ByteView key) {
  Message message{init.message.header, {}};
  message.header.data_type = answer_to(init.message.header.data_type);
  message.header.verification_wanted = false;
  message.header.sessions = plan.sessions;
  message.payloads.emplace_back(init.timestamp());
  if (plan.responder) message.payloads.emplace_back(*plan.responder);
  return finish_response(std::move(message), init, key);
}

Result<CheckedVerification> open_verification(ByteView octets, const InitMessage& init, ByteView key) {
  SIPVET_TRY(Message message, parse_message(octets));
  if (const ErrorPayload* error = message.find<ErrorPayload>())
    return refused_by_other_side(*error, proof_of(octets, init, message, key));
  SIPVET_CHECK(check_data_type(message.header, answer_to(init.message.header.data_type)));
  if (message.header.csb_id != init.message.header.csb_id)
    return fail(fmt::format("CSB ID is {:08x}, expected the offer's {:08x}", message.header.csb_id,
                            init.message.header.csb_id),
                4);
  SIPVET_TRY(const Verification* const v, last_verification(message));
  if (v->mac_algorithm == Mac::null) {
    if (mac_of(init) == Mac::null) return CheckedVerification{std::move(message), VerificationCover::nothing};
    return fail("the answer is not authenticated: its MAC algorithm is NULL", octets.size() - 1);
  }
  SIPVET_TRY(const auto cover, find_cover(octets, init, message, *v, key));
  if (cover) return CheckedVerification{std::move(message), *cover};
  const std::size_t mac_at = octets.size() - v->mac.size();
  return fail(
      "the verification MAC is wrong: another pre-shared key, another offer, or the answer was changed",
      mac_at);
}

Result<Bytes> seal_error(const InitMessage& init, ErrorNumber number, ByteView key) {
  Message message{init.message.header, {}};
  message.header.data_type = DataType::error;
  message.header.verification_wanted = false;
  message.payloads.emplace_back(init.timestamp());
  message.payloads.emplace_back(ErrorPayload{number, 0});
  if (key.empty()) return write_message(message);
  return finish_response(std::move(message), init, key);
}

Result<Bytes> refuse_message(ByteView octets, ErrorNumber number) {
  SIPVET_TRY(Message refused, parse_message(octets));
  SIPVET_CHECK(require<Timestamp>(refused));
  return seal_error({std::move(refused), {}, {}}, number);
}

} // namespace sipvet::mikey
