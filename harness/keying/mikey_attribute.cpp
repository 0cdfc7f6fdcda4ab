#include "keying/mikey_attribute.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace sipvet::keying {

Result<KeyMgmt> parse_key_mgmt(std::string_view value) {
  const auto parts = split_once(value, ' ');
  if (!parts || parts->first.empty())
    return fail("key-mgmt attribute needs a protocol and its data with a blank between them", value.size());
  const std::string_view text = trim(parts->second);
  const auto at = static_cast<std::size_t>(text.data() - value.data());
  if (text.empty()) return fail("key-mgmt attribute has no data after the protocol", value.size());
  auto data = from_base64(text, Padding::lenient);
  if (!data) return fail("key-mgmt data: " + data.error().what, at + data.error().offset.value_or(0));
  return KeyMgmt{std::string(parts->first), std::move(*data)};
}

Result<Bytes> parse_mikey_attribute(std::string_view value) {
  SIPVET_TRY(KeyMgmt attribute, parse_key_mgmt(value));
  if (attribute.protocol != mikey_protocol)
    return fail(fmt::format("key management protocol is {}, expected mikey", attribute.protocol), 0);
  return std::move(attribute.data);
}

std::string to_string(const KeyMgmt& attribute) {
  return attribute.protocol + ' ' + to_base64(attribute.data);
}

std::string mikey_attribute(ByteView message) {
  return to_string(KeyMgmt{std::string(mikey_protocol), to_bytes(message)});
}

} // namespace sipvet::keying
