#include "mikey/security_policy.hpp"

namespace sipvet::mikey {

Result<SecurityPolicy> parse_security_policy(Reader& reader) {
  SecurityPolicy out;
  SIPVET_TRY(out.policy_no, reader.u8("policy number"));
  SIPVET_TRY(out.protocol, reader.u8("policy protocol type"));
  SIPVET_TRY(Reader parameters, reader.sub_prefixed16("policy parameters"));
  while (!parameters.empty()) {
    SIPVET_TRY(const std::uint8_t number, parameters.u8("policy parameter type"));
    SIPVET_TRY(Reader value, parameters.sub_prefixed8("policy parameter"));
    out.parameters.push_back({number, to_bytes(value.rest())});
  }
  return out;
}

void write(Writer& writer, const SecurityPolicy& policy) {
  writer.u8(policy.policy_no).u8(policy.protocol);
  auto all = writer.prefixed16();
  for (const PolicyParameter& parameter : policy.parameters) {
    writer.u8(parameter.number);
    auto length = writer.prefixed8();
    writer.bytes(parameter.value);
  }
}

} // namespace sipvet::mikey
