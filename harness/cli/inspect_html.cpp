#include "cli/inspect_html.hpp"

#include "cli/ladder.hpp"
#include "cli/printable.hpp"
#include "report/html_page.hpp"
#include "report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sipvet::cli {

namespace {

using Kind = LadderEvent::Kind;

// A ladder of more events is no picture any more; the tables have them all.
constexpr std::size_t max_drawn = 2000;
constexpr std::size_t max_columns = 8;
constexpr std::size_t row_height = 22, column_width = 260, left_margin = 170;

constexpr std::string_view style = R"css(
svg { font: 12px ui-monospace, monospace; color: inherit; }
svg text { fill: currentColor; } svg line { stroke: currentColor; }
.life { opacity: .25; } .tls line { stroke-dasharray: 2 3; } .media line { stroke-width: 3; opacity: .7; }
.bad line { stroke: var(--fail); } .bad text { fill: var(--fail); } .dim { opacity: .65; }
.warning { color: var(--unsupported); } .info { color: var(--skipped); }
)css";

// Text for a person: control characters are shown.
std::string escaped(std::string_view text) { return report::html_escaped(printable(text)); }

std::size_t x_of(std::size_t party, std::size_t columns) {
  return left_margin + std::min(party, columns - 1) * column_width + column_width / 2;
}

std::string arrow_head(std::size_t x, std::size_t y, bool to_right) {
  const auto back = to_right ? x - 8 : x + 8;
  return fmt::format("<path d=\"M{} {} L{} {} L{} {} Z\" fill=\"currentColor\"/>", x, y, back, y - 4, back,
                     y + 4);
}

std::string event_svg(const LadderEvent& event, std::size_t y, std::size_t columns) {
  const auto from = x_of(event.from, columns), to = x_of(event.to, columns);
  const std::string_view kind = event.kind == Kind::tls ? "tls" : event.kind == Kind::media ? "media" : "sip";
  std::string out =
      fmt::format("<g class=\"{}{}\"><title>{}</title>", kind,
                  event.severity == verdict::Severity::error ? " bad" : "", escaped(event.label));
  out += fmt::format("<text class=\"dim\" x=\"4\" y=\"{}\">{} #{}</text>", y + 4,
                     time_of_day(event.time).substr(0, 12), event.frame);
  const auto middle = (from + to) / 2;
  const auto span = from > to ? from - to : to - from;
  const auto room = std::max<std::size_t>(span, column_width) / 8;
  if (from != to) {
    out += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", from, y, to, y);
    out += arrow_head(to, y, from < to);
    if (event.both_ways) out += arrow_head(from, y, from > to);
  }
  out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text></g>\n", middle, y - 4,
                     escaped(report::shorten(event.label, room)));
  return out;
}

std::string ladder_svg(const Ladder& ladder) {
  const auto columns = std::min(std::max<std::size_t>(ladder.parties.size(), 1), max_columns);
  std::string rows;
  std::size_t y = 2 * row_height, drawn = 0;
  for (const auto& event : ladder.events) {
    if (event.kind == Kind::finding || ++drawn > max_drawn) continue;
    rows += event_svg(event, y, columns);
    y += row_height;
  }
  const auto width = left_margin + columns * column_width;
  std::string out =
      fmt::format("<div class=\"scroll\"><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
                  "aria-label=\"Ladder diagram\" width=\"{}\" height=\"{}\">\n",
                  width, y);
  for (std::size_t i = 0; i < columns && i < ladder.parties.size(); ++i) {
    const auto x = x_of(i, columns);
    const bool shared = i + 1 == columns && ladder.parties.size() > columns;
    out += fmt::format(
        "<text x=\"{}\" y=\"14\" text-anchor=\"middle\">{}{}</text><line class=\"life\" x1=\"{}\" "
        "y1=\"20\" x2=\"{}\" y2=\"{}\"/>\n",
        x, escaped(ladder.parties[i]), shared ? " and others" : "", x, x, y);
  }
  out += rows + "</svg></div>\n";
  if (drawn > max_drawn) out += fmt::format("<p>{} more events are not drawn.</p>\n", drawn - max_drawn);
  return out;
}

std::string row(std::initializer_list<std::string> cells) {
  std::string out = "<tr>";
  for (const auto& cell : cells) out += "<td>" + escaped(cell) + "</td>";
  return out + "</tr>\n";
}

