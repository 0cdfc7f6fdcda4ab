#include "mikey/init_message.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

Message begin_message(const InitPlan& plan, DataType type, const std::vector<Certificate>& certificates) {
  Message out{plan.header, {}};
  out.header.data_type = type;
  out.payloads.emplace_back(plan.timestamp);
  out.payloads.emplace_back(plan.rand);
  for (const Certificate& certificate : certificates) out.payloads.emplace_back(certificate);
  if (certificates.empty() && plan.initiator) out.payloads.emplace_back(*plan.initiator);
  if (plan.responder) out.payloads.emplace_back(*plan.responder);
  for (const SecurityPolicy& policy : plan.policies) out.payloads.emplace_back(policy);
  for (const GeneralExtension& extension : plan.extensions) out.payloads.emplace_back(extension);
  return out;
}

TransportContext transport_context(const InitMessage& init, ByteView key) {
  const Header& header = init.message.header;
  return {{header.prf, header.csb_id, init.rand().value}, init.timestamp(), to_bytes(key)};
}

Result<void> check_data_type(const Header& header, DataType expected) {
  if (header.data_type == expected) return {};
  return fail(fmt::format("expected a {}, not a {}", to_string(expected), to_string(header.data_type)), 1);
}

Result<void> check_fresh(const Message& message) {
  SIPVET_CHECK(require<Timestamp>(message));
  SIPVET_CHECK(require<Rand>(message));
  return {};
}

Error missing(const Message& message, PayloadType type) {
  return fail(fmt::format("{} has no {} payload", to_string(message.header.data_type), to_string(type)));
}

} // namespace sipvet::mikey
