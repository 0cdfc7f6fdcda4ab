#include "sip/via.hpp"

#include "base/text.hpp"
#include "sip/host_port.hpp"
#include "sip/lexer.hpp"

#include <algorithm>
#include <array>

namespace sipvet::sip {

namespace {

// RFC 3261 §25.1, RFC 4168 and RFC 7118.
constexpr std::array<std::string_view, 7> transports = {"UDP", "TCP", "TLS", "SCTP", "TLS-SCTP", "WS", "WSS"};

std::string transport_name(std::string_view written) {
  const auto* known = std::find_if(transports.begin(), transports.end(),
                                   [&](std::string_view name) { return iequals(name, written); });
  return std::string(known == transports.end() ? written : *known);
}

} // namespace

std::string Via::branch() const { return find(parameters, "branch").value_or(""); }

Result<Via> parse_via(std::string_view text) {
  Lexer lexer(text);
  Via out;
  lexer.blanks();
  SIPVET_TRY(const std::string_view protocol, lexer.token("Via protocol"));
  SIPVET_CHECK(lexer.expect('/', "after the protocol name of Via"));
  SIPVET_TRY(const std::string_view version, lexer.token("Via version"));
  SIPVET_CHECK(lexer.expect('/', "after the version of Via"));
  SIPVET_TRY(const std::string_view transport, lexer.token("Via transport"));
  out.version = std::string(protocol) + '/' + std::string(version);
  out.transport = transport_name(transport);
  lexer.blanks();
  const std::size_t start = lexer.offset();
  const std::string_view sent_by = trim(lexer.until(";,"));
  const auto host = parse_host_port(sent_by);
  if (!host) return fail("Via: " + host.error().what, start + host.error().offset.value_or(0));
  out.host = host->host;
  out.port = host->port;
  SIPVET_TRY(out.parameters, lexer.parameters());
  SIPVET_CHECK(lexer.expect_end("Via"));
  return out;
}

std::string to_string(const Via& via) {
  return via.version + '/' + via.transport + ' ' + to_string(HostPort{via.host, via.port}) +
         to_string(via.parameters);
}

} // namespace sipvet::sip
