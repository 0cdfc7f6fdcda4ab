#include "analysis/report.hpp"

#include "tlswire/alert.hpp"

#include <algorithm>

namespace sipvet::analysis {

std::string_view to_string(Transport transport) {
  switch (transport) {
  case Transport::udp:
    return "UDP";
  case Transport::tcp:
    return "TCP";
  case Transport::tls:
    return "TLS";
  case Transport::ws:
    return "WS";
  case Transport::wss:
    return "WSS";
  }
  return "";
}

std::string_view to_string(ClientCertificate certificate) {
  constexpr std::string_view names[] = {"none", "empty", "given"};
  return names[static_cast<std::size_t>(certificate)];
}

std::string to_string(const TlsAlert& alert) {
  return std::string(alert.from_client ? "client" : "server") + ": " +
         tlswire::to_string(tlswire::AlertMessage{alert.level, alert.description});
}
bool is_encrypted(Transport transport) { return transport == Transport::tls || transport == Transport::wss; }

const Dialog* Report::dialog(std::string_view call_id) const {
  const auto found = std::ranges::find(sip.dialogs, call_id, &Dialog::call_id);
  return found == sip.dialogs.end() ? nullptr : &*found;
}

std::optional<verdict::Severity> worst(const Report& report) {
  if (report.findings.empty()) return std::nullopt;
  return std::ranges::max(report.findings, {}, &verdict::Finding::severity).severity;
}

} // namespace sipvet::analysis
