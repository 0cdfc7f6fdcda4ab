// What went over the wire in a handshake, as far as a person needs it to understand why the handshake died.
#pragma once

#include "base/bytes.hpp"
#include "tls/engine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::tls {

// The cause of the failure that is explained by what both sides offer.
inline constexpr std::string_view no_common_suite = "no common cipher suite";
inline constexpr std::string_view no_common_version = "no common TLS version";

// What one side's hello says it can do.
struct HelloOffer {
  std::vector<std::uint16_t> versions; // lowest and highest, or the list it gave; highest last
  std::vector<std::uint16_t> suites;   // signals such as the fallback one are not among them
};

class HandshakeTrace {
 public:
  // `message` as the RFCs name it: "ServerHello", "ChangeCipherSpec".
  void sent(std::string message) { last_sent_ = std::move(message); }
  void received(std::string message) { last_received_ = std::move(message); }
  void sent(const Alert& alert) { alert_sent_ = alert; }
  void received(const Alert& alert) { alert_received_ = alert; }
  void offers(const HelloOffer& own) { own_ = own; }
  void peer_offers(const HelloOffer& peer) { peer_ = peer; }
  // Reads a ClientHello (its body, without the header), sent or received.
  void note_client_hello(ByteView body, bool sent);

  // The sentence of a failure: what went wrong, what each side offers where that is why (which the alert,
  // sent or received, tells), and, in a handshake, how far it got.
  std::string explain(std::string cause, bool established, std::optional<Alert> shown) const;
  // "sent ServerHello last, received ClientHello last, sent the alert fatal handshake_failure(40)".
  std::string progress() const;
  // "the peer offers TLSv1.0 with TLS_RSA_WITH_3DES_EDE_CBC_SHA only; this side allows …"; empty when neither
  // hello was seen. `suites` off: the versions alone.
  std::string offers(bool suites) const;
  const std::optional<HelloOffer>& peer() const { return peer_; }

 private:
  std::string last_sent_, last_received_;
  std::optional<Alert> alert_sent_, alert_received_;
  std::optional<HelloOffer> own_, peer_;
};

// "TLS_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_3DES_EDE_CBC_SHA", a long list cut short with its count.
std::string list_suites(const std::vector<std::uint16_t>& suites);
HelloOffer offer_of(const Config& config, const std::vector<std::uint16_t>& suites);

} // namespace sipvet::tls
