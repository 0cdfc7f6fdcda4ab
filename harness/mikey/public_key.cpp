#include "mikey/public_key.hpp"

#include "crypto/hash.hpp"
#include "crypto/hmac.hpp"
#include "mikey/signing.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

// §5.2: in this exchange KEMAC's MAC is over its own payload, whose next-payload octet counts as 0.
Result<Bytes> kemac_mac(const TransportContext& context, Kemac kemac) {
  kemac.mac.clear();
  Writer writer;
  writer.u8(static_cast<std::uint8_t>(PayloadType::last));
  write(writer, kemac);
  return message_mac(context, kemac.mac_algorithm, writer.view());
}

Bytes hash_of(const crypto::Certificate& certificate, CertificateHashFunction function) {
  return crypto::digest(function == CertificateHashFunction::md5 ? crypto::Hash::md5 : crypto::Hash::sha1,
                        certificate.der);
}

Result<void> check_addressee(const Message& message, const std::optional<crypto::Certificate>& own) {
  const auto* named = message.find<CertificateHash>();
  if (named == nullptr || !own || named->hash == hash_of(*own, named->function)) return {};
  return fail("the envelope is for another certificate: the certificate hash is not that of " + own->subject);
}

Result<void> check_kemac(const InitMessage& init, const Kemac& kemac) {
  if (kemac.mac_algorithm == Mac::null)
    return fail("the key data are not authenticated: the MAC algorithm of KEMAC is NULL");
  SIPVET_TRY(const Bytes mac, kemac_mac(transport_context(init, init.envelope_key), kemac));
  if (crypto::equal_constant_time(mac, kemac.mac)) return {};
  return fail("the MAC of KEMAC is wrong: another envelope key, or the key data were changed");
}

} // namespace

Result<InitMessage> seal_pk_init(const InitPlan& plan, const PkSender& sender, Random& random) {
  if (!plan.initiator) return fail("a public-key message needs the identity of its initiator");
  InitMessage out{begin_message(plan, DataType::pk_init, certificate_payloads(sender.chain)), {}, plan.keys};
  out.envelope_key = random.bytes(envelope_key_octets);
  out.encrypted_initiator = plan.initiator;
  const TransportContext context = transport_context(out, out.envelope_key);
  Kemac kemac{plan.encryption, {}, plan.mac, {}};
  SIPVET_TRY(kemac.encrypted, encrypt_key_data(context, plan.encryption,
                                               write_key_chain({out.encrypted_initiator, plan.keys})));
  SIPVET_TRY(kemac.mac, kemac_mac(context, kemac));
  out.message.payloads.emplace_back(std::move(kemac));
  if (sender.name_envelope_key)
    out.message.payloads.emplace_back(CertificateHash{
        CertificateHashFunction::sha1, hash_of(sender.responder, CertificateHashFunction::sha1)});
  SIPVET_TRY(Bytes envelope, crypto::encrypt_pkcs1(sender.responder, out.envelope_key, random));
  out.message.payloads.emplace_back(Pke{EnvelopeCache::no, std::move(envelope)});
  SIPVET_TRY(out.octets, sign_message(out.message, sender.key, random));
  return out;
}

Result<InitMessage> open_pk_envelope(ByteView octets, const crypto::PrivateKey& responder) {
  InitMessage out{{}, to_bytes(octets), {}};
  SIPVET_TRY(out.message, parse_message(octets));
  SIPVET_CHECK(check_data_type(out.message.header, DataType::pk_init));
  SIPVET_CHECK(check_fresh(out.message));
  SIPVET_TRY(const Kemac* const kemac, require<Kemac>(out.message));
  SIPVET_TRY(const Pke* const pke, require<Pke>(out.message));
  auto key = responder.decrypt_pkcs1(pke->data);
  if (!key) return fail("envelope: " + to_string(key.error()));
  if (key->empty()) return fail("the envelope holds no key");
  out.envelope_key = std::move(*key);
  SIPVET_CHECK(check_kemac(out, *kemac));
  SIPVET_TRY(const Bytes plaintext,
             decrypt_key_data(transport_context(out, out.envelope_key), kemac->encryption, kemac->encrypted));
  auto chain = parse_key_chain(plaintext, true);
  if (!chain) return fail("decrypted key data: " + to_string(chain.error()));
  out.encrypted_initiator = std::move(chain->initiator);
  out.keys = std::move(chain->keys);
  return out;
}

Result<OpenedPkInit> open_pk_init(ByteView octets, const crypto::PrivateKey& responder,
                                  const std::optional<crypto::Certificate>& own,
                                  const std::vector<crypto::Certificate>& known) {
  SIPVET_TRY(const Message message, parse_message(octets));
  SIPVET_CHECK(check_data_type(message.header, DataType::pk_init));
  SIPVET_CHECK(check_addressee(message, own));
  SIPVET_TRY(std::vector<crypto::Certificate> signer, check_signed(octets, message, known));
  SIPVET_TRY(InitMessage init, open_pk_envelope(octets, responder));
  return OpenedPkInit{std::move(init), std::move(signer)};
}

} // namespace sipvet::mikey
