// REFER in a call (RFC 3515): the telephone side places the call that it is asked for, and whoever asked is
// told what comes of it.
#include "base/text.hpp"
#include "gateway/gateway_state.hpp"
#include "sip/cseq.hpp"
#include "sip/name_addr.hpp"

#include <fmt/format.h>

namespace sipvet::gateway {

namespace {

// RFC 3261 §19.1.2: header components of a URI are escaped.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto digit = [&](std::size_t i) {
      const std::size_t value = std::string_view("0123456789abcdef")
                                    .find(i < text.size() ? static_cast<char>(text[i] | 0x20) : ' ');
      return value == std::string_view::npos ? -1 : static_cast<int>(value);
    };
    if (text[at] == '%' && digit(at + 1) >= 0 && digit(at + 2) >= 0) {
      out += static_cast<char>(digit(at + 1) * 16 + digit(at + 2));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

// §2.1: exactly one.
Result<sip::NameAddr> refer_to(const sip::Message& request) {
  const std::vector<std::string_view> all = request.headers("Refer-To");
  if (all.size() != 1) return fail(fmt::format("expected one Refer-To, got {}", all.size()));
  SIPVET_TRY(sip::NameAddr target, sip::parse_name_addr(all.front()));
  if (target.uri.scheme != "sip" && target.uri.scheme != "sips" && target.uri.scheme != "tel")
    return fail("expected a sip, sips or tel URI in Refer-To, got " + target.uri.scheme);
  return target;
}

// What a call to this URI is: by routing rules to the number in it, else to the URI itself.
PlaceCall call_to(const sip::NameAddr& target, bool by_rules) {
  PlaceCall call;
  call.transfer = true;
  sip::Uri uri = target.uri;
  call.number = uri.scheme == "tel" ? uri.host : uri.user;
  // RFC 3891 §3: a call that takes the place of another; other headers of the URI are none of ours.
  for (const auto& [name, value] : uri.headers)
    if (iequals(name, "Replaces")) call.headers.emplace_back("Replaces", unescape(value));
  uri.headers.clear();
  sip::remove(uri.parameters, "method");
  if (!by_rules && uri.scheme != "tel") call.request_uri = to_string(uri);
  return call;
}

} // namespace

bool Gateway::State::on_request(ua::ServerId id, ua::CallId call, const ua::Hop& hop,
                                const sip::Message& request) {
  if (call == ua::CallId::none && turned_away(id, hop)) return true;
  if (request.method() == "INFO") return take_info(id, call, request);
  if (request.method() != "REFER") return false;
  Leg* leg = find(call);
  if (leg == nullptr || leg->info.state != CallState::answered) {
    (void)agent->respond(id, 403);
    return true;
  }
  const Result<sip::NameAddr> target = refer_to(request);
  if (!target) {
    say(LogLevel::warning, leg->info.remote + ": REFER cannot be followed: " + to_string(target.error()));
    (void)agent->respond(id, 400, "Missing or Unreadable Refer-To");
  } else if (!config.transfers) {
    say(LogLevel::info, leg->info.remote + " may not transfer its call");
    (void)agent->respond(id, 603);
  } else {
    (void)agent->respond(id, 202);
    transfer(call, request, call_to(*target, config.routing_rules != nullptr));
  }
  return true;
}

void Gateway::State::transfer(CallHandle referrer, const sip::Message& request, const PlaceCall& call) {
  const auto cseq = sip::parse_cseq(request.header("CSeq").value_or(""));
  Referral referral{referrer, cseq ? cseq->number : 0};
  say(LogLevel::info, "is asked to call " + (call.request_uri.empty() ? call.number : call.request_uri));
  tell_referrer(referral, 100, "Trying");
  const Result<CallHandle> placed = place_call(call);
  if (!placed) {
    say(LogLevel::warning, "the transfer comes to nothing: " + to_string(placed.error()));
    return tell_referrer(referral, 503, "Service Unavailable");
  }
  Leg& leg = *find(*placed);
  leg.referral = referral;
  // Without a server that is alive it has come to nothing already.
  if (leg.info.state == CallState::failed) end_referral(leg, leg.info.status, leg.info.reason);
}

// §2.4.4, §2.4.5: a status line, and with the final one the end of the subscription.
void Gateway::State::tell_referrer(const Referral& referral, int status, const std::string& reason) {
  if (config.deviations.no_transfer_notice) return;
  const Leg* leg = find(referral.referrer);
  if (leg == nullptr || leg->info.state != CallState::answered) return; // nobody is there to be told
  const bool final = status >= 200;
  const ua::HeaderValues headers = {
      {"Event", fmt::format("refer;id={}", referral.cseq)},
      {"Subscription-State", final ? "terminated;reason=noresource" : "active;expires=180"}};
  (void)agent->request_in_call(
      referral.referrer, "NOTIFY",
      ua::Body{fmt::format("SIP/2.0 {} {}\r\n", status, reason), "message/sipfrag;version=2.0"}, headers);
}

// Says once how the call ended that was asked for.
void Gateway::State::end_referral(Leg& leg, int status, const std::string& reason) {
  if (const auto referral = std::exchange(leg.referral, std::nullopt))
    tell_referrer(*referral, status, reason);
}

} // namespace sipvet::gateway
