// Judges the certificates that servers presented: dates, names, issuer, and whether the other side took them.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/report.hpp"
#include "base/bytes.hpp"

#include <cstddef>
#include <optional>

namespace sipvet::analysis {

// The place of a certificate in the report; one that is there already is not added again. Nothing when it
// cannot be read, or when there are more than anyone presents.
std::optional<std::size_t> add_certificate(Report& report, ByteView der);

// The name asked for is the SNI; without one, the host of the Route or Request-URI of the first request that
// the client sent (RFC 5922 §7.3).
void check_certificates(const Report& report, FindingList& findings);

} // namespace sipvet::analysis
