// The pair of MAC algorithm and MAC that ends KEMAC and V (RFC 3830 §6.2, §6.9): the algorithm tells the
// length.
#pragma once

#include "base/reader.hpp"
#include "mikey/algorithms.hpp"

#include <string_view>

namespace sipvet::mikey {

struct MacField {
  Mac algorithm = Mac::null;
  Bytes mac;
};

Result<MacField> parse_mac_field(Reader& reader, std::string_view payload);

} // namespace sipvet::mikey
