#include "tls/handshake_trace.hpp"

#include "tlswire/client_hello.hpp"
#include "tlswire/extensions.hpp"
#include "tlswire/suites.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

constexpr std::size_t listed_suites = 4;       // the whole list of a modern client says less than its length
constexpr std::uint8_t handshake_failure = 40; // RFC 8446 §6
constexpr std::uint8_t protocol_version = 70;
constexpr std::uint8_t insufficient_security = 71;
constexpr std::uint16_t empty_renegotiation_info_scsv = 0x00ff; // RFC 5746 §3.3
constexpr std::uint16_t fallback_scsv = 0x5600;                 // RFC 7507 §2

std::string what(const HelloOffer& offer, bool suites) {
  std::string text;
  if (!offer.versions.empty()) {
    text = tlswire::version_name(offer.versions.front());
    if (offer.versions.back() != offer.versions.front())
      text += " to " + tlswire::version_name(offer.versions.back());
  }
  if (offer.suites.empty() || !suites) return text.empty() ? "nothing" : text;
  return text + (text.empty() ? "" : " with ") + list_suites(offer.suites) +
         (offer.suites.size() == 1 ? " only" : "");
}

} // namespace

std::string list_suites(const std::vector<std::uint16_t>& suites) {
  std::string text;
  for (std::size_t i = 0; i < std::min(suites.size(), listed_suites); ++i)
    text += (text.empty() ? "" : ", ") + tlswire::suite_name(suites[i]);
  if (suites.size() > listed_suites)
    text += " and " + std::to_string(suites.size() - listed_suites) + " more";
  return text;
}

HelloOffer offer_of(const Config& config, const std::vector<std::uint16_t>& suites) {
  return {{static_cast<std::uint16_t>(config.min_version), static_cast<std::uint16_t>(config.max_version)},
          suites};
}

void HandshakeTrace::note_client_hello(ByteView body, bool sent) {
  const auto hello = tlswire::parse_client_hello(body);
  if (!hello) return;
  HelloOffer offer;
  offer.versions = {hello->version};
  if (const auto* extension = hello->extensions.find(tlswire::extension::supported_versions)) {
    if (auto versions = tlswire::parse_supported_versions(extension->body)) {
      // GREASE (RFC 8701) is no version.
      std::erase_if(*versions, [](std::uint16_t each) { return each >> 8 != 3; });
      std::ranges::sort(*versions);
      if (!versions->empty()) offer.versions = *versions;
    }
  }
  for (const std::uint16_t suite : hello->suites) {
    if (suite != empty_renegotiation_info_scsv && suite != fallback_scsv) offer.suites.push_back(suite);
  }
  (sent ? own_ : peer_) = std::move(offer);
}

std::string HandshakeTrace::explain(std::string cause, bool established, std::optional<Alert> shown) const {
  if (established || (last_sent_.empty() && last_received_.empty())) return cause;
  const bool from_peer = shown && shown == alert_received_;
  const bool versions = shown && shown->description == protocol_version;
  const bool suites =
      shown && (shown->description == handshake_failure || shown->description == insufficient_security);
  const bool why = versions || (suites && (from_peer || cause == no_common_suite));
  if (const std::string both = offers(suites); why && !both.empty()) cause += ": " + both;
  return cause + " (" + progress() + ")";
}

std::string HandshakeTrace::progress() const {
  std::string text = last_sent_.empty() ? "sent nothing" : "sent " + last_sent_ + " last";
  text += last_received_.empty() ? ", received nothing" : ", received " + last_received_ + " last";
  if (alert_sent_) text += ", sent the alert " + to_string(*alert_sent_);
  if (alert_received_) text += ", received the alert " + to_string(*alert_received_);
  return text;
}

std::string HandshakeTrace::offers(bool suites) const {
  std::string text;
  if (peer_) text = "the peer offers " + what(*peer_, suites);
  if (own_)
    text += std::string(text.empty() ? "" : "; ") + "this side " + (peer_ ? "allows " : "offers ") +
            what(*own_, suites);
  return text;
}

} // namespace sipvet::tls
