#include "analysis/sip_checks.hpp"

#include "analysis/offer_answer.hpp"
#include "base/ascii.hpp"
#include "base/text.hpp"
#include "sip/name_addr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

using namespace std::chrono_literals;

// More than one busy proxy has open at once; the oldest are judged when there are more.
constexpr std::size_t max_transactions = 20'000;
constexpr std::size_t max_leaks = 10'000;
constexpr std::size_t max_hosts = 10'000;
// A copy captured at a second place follows at once; timer A first fires after T1 = 500 ms (RFC 3261
// §17.1.1.2), and devices that shorten it stay above this.
constexpr auto least_retransmission_gap = 100ms;
// An answer may take T1 on any network that works.
constexpr auto patience = 500ms;

std::string_view branch_of(const sip::MessageView& message) {
  const auto via = message.header(sip::KnownHeader::via);
  if (!via) return {};
  const auto start = via->find("branch=");
  if (start == std::string_view::npos) return {};
  const auto branch = via->substr(start + 7);
  std::size_t end = 0;
  const auto ends = [](char c) { return c == ';' || c == ',' || c == ' ' || c == '\t'; };
  while (end < branch.size() && !ends(branch[end])) ++end;
  return branch.substr(0, end);
}

bool is_refusal_of_offer(int status) { // RFC 3261 §21.4.13, §21.4.26, §21.4.6, §21.6.4
  return status == 415 || status == 488 || status == 406 || status == 606;
}

std::string place_of(const sip::Uri& uri) {
  return fmt::format("{}@{}:{}", uri.user, to_lower(uri.host), uri.port.value_or(0));
}

// What a refusal may be about: sections, keys without their secret, codecs.
std::string lines_of(std::string_view description) {
  constexpr std::size_t max_lines = 24;
  std::string out;
  std::size_t lines = 0;
  for (auto line : split(description, '\n')) {
    line = trim(line);
    const bool key = line.starts_with("a=crypto:") || line.starts_with("a=key-mgmt:");
    if (!key && !line.starts_with("m=") && !line.starts_with("a=rtpmap:")) continue;
    if (++lines > max_lines) return out + "; …";
    const auto secret = line.starts_with("a=crypto:") ? line.find("inline:") : line.find(' ');
    const bool hide = key && secret != std::string_view::npos;
    out += (out.empty() ? "" : "; ") + std::string(hide ? trim(line.substr(0, secret)) : line);
  }
  return out;
}

} // namespace

void SipChecks::Transaction::begin(const SipOrigin& from, frames::Captured at, const SipMessageView& facts) {
  origin = from;
  frame = at.frame;
  last = at.time;
  first_line.assign(facts.first_line);
  call_id.assign(facts.call_id);
  requests = 1;
  responses = 0;
  status = 0;
  answered = false;
  offer.clear();
  content_type.clear();
  offers_mikey = offers_sdes = false;
}

void SipChecks::on_message(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                           const SipMessageView& facts, std::uint64_t dialog_and_cseq) {
  const auto key = text_hash(branch_of(message), dialog_and_cseq);
  if (facts.is_request) {
    on_request(origin, at, message, facts, key);
    check_astray(origin, at, message, facts);
  } else if (const auto* found = open_.find(key)) {
    auto& transaction = transactions_[*found];
    on_response(origin, at, message, facts, transaction);
    // Nothing is sent again where the transport does that; but forks answer an INVITE more than once.
    if (origin.transport != Transport::udp && facts.status >= 200 && facts.method != "INVITE" &&
        transaction.origin.transport != Transport::udp)
      forget(key, *found);
  }
  if (origin.transport == Transport::tls) check_uris(at, message, facts);
}

void SipChecks::forget(std::uint64_t key, std::uint32_t place) {
  unused_.push_back(place);
  open_.erase(key);
}

