// Requests outside of dialogs (RFC 3261 §8.1.1) and the random identifiers that they need.
#pragma once

#include "base/random.hpp"
#include "sip/message.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::dialog {

// Header values as text. Empty ones are left out: honest callers fill the six that §8.1.1 asks for (To, From,
// CSeq, Call-ID, Max-Forwards, Via).
struct RequestParts {
  std::string method;
  std::string request_uri;
  std::string via;  // "SIP/2.0/TLS host:port;branch=…;rport"
  std::string from; // with tag
  std::string to;
  std::string call_id;
  std::uint32_t cseq = 1;
  std::string contact;
  int max_forwards = 70; // below 0: left out
  std::string user_agent;
  std::vector<std::string> route;                           // name-addr texts, one field each
  std::vector<std::pair<std::string, std::string>> further; // after those above
  // Names of fields to write first, in this order and spelling (compact forms too); what is not named follows
  // in the order above.
  std::vector<std::string> header_order;
  std::string body;
  std::string content_type; // with a body
};

// Always ends with Content-Length.
sip::Message build_request(const RequestParts& parts);

std::string new_branch(Random& random);                         // with RFC 3261's cookie
std::string new_tag(Random& random);                            // 32 bits at least (§19.3): 64 here
std::string new_call_id(Random& random, std::string host = {}); // "random@host" or only the random part

// A request that goes out once more after a response that asked for changes (§8.1.3.5, §22.2): the next CSeq
// number, or `least` where that is more, which is returned, and a new branch.
Result<std::uint32_t> renew_request(sip::Message& request, Random& random, std::uint32_t least = 0);

} // namespace sipvet::dialog
