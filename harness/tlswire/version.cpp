#include "tlswire/version.hpp"

#include "tlswire/code_name.hpp"

namespace sipvet::tlswire {

std::string version_name(std::uint16_t version) {
  switch (version) {
  case ssl2:
    return "SSLv2";
  case ssl3:
    return "SSLv3";
  case tls1_0:
    return "TLSv1.0";
  case tls1_1:
    return "TLSv1.1";
  case tls1_2:
    return "TLSv1.2";
  case tls1_3:
    return "TLSv1.3";
  default:
    break;
  }
  return hex_code(version);
}

} // namespace sipvet::tlswire
