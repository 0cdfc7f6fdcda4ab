#include "runner/lab_dns.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sipvet::runner {

namespace {

using script::Value;

// Of a check before the run: any endpoint will do.
constexpr Endpoint somewhere{IpAddress{}, 5060};

// The text with each {name} and {name:port} replaced.
Result<std::string> filled(std::string_view text, const FindActor& find) {
  std::string out;
  while (const auto opened = split_once(text, '{')) {
    out += opened->first;
    const auto closed = split_once(opened->second, '}');
    if (!closed) return fail(fmt::format("expected }} behind '{{{}'", opened->second));
    const auto sides = split_once(closed->first, ':');
    const std::string name(sides ? sides->first : closed->first);
    if (sides && sides->second != "port")
      return fail(fmt::format("expected {{name}} or {{name:port}}, found '{{{}}}'", closed->first));
    const auto endpoint = find(name);
    if (!endpoint) return fail(fmt::format("there is no peer '{}'", name));
    out += sides ? std::to_string(endpoint->port) : to_string(endpoint->ip);
    text = closed->second;
  }
  return out + std::string(text);
}

void read_entry(const script::MapEntry& entry, const FindActor& find, ReadZone& out) {
  const auto owner = dns::parse_name(entry.key);
  if (!owner) {
    out.errors.push_back({entry.at, owner.error().what});
    return;
  }
  const auto add = [&](const Value& value) {
    if (!value.is_scalar()) {
      out.errors.push_back({value.at, "expected a record, found " + script::describe(value)});
      return;
    }
    const auto text = filled(value.text, find);
    const auto record =
        text ? dns::parse_record(*owner, *text, lab_ttl_s) : Result<dns::Record>(text.error());
    if (record)
      out.zone.add(*record);
    else
      out.errors.push_back({value.at, fmt::format("{}: {}", entry.key, record.error().what)});
  };
  if (!entry.value.is_list()) return add(entry.value);
  for (const Value& item : entry.value.items) add(item);
}

} // namespace

ReadZone read_zone(const Value& section, const FindActor& find) {
  ReadZone out;
  for (const script::MapEntry& entry : section.entries) read_entry(entry, find, out);
  return out;
}

std::vector<script::Diagnostic> check_zone(const script::Cell& cell) {
  const auto find = [&](const std::string& name) -> std::optional<Endpoint> {
    for (const script::Peer& peer : cell.peers)
      if (peer.name == name) return somewhere;
    return std::nullopt;
  };
  return read_zone(cell.dns, find).errors;
}

Result<Endpoint> LabDns::start(const Endpoint& at) {
  SIPVET_TRY(const net::SocketId socket, network_.open_datagram(*this, at));
  return network_.local_endpoint(socket);
}

void LabDns::on_datagram(net::SocketId socket, const Endpoint& from, ByteView octets) {
  const auto query = dns::parse_message(octets);
  if (!query || query->response) return;
  for (const dns::Question& question : query->questions)
    asked_.push_back(fmt::format("{} {}", dns::name(question.type), dns::to_string(question.name)));
  network_.send_to(socket, from, dns::datagram_of(zone_.answer(*query)));
}

} // namespace sipvet::runner
