// What belongs to transactions in messages: the key that matches them, and the ACK and CANCEL derived from an
// INVITE.
#pragma once

#include "sip/message.hpp"

#include <string>

namespace sipvet::dialog {

// Requests and responses of one transaction have the same key: branch, sent-by and method, an ACK counted as
// INVITE (RFC 3261 §17.1.3, §17.2.3). Branches without the cookie of RFC 3261 are completed by Call-ID, From
// tag and CSeq number (§17.2.3). Use one table for client and one for server transactions. Empty for a
// message without readable Via or CSeq.
std::string transaction_key(const sip::Message& message);
// The key of the INVITE that a CANCEL wants to end (§9.2).
std::string cancelled_key(const sip::Message& cancel);

// The ACK for a 300-699 response to an INVITE (§17.1.1.3), complete with the INVITE's topmost Via.
sip::Message make_ack_non_2xx(const sip::Message& invite, const sip::Message& response);
// The CANCEL of a request that was sent (§9.1), complete with its topmost Via.
sip::Message make_cancel(const sip::Message& invite);

} // namespace sipvet::dialog
