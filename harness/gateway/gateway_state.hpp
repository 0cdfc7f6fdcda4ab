// The inside of Gateway: its calls, with their media, between the user agent and the telephone side. Only the
// gateway*.cpp files include it.
#pragma once

#include "gateway/gateway.hpp"
#include "gateway/negotiation.hpp"
#include "gateway/proxy_sets.hpp"
#include "gateway/syslog.hpp"
#include "gateway/uplink.hpp"
#include "io/wav_file.hpp"
#include "ua/media_session.hpp"
#include "ua/server_location.hpp"
#include "ua/sound_recorder.hpp"
#include "ua/t38_description.hpp"
#include "ua/t38_session.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace sipvet::gateway {

// A call that another asked for with REFER.
struct Referral {
  CallHandle referrer = CallHandle::none;
  std::uint32_t cseq = 0; // of the REFER, by which its notices are known (RFC 3515 §2.4.6)
};

// Key presses by INFO that are remembered of a call.
inline constexpr std::size_t max_keys_by_info = 1024;

struct Leg {
  CallInfo info;
  std::optional<Referral> referral;         // until it was told how this call ended
  std::unique_ptr<ua::MediaSession> media;  // of the section with keys, or of the only one
  std::unique_ptr<ua::MediaSession> second; // of the RTP section where two were offered, until one is chosen
  LocalMedia local;
  std::optional<sdp::Session> offer_sent;              // waits for its answer
  std::optional<keying::DtlsDescription> dtls_offered; // in it
  std::optional<keying::MikeyExchange> mikey_offered;  // in it
  std::optional<sdp::Session> first_answer;            // prepared; sent when the telephone answers
  std::optional<ua::AgreedMedia> agreed;               // in force, or about to be with the ACK
  // Of an outgoing call: what its early dialogs have answered, by To tag (RFC 3261 §13.2.1), and with whom
  // a DTLS handshake has begun.
  struct EarlyAnswer {
    std::string text; // of its session description
    ua::AgreedMedia agreed;
  };
  std::map<std::string, EarlyAnswer> early;
  std::string early_dtls;
  std::unique_ptr<ua::T38Session> fax;
  std::optional<sdp::Session> fax_offered; // by us; waits for its answer
  std::optional<Endpoint> fax_remote;      // of the offer that is being answered
  bool in_fax = false;                     // the media is T.38
  bool hanging_up = false;                 // asked for by the telephone side
  net::TimerId ringing = net::TimerId::none;
  // The offer or answer went out in a reliable provisional response: the 2xx has none (RFC 3262 §5).
  bool described = false;
  net::TimerId offer_again = net::TimerId::none; // what another offer crossed
  unsigned offers_crossed = 0;                   // one after the other
  std::string media_realm;                       // whose ports its media uses; empty: any
  Endpoint server;                               // of outgoing calls: where the INVITE went last
  std::string keys_to_send, keys_by_info; // by INFO: those that wait for the one before, and those heard
  ua::RequestId open_info = ua::RequestId::none; // waits for its response
  std::shared_ptr<ua::SoundRecorder> recorder;   // while the call is recorded
  std::optional<io::WavFile> recording_file;     // likewise
};

// Where a call of the telephone side goes.
struct Destination {
  ua::InviteOptions options;
  std::optional<ua::LocationWish> wish; // to be looked for first; none: `options` has the target
  std::string proxy_set;                // its servers are the targets; empty: none
  bool has_gateway_words = false;       // GW_HOST_IP and its like, to be replaced when the target is known
};

struct PendingRequest {
  RequestInfo info;
  net::ConnectionId connection = net::ConnectionId::none;
};

class Gateway::State final : public ua::UserAgentHandler {
 public:
  State(net::Network& network, Config config, EventLog& log, std::function<void(std::string_view)> keylog);
  ~State() override;

  net::Network& network;
  Config config;
  EventLog& log;
  std::function<void(std::string_view)> keylog;
  std::optional<ua::DtlsIdentity> dtls_identity; // where DTLS-SRTP is used
  std::optional<keying::MikeyParty> mikey;
  std::unique_ptr<ua::UserAgent> agent;
  std::unique_ptr<Uplink> uplink; // goes before the agent
  std::unique_ptr<Syslog> syslog;
  std::vector<Listening> listening;
  std::optional<ua::Resolver> resolver;  // where DNS servers are known
  std::unique_ptr<ProxySets> proxy_sets; // where there are any
  std::map<CallHandle, Leg> legs;
  std::map<ua::RequestId, PendingRequest> requests;
  std::map<ua::RequestId, ua::RequestId> asked_as; // the agent's ids, and those above
  std::map<ua::Limit, std::uint64_t> limits_hit;   // how often
  net::ConnectionId last_sent_over = net::ConnectionId::none;
  // The connection that failed last: what is reported next are the calls and requests that it was for.
  net::ConnectionId failed_connection = net::ConnectionId::none;
  ua::ConnectFailure connect_failure;
  std::function<void()> changed;
  std::function<void(bool, const ua::Hop&, const sip::Message&)> traffic;

