#include "peers/location.hpp"

#include "base/text.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"

#include <algorithm>
#include <optional>

namespace sipvet::peers {

namespace {

constexpr std::uint64_t longest_s = 0xffffffff; // RFC 3261 §20.19

std::optional<std::uint32_t> seconds_in(std::string_view text) {
  const auto read = parse_decimal(trim(text), longest_s, "seconds");
  return read ? std::optional(static_cast<std::uint32_t>(*read)) : std::nullopt;
}

} // namespace

std::vector<std::string> Location::listed(const Bindings& bindings, Instant now) {
  std::vector<std::string> out;
  for (const Binding& binding : bindings) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(binding.expires - now).count();
    out.push_back("<" + to_string(binding.contact) + ">;expires=" + std::to_string(left));
  }
  return out;
}

Location::Outcome Location::update(const std::string& user, const sip::Message& request,
                                   const ExpiryLimits& limits, Instant now) {
  Bindings bindings = users_[user];
  std::erase_if(bindings, [&](const Binding& each) { return each.expires <= now; });
  const auto cseq = sip::parse_cseq(request.header("CSeq").value_or(""));
  if (!cseq) return {400, "CSeq Cannot Be Read", {}};
  const std::string call_id(request.header("Call-ID").value_or(""));
  const auto general = seconds_in(request.header("Expires").value_or(""));
  for (const std::string& text : request.list("Contact")) {
    if (trim(text) == "*") { // §10.3 step 6
      if (general != 0u) return {400, "Expires Is Not 0 for All Contacts", {}};
      bindings.clear();
      continue;
    }
    const auto contact = sip::parse_name_addr(text);
    if (!contact) return {400, "Contact Cannot Be Read", {}};
    const auto own = sip::find(contact->parameters, "expires");
    const std::uint32_t asked = (own ? seconds_in(*own) : general).value_or(limits.most_s);
    if (asked != 0 && asked < limits.least_s) return {423, {}, {}};
    const auto known = std::ranges::find_if(
        bindings, [&](const Binding& each) { return sip::equivalent(each.contact, contact->uri); });
    if (known != bindings.end()) {
      // Step 7: what was overtaken on the way changes nothing.
      if (known->call_id == call_id && cseq->number <= known->cseq) return {500, "CSeq Is Out of Order", {}};
      bindings.erase(known);
    }
    if (asked != 0)
      bindings.push_back(
          {contact->uri, call_id, cseq->number, now + std::chrono::seconds(std::min(asked, limits.most_s))});
  }
  users_[user] = bindings;
  return {200, {}, listed(bindings, now)};
}

std::vector<sip::Uri> Location::find(const std::string& user, Instant now) const {
  std::vector<sip::Uri> out;
  const auto found = users_.find(user);
  if (found == users_.end()) return out;
  for (auto binding = found->second.rbegin(); binding != found->second.rend(); ++binding)
    if (binding->expires > now) out.push_back(binding->contact);
  return out;
}

} // namespace sipvet::peers
