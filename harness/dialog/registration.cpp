#include "dialog/registration.hpp"

#include "base/text.hpp"
#include "sip/name_addr.hpp"

#include <algorithm>

namespace sipvet::dialog {

namespace {

// RFC 3261 §20.19: up to 2^32 - 1; more than a hundred years is no time to count on.
constexpr std::uint64_t longest_expiry_s = 0xffffffff;

std::optional<std::uint32_t> seconds_in(std::string_view text) {
  const auto read = parse_decimal(trim(text), longest_expiry_s, "seconds");
  return read ? std::optional(static_cast<std::uint32_t>(*read)) : std::nullopt;
}

// §10.2.4: the expiry that the registrar chose for this contact; of Expires where the contact has none.
std::optional<std::uint32_t> granted_to(const std::string& contact, const sip::Message& response) {
  const auto ours = sip::parse_uri(contact);
  const auto general = seconds_in(response.header("Expires").value_or(""));
  for (const std::string& text : response.list("Contact")) {
    const auto listed = sip::parse_name_addr(text);
    if (!listed || !ours || !sip::equivalent(listed->uri, *ours)) continue;
    const auto own = sip::find(listed->parameters, "expires");
    return own ? seconds_in(*own) : general;
  }
  return std::nullopt;
}

// Responses after which the same request can never succeed: the password is wrong, the user unknown. Others
// may pass (§21.5, §21.4.9).
bool is_for_good(int status) { return (status >= 401 && status <= 405) || status == 407 || status == 600; }

} // namespace

std::string_view name(Registration::State state) {
  constexpr std::string_view names[] = {"idle",    "registering", "registered",
                                        "waiting", "refused",     "unregistering"};
  return names[static_cast<std::size_t>(state)];
}

Registration::Step Registration::send() {
  state_ = State::registering;
  return {std::max(settings_.expires_s, wanted_s_), {}};
}

Registration::Step Registration::start(std::string contact) {
  contact_ = std::move(contact);
  failures_ = 0;
  return send();
}

Registration::Step Registration::stop() {
  const bool bound = state_ == State::registered || state_ == State::registering;
  if (!bound) {
    state_ = State::idle;
    return {};
  }
  state_ = State::unregistering;
  return {0, {}};
}

Registration::Step Registration::fail_for_now(std::optional<Duration> retry_after) {
  state_ = State::waiting;
  const unsigned doublings = std::min(failures_++, 30u);
  const Duration wait = std::min(settings_.retry * (std::int64_t{1} << doublings), settings_.longest_retry);
  return {{}, retry_after.value_or(wait)};
}

Registration::Step Registration::accepted(const sip::Message& response) {
  bindings_ = response.list("Contact").size();
  if (state_ == State::unregistering) {
    state_ = State::idle;
    granted_s_ = 0;
    return {};
  }
  const auto granted = granted_to(contact_, response);
  // A 2xx that does not list the contact has not bound it (§10.3 step 8).
  if (!granted || *granted == 0) return fail_for_now({});
  state_ = State::registered;
  failures_ = 0;
  granted_s_ = *granted;
  if (settings_.never_renews) return {};
  return {{}, std::chrono::milliseconds(std::int64_t{10} * refresh_percent * granted_s_)};
}

Registration::Step Registration::on_response(const sip::Message& response) {
  if (state_ != State::registering && state_ != State::unregistering) return {};
  status_ = response.status();
  if (status_ >= 200 && status_ < 300) return accepted(response);
  if (state_ == State::unregistering) {
    state_ = State::idle;
    return {};
  }
  if (status_ == 423 &&
      !settings_.ignores_min_expires) { // §10.2.8: again with the time that the registrar wants at least
    const auto least = seconds_in(response.header("Min-Expires").value_or(""));
    if (least && *least > std::max(settings_.expires_s, wanted_s_)) {
      wanted_s_ = *least;
      return send();
    }
  }
  if (is_for_good(status_)) {
    state_ = State::refused;
    return {};
  }
  const std::string_view retry_after = response.header("Retry-After").value_or("");
  const auto seconds = seconds_in(retry_after.substr(0, retry_after.find_first_of(" (;")));
  return fail_for_now(seconds ? std::optional<Duration>(std::chrono::seconds(*seconds)) : std::nullopt);
}

Registration::Step Registration::on_no_response() {
  if (state_ == State::unregistering) state_ = State::idle;
  if (state_ != State::registering) return {};
  status_ = 0;
  return fail_for_now({});
}

void Registration::suspend() {
  if (state_ == State::registered || state_ == State::registering) state_ = State::waiting;
}

Registration::Step Registration::on_timer() {
  if (state_ != State::registered && state_ != State::waiting) return {};
  return send();
}

} // namespace sipvet::dialog