void SipChecks::on_request(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                           const SipMessageView& facts, std::uint64_t key) {
  if (facts.method == "ACK") return; // is answered by nothing
  const auto [place, added] = open_.try_emplace(key);
  if (!added) {
    auto& transaction = transactions_[*place];
    const bool same_way =
        transaction.origin.destination == origin.destination && transaction.origin.source == origin.source;
    if (origin.transport == Transport::udp && same_way &&
        at.time - transaction.last > least_retransmission_gap) {
      ++transaction.requests;
      transaction.last = at.time;
    }
    return;
  }
  if (unused_.empty()) {
    unused_.push_back(static_cast<std::uint32_t>(transactions_.size()));
    transactions_.emplace_back();
  }
  *place = unused_.back();
  unused_.pop_back();
  auto& transaction = transactions_[*place];
  transaction.begin(origin, at, facts);
  if (!message.body().empty()) note_offer(origin, message, transaction);
  order_.push_back(key);
  if (order_.size() <= max_transactions) return;
  const auto oldest = order_.front();
  order_.pop_front();
  if (const auto* found = open_.find(oldest)) {
    end(transactions_[*found], at.time);
    forget(oldest, *found);
  }
}

void SipChecks::note_offer(const SipOrigin& origin, const sip::MessageView& message,
                           Transaction& transaction) {
  transaction.content_type = message.header(sip::KnownHeader::content_type).value_or("");
  const auto text = session_description(message);
  if (text.empty()) return;
  transaction.offer = lines_of(text);
  transaction.offers_mikey = text.find("key-mgmt:mikey") != std::string_view::npos;
  transaction.offers_sdes = text.find("a=crypto:") != std::string_view::npos;
  if (keying_of_host_.size() >= max_hosts) return;
  auto& host = keying_of_host_[origin.source.ip];
  host.mikey = host.mikey || transaction.offers_mikey;
  host.sdes = host.sdes || transaction.offers_sdes;
}

void SipChecks::on_response(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                            const SipMessageView& facts, Transaction& transaction) {
  transaction.answered = true;
  if (facts.status < 200) return;
  if (transaction.status != facts.status) {
    if (is_refusal_of_offer(facts.status) && transaction.status == 0)
      on_refusal(origin, at, message, transaction);
    transaction.status = facts.status;
    transaction.responses = 1;
    transaction.last = at.time;
    return;
  }
  if (origin.transport != Transport::udp || origin.source != transaction.origin.destination) return;
  if (at.time - transaction.last <= least_retransmission_gap) return;
  ++transaction.responses;
  transaction.last = at.time;
}

void SipChecks::on_refusal(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                           const Transaction& transaction) {
  if (transaction.content_type.empty()) return;
  std::string about = transaction.offer.empty() ? "a body of " + transaction.content_type : transaction.offer;
  if (message.status() == 415) about = transaction.content_type + ": " + about;
  if (const auto accept = message.header("Accept")) about += fmt::format(" (accepted: {})", *accept);
  if (const auto warning = message.header("Warning")) about += fmt::format(" (warning: {})", *warning);
  if (first_time("refused\n" + transaction.call_id + "\n" + about))
    findings_.note("offer-refused", at.frame,
                   fmt::format("{} refused the offer of frame {} with {} {}: {}", to_string(origin.source),
                               transaction.frame, message.status(), message.reason(), about));
  const auto host = keying_of_host_.find(origin.source.ip);
  const auto refuser = host == keying_of_host_.end() ? Keying{} : host->second;
  const bool mikey_only = transaction.offers_mikey && !transaction.offers_sdes;
  const bool sdes_only = transaction.offers_sdes && !transaction.offers_mikey;
  if (mikey_only && !refuser.mikey)
    findings_.note("mikey-sdes-mismatch", at.frame,
                   fmt::format("The offer of frame {} has MIKEY keys only, and {} refused it{}",
                               transaction.frame, to_string(origin.source),
                               refuser.sdes ? "; its own offers have SDES keys" : ""));
  if (sdes_only && refuser.mikey && !refuser.sdes)
    findings_.note(
        "mikey-sdes-mismatch", at.frame,
        fmt::format("The offer of frame {} has SDES keys only, and {}, whose own offers have MIKEY, "
                    "refused it",
                    transaction.frame, to_string(origin.source)));
}

// RFC 3261 §12.1: the Contact and Record-Route of what makes a dialog are where its later requests go.
void SipChecks::check_uris(frames::Captured at, const sip::MessageView& message,
                           const SipMessageView& facts) {
  const bool makes_target = facts.is_request
                                ? facts.method != "ACK" && facts.method != "BYE" && facts.method != "CANCEL"
                                : facts.status > 100 && facts.status < 300;
  if (!makes_target) return;
  // A registrar lists the contacts of others too.
  if (facts.is_request || facts.method != "REGISTER")
    if (const auto contact = message.header(sip::KnownHeader::contact))
      check_uri("Contact", *contact, at, facts);
  // A response repeats the request's.
  if (facts.is_request)
    if (const auto route = message.header(sip::KnownHeader::record_route))
      check_uri("Record-Route", *route, at, facts);
}

