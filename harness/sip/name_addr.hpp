// name-addr and addr-spec: the value of From, To, Contact, Route, Record-Route, Refer-To and their kin (RFC
// 3261 §20).
#pragma once

#include "sip/uri.hpp"

namespace sipvet::sip {

struct NameAddr {
  std::string display_name; // unquoted, escapes removed
  Uri uri;
  Parameters parameters; // header parameters: those after `>`, or all of them where there are no angle
                         // brackets (§20.10)

  std::string tag() const; // empty when there is none
};

Result<NameAddr> parse_name_addr(std::string_view text);
std::string to_string(const NameAddr& value); // always with angle brackets

} // namespace sipvet::sip
