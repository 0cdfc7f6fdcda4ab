// One TCP or TLS connection that carries SIP, as a machine: octets in, octets and events out; no network, no
// clock.
#pragma once

#include "sip/framer.hpp"
#include "tls/engine.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sipvet::ua {

struct LinkUp {
  std::optional<tls::SessionInfo> session;
};
struct LinkKeylog {
  std::string line;
};
struct LinkAlert {
  tls::Alert alert;
  bool sent = false;
};
// The link cannot go on; nothing follows.
struct LinkBroken {
  std::string cause;
  std::optional<tls::Alert> alert = {};
  std::optional<tls::PeerRejection> rejection = {};
  bool by_remote = false; // close_notify or a fatal alert came
};
using LinkEvent = std::variant<LinkUp, LinkKeylog, LinkAlert, LinkBroken, sip::StreamEvent>;

// Ways to carry SIP over connections that are wrong; each is off by default.
struct StreamDeviations {
  // Takes what it reads at once for one message: nothing is kept of a message that goes on, and nothing is
  // seen of what follows one (RFC 3261 §18.3).
  bool message_for_each_read = false;
  bool no_pong = false;                     // does not answer a CRLF CRLF (RFC 5626 §4.4.1)
  bool garbage_kept = false;                // reads on behind octets that are no SIP
  bool connection_for_each_request = false; // never sends a request over a connection that is there
};

class StreamLink {
 public:
  explicit StreamLink(std::unique_ptr<tls::Engine> engine /* none: TCP */, StreamDeviations deviations = {},
                      sip::FramerLimits limits = {});

  void connected(); // the TCP connection is there
  void receive(ByteView octets);
  void send(ByteView octets); // kept by the TLS engine until its handshake is done
  void ping();                // CRLF CRLF; the next CRLF that comes is its pong
  void close();
  // The TCP connection has ended: says how that looks from here.
  LinkBroken ended(const std::string& how) const;

  bool up() const { return up_; }
  bool broken() const { return broken_; }
  std::size_t pending_octets() const { return framer_.pending_octets(); } // of a message not complete yet
  const std::optional<tls::SessionInfo>& session() const { return session_; }
  Bytes take_output();
  std::vector<LinkEvent> take_events();

 private:
  void pump();
  void take(tls::Event& event);
  void take_application_data(ByteView octets);
  void note_alert(const tls::Alert& alert, bool sent);
  void break_off(LinkBroken why);

  std::unique_ptr<tls::Engine> engine_;
  StreamDeviations deviations_;
  sip::FramerLimits limits_;
  sip::Framer framer_;
  Bytes output_;
  std::vector<LinkEvent> events_;
  std::optional<tls::SessionInfo> session_;
  std::optional<tls::Alert> alert_; // the last one other than close_notify
  bool fatal_received_ = false;
  bool up_ = false;
  bool broken_ = false;
};

} // namespace sipvet::ua