void SipChecks::check_uri(std::string_view header, std::string_view value, frames::Captured at,
                          const SipMessageView& facts) {
  // Most are as they should be; these are known by a glance.
  if (value.find("transport=tls") != std::string_view::npos ||
      value.find("sips:") != std::string_view::npos || value.starts_with('*'))
    return;
  const auto first =
      value.substr(0, value.find(">,") == std::string_view::npos ? value.size() : value.find(">,") + 1);
  const auto address = sip::parse_name_addr(first);
  if (!address || address->uri.scheme != "sip") return;
  if (const auto transport = sip::find(address->uri.parameters, "transport");
      transport && iequals(*transport, "tls"))
    return;
  const auto place = place_of(address->uri);
  if (leaks_.size() < max_leaks)
    leaks_.try_emplace(place, Leak{std::string(facts.call_id), std::string(header), at.frame});
  if (!first_time(fmt::format("{}\n{}\n{}", header, facts.call_id, place))) return;
  std::string_view misroutes = "the ACK, and every later request of the caller,";
  if (facts.is_request) misroutes = "later requests of the other side, such as its BYE,";
  if (facts.method == "REGISTER") misroutes = "every call to the registered user";
  if (header == "Record-Route") misroutes = "every later request of the call";
  findings_.note(
      header == "Contact" ? "contact-without-tls" : "record-route-without-tls", at.frame,
      fmt::format("The {} {} of {} came over TLS without transport=tls: {} will be sent over UDP or TCP",
                  header, to_string(address->uri),
                  facts.is_request ? std::string(facts.method) : fmt::format("the {} response", facts.status),
                  misroutes));
}

void SipChecks::check_astray(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                             const SipMessageView& facts) {
  if (origin.transport == Transport::tls || leaks_.empty()) return;
  std::string target(message.uri());
  if (const auto route = message.header("Route"))
    if (const auto address = sip::parse_name_addr(
            route->substr(0, route->find(">,") + 1 == 0 ? route->size() : route->find(">,") + 1)))
      target = to_string(address->uri);
  const auto uri = sip::parse_uri(target);
  if (!uri) return;
  const auto leak = leaks_.find(place_of(*uri));
  if (leak == leaks_.end()) return;
  if (!first_time(fmt::format("astray\n{}\n{}", facts.call_id, facts.cseq))) return;
  findings_.note("request-astray", at.frame,
                 fmt::format("{} went over {} to {}: it follows the {} of frame {}, which asks for no TLS",
                             facts.first_line, to_string(origin.transport), to_string(origin.destination),
                             leak->second.header, leak->second.frame));
}

void SipChecks::end(const Transaction& transaction, Instant now) {
  const bool silent = !transaction.answered && now - transaction.last >= patience;
  if (transaction.requests <= 1 && transaction.responses <= 1 && !silent) return;
  const auto way = fmt::format("from {} to {}", to_string(transaction.origin.source),
                               to_string(transaction.origin.destination));
  if (transaction.requests > 1)
    findings_.note("sip-retransmission", transaction.frame,
                   fmt::format("{} {} was sent {} times", transaction.first_line, way, transaction.requests));
  if (transaction.responses > 1)
    findings_.note("sip-retransmission", transaction.frame,
                   fmt::format("The {} response to {} {} was sent {} times", transaction.status,
                               transaction.first_line, way, transaction.responses));
  if (silent)
    findings_.note(
        "request-unanswered", transaction.frame,
        fmt::format("{} {} over {} got no answer within {} ms", transaction.first_line, way,
                    to_string(transaction.origin.transport),
                    std::chrono::duration_cast<std::chrono::milliseconds>(now - transaction.last).count()));
}

bool SipChecks::first_time(std::string what) {
  constexpr std::size_t max_told = 100'000;
  return told_.size() < max_told && told_.insert(std::move(what)).second;
}

void SipChecks::finish(Instant last) {
  for (const auto key : order_)
    if (const auto* found = open_.find(key)) {
      end(transactions_[*found], last);
      forget(key, *found);
    }
  order_.clear();
}

} // namespace sipvet::analysis
