#include "cli/inspect_output.hpp"

#include "base/endpoint_text.hpp"
#include "base/hex.hpp"
#include "cli/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sipvet::cli {

namespace {

using analysis::MediaStream;

std::string tls_line(const analysis::TlsConnection& tls) {
  std::string out = fmt::format("  {} - {}  {} {}", to_string(tls.client), to_string(tls.server),
                                tls.version.empty() ? "no ServerHello" : tls.version, tls.cipher);
  if (tls.decrypted)
    out += fmt::format("  decrypted ({}): {} octets from the client, {} from the server", tls.key_source,
                       tls.client_bytes, tls.server_bytes);
  if (tls.decrypted && !tls.carries_sip) out += "; carries no SIP";
  if (tls.reason)
    out += fmt::format("\n    {}: {}", tls.decrypted ? "only up to a point" : "not decrypted",
                       printable(*tls.reason));
  for (const analysis::TlsAlert& alert : tls.alerts)
    out += fmt::format("\n    alert from {}", to_string(alert));
  return out + "\n";
}

// By hand: there may be millions.
void append_message_line(std::string& out, const analysis::SipMessageView& message) {
  const std::size_t start = out.size();
  constexpr std::string_view blanks = "                          ";
  const auto to_column = [&](std::size_t column) {
    if (out.size() - start < column) out.append(blanks, 0, column - (out.size() - start));
  };
  out.append("  ", 2);
  append_time_of_day(out, message.time);
  out.append("  #", 3);
  append_number(out, message.frame);
  constexpr std::size_t address_columns = 21;
  to_column(26);
  const std::size_t source = out.size();
  append_text(out, message.source);
  const std::size_t octets = out.size() - source;
  out.insert(source, blanks, 0, octets < address_columns ? address_columns - octets + 1 : 1);
  out.append(" > ", 3);
  const auto column = out.size() - start;
  append_text(out, message.destination);
  to_column(column + address_columns);
  out.append(" ", 1).append(to_string(message.transport)).append("  ", 2);
  append_printable(out, message.first_line);
  out.append("\n", 1);
}

void messages_section(const Print& out, const analysis::MessageList& messages) {
  if (messages.empty()) return;
  constexpr std::size_t piece_octets = 64 * 1024;
  std::string piece = fmt::format("\nSIP messages ({})\n", messages.size());
  for (const auto& message : messages) {
    append_message_line(piece, message);
    if (piece.size() < piece_octets) continue;
    out(piece);
    piece.clear();
  }
  out(piece);
}

std::string stream_line(const MediaStream& stream) {
  std::string out = fmt::format("  0x{:08x}  {} > {}  ", stream.ssrc, to_string(stream.source),
                                to_string(stream.destination));
  if (stream.secured)
    out += fmt::format("{} ({})  {} packets, {} authenticated, {} failed",
                       stream.suite.empty() ? "SRTP" : printable(stream.suite),
                       stream.key_source.empty() ? "no key" : stream.key_source, stream.packets,
                       stream.authenticated, stream.failed);
  else
    out += fmt::format("RTP {}  {} packets", printable(stream.codec), stream.packets);
  if (stream.lost > 0) out += fmt::format(", {} lost", stream.lost);
  if (stream.voiceprint) out += fmt::format(", {} heard", rtp::to_string(*stream.voiceprint));
  if (!stream.payload_sha256.empty())
    out += fmt::format("\n    {} octets of payload, sha256 {}", stream.payload_bytes, stream.payload_sha256);
  if (stream.reason) out += "\n    " + printable(*stream.reason);
  return out + "\n";
}

std::string verdict_word(const std::optional<bool>& valid) {
  if (!valid) return "not tried";
  return *valid ? "valid" : "WRONG";
}

std::string mikey_line(const analysis::MikeyExchange& exchange) {
  std::string out = fmt::format("  #{} {}: MAC {}, verification {}", exchange.frame, exchange.exchange,
                                verdict_word(exchange.mac_valid), verdict_word(exchange.verification_valid));
  if (!exchange.tgk_sha1.empty()) out += ", TGK sha1 " + exchange.tgk_sha1;
  if (exchange.reason) out += ", " + printable(*exchange.reason);
  out += "\n";
  for (const analysis::MikeyCryptoSession& session : exchange.crypto_sessions) {
    out += fmt::format("    CS {} for SSRC 0x{:08x}", session.id, session.ssrc);
    if (!session.tek.empty())
      out += fmt::format(": TEK {}, salt {}", to_hex(session.tek), to_hex(session.salt));
    out += "\n";
  }
  return out;
}

std::string finding_line(const verdict::Finding& finding) {
  std::string out = fmt::format("  {}: ", to_string(finding.severity));
  if (finding.frame) out += fmt::format("frame {}: ", *finding.frame);
  out += fmt::format("{} [{}]\n", printable(finding.text), finding.id);
  if (!finding.fix.empty()) out += fmt::format("    {}\n", printable(finding.fix));
  return out;
}

template <typename List, typename Line>
void section(const Print& out, std::string_view title, const List& list, Line line) {
  if (list.empty()) return;
  out(fmt::format("\n{} ({})\n", title, list.size()));
  for (const auto& one : list) out(line(one));
}

} // namespace

std::string inspect_text(const analysis::Report& report) {
  std::string out;
  inspect_text(report, [&](std::string_view text) { out += text; });
  return out;
}

void inspect_text(const analysis::Report& report, const Print& out) {
  for (const analysis::CaptureFile& file : report.files)
    out(fmt::format("{}: {} packets\n", printable(file.path), file.packets));
  section(out, "TLS connections", report.tls, tls_line);
  messages_section(out, report.sip.messages);
  section(out, "MIKEY exchanges", report.mikey, mikey_line);
  section(out, "SRTP streams", report.srtp, stream_line);
  section(out, "RTP streams", report.rtp, stream_line);
  section(out, "Findings", report.findings, finding_line);
}

} // namespace sipvet::cli
