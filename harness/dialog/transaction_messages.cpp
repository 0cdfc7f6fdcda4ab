#include "dialog/transaction_messages.hpp"

#include "base/text.hpp"
#include "dialog/dialog.hpp"
#include "sip/cseq.hpp"
#include "sip/host_port.hpp"
#include "sip/via.hpp"

namespace sipvet::dialog {

namespace {

std::string key_with_method(const sip::Message& message, std::string_view method) {
  const auto vias = message.list("Via");
  if (vias.empty()) return {};
  const auto via = sip::parse_via(vias.front());
  const auto cseq = sip::parse_cseq(message.header("CSeq").value_or(""));
  if (!via || !cseq) return {};
  if (method.empty()) method = message.is_request() ? std::string_view(message.method()) : cseq->method;
  if (method == "ACK") method = "INVITE";
  const std::string sent_by = to_lower(sip::to_string(sip::HostPort{via->host, via->port}));
  std::string key = via->branch() + ' ' + sent_by + ' ' + std::string(method);
  if (via->branch().starts_with(sip::branch_cookie)) return key;
  // The To tag is left out: an ACK has one and its INVITE has not.
  return key + ' ' + std::string(message.header("Call-ID").value_or("")) + ' ' + from_tag(message) + ' ' +
         std::to_string(cseq->number);
}

void copy_fields(const sip::Message& from, std::string_view name, sip::Message& to) {
  for (const std::string_view value : from.headers(name)) to.add(std::string(name), std::string(value));
}

// What ACK and CANCEL take from their INVITE: its Request-URI, its topmost Via alone, Route, From, Call-ID
// and the CSeq number. To is `to`.
sip::Message derived(const sip::Message& invite, std::string_view method, std::string_view to) {
  sip::Message out = sip::Message::request(std::string(method), invite.uri());
  const auto vias = invite.list("Via");
  if (!vias.empty()) out.add("Via", vias.front());
  out.add("Max-Forwards", "70");
  copy_fields(invite, "Route", out);
  copy_fields(invite, "From", out);
  out.add("To", std::string(to));
  copy_fields(invite, "Call-ID", out);
  const auto cseq = sip::parse_cseq(invite.header("CSeq").value_or(""));
  out.add("CSeq", sip::to_string(sip::CSeq{cseq ? cseq->number : 0, std::string(method)}));
  return out;
}

} // namespace

std::string transaction_key(const sip::Message& message) { return key_with_method(message, {}); }

std::string cancelled_key(const sip::Message& cancel) { return key_with_method(cancel, "INVITE"); }

sip::Message make_ack_non_2xx(const sip::Message& invite, const sip::Message& response) {
  // The To of the response, because it brings the tag (§17.1.1.3).
  sip::Message ack = derived(invite, "ACK", response.header("To").value_or(""));
  // Credentials of the INVITE belong into its ACK (§22.1).
  copy_fields(invite, "Authorization", ack);
  copy_fields(invite, "Proxy-Authorization", ack);
  ack.set_body("", "");
  return ack;
}

sip::Message make_cancel(const sip::Message& invite) {
  sip::Message cancel = derived(invite, "CANCEL", invite.header("To").value_or(""));
  cancel.set_body("", "");
  return cancel;
}

} // namespace sipvet::dialog
