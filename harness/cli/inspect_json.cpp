#include "cli/inspect_output.hpp"

#include "base/endpoint_text.hpp"
#include "base/hex.hpp"
#include "base/utc.hpp"
#include "cli/json_layout.hpp"
#include "cli/printable.hpp"
#include "tlswire/extensions.hpp"
#include "tlswire/suites.hpp"
#include "tlswire/version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sipvet::cli {

namespace {

using Json = nlohmann::ordered_json;
using analysis::MediaStream;

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }
Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json or_null(const std::optional<std::size_t>& number) { return number ? Json(*number) : Json(nullptr); }
std::string ssrc_text(std::uint32_t ssrc) { return fmt::format("0x{:08x}", ssrc); }

template <typename Name>
Json names_json(const std::vector<std::uint16_t>& codes, Name name) {
  Json out = Json::array();
  for (const std::uint16_t code : codes) out.push_back(name(code));
  return out;
}

Json client_hello_json(const analysis::TlsConnection& tls) {
  if (!tls.client_hello) return nullptr;
  const analysis::ClientHelloFacts& hello = *tls.client_hello;
  return {{"format", hello.sslv2 ? "sslv2" : "tls"},
          {"version", tlswire::version_name(hello.version)},
          {"versions", names_json(hello.versions, tlswire::version_name)},
          {"suites", names_json(hello.suites, tlswire::suite_name)},
          {"extensions", names_json(hello.extensions, tlswire::extension_name)}};
}

Json server_hello_json(const analysis::TlsConnection& tls) {
  if (!tls.server_hello) return nullptr;
  const analysis::ServerHelloFacts& hello = *tls.server_hello;
  return {{"downgrade_mark", hello.downgrade_mark},
          {"compression", hello.compression},
          {"extensions", names_json(hello.extensions, tlswire::extension_name)}};
}

Json alerts_json(const analysis::TlsConnection& tls) {
  Json out = Json::array();
  for (const analysis::TlsAlert& alert : tls.alerts) out.push_back(to_string(alert));
  return out;
}

Json losses_json(const analysis::TlsConnection& tls) {
  Json out = Json::array();
  for (const analysis::TlsLoss& loss : tls.losses)
    out.push_back({{"from", loss.from_client ? "client" : "server"},
                   {"offset", loss.offset},
                   {"octets", loss.octets},
                   {"damage", or_null(loss.damage)},
                   {"resumed_at", loss.resumed_at ? Json(*loss.resumed_at) : Json(nullptr)},
                   {"records", loss.records}});
  return out;
}

std::vector<std::string> names_of(const analysis::ServerCertificate& certificate) {
  std::vector<std::string> names = certificate.dns_names;
  names.insert(names.end(), certificate.uris.begin(), certificate.uris.end());
  names.insert(names.end(), certificate.ip_addresses.begin(), certificate.ip_addresses.end());
  return names;
}

Json tls_json(const analysis::TlsConnection& tls) {
  return {{"client", to_string(tls.client)},
          {"server", to_string(tls.server)},
          {"version", or_null(tls.version)},
          {"cipher", or_null(tls.cipher)},
          {"decrypted", tls.decrypted},
          {"key_source", or_null(tls.key_source)},
          {"client_bytes", tls.client_bytes},
          {"server_bytes", tls.server_bytes},
          {"client_sha256", or_null(tls.client_sha256)},
          {"server_sha256", or_null(tls.server_sha256)},
          {"reason", or_null(tls.reason)},
          {"losses", losses_json(tls)},
          {"loss_count", tls.loss_count},
          {"first_frame", tls.first_frame},
          {"last_frame", tls.last_frame},
          {"client_random", to_hex(tls.client_random)},
          {"server_name", or_null(tls.server_name)},
          {"certificate", or_null(tls.certificate)},
          {"handshake_completed", tls.handshake_completed},
          {"resumed", tls.resumed},
          {"sslv2_hello", tls.client_hello && tls.client_hello->sslv2},
          {"client_hello", client_hello_json(tls)},
          {"server_hello", server_hello_json(tls)},
          {"client_certificate", tls.client_certificate == analysis::ClientCertificate::given},
          {"client_certificate_message", std::string(to_string(tls.client_certificate))},
          {"premaster_version",
           tls.premaster_version ? Json(tlswire::version_name(*tls.premaster_version)) : Json(nullptr)},
          {"encrypt_then_mac", tls.encrypt_then_mac},
          {"extended_master_secret", tls.extended_master_secret},
          {"alerts", alerts_json(tls)},
          {"closed_frame", or_null(tls.closed_frame)},
          {"closed_by", or_null(tls.closed_by)},
          {"idle_before_close_ms", tls.idle_before_close.count()},
          {"carries_sip", tls.carries_sip},
          {"sip_messages", tls.sip_messages}};
}

Json certificate_json(const analysis::ServerCertificate& certificate) {
  return {{"subject", certificate.subject},
          {"issuer", certificate.issuer},
          {"names", names_of(certificate)},
          {"not_before", to_utc(certificate.not_before)},
          {"not_after", to_utc(certificate.not_after)},
          {"sha256", certificate.sha256}};
}