  // Answers when a call has rung long enough.
  struct RingTimer final : net::Node {
    explicit RingTimer(State& owner) : state(owner) {}
    void on_timer(net::TimerId timer) override;
    State& state;
  } ring_timer{*this};

  void say(LogLevel level, const std::string& text) {
    log.line(level, text);
    if (syslog) syslog->line(level, text);
  }
  void notify() {
    if (changed) changed();
  }

  // gateway_start.cpp
  Result<void> start();
  void make_agent(ua::UserAgentConfig config);
  Result<void> check_tls();
  Result<void> check_certificate();
  Result<void> listen(const UserAgentAddress& address, const std::string& sip_interface);
  Result<void> listen_on_interfaces();
  void start_proxy_sets();
  Result<void> make_dtls_identity();

  // gateway_media.cpp
  IpAddress media_address(const ua::Target& target, const Endpoint& hop_local) const;
  Result<void> open_ports(ua::MediaSession& session, const IpAddress& address,
                          const std::string& realm) const;
  Result<void> open_media(Leg& leg, const IpAddress& address, bool two);
  ua::MediaOptions media_options() const;
  bool be_ready(Leg& leg); // to receive what was agreed
  Result<void> secure(Leg& leg);
  void on_dtls(CallHandle call); // its handshake has succeeded or failed
  ua::Playing playing() const;
  void play(Leg& leg);                            // and to send
  void take_second(Leg& leg);                     // the section chosen is the second one
  void change_keys(const ua::MediaSession& worn); // by a re-INVITE
  void offer_again(Leg& leg);                     // by a re-INVITE, with new keys
  void stop_media(Leg& leg);
  KeySources key_sources();
  Result<sdp::Session> new_offer(Leg& leg);
  bool take_answer(Leg& leg, const sip::Message& message); // false: no usable answer; info.cause says why

  Result<ua::AgreedMedia> read_agreed(const Leg& leg, const sdp::Session& offer, const sdp::Session& answer);

  // gateway_early.cpp
  void ring(Leg& leg); // with the answer, where that is configured
  void take_early_answer(Leg& leg, const sip::Message& response);
  void begin_early_media(Leg& leg, const std::string& tag, const ua::AgreedMedia& agreed);
  void end_fork(Leg& leg, const std::string& tag);
  // The answer that the early dialog of a 2xx has given before; null: none.
  const Leg::EarlyAnswer* answer_before(Leg& leg, const sip::Message& success);
  Result<void> choose_fork(Leg& leg, const std::string& tag);

  // What an offer is refused with.
  struct Turned {
    int status = 488;
    std::string reason = {};
    ua::HeaderValues headers = {};
    std::optional<sdp::Session> description = {}; // what key management says of the refusal
  };

  // gateway_fax.cpp
  bool may_fax(const Leg& leg) const;
  Result<void> open_fax(Leg& leg);
  std::optional<Turned> prepare_fax(Leg& leg, const sdp::Session& offer, std::size_t section);
  Result<void> send_fax(Leg& leg);
  void take_fax_answer(Leg& leg, const sip::Message& response);
  void begin_fax(Leg& leg, const Endpoint& remote, rtp::T30Indicator signal);
  void end_fax(Leg& leg);

  // gateway_outbound.cpp
  std::vector<ua::Transport> transports() const;
  Result<Destination> by_rules(const PlaceCall& call);
  Result<Destination> by_trunk(const PlaceCall& call) const;
  Result<Destination> by_group(const PlaceCall& call) const;
  Result<Destination> destination_of(const PlaceCall& call);
  Result<CallHandle> place_call(const PlaceCall& call);
  void locate(const ua::LocationWish& wish, ua::Located done);
  void locate_later(CallHandle handle, Destination to);
  void cannot_begin(Leg& leg, const std::string& why);
  void begin_at_proxy_set(Leg& leg, Destination to);
  Result<void> begin(Leg& leg, Destination to, const std::vector<ua::Target>& targets);

  // gateway_admission.cpp
  const std::string* interface_of(const Endpoint& local) const;
  std::string realm_of(const Endpoint& local) const;
  std::optional<int> classify(const ua::Hop& hop, std::string& realm);
  std::set<std::string> granted_to(const ua::Hop& hop);
  bool may_dial(Leg& leg, const ua::Hop& hop);
  bool turned_away(ua::ServerId id, const ua::Hop& hop);

