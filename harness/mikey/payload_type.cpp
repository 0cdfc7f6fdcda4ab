#include "mikey/payload_type.hpp"

#include <fmt/format.h>

namespace sipvet::mikey {

namespace {

const char* abbreviation(PayloadType type) {
  switch (type) {
  case PayloadType::last:
    return "last payload";
  case PayloadType::kemac:
    return "KEMAC";
  case PayloadType::pke:
    return "PKE";
  case PayloadType::dh:
    return "DH";
  case PayloadType::sign:
    return "SIGN";
  case PayloadType::timestamp:
    return "T";
  case PayloadType::id:
    return "ID";
  case PayloadType::certificate:
    return "CERT";
  case PayloadType::certificate_hash:
    return "CHASH";
  case PayloadType::verification:
    return "V";
  case PayloadType::security_policy:
    return "SP";
  case PayloadType::rand:
    return "RAND";
  case PayloadType::error:
    return "ERR";
  case PayloadType::key_data:
    return "key data";
  case PayloadType::general_extension:
    return "general extension";
  }
  return nullptr;
}

} // namespace

std::string to_string(PayloadType type) {
  const char* text = abbreviation(type);
  const auto number = static_cast<unsigned>(type);
  return text ? fmt::format("{} ({})", text, number) : fmt::format("payload {}", number);
}

} // namespace sipvet::mikey