Json side_json(const analysis::MediaSide& side) {
  return {{"rtp", to_string(side.rtp)},
          {"rtcp", to_string(side.rtcp)},
          {"protocol", side.protocol},
          {"direction", side.direction},
          {"suites", side.suites}};
}

Json dialog_json(const analysis::Dialog& dialog) {
  Json media = Json::array();
  for (const analysis::NegotiatedMedia& one : dialog.media)
    media.push_back({{"type", one.type},
                     {"accepted", one.accepted},
                     {"secured", one.secured},
                     {"keying", or_null(one.keying)},
                     {"suite", or_null(one.suite)},
                     {"offer_frame", one.offer_frame},
                     {"answer_frame", one.answer_frame},
                     {"offer", side_json(one.offer)},
                     {"answer", side_json(one.answer)}});
  Json transports = Json::array();
  for (const analysis::Transport transport : dialog.transports)
    transports.push_back(std::string(to_string(transport)));
  return {{"call_id", dialog.call_id},
          {"from", dialog.from},
          {"to", dialog.to},
          {"messages", dialog.messages},
          {"methods", dialog.methods},
          {"invite_statuses", dialog.invite_statuses},
          {"transports", transports},
          {"media", media},
          {"first_frame", dialog.first_frame},
          {"last_frame", dialog.last_frame}};
}

// By hand: there may be millions.
std::string message_text(const analysis::SipMessageView& message) {
  std::string out;
  out.reserve(512 + message.text.size());
  out.append("{\n  \"frame\": ");
  append_number(out, message.frame);
  const auto name = [&](std::string_view field) { out.append(",\n  \"", 5).append(field).append("\": ", 3); };
  const auto add = [&](std::string_view field, std::string_view value) {
    name(field);
    JsonLayout::append_quoted(out, value);
  };
  const auto add_endpoint = [&](std::string_view field, const Endpoint& endpoint) {
    name(field);
    out.append("\"", 1);
    append_text(out, endpoint);
    out.append("\"", 1);
  };
  add_endpoint("source", message.source);
  add_endpoint("destination", message.destination);
  add("transport", to_string(message.transport));
  add("call_id", message.call_id);
  add("first_line", message.first_line);
  if (!message.text.empty()) add("text", message.text);
  out.append("\n}", 2);
  return out;
}

// To the microsecond: more digits mean nothing.
double milliseconds(double value) { return std::round(value * 1000) / 1000; }

Json stream_json(const MediaStream& stream) {
  return {{"ssrc", ssrc_text(stream.ssrc)},
          {"source", to_string(stream.source)},
          {"destination", to_string(stream.destination)},
          {"suite", or_null(stream.suite)},
          {"key_source", or_null(stream.key_source)},
          {"packets", stream.packets},
          {"authenticated", stream.authenticated},
          {"failed", stream.failed},
          {"rollover_counter", stream.rollover_counter},
          {"payload_bytes", stream.payload_bytes},
          {"payload_sha256", or_null(stream.payload_sha256)},
          {"reason", or_null(stream.reason)},
          {"duplicates", stream.duplicates},
          {"plain", stream.plain},
          {"lost", stream.lost},
          {"gaps", stream.gaps},
          {"longest_gap", stream.longest_gap},
          {"replayed", stream.replayed},
          {"mean_jitter_ms", milliseconds(stream.mean_jitter_ms)},
          {"max_jitter_ms", milliseconds(stream.max_jitter_ms)},
          {"first_frame", stream.first_frame},
          {"last_frame", stream.last_frame},
          {"payload_types", stream.payload_types},
          {"codec", or_null(stream.codec)},
          {"dtmf", or_null(stream.dtmf)},
          {"call_id", or_null(stream.call_id)},
          {"voiceprint", stream.voiceprint ? Json(rtp::to_string(*stream.voiceprint)) : Json(nullptr)},
          {"rtcp_packets", stream.rtcp_packets},
          {"rtcp_authenticated", stream.rtcp_authenticated}};
}

Json rtcp_json(const analysis::RtcpStream& stream) {
  return {{"ssrc", ssrc_text(stream.ssrc)},
          {"source", to_string(stream.source)},
          {"destination", to_string(stream.destination)},
          {"secured", stream.secured},
          {"packets", stream.packets},
          {"authenticated", stream.authenticated},
          {"failed", stream.failed},
          {"plain", stream.plain},
          {"key_source", or_null(stream.key_source)},
          {"call_id", or_null(stream.call_id)}};
}

Json optional_boolean(const std::optional<bool>& value) { return value ? Json(*value) : Json(nullptr); }

