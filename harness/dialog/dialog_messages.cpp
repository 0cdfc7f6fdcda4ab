// The messages made from a dialog, and responses (declared in dialog.hpp).
#include "dialog/dialog.hpp"

#include "sip/cseq.hpp"
#include "sip/lexer.hpp"
#include "sip/name_addr.hpp"

#include <array>

namespace sipvet::dialog {

namespace {

std::string with_tag(const std::string& display_name, const std::string& uri, const std::string& tag) {
  std::string out = display_name.empty() ? std::string() : sip::quote(display_name) + ' ';
  out += '<' + uri + '>';
  return tag.empty() ? out : out + ";tag=" + tag;
}

// What a Request-URI may not have (RFC 3261 §19.1.1, table 1).
std::string as_request_uri(const std::string& uri) {
  auto parsed = sip::parse_uri(uri);
  if (!parsed) return uri;
  sip::remove(parsed->parameters, "method");
  parsed->headers.clear();
  return sip::to_string(*parsed);
}

std::string uri_of(const std::string& name_addr) {
  const auto parsed = sip::parse_name_addr(name_addr);
  return parsed ? sip::to_string(parsed->uri) : name_addr;
}

bool is_loose_router(const std::string& name_addr) {
  const auto parsed = sip::parse_name_addr(name_addr);
  return parsed && sip::find(parsed->uri.parameters, "lr").has_value();
}

// Request-URI and Route of §12.2.1.1. A first hop without `lr` (RFC 2543's strict routing) takes the
// Request-URI, and the target goes to the end of Route.
sip::Message routed(const Dialog& dialog, std::string_view method) {
  std::vector<std::string> route = dialog.route_set;
  std::string target = dialog.remote_target;
  if (!route.empty() && !is_loose_router(route.front())) {
    target = uri_of(route.front());
    route.erase(route.begin());
    route.push_back('<' + dialog.remote_target + '>');
  }
  sip::Message out = sip::Message::request(std::string(method), as_request_uri(target));
  for (std::string& one : route) out.add("Route", std::move(one));
  return out;
}

sip::Message within(const Dialog& dialog, std::string_view method, std::uint32_t cseq) {
  sip::Message out = routed(dialog, method);
  out.add("From", with_tag(dialog.local_display_name, dialog.local_uri, dialog.local_tag));
  out.add("To", with_tag(dialog.remote_display_name, dialog.remote_uri, dialog.remote_tag));
  out.add("Call-ID", dialog.call_id);
  out.add("CSeq", sip::to_string(sip::CSeq{cseq, std::string(method)}));
  out.add("Max-Forwards", "70");
  out.set_body("", "");
  return out;
}

// The methods that make dialogs: RFC 3261 §12.1, RFC 6665 §4.4.1, RFC 3515 §2.4.
constexpr std::array<std::string_view, 3> dialog_creating = {"INVITE", "SUBSCRIBE", "REFER"};

bool creates_dialog(const sip::Message& request, int status) {
  if (status <= 100 || status >= 300) return false;
  for (const std::string_view method : dialog_creating)
    if (method == request.method()) return true;
  return false;
}

} // namespace

sip::Message make_request(Dialog& dialog, std::string_view method) {
  return within(dialog, method, ++dialog.local_cseq);
}

sip::Message make_ack_2xx(const Dialog& dialog, std::uint32_t invite_cseq) {
  return within(dialog, "ACK", invite_cseq);
}

sip::Message make_response(const sip::Message& request, int status, std::string reason, std::string to_tag) {
  if (reason.empty()) reason = sip::reason_phrase(status);
  sip::Message out = sip::Message::response(status, std::move(reason));
  const auto copy = [&](std::string_view name) {
    for (const std::string_view value : request.headers(name)) out.add(std::string(name), std::string(value));
  };
  copy("Via");
  if (creates_dialog(request, status)) copy("Record-Route");
  copy("From");
  std::string to(request.header("To").value_or(""));
  if (status != 100 && !to_tag.empty() && dialog::to_tag(request).empty()) to += ";tag=" + to_tag;
  out.add("To", std::move(to));
  copy("Call-ID");
  copy("CSeq");
  // A 100 mirrors the Timestamp of its request (§8.2.6.1).
  if (status == 100) copy("Timestamp");
  out.set_body("", "");
  return out;
}

} // namespace sipvet::dialog
