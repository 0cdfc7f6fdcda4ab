// Header fields of a SIP message (RFC 3261 §7.3) as views, and how they are looked up by name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sip {

// Valid as long as the octets it was read from: those of a Message (or any copy of it), or of who owns what a
// MessageView looks at.
struct HeaderField {
  std::string_view name;  // as written: "v", "Via" and "VIA" stay different here
  std::string_view value; // unfolded (RFC 3261 §7.3.1), without blanks at either end
  // The whole field as it came, line ends included. Empty for a field made here, and for one that came as
  // "name: value" with CRLF, since it is written so anyway.
  std::string_view raw;
};
using HeaderFields = std::span<const HeaderField>;

// Names match without regard to case, and compact forms match their long names (RFC 3261 §7.3.3).
std::optional<std::string_view> first_value(HeaderFields fields, std::string_view name);
std::vector<std::string_view> all_values(HeaderFields fields, std::string_view name); // one for each field
// Every list element of every such field, split at the commas that separate elements (§7.3.1): not those
// inside quoted strings or <>. Only for headers whose grammar is a list.
std::vector<std::string> all_elements(HeaderFields fields, std::string_view name);

// The long name of a compact form ("v" gives "Via"), otherwise the name itself.
std::string_view long_name(std::string_view name);
bool same_name(std::string_view a, std::string_view b);

} // namespace sipvet::sip