Json mikey_json(const analysis::MikeyExchange& exchange) {
  Json sessions = Json::array();
  for (const analysis::MikeyCryptoSession& session : exchange.crypto_sessions) {
    Json one = {{"id", session.id}, {"ssrc", ssrc_text(session.ssrc)}};
    if (!session.tek.empty()) one["tek"] = to_hex(session.tek);
    if (!session.salt.empty()) one["salt"] = to_hex(session.salt);
    sessions.push_back(std::move(one));
  }
  return {{"frame", exchange.frame},
          {"call_id", or_null(exchange.call_id)},
          {"exchange", exchange.exchange},
          {"mac_valid", optional_boolean(exchange.mac_valid)},
          {"verification_valid", optional_boolean(exchange.verification_valid)},
          {"tgk_sha1", or_null(exchange.tgk_sha1)},
          {"crypto_sessions", sessions},
          {"reason", or_null(exchange.reason)}};
}

Json file_json(const analysis::CaptureFile& file) {
  return {{"path", file.path}, {"first_frame", file.first_frame}, {"packets", file.packets}};
}

Json dtls_json(const analysis::DtlsHandshake& handshake) {
  Json alerts = Json::array();
  for (const analysis::TlsAlert& alert : handshake.alerts) alerts.push_back(to_string(alert));
  return {{"client", to_string(handshake.client)},
          {"server", to_string(handshake.server)},
          {"first_frame", handshake.first_frame},
          {"version", or_null(handshake.version)},
          {"cipher", or_null(handshake.cipher)},
          {"profile", or_null(handshake.profile)},
          {"completed", handshake.completed},
          {"client_certificate_sha256", or_null(handshake.client_certificate_sha256)},
          {"server_certificate_sha256", or_null(handshake.server_certificate_sha256)},
          {"key_source", or_null(handshake.key_source)},
          {"alerts", alerts}};
}

Json t38_json(const analysis::T38Stream& stream) {
  return {{"source", to_string(stream.source)}, {"destination", to_string(stream.destination)},
          {"packets", stream.packets},          {"signals", stream.signals},
          {"call_id", or_null(stream.call_id)}, {"first_frame", stream.first_frame}};
}

Json finding_json(const verdict::Finding& finding) {
  return {{"id", finding.id},
          {"severity", std::string(to_string(finding.severity))},
          {"frame", finding.frame ? Json(*finding.frame) : Json(nullptr)},
          {"text", finding.text},
          {"fix", or_null(finding.fix)}};
}

template <typename ToJson>
auto as_text(ToJson to_json) {
  return
      [to_json](const auto& one) { return to_json(one).dump(2, ' ', false, Json::error_handler_t::replace); };
}

void write_json(const analysis::Report& report, bool messages, const Print& out) {
  JsonLayout layout(out);
  layout.field("schema", JsonLayout::quoted("sipvet-inspect/1"));
  layout.field("packets", std::to_string(report.packets));
  layout.list("files", report.files, as_text(file_json));
  layout.list("tls", report.tls, as_text(tls_json));
  layout.list("certificates", report.certificates, as_text(certificate_json));
  layout.begin("sip");
  layout.field("messages", std::to_string(report.sip.messages.size()));
  layout.list("dialogs", report.sip.dialogs, as_text(dialog_json));
  if (messages) layout.list("list", report.sip.messages, message_text);
  layout.end();
  layout.list("srtp", report.srtp, as_text(stream_json));
  layout.list("rtp", report.rtp, as_text(stream_json));
  layout.list("rtcp", report.rtcp, as_text(rtcp_json));
  layout.list("mikey", report.mikey, as_text(mikey_json));
  layout.list("dtls", report.dtls, as_text(dtls_json));
  layout.list("t38", report.t38, as_text(t38_json));
  layout.list("findings", report.findings, as_text(finding_json));
  layout.finish();
}

} // namespace

std::string inspect_json_shape() {
  analysis::Report report;
  report.files.resize(1);
  report.tls.resize(1);
  report.tls[0].alerts.resize(1);
  report.tls[0].losses.resize(1);
  report.certificates.resize(1);
  report.certificates[0].dns_names = {""};
  analysis::SipMessage message;
  message.text = "text";
  report.sip.messages.push_back(message);
  auto& dialog = report.sip.dialogs.emplace_back();
  dialog.methods = {""};
  dialog.invite_statuses = {0};
  dialog.transports = {analysis::Transport::udp};
  dialog.media.resize(1);
  dialog.media[0].offer.suites = dialog.media[0].answer.suites = {""};
  report.srtp.resize(1);
  report.srtp[0].payload_types = {0};
  report.rtp = report.srtp;
  report.rtcp.resize(1);
  report.mikey.resize(1);
  report.mikey[0].crypto_sessions = {{0, 0, Bytes(1), Bytes(1)}};
  report.dtls.resize(1);
  report.dtls[0].alerts.resize(1);
  report.t38.resize(1);
  report.t38[0].signals = {""};
  report.findings.resize(1);
  return inspect_json(report);
}

void inspect_json(const analysis::Report& report, const Print& out) { write_json(report, true, out); }

std::string inspect_json(const analysis::Report& report) {
  std::string out;
  write_json(report, true, [&](std::string_view text) { out += text; });
  return out;
}

std::string inspect_json_without_messages(const analysis::Report& report) {
  std::string out;
  write_json(report, false, [&](std::string_view text) { out += text; });
  return out;
}

} // namespace sipvet::cli
