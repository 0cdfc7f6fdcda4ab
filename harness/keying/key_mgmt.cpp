#include "keying/key_mgmt.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sipvet::keying {

namespace {

std::string protocol_of(std::string_view value) { return std::string(value.substr(0, value.find(' '))); }

std::vector<std::string> values_in(const sdp::AttributeList& attributes) {
  std::vector<std::string> out;
  for (const auto value : attributes.values("key-mgmt")) out.emplace_back(value);
  return out;
}

} // namespace

std::string_view name(KeyMgmtLevel level) { return level == KeyMgmtLevel::session ? "session" : "media"; }

std::vector<std::string> KeyMgmtLines::protocols() const {
  std::vector<std::string> out;
  for (const std::string& value : values) out.push_back(protocol_of(value));
  return out;
}

std::optional<Result<Bytes>> KeyMgmtLines::data_of(std::string_view protocol) const {
  for (const std::string& value : values) {
    if (protocol_of(value) != protocol) continue;
    auto parsed = parse_key_mgmt(value);
    if (!parsed) return Result<Bytes>(parsed.error());
    return Result<Bytes>(std::move(parsed->data));
  }
  return std::nullopt;
}

KeyMgmtLines key_mgmt_lines(const sdp::Session& session, const sdp::Media& media) {
  if (auto own = values_in(media.attributes); !own.empty()) return {KeyMgmtLevel::media, std::move(own)};
  return {KeyMgmtLevel::session, values_in(session.attributes)};
}

void add_key_mgmt(sdp::Session& session, sdp::Media& media, KeyMgmtLevel level,
                  const std::vector<std::string>& values) {
  sdp::AttributeList& attributes = level == KeyMgmtLevel::session ? session.attributes : media.attributes;
  for (const std::string& value : values) attributes.add("key-mgmt", value);
}

Result<void> check_protocol_list(const std::vector<std::string>& offered,
                                 const std::optional<std::string>& authenticated) {
  const std::string wanted = fmt::format("{}", fmt::join(offered, ";"));
  if (!authenticated) {
    if (offered.size() < 2) return {};
    return fail(
        fmt::format("the offer has the key management protocols {} and its message does not repeat the "
                    "list, which anybody in between may have changed (RFC 4567 §4.1.4)",
                    wanted));
  }
  if (*authenticated == wanted) return {};
  return fail(
      fmt::format("the message says that the protocols {} were offered, and the offer has {}: somebody in "
                  "between has changed it (RFC 4567 §4.1.4)",
                  *authenticated, wanted));
}

} // namespace sipvet::keying
