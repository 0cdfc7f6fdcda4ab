#include "mikey/dh_exchange.hpp"

#include "mikey/response.hpp"
#include "mikey/signing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::mikey {

namespace {

struct Row {
  DhGroup number;
  crypto::ModpGroup group;
};
constexpr Row rows[] = {{DhGroup::oakley_5, crypto::ModpGroup::oakley_5},
                        {DhGroup::oakley_1, crypto::ModpGroup::oakley_1},
                        {DhGroup::oakley_2, crypto::ModpGroup::oakley_2}};

// A response has DHr first and DHi behind it.
Result<void> check_values(const std::vector<Dh>& values, const Dh& offered) {
  if (values.size() != 2)
    return fail(fmt::format("the answer has {} DH payloads, expected DHr and DHi", values.size()));
  if (values[0].group != offered.group)
    return fail(fmt::format("DHr is of group {}, expected {} as offered",
                            static_cast<unsigned>(values[0].group), static_cast<unsigned>(offered.group)));
  if (values[1].group != offered.group || values[1].value != offered.value)
    return fail("DHi in the answer is not what was offered");
  return {};
}

// §3.3: the offer has [IDi|CERTi], the response needs IDi. A lone ID beside a certificate is IDr.
std::optional<Id> initiator_of(const Message& offer) {
  const Id* const named = offer.find<Id>();
  if (offer.find<Certificate>() == nullptr) return named ? std::optional(*named) : std::nullopt;
  const auto chain = certificates_in(offer);
  if (!chain || chain->empty()) return std::nullopt;
  return uri_id(chain->front().common_name);
}

} // namespace

std::optional<crypto::ModpGroup> modp_group(DhGroup number) {
  const auto* row = std::ranges::find(rows, number, &Row::number);
  return row == std::end(rows) ? std::nullopt : std::optional(row->group);
}

DhGroup dh_group(crypto::ModpGroup group) { return std::ranges::find(rows, group, &Row::group)->number; }

Result<InitMessage> seal_dh_init(const InitPlan& plan, const crypto::ModpKey& own, const DhParty& party,
                                 Random& random, const KeyValidity& validity) {
  InitMessage out{begin_message(plan, DataType::dh_init, certificate_payloads(party.chain)), {}, {}};
  out.message.payloads.emplace_back(Dh{dh_group(own.group()), own.public_value(), 0, validity});
  SIPVET_TRY(out.octets, sign_message(out.message, party.key, random));
  return out;
}

Result<OpenedDhMessage> open_dh_init(ByteView octets, const std::vector<crypto::Certificate>& known) {
  OpenedDhMessage out{{{}, to_bytes(octets), {}}, {}};
  SIPVET_TRY(out.init.message, parse_message(octets));
  SIPVET_CHECK(check_data_type(out.init.message.header, DataType::dh_init));
  SIPVET_CHECK(check_fresh(out.init.message));
  SIPVET_CHECK(require<Dh>(out.init.message));
  SIPVET_TRY(out.signer, check_signed(octets, out.init.message, known));
  return out;
}

Result<Bytes> seal_dh_response(const InitMessage& init, const std::vector<SrtpId>& sessions,
                               const crypto::ModpKey& own, const DhParty& party, Random& random) {
  Message message{init.message.header, {}};
  message.header.data_type = DataType::dh_response;
  message.header.verification_wanted = false;
  message.header.sessions = sessions;
  message.payloads.emplace_back(init.timestamp());
  for (const Certificate& certificate : certificate_payloads(party.chain))
    message.payloads.emplace_back(certificate);
  if (party.chain.empty() && party.identity) message.payloads.emplace_back(*party.identity);
  if (const auto initiator = initiator_of(init.message)) message.payloads.emplace_back(*initiator);
  const Dh& offered = *init.message.find<Dh>();
  message.payloads.emplace_back(Dh{offered.group, own.public_value(), 0, offered.validity});
  message.payloads.emplace_back(offered);
  return sign_message(message, party.key, random);
}

Result<OpenedDhResponse> open_dh_response(ByteView octets, const InitMessage& init,
                                          const std::vector<crypto::Certificate>& known) {
  OpenedDhResponse out;
  SIPVET_TRY(out.message, parse_message(octets));
  if (const ErrorPayload* error = out.message.find<ErrorPayload>())
    return refused_by_other_side(*error, ErrorProof::none);
  const Header& header = out.message.header;
  SIPVET_CHECK(check_data_type(header, DataType::dh_response));
  if (header.csb_id != init.message.header.csb_id)
    return fail(fmt::format("CSB ID is {:08x}, expected the offer's {:08x}", header.csb_id,
                            init.message.header.csb_id),
                4);
  SIPVET_TRY(const Timestamp* const timestamp, require<Timestamp>(out.message));
  if (*timestamp != init.timestamp()) return fail("the timestamp of the answer is not the offer's");
  const std::vector<Dh> values = out.message.all<Dh>();
  SIPVET_CHECK(check_values(values, *init.message.find<Dh>()));
  out.value = values[0].value;
  SIPVET_TRY(out.signer, check_signed(octets, out.message, known));
  return out;
}

Result<KeyData> agree_dh(const InitMessage& init, const crypto::ModpKey& own, ByteView other_value) {
  SIPVET_TRY(Bytes secret, own.shared_secret(other_value));
  return KeyData{KeyKind::tgk, std::move(secret), {}, init.message.find<Dh>()->validity};
}

} // namespace sipvet::mikey
