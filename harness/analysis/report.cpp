#include "analysis/report.hpp"

#include "tlswire/alert.hpp"

#include <algorithm>

namespace sipvet::analysis {

std::string_view to_string(ClientCertificate certificate) {
  constexpr std::string_view names[] = {"none", "empty", "given"};
  return names[static_cast<std::size_t>(certificate)];
}

std::string to_string(const TlsAlert& alert) {
  return std::string(alert.from_client ? "client" : "server") + ": " +
         tlswire::to_string(tlswire::AlertMessage{alert.level, alert.description});
}

std::optional<verdict::Severity> worst(const Report& report) {
  if (report.findings.empty()) return std::nullopt;
  return std::ranges::max(report.findings, {}, &verdict::Finding::severity).severity;
}

} // namespace sipvet::analysis
