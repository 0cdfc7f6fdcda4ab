#include "cli/inspect_filter.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace sipvet::cli {

namespace {

constexpr std::array<std::pair<std::string_view, Filter::By>, 3> words = {
    {{"call", Filter::By::call}, {"address", Filter::By::address}, {"method", Filter::By::method}}};

bool is_at(const std::string& text, const Endpoint& endpoint) {
  return to_string(endpoint) == text || to_string(endpoint.ip) == text;
}

struct Facts {
  std::string_view call_id;
  const Endpoint& from;
  const Endpoint& to;
  std::optional<std::string_view> method;
};

bool fits(const Facts& facts, const std::vector<Filter>& filters) {
  return std::ranges::all_of(filters, [&](const Filter& filter) {
    switch (filter.by) {
    case Filter::By::call:
      return facts.call_id.find(filter.text) != std::string_view::npos;
    case Filter::By::address:
      return is_at(filter.text, facts.from) || is_at(filter.text, facts.to);
    case Filter::By::method:
      return facts.method && iequals(*facts.method, filter.text);
    }
    return false;
  });
}

} // namespace

Result<Filter> parse_filter(std::string_view text) {
  const auto parts = split_once(text, ':');
  if (parts && !parts->second.empty())
    for (const auto& [word, by] : words) {
      if (parts->first != word) continue;
      if (by == Filter::By::address && !parse_endpoint(parts->second) && !parse_ip(parts->second))
        return fail(fmt::format("'{}' is no address", parts->second));
      return Filter{by, std::string(parts->second)};
    }
  return fail(fmt::format("expected call:TEXT, address:IP[:PORT] or method:NAME, got '{}'", text));
}

analysis::Report filtered(const analysis::Report& report, const std::vector<Filter>& filters) {
  if (filters.empty()) return report;
  analysis::Report out;
  out.files = report.files;
  out.packets = report.packets;
  out.certificates = report.certificates;
  std::set<std::size_t> frames, connections;
  std::set<std::string> calls;
  for (const auto& message : report.sip.messages) {
    if (!fits({message.call_id, message.source, message.destination, message.method}, filters)) continue;
    frames.insert(message.frame);
    calls.emplace(message.call_id);
    if (message.connection) connections.insert(*message.connection);
  }
  std::map<std::size_t, std::size_t> place; // of a connection in the smaller report
  for (std::size_t i = 0; i < report.tls.size(); ++i) {
    const auto& tls = report.tls[i];
    if (!connections.contains(i) && !fits({{}, tls.client, tls.server, std::nullopt}, filters)) continue;
    place[i] = out.tls.size();
    out.tls.push_back(tls);
    frames.insert(tls.first_frame);
    if (tls.closed_frame) frames.insert(*tls.closed_frame);
  }
  for (const auto& message : report.sip.messages) {
    if (!fits({message.call_id, message.source, message.destination, message.method}, filters)) continue;
    auto copy = message;
    if (copy.connection) copy.connection = place.at(*copy.connection);
    out.sip.messages.push_back(copy);
  }
  for (const auto& dialog : report.sip.dialogs)
    if (calls.contains(dialog.call_id)) out.sip.dialogs.push_back(dialog);
  const auto take = [&](const auto& from, auto& to) {
    for (const auto& stream : from)
      if (fits({stream.call_id, stream.source, stream.destination, std::nullopt}, filters)) {
        to.push_back(stream);
        frames.insert(stream.first_frame);
      }
  };
  take(report.srtp, out.srtp);
  take(report.rtp, out.rtp);
  take(report.rtcp, out.rtcp);
  for (const auto& stream : out.srtp)
    for (const auto& frame :
         {stream.first_failed_frame, stream.first_plain_frame, stream.first_replayed_frame})
      if (frame) frames.insert(*frame);
  for (const auto& exchange : report.mikey)
    if (calls.contains(exchange.call_id)) out.mikey.push_back(exchange);
  for (const auto& finding : report.findings)
    if (finding.frame && frames.contains(*finding.frame)) out.findings.push_back(finding);
  return out;
}

} // namespace sipvet::cli
