#include "dialog/request_builder.hpp"

#include "base/hex.hpp"
#include "sip/cseq.hpp"
#include "sip/via.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sipvet::dialog {

namespace {

using Field = std::pair<std::string, std::string>;

bool same_header(std::string_view a, std::string_view b) {
  return iequals(sip::long_name(a), sip::long_name(b));
}

// All fields in the default order; Content-Length last.
std::vector<Field> fields_of(const RequestParts& parts) {
  std::vector<Field> out;
  const auto put = [&out](std::string name, std::string value) {
    if (!value.empty()) out.emplace_back(std::move(name), std::move(value));
  };
  put("Via", parts.via);
  put("Max-Forwards", parts.max_forwards < 0 ? "" : std::to_string(parts.max_forwards));
  for (const std::string& route : parts.route) put("Route", route);
  put("From", parts.from);
  put("To", parts.to);
  put("Call-ID", parts.call_id);
  put("CSeq", sip::to_string(sip::CSeq{parts.cseq, parts.method}));
  put("Contact", parts.contact);
  put("User-Agent", parts.user_agent);
  out.insert(out.end(), parts.further.begin(), parts.further.end());
  if (!parts.body.empty()) put("Content-Type", parts.content_type);
  put("Content-Length", std::to_string(parts.body.size()));
  return out;
}

} // namespace

sip::Message build_request(const RequestParts& parts) {
  sip::Message out = sip::Message::request(parts.method, parts.request_uri);
  std::vector<Field> fields = fields_of(parts);
  for (const std::string& name : parts.header_order) {
    for (Field& field : fields)
      if (same_header(field.first, name)) out.add(name, std::move(field.second));
    std::erase_if(fields, [&](const Field& field) { return same_header(field.first, name); });
  }
  for (Field& field : fields) out.add(std::move(field.first), std::move(field.second));
  if (!parts.body.empty()) {
    // Content-Length is there already and keeps its place and spelling.
    const std::string name = [&] {
      for (const auto& field : out.fields())
        if (same_header(field.name, "Content-Length")) return std::string(field.name);
      return std::string("Content-Length");
    }();
    out.set_body(parts.body, "");
    out.set(name, std::to_string(parts.body.size()));
  }
  return out;
}

std::string new_branch(Random& random) { return std::string(sip::branch_cookie) + to_hex(random.bytes(12)); }

std::string new_tag(Random& random) { return to_hex(random.bytes(8)); }

std::string new_call_id(Random& random, std::string host) {
  std::string out = to_hex(random.bytes(16));
  return host.empty() ? out : out + '@' + host;
}

Result<std::uint32_t> renew_request(sip::Message& request, Random& random, std::uint32_t least) {
  SIPVET_TRY(sip::CSeq cseq, sip::parse_cseq(request.header("CSeq").value_or("")));
  cseq.number = std::max(cseq.number + 1, least);
  request.set("CSeq", to_string(cseq));
  SIPVET_TRY(sip::Via via, sip::parse_via(request.header("Via").value_or("")));
  sip::set(via.parameters, "branch", new_branch(random));
  request.set("Via", to_string(via));
  return cseq.number;
}

} // namespace sipvet::dialog
