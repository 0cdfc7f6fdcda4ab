// The reference gateway: SIP user agents on one side, a telephone side that plays and recognises sound on the
// other, and the guide's SRTP policy in between.
#pragma once

#include "dialog/registration.hpp"
#include "gateway/config.hpp"
#include "gateway/event_log.hpp"
#include "ua/t38_session.hpp"
#include "ua/user_agent.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::gateway {

enum class CallState { ringing, answered, ended, failed };
std::string_view name(CallState state);

using CallHandle = ua::CallId;

// A call as the telephone side sees it.
struct CallInfo {
  CallHandle handle = CallHandle::none;
  bool outgoing = false;
  CallState state = CallState::ringing;
  std::string remote;      // the other side's URI (From of an incoming call, To of an outgoing one)
  std::string remote_user; // its user part
  Endpoint remote_at;      // where its INVITE came from, or went to last
  std::string number;      // dialled
  ua::Transport transport = ua::Transport::udp;
  int status = 0; // the final one, sent or received, or what the telephone side is told of a call that came
                  // to nothing before any response; 0: none yet
  std::string reason; // the phrase with it, of calls placed here
  std::string cause;  // of failure, one sentence
  bool ended_by_remote = false;
  std::optional<keying::OfferShape> offered; // in the last offer of the exchange, either direction
  std::optional<bool> srtp;                  // what was agreed; none: nothing (yet)
  std::optional<rtp::SrtpSuite> suite;
  ua::MediaCounters media;
  bool fax = false;                            // the call has changed to T.38
  std::optional<rtp::T30Indicator> fax_signal; // the last that came
  ua::T38Counters fax_packets;
  std::map<unsigned, std::uint64_t> heard_ms; // by voiceprint number
  std::string dtmf;                           // key presses that came, by telephone events and by INFO
  std::string recording;                      // path of the last recording; empty: none
};

// A request outside of calls that the gateway sent: an OPTIONS.
struct RequestInfo {
  ua::RequestId handle = ua::RequestId::none;
  std::string remote; // where it went: "tls 192.0.2.20:5061"
  bool done = false;
  int status = 0;     // as CallInfo has it
  std::string reason; // the phrase with it
  std::string cause;  // of failure, one sentence
};

// A persistent connection, as DGW's status page lists it.
struct LinkStatus {
  std::string gateway;
  std::string server; // as configured: "sip.example.test"
  std::uint16_t local_port = 0;
  Endpoint remote;
  bool up = false;
};

struct RegistrationStatus {
  std::string address_of_record;
  dialog::Registration::State state = dialog::Registration::State::idle;
  int status = 0;           // of the registrar's last response; 0: there was none
  std::size_t bindings = 0; // that it listed
  std::uint32_t granted_s = 0;
};
std::string_view state_name(const RegistrationStatus& status); // "registered", "refused", …

struct PlaceCall {
  std::string number;               // dialled: %0 of the route, the DNIS of routing rules
  std::string caller, caller_name;  // what routing rules call ANI and caller name
  std::string channel_name = "A1";  // of the telephone line it comes in by
  bool transfer = false;            // asked for by a transfer of another call
  std::optional<ua::Target> target; // none: the proxy, or where the route's request URI points
  std::string request_uri;          // empty: the route's, or sip:number@target
  std::string from_user;            // empty: the route's, or the gateway's own
  ua::HeaderValues headers;         // of the INVITE, on top
};

class Gateway {
 public:
  // `keylog` gets the TLS secrets of every connection, one line each.
  Gateway(net::Network& network, Config config, EventLog& log,
          std::function<void(std::string_view)> keylog = {});
  ~Gateway();

  // Checks the TLS material (naming property and file of what cannot be used) and listens. After a failure
  // nothing listens.
  Result<void> start();
  struct Listening {
    ua::Transport transport;
    Endpoint endpoint;
    std::uint16_t configured_port = 0;
    std::string sip_interface = {}; // its name; empty: of a user agent without one
  };
  const std::vector<Listening>& endpoints() const;
  std::optional<Endpoint> endpoint(ua::Transport transport) const;

  // The telephone side.
  Result<CallHandle> place_call(const PlaceCall& call);
  // A call that rings; fails where it is over, or answered.
  Result<void> answer(CallHandle call);
  Result<void> decline(CallHandle call); // the same, with the status of the settings
  Result<void> hang_up(CallHandle call); // a call that rings too, whoever placed it
  // Fails where neither telephone events were agreed on nor INFO is configured.
  Result<void> send_dtmf(CallHandle call, std::string_view digits);
  // A WAV file of what the telephone hears from now on, complete when the call ends or finish_recording() is
  // called.
  Result<void> record(CallHandle call, const std::string& path);
  Result<void> finish_recording(CallHandle call);
  // A fax machine begins: the call changes to T.38 where that is allowed. Otherwise the fax stays in the
  // sound.
  Result<void> send_fax(CallHandle call);
  std::vector<CallInfo> calls() const; // oldest first, ended ones too
  // Registers its accounts at this server and calls through it, as if it were configured so.
  void use_proxy(const Endpoint& server);
  void unregister();
  std::vector<LinkStatus> links() const;
  std::vector<RegistrationStatus> registrations() const;
  // Asks whether the other side is alive (RFC 3261 §11).
  Result<ua::RequestId> send_options(const ua::Target& target);
  // Likewise, of where the URI leads to: the servers are looked up and tried as those of calls are.
  Result<ua::RequestId> send_options(const std::string& uri);
  std::vector<RequestInfo> requests() const; // oldest first
  // Ends its connections with any of these, whoever made them; how many there were.
  std::size_t disconnect(const std::vector<Endpoint>& remotes);
  std::optional<CallInfo> call(CallHandle call) const;
  // Whether every server of proxy sets has been asked once, and has answered or not.
  bool proxies_settled() const;
  // Called after anything changed: calls, media, connections.
  void on_change(std::function<void()> callback);
  // Every SIP message sent and received.
  void on_traffic(std::function<void(bool sent, const ua::Hop&, const sip::Message&)> callback);

  const Config& config() const;
  ua::UserAgent& user_agent();

 private:
  class State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::gateway
