#include "dialog/dialog.hpp"

#include "base/text.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"

#include <algorithm>

namespace sipvet::dialog {

namespace {

Result<sip::NameAddr> address(const sip::Message& message, std::string_view header) {
  const auto value = message.header(header);
  if (!value) return fail("expected a " + std::string(header) + " header field");
  auto parsed = sip::parse_name_addr(*value);
  if (!parsed) return fail(std::string(header) + ": " + to_string(parsed.error()));
  return parsed;
}

Result<std::string> contact_uri(const sip::Message& message) {
  const auto contacts = message.list("Contact");
  if (contacts.empty()) return fail("expected a Contact header field");
  const auto parsed = sip::parse_name_addr(contacts.front());
  if (!parsed) return fail("Contact: " + to_string(parsed.error()));
  return sip::to_string(parsed->uri);
}

Result<std::uint32_t> cseq_number(const sip::Message& message) {
  const auto cseq = sip::parse_cseq(message.header("CSeq").value_or(""));
  if (!cseq) return fail("CSeq: " + to_string(cseq.error()));
  return cseq->number;
}

// The caller sees the proxies in the order of the response's Record-Route turned around (§12.1.2).
std::vector<std::string> callers_route_set(const sip::Message& response) {
  std::vector<std::string> out = response.list("Record-Route");
  std::reverse(out.begin(), out.end());
  return out;
}

bool is_sips(std::string_view uri) { return iequals(uri.substr(0, 5), "sips:"); }

// Methods whose Contact changes the target of a dialog: INVITE (RFC 3261 §12.2), UPDATE (RFC 3311 §5.1),
// SUBSCRIBE and NOTIFY (RFC 6665 §4.4), REFER (RFC 3515).
bool refreshes_target(std::string_view method) {
  return method == "INVITE" || method == "UPDATE" || method == "SUBSCRIBE" || method == "NOTIFY" ||
         method == "REFER";
}

// Who is who: for a caller the local side is From, for a callee To.
struct Sides {
  std::string_view local;
  std::string_view remote;
};

Result<Dialog> make_dialog(const sip::Message& request, const sip::Message& response, const Sides& sides) {
  if (response.status() <= 100 || response.status() >= 300)
    return fail("expected a response from 101 to 299 to make a dialog");
  Dialog out;
  out.call_id = request.header("Call-ID").value_or("");
  if (out.call_id.empty()) return fail("expected a Call-ID header field");
  // From and To of the response: it has both tags.
  SIPVET_TRY(const sip::NameAddr local, address(response, sides.local));
  SIPVET_TRY(const sip::NameAddr remote, address(response, sides.remote));
  out.local_tag = local.tag();
  out.remote_tag = remote.tag();
  if (to_tag(response).empty()) return fail("expected a tag in To of the response");
  out.local_uri = sip::to_string(local.uri);
  out.remote_uri = sip::to_string(remote.uri);
  out.local_display_name = local.display_name;
  out.remote_display_name = remote.display_name;
  out.state = response.status() >= 200 ? Dialog::State::confirmed : Dialog::State::early;
  return out;
}

} // namespace

std::string from_tag(const sip::Message& message) {
  const auto from = address(message, "From");
  return from ? from->tag() : std::string();
}

std::string to_tag(const sip::Message& message) {
  const auto to = address(message, "To");
  return to ? to->tag() : std::string();
}

Result<Dialog> make_uac_dialog(const sip::Message& request, const sip::Message& response) {
  SIPVET_TRY(Dialog out, make_dialog(request, response, {"From", "To"}));
  SIPVET_TRY(out.local_cseq, cseq_number(request));
  out.route_set = callers_route_set(response);
  // Some provisional responses come without Contact; the 2xx brings it (confirm).
  auto target = contact_uri(response);
  if (target)
    out.remote_target = std::move(*target);
  else if (out.state == Dialog::State::confirmed)
    return target.error();
  else
    out.remote_target = request.uri();
  out.secure = is_sips(request.uri());
  return out;
}

Result<Dialog> make_uas_dialog(const sip::Message& request, const sip::Message& response, bool over_tls) {
  SIPVET_TRY(Dialog out, make_dialog(request, response, {"To", "From"}));
  SIPVET_TRY(out.remote_cseq, cseq_number(request));
  SIPVET_TRY(out.remote_target, contact_uri(request));
  out.route_set = request.list("Record-Route");
  out.secure = over_tls && is_sips(request.uri());
  return out;
}

Result<void> confirm(Dialog& dialog, const sip::Message& success) {
  if (success.status() < 200 || success.status() >= 300)
    return fail("expected a 2xx response to confirm the dialog");
  SIPVET_TRY(std::string target, contact_uri(success));
  dialog.remote_target = std::move(target);
  if (dialog.state == Dialog::State::early) dialog.route_set = callers_route_set(success);
  dialog.state = Dialog::State::confirmed;
  return {};
}

Result<void> accept_request(Dialog& dialog, const sip::Message& request) {
  SIPVET_TRY(const std::uint32_t number, cseq_number(request));
  if (request.method() == "ACK" || request.method() == "CANCEL") return {};
  if (dialog.remote_cseq && number <= *dialog.remote_cseq)
    return fail("CSeq " + std::to_string(number) + " is out of order: expected more than " +
                std::to_string(*dialog.remote_cseq));
  dialog.remote_cseq = number;
  return {};
}

void update_target(Dialog& dialog, const sip::Message& message) {
  const auto cseq = sip::parse_cseq(message.header("CSeq").value_or(""));
  const std::string method = message.is_request() ? message.method() : cseq ? cseq->method : std::string();
  const bool success = message.is_request() || (message.status() >= 200 && message.status() < 300);
  if (!success || !refreshes_target(method)) return;
  auto target = contact_uri(message);
  if (target) dialog.remote_target = std::move(*target);
}

std::string dialog_key(const Dialog& dialog) {
  return dialog.call_id + ' ' + dialog.local_tag + ' ' + dialog.remote_tag;
}

std::string dialog_key(const sip::Message& received) {
  const std::string from = from_tag(received);
  const std::string to = to_tag(received);
  const std::string call_id(received.header("Call-ID").value_or(""));
  return received.is_request() ? call_id + ' ' + to + ' ' + from : call_id + ' ' + from + ' ' + to;
}

std::string early_key(const sip::Message& message) {
  return std::string(message.header("Call-ID").value_or("")) + ' ' + from_tag(message);
}

} // namespace sipvet::dialog
