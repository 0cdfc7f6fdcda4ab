// A SIP dialog (RFC 3261 §12): the state both ends keep between requests, and the requests and responses made
// from it.
#pragma once

#include "sip/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::dialog {

struct Dialog {
  enum class State { early, confirmed, terminated };

  std::string call_id;
  std::string local_tag;
  std::string remote_tag; // empty for a peer of RFC 2543's time
  std::uint32_t local_cseq = 0;
  std::optional<std::uint32_t> remote_cseq;
  std::string local_uri;
  std::string remote_uri;
  std::string local_display_name; // repeated in From and To, because some devices compare the whole value
  std::string remote_display_name;
  std::string remote_target;          // the peer's Contact URI
  std::vector<std::string> route_set; // name-addr texts in the order they are put into Route
  bool secure = false;
  State state = State::early;
};

// From a request that was sent and a 101-299 response to it with a To tag (§12.1.2). 2xx gives a confirmed
// dialog, others an early one.
Result<Dialog> make_uac_dialog(const sip::Message& request, const sip::Message& response);
// From a request that was received and the response made for it (§12.1.1).
Result<Dialog> make_uas_dialog(const sip::Message& request, const sip::Message& response,
                               bool over_tls = false);

// A 2xx for an early dialog: confirmed, target and route set taken anew (§13.2.2.4). For the caller's side.
Result<void> confirm(Dialog& dialog, const sip::Message& success);

// A request within the dialog (§12.2.1.1): Request-URI, Route, From, To, Call-ID, CSeq and Max-Forwards; the
// next local CSeq number is taken. The caller adds Via (add_first), Contact and body. For ACK see
// make_ack_2xx, for CANCEL make_cancel.
sip::Message make_request(Dialog& dialog, std::string_view method);
// The ACK of a 2xx (§13.2.2.4), a transaction of its own: the caller adds Via with a new branch, and the
// credentials of the INVITE when it had any.
sip::Message make_ack_2xx(const Dialog& dialog, std::uint32_t invite_cseq);

// A request received within the dialog (§12.2.2): takes its CSeq number, or says why not (out of order:
// answer 500). ACK and CANCEL carry the number of their INVITE and are taken without change.
Result<void> accept_request(Dialog& dialog, const sip::Message& request);
// Takes the Contact of a target refresh request received, or of a 2xx to one sent (§12.2.1.2, §12.2.2). Other
// messages, and those without Contact, change nothing.
void update_target(Dialog& dialog, const sip::Message& message);

// Messages received belong to the dialog with the same key (§12: Call-ID, local tag, remote tag).
std::string dialog_key(const Dialog& dialog);
std::string dialog_key(const sip::Message& received);
// For an INVITE sent and not answered yet, and for every message received in answer: Call-ID and the caller's
// tag. All early dialogs that forking makes share it.
std::string early_key(const sip::Message& message);

// A response with what §8.2.6.2 has it copy: Via, From, To, Call-ID, CSeq; for dialog-creating requests also
// Record-Route (§12.1.1). `to_tag` is added to a To without tag unless the status is 100. An empty reason
// gets RFC 3261's phrase.
sip::Message make_response(const sip::Message& request, int status, std::string reason, std::string to_tag);

// The tags in From and To; empty when there is none or the header cannot be read.
std::string from_tag(const sip::Message& message);
std::string to_tag(const sip::Message& message);

} // namespace sipvet::dialog
