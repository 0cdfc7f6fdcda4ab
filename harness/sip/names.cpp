// The tables behind long_name() and reason_phrase().
#include "sip/header_field.hpp"
#include "sip/known_header.hpp"
#include "sip/message.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace sipvet::sip {

namespace {

// RFC 3261 §20, and for the rest: a, d, j RFC 3841; b RFC 3892; n, y RFC 4474; o, u RFC 6665; r RFC 3515; x
// RFC 4028.
constexpr std::array<std::pair<char, std::string_view>, 20> compact_forms = {{
    {'a', "Accept-Contact"},
    {'b', "Referred-By"},
    {'c', "Content-Type"},
    {'d', "Request-Disposition"},
    {'e', "Content-Encoding"},
    {'f', "From"},
    {'i', "Call-ID"},
    {'j', "Reject-Contact"},
    {'k', "Supported"},
    {'l', "Content-Length"},
    {'m', "Contact"},
    {'n', "Identity-Info"},
    {'o', "Event"},
    {'r', "Refer-To"},
    {'s', "Subject"},
    {'t', "To"},
    {'u', "Allow-Events"},
    {'v', "Via"},
    {'x', "Session-Expires"},
    {'y', "Identity"},
}};

// RFC 3261 §21; 199 RFC 6228, 202 and 489 RFC 6665, 204 RFC 5839, 412 RFC 3903, 417 and 429, 436 to 438 RFC
// 3892 and RFC 8224, 422 RFC 4028, 424 RFC 6442, 428 RFC 8224, 430, 439 and 440 RFC 5626 and RFC 5393, 433
// RFC 5079, 469 and 470 RFC 6086 and RFC 5360, 494 and 580 RFC 3329 and RFC 3312, 607 and 608 RFC 8197 and
// RFC 8688.
constexpr std::pair<int, std::string_view> phrases[] = {
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {417, "Unknown Resource-Priority"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {424, "Bad Location Information"},
    {428, "Use Identity Header"},
    {429, "Provide Referrer Identity"},
    {430, "Flow Failed"},
    {433, "Anonymity Disallowed"},
    {436, "Bad Identity Info"},
    {437, "Unsupported Credential"},
    {438, "Invalid Identity Header"},
    {439, "First Hop Lacks Outbound Support"},
    {440, "Max-Breadth Exceeded"},
    {469, "Bad Info Package"},
    {470, "Consent Needed"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
    {607, "Unwanted"},
    {608, "Rejected"},
};

} // namespace

std::string_view long_name(std::string_view name) {
  if (name.size() != 1) return name;
  const char letter = name[0] >= 'A' && name[0] <= 'Z' ? static_cast<char>(name[0] - 'A' + 'a') : name[0];
  for (const auto& [compact, full] : compact_forms)
    if (compact == letter) return full;
  return name;
}

namespace {

// `usual` is how nearly everybody writes it, as long as `name`.
template <std::size_t octets>
bool is_name(std::string_view name, const char (&usual)[octets]) {
  if (std::memcmp(name.data(), usual, octets - 1) == 0) return true;
  return (name[0] | 0x20) == (usual[0] | 0x20) && iequals(name, usual);
}

template <std::size_t octets>
KnownHeader if_name(std::string_view name, const char (&usual)[octets], KnownHeader header) {
  return is_name(name, usual) ? header : KnownHeader::other;
}

KnownHeader of_letter(char letter) {
  switch (letter) {
  case 'v':
  case 'V':
    return KnownHeader::via;
  case 'f':
  case 'F':
    return KnownHeader::from;
  case 't':
  case 'T':
    return KnownHeader::to;
  case 'i':
  case 'I':
    return KnownHeader::call_id;
  case 'm':
  case 'M':
    return KnownHeader::contact;
  case 'c':
  case 'C':
    return KnownHeader::content_type;
  case 'l':
  case 'L':
    return KnownHeader::content_length;
  default:
    return KnownHeader::other;
  }
}

} // namespace

// Their lengths tell them apart, and then their first letters.
KnownHeader known_header(std::string_view name) {
  const auto begins_with = [&](char lower) { return (name[0] | 0x20) == lower; };
  switch (name.size()) {
  case 1:
    return of_letter(name[0]);
  case 2:
    return if_name(name, "To", KnownHeader::to);
  case 3:
    return if_name(name, "Via", KnownHeader::via);
  case 4:
    return begins_with('f') ? if_name(name, "From", KnownHeader::from)
                            : if_name(name, "CSeq", KnownHeader::cseq);
  case 5:
    return if_name(name, "Route", KnownHeader::route);
  case 7:
    return is_name(name, "Call-ID") ? KnownHeader::call_id : if_name(name, "Contact", KnownHeader::contact);
  case 12:
    return begins_with('c') ? if_name(name, "Content-Type", KnownHeader::content_type)
                            : if_name(name, "Record-Route", KnownHeader::record_route);
  case 14:
    return if_name(name, "Content-Length", KnownHeader::content_length);
  default:
    return KnownHeader::other;
  }
}

std::string_view reason_phrase(int status) {
  const auto* found = std::lower_bound(std::begin(phrases), std::end(phrases), status,
                                       [](const auto& row, int wanted) { return row.first < wanted; });
  return found != std::end(phrases) && found->first == status ? found->second : "Unknown";
}

} // namespace sipvet::sip
