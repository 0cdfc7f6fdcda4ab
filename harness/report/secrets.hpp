// Takes keys and passwords out of any text on its way into a report.
#pragma once

#include <string>
#include <string_view>

namespace sipvet::report {

// Replaces by "[redacted]": the key and salt of SDES `inline:` parameters (RFC 4568 §6.1), MIKEY payloads in
// `key-mgmt` attributes (RFC 4567 §3), digest `response`, `cnonce` and `rspauth` values and Basic
// credentials (RFC 7616, RFC 7617), PEM private keys, the secrets in TLS key log lines, and `password`-like
// settings. Everything else stays as it is.
std::string redact(std::string_view text);

} // namespace sipvet::report
