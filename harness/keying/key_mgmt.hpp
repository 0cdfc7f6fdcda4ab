// The a=key-mgmt attributes of a description: which of them count for a section, and what RFC 4567 says of
// several.
#pragma once

#include "keying/mikey_attribute.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::keying {

enum class KeyMgmtLevel { session, media };
std::string_view name(KeyMgmtLevel level); // "session", "media"

struct KeyMgmtLines {
  KeyMgmtLevel level = KeyMgmtLevel::session;
  std::vector<std::string> values; // as written, in order of preference (RFC 4567 §3.1)

  // Identifiers of all protocols in order, also of lines whose data cannot be read.
  std::vector<std::string> protocols() const;
  // The data of the first line of the protocol; nothing where there is none.
  std::optional<Result<Bytes>> data_of(std::string_view protocol) const;
};

// Attributes of the section stand in place of those of the session (RFC 4567 §3.1). Empty where there are
// none.
KeyMgmtLines key_mgmt_lines(const sdp::Session& session, const sdp::Media& media);
void add_key_mgmt(sdp::Session& session, sdp::Media& media, KeyMgmtLevel level,
                  const std::vector<std::string>& values);

// RFC 4567 §4.1.4: who offers several protocols repeats their list inside each message, where nobody in
// between can change it. `authenticated`: the list in the message, blank-separated; none where the message
// has no list. Fails when several are on offer without a list, and when the list says something else.
Result<void> check_protocol_list(const std::vector<std::string>& offered,
                                 const std::optional<std::string>& authenticated);

} // namespace sipvet::keying