std::string table(std::string_view title, std::size_t count, std::string_view head, const std::string& rows) {
  if (count == 0) return {};
  std::string out = fmt::format("<h2>{} ({})</h2>\n<div class=\"scroll\"><table><tr>", title, count);
  for (std::size_t start = 0; start <= head.size();) {
    const auto end = std::min(head.find('|', start), head.size());
    out += fmt::format("<th>{}</th>", head.substr(start, end - start));
    start = end + 1;
  }
  return out + "</tr>\n" + rows + "</table></div>\n";
}

std::string findings_table(const analysis::Report& report) {
  std::string rows;
  for (const auto& finding : report.findings)
    rows += fmt::format(
        "<tr><td class=\"verdict {0}\">{0}</td><td>{1}</td><td>{2}<br><span class=\"dim\">{3}</span>"
        "</td><td><code>{4}</code></td></tr>\n",
        to_string(finding.severity), finding.frame ? std::to_string(*finding.frame) : "",
        escaped(finding.text), escaped(finding.fix), escaped(finding.id));
  return table("Findings", report.findings.size(), "severity|frame|what, and what to do|id", rows);
}

std::string streams_table(std::string_view title, const analysis::MediaStreams& streams) {
  std::string rows;
  for (const auto& stream : streams)
    rows +=
        row({fmt::format("0x{:08x}", stream.ssrc), to_string(stream.source), to_string(stream.destination),
             stream.secured ? stream.suite + " (" + stream.key_source + ")" : "plain", stream.codec,
             std::to_string(stream.packets), std::to_string(stream.authenticated),
             std::to_string(stream.failed + stream.plain), std::to_string(stream.lost),
             fmt::format("{:.1f} / {:.1f}", stream.mean_jitter_ms, stream.max_jitter_ms),
             stream.reason.value_or("")});
  return table(
      title, streams.size(),
      "SSRC|from|to|protection|codec|packets|authentic|not authentic|lost|jitter ms (mean / worst)|reason",
      rows);
}

std::string connections_table(const analysis::Report& report) {
  std::string rows;
  for (const auto& tls : report.tls)
    rows += row({to_string(tls.client), to_string(tls.server), tls.version, tls.cipher,
                 tls.decrypted ? "yes (" + tls.key_source + ")" : "no", tls.certificate,
                 std::to_string(tls.sip_messages), tls.reason.value_or("")});
  return table("TLS connections", report.tls.size(),
               "client|server|version|suite|decrypted|certificate|SIP messages|reason", rows);
}

std::string messages_list(const analysis::Report& report) {
  std::string out;
  for (const auto& message : report.sip.messages) {
    if (message.text.empty()) continue;
    // Line ends of the message are lines here; everything else stays visible.
    std::string text;
    for (const char c : message.text)
      if (c != '\r') text += c;
    std::string lines;
    for (std::size_t start = 0; start < text.size();) {
      const auto end = std::min(text.find('\n', start), text.size());
      lines += escaped(std::string_view(text).substr(start, end - start)) + "\n";
      start = end + 1;
    }
    out += fmt::format("<details><summary>#{} {}</summary><pre>{}</pre></details>\n", message.frame,
                       escaped(message.first_line), lines);
  }
  return out.empty() ? out : "<h2>Messages</h2>\n" + out;
}

} // namespace

std::string inspect_html(const analysis::Report& report) {
  std::string files;
  for (const auto& file : report.files) files += (files.empty() ? "" : ", ") + file.path;
  std::string out = fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                                "<meta name=\"viewport\" content=\"width=device-width\">\n"
                                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                                "style-src 'unsafe-inline'\">\n"
                                "<title>sipvet inspect</title>\n<style>{}{}</style></head><body>\n"
                                "<h1>{}</h1>\n<p>{} packets, {} SIP messages, {} findings</p>\n",
                                report::html_style, style, escaped(files), report.packets,
                                report.sip.messages.size(), report.findings.size());
  out += findings_table(report);
  out += "<h2>Ladder</h2>\n" + ladder_svg(make_ladder(report));
  out += streams_table("SRTP streams", report.srtp) + streams_table("RTP streams", report.rtp);
  out += connections_table(report) + messages_list(report);
  return out + "</body></html>\n";
}

} // namespace sipvet::cli