  // gateway_calls.cpp
  Result<void> answer(Leg& leg);
  Result<void> answer_or_fail(Leg& leg); // the call, where it cannot be answered
  Result<void> hang_up(Leg& leg);
  void refuse(Leg& leg, const Turned& turned);
  void note_mikey_error(const Leg& leg, const sip::Message& response);
  std::optional<Turned> prepare(Leg& leg, const sip::Message& invite); // none: the answer is made
  void finish(Leg& leg, CallState state, std::string cause);

  // gateway_offers.cpp: in UPDATE and PRACK
  std::optional<ua::OfferReply> on_offer(ua::CallId call, const sip::Message& request) override;
  ua::OfferReply answer_early(Leg& leg, const sip::Message& request);
  ua::OfferReply refuse_offer(Leg& leg, const sip::Message& request, Turned turned);
  void on_offer_answered(ua::CallId call, const sip::Message& message) override;
  void on_offer_refused(ua::CallId call, const sip::Message* response) override;
  void offer_was_refused(Leg& leg, const sip::Message* response);

  // gateway_telephone.cpp
  Result<void> may_answer(const Leg& leg) const;
  Result<void> order_answer(Leg& leg);
  Result<void> decline(Leg& leg);
  Result<void> send_dtmf(Leg& leg, std::string_view digits);
  void send_next_key(Leg& leg);
  // Of an INFO of ours, with its final status, or 0 where there was none; false: it is none.
  bool note_info(ua::RequestId id, int status, const std::string& what);
  bool take_info(ua::ServerId id, CallHandle call, const sip::Message& request); // false: the agent answers
  Result<void> record(Leg& leg, const std::string& path);
  Result<void> finish_recording(Leg& leg);

  // gateway_transfer.cpp
  bool on_request(ua::ServerId id, ua::CallId call, const ua::Hop& hop, const sip::Message& request) override;
  void transfer(CallHandle referrer, const sip::Message& request, const PlaceCall& call);
  void tell_referrer(const Referral& referral, int status, const std::string& reason);
  void end_referral(Leg& leg, int status, const std::string& reason);

  // gateway_connections.cpp
  struct Told {
    int status = 0;
    std::string reason;
  };
  // What the telephone side is told of a request that got no final response; `connection` is what it went
  // over.
  Told told_of(const ua::RequestFailure& failure, net::ConnectionId connection) const;
  Result<ua::RequestId> send_options(const ua::Target& target);
  Result<ua::RequestId> send_options(const std::string& uri);
  Result<void> ask(ua::RequestId handle, const std::string& uri, const std::vector<ua::Target>& targets);
  RequestInfo* asked(ua::RequestId id);
  void on_request_moved(ua::RequestId id, const ua::Target& next, const std::string& cause) override;
  void on_limit(const ua::Hop& hop, const ua::LimitHit& hit) override;
  std::size_t disconnect(const std::vector<Endpoint>& remotes);
  CallInfo snapshot(const Leg& leg) const;
  Leg* find(CallHandle call);

  void on_incoming_call(ua::CallId call, const ua::Hop& hop, const sip::Message& invite) override;
  void on_progress(ua::CallId call, const sip::Message& response) override;
  std::optional<ua::Body> on_answered(ua::CallId call, const sip::Message& response) override;
  void on_confirmed(ua::CallId call, const sip::Message& ack) override;
  void on_rejected(ua::CallId call, const sip::Message& response) override;
  void on_next_server(ua::CallId call, const ua::Target& next, const std::string& cause) override;
  void on_call_failed(ua::CallId call, const ua::RequestFailure& failure) override;
  void on_reinvited(ua::CallId call, const sip::Message& request) override;
  void on_refresh_due(ua::CallId call) override;
  void on_session_expired(ua::CallId call) override;
  void on_ended(ua::CallId call, bool by_remote, const sip::Message* request) override;
  void on_response(ua::RequestId id, const sip::Message& response) override;
  void on_request_failed(ua::RequestId id, const ua::RequestFailure& failure) override;
  void on_connected(const ua::Hop& hop, const std::optional<tls::SessionInfo>& session) override;
  void on_connect_failed(const ua::Hop& hop, const ua::ConnectFailure& failure) override;
  void on_closed(const ua::Hop& hop, const ua::Closure& closure) override;
  void on_pong(const ua::Hop& hop) override;
  void on_garbage(const ua::Hop& hop, const Error& error) override;
  void on_traffic(bool sent, const ua::Hop& hop, const sip::Message& message) override;
};

} // namespace sipvet::gateway
