// A scripted peer: a SIP user agent that does what the steps of a scenario say and remembers what it saw.
#pragma once

#include "crypto/lab_ca.hpp"
#include "net/network.hpp"
#include "peers/actor.hpp"
#include "peers/connection_record.hpp"
#include "peers/settings.hpp"
#include "ua/user_agent.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sipvet::peers {

// What a peer needs of its surroundings.
struct Surroundings {
  net::Network& network;
  IpAddress address;
  std::uint16_t port = 0;    // of its listener; 0 asks for a free one
  crypto::Identity identity; // for TLS
  std::string trusted_roots_pem;
  std::string gateway_certificate_pem; // whom its public-key messages of MIKEY are for; empty: not known
  rtp::Voiceprint voiceprint;          // its own
  Duration media_pace = std::chrono::milliseconds(20);
  // Where the gateway listens for a transport, at that port of its settings where one is given, or why it
  // does not.
  std::function<Result<ua::Target>(ua::Transport, std::optional<std::uint16_t>)> gateway;
  // Where another peer of the scenario listens: for that transport if it is a proxy and has it, else for its
  // own.
  std::function<Result<ua::Target>(const std::string&, ua::Transport)> peer;
  std::function<void(std::string_view)> keylog;
  // Every message sent and received.
  std::function<void(bool sent, const ua::Hop&, const sip::Message&)> traffic;
};

ua::TransportTls transport_tls(const Settings& settings, const Surroundings& around);

class Peer final : public Actor {
 public:
  Peer(std::string name, Settings settings, Surroundings surroundings);
  ~Peer() override;

  // Listens on its transport, unless its settings say that nobody is there; the endpoint is its own anyway.
  // Fails when that is not possible.
  Result<Endpoint> listen();
  // In place of listen(): gets the calls that come to `trunk`, which must outlive it, as another branch of
  // each (RFC 3261 §16). Once one branch has given the final answer, the others fall silent.
  void branch_off(Peer& trunk);
  const Settings& settings() const;

  // Registers its user there, and keeps it registered.
  void register_with(const ua::Target& registrar);
  std::optional<bool> registered() const; // none: that is not decided yet

  ActiveStep begin(const script::Step& step) override;
  bool answered() const override;
  bool rejected() const override;
  rtp::Voiceprint voiceprint() const override;
  std::uint64_t heard_ms(const rtp::Voiceprint& print) const override;
  std::string describe_media() const override;

  // True when the last request it sent has had its final response, or none was sent, and no handshake is
  // under way.
  bool idle() const;
  // Those it made and those it accepted, oldest first.
  std::vector<ConnectionRecord> connections() const;
  // Those that are there now, up or in their handshake.
  std::vector<ua::Hop> open_connections() const;

  // For the wire verdict: what this peer believes it agreed on in each of its answered calls.
  struct AgreedCall {
    std::string call_id;
    std::string media; // "srtp" or "rtp"
    std::string suite;
    Endpoint rtp; // where this peer sends from and receives
    std::optional<keying::MediaKeys> keys =
        {};             // as its description and the other made them; of DTLS-SRTP none
    bool early = false; // answered in a provisional response; the other side need not send
  };
  const std::vector<AgreedCall>& agreed_calls() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::peers
