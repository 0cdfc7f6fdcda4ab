// What is wrong with the gateway's TLS properties: each name by itself, and all of them together, so that a
// gateway that could not work does not start.
#pragma once

#include "gateway/property_value.hpp"
#include "gateway/tls_settings.hpp"

#include <string>
#include <vector>

namespace sipvet::gateway {

// A suite that some engine can do, and that encrypts and authenticates: RC4 is forbidden (RFC 7465 §2), the
// rest is what RFC 9325 §4.1 rules out.
Complaint check_suite_name(const std::string& iana_name);

// `map` is what `settings` was read from, for the places. Each message names the properties it is about.
std::vector<script::Diagnostic>
check_tls_together(const TlsSettings& settings, const tls::Deviations& deviations, const script::Value& map);

} // namespace sipvet::gateway
