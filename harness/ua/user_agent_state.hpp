// The inside of UserAgent: its calls and what each of its transactions is for. Only the user_agent*.cpp files
// include it.
#pragma once

#include "dialog/dialog.hpp"
#include "dialog/offer_answer.hpp"
#include "ua/user_agent.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::ua {

// A provisional response that waits for its PRACK (RFC 3262 §3), and what waits behind it.
struct ReliableResponse {
  sip::Message response;
  std::uint32_t rseq = 0;
  bool described = false; // it has a session description
  net::TimerId timer = net::TimerId::none;
  Duration interval{}; // from the last repetition to the next
  Instant began;
};
struct HeldResponse {
  int status = 0;
  std::string reason;
  HeaderValues headers;
  std::optional<Body> body;
};

struct Call {
  CallId id = CallId::none;
  bool incoming = false;
  CallState state = CallState::inviting;
  sip::Message invite;              // that made the call
  sip::Message last_invite;         // it or the last re-INVITE, in either direction
  Target target;                    // outgoing: where the INVITE went
  std::vector<Target> alternatives; // where it may go next
  Hop hop;                          // of the last INVITE
  std::string local_tag;
  std::optional<dialog::Dialog> dialog; // of the 2xx; incoming: of the first response with a tag
  std::vector<dialog::Dialog> early;    // outgoing: one for each branch
  // Of `dialog`, and before there is one of the INVITE alone; and of each branch, by its tag.
  dialog::OfferAnswer offers;
  std::map<std::string, dialog::OfferAnswer> branch_offers;

  ClientId invite_client = ClientId::none; // our INVITE or re-INVITE that has no final response yet
  bool reinvite_waits = false;             // until its way is known
  bool provisional_seen = false;
  bool cancel_wanted = false; // no provisional response came yet (RFC 3261 §9.1)
  bool cancelled = false;     // its CANCEL was sent
  HeaderValues cancel_headers;

  ServerId invite_server = ServerId::none; // their INVITE or re-INVITE that we have not answered finally
  ServerId last_server = ServerId::none;   // the last of these, answered or not
  // Their INVITEs whose 2xx wait for their ACKs, by CSeq number.
  std::map<std::uint32_t, ServerId> unacknowledged;
  bool ack_due = false;                   // a 2xx to our INVITE is with the handler
  std::optional<HeaderValues> bye_wanted; // after that ACK (§15)

  struct Acknowledged {
    std::string to_tag;
    std::uint32_t cseq = 0;
    sip::Message ack;
    Target target;
  };
  std::vector<Acknowledged> acks; // sent again for each repetition of the 2xx (§13.2.2.4)

  std::optional<ReliableResponse> reliable;       // ours
  std::deque<HeldResponse> held;                  // until it is acknowledged
  std::uint32_t last_rseq = 0;                    // ours; 0: none yet
  std::map<std::string, std::uint32_t> seen_rseq; // theirs, by To tag

  ClientId update_client = ClientId::none; // our UPDATE that has no final response yet
  ServerId update_server = ServerId::none; // theirs, with an offer, that has none
  sip::Message update;                     // theirs
  Hop update_hop;

  std::optional<dialog::SessionTimer> session;
  std::uint32_t least_session = 0; // largest Min-SE that a 422 named, seconds
  bool takes_updates = false;      // the other side allows UPDATE
  bool refreshing = false;         // a refresh of ours has no answer yet
  net::TimerId session_clock = net::TimerId::none;
};

// Branches of one forked INVITE, and ACKs of one call, that are remembered.
inline constexpr std::size_t max_branches = 32;

enum class Purpose { invite, reinvite, bye, cancel, prack, refresh, update, other, unwanted_branch };
struct Use {
  Purpose purpose = Purpose::other;
  CallId call = CallId::none;
  RequestId request = RequestId::none;
  unsigned challenges_answered = 0;
};

// A request that may be challenged, or go on to another server, as long as it has no final response.
struct Sent {
  sip::Message request;
  Target target;
  std::vector<Target> alternatives = {};
};

class UserAgent::State final : public TransactionsUser, public TransportUser {
 public:
  State(net::Network& network, UserAgentConfig config, UserAgentHandler& handler);

  // RFC 3261 §9.1: a cancelled INVITE that gets no final response is given up.
  struct CancelTimer final : net::Node {
    explicit CancelTimer(State& owner) : state(owner) {}
    ~CancelTimer() override { state.network.forget(*this); }
    void on_timer(net::TimerId timer) override;
    State& state;
    std::map<net::TimerId, CallId> waiting;
  };

  // Repeats reliable provisional responses, and watches over sessions.
  struct CallClock final : net::Node {
    CallClock(State& owner, void (State::*what)(CallId)) : state(owner), due(what) {}
    ~CallClock() override { state.network.forget(*this); }
    void on_timer(net::TimerId timer) override;
    net::TimerId wake(CallId call, Duration delay);
    void cancel(net::TimerId& timer);
    State& state;
    void (State::*due)(CallId);
    std::map<net::TimerId, CallId> waiting;
  };

  net::Network& network;
  UserAgentConfig config;
  UserAgentHandler& handler;
  CancelTimer cancel_timer{*this};
  CallClock reliable_clock{*this, &State::repeat_provisional};
  CallClock session_clock{*this, &State::session_due};
  Transactions transactions;
  std::uint64_t last_id = 0;
  std::map<CallId, Call> calls;
  std::map<std::string, CallId> dialogs; // by dialog::dialog_key()
  std::map<ClientId, Use> uses;
  DigestClient digest;
  std::map<ClientId, Sent> unanswered; // where there are accounts to answer challenges with, or alternatives
  std::map<std::string, Target> located; // by URI, the first server that was found last
  struct ServerUse {
    sip::Message request;
    Hop hop;
    std::string tag; // of every response to it (RFC 3261 §8.2.6.2)
  };
  std::map<ServerId, ServerUse> open_requests; // given to the handler, not answered yet

  // user_agent_messages.cpp
  std::string host_for(const Target& target) const;
  std::string contact_for(const Target& target, bool secure) const;
  std::string via_for(const Target& target) const;
  void finish_request(sip::Message& request, const Target& target, bool with_contact,
                      const HeaderValues& headers, const std::optional<Body>& body) const;
  sip::Message make_response(const sip::Message& request, const Hop& hop, int status, std::string reason,
                             const std::string& tag, const HeaderValues& headers,
                             const std::optional<Body>& body) const;

  // user_agent_digest.cpp: requests that may be challenged, and their challenges
  Result<ClientId> send_request(sip::Message& request, const Target& target,
                                std::vector<Target> alternatives = {});
  // True: the request went out once more with credentials.
  bool answer_challenge(ClientId id, const Use& use, const sip::Message& response);
  void add_credentials(const Call& call, sip::Message& ack) const;

  // user_agent_caller.cpp: requests we sent
  Result<CallId> invite(const InviteOptions& options);
  Result<void> send_invite(Call& call); // to its target, or to the first alternative that can be sent to
  bool try_next_server(Call& call, const std::string& cause);          // false: there is none
  bool move_on(ClientId id, const Use& use, const std::string& cause); // another request; false likewise
  Result<void> send_cancel(Call& call);
  void give_up_cancelled(CallId id);
  // The request made from the dialog, once it is known where to (user_agent_location.cpp).
  struct InCall {
    std::string method;
    Purpose purpose = Purpose::other;
    RequestId id = RequestId::none;
    std::optional<Body> body = {};
    HeaderValues headers = {};
  };
  Result<void> send_in_call(Call& call, const InCall& what);
  Result<void> send_located(Call& call, const InCall& what);
  Result<void> send_bye(Call& call, const HeaderValues& headers);
  void request_failed(const Use& use, const std::string& cause, bool timed_out);
  void invite_response(Call& call, const Use& use, const Hop& hop, const sip::Message& response);
  void invite_progress(Call& call, const sip::Message& response);
  void invite_success(Call& call, const Use& use, const Hop& hop, const sip::Message& response);
  void invite_failure(Call& call, const Use& use, const sip::Message& response);
  void refuse_branch(Call& call, const Hop& hop, const sip::Message& response);
  void send_ack(Call& call, const dialog::Dialog& dialog, const sip::Message& response,
                const std::optional<Body>& body);
  void send_located_ack(Call& call, const dialog::Dialog& dialog, const sip::Message& response,
                        const std::optional<Body>& body);
  bool repeat_ack(Call& call, const sip::Message& response);

  // user_agent_callee.cpp: requests we received
  void invite_came(ServerId id, const Hop& hop, const sip::Message& request);
  void reinvite_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request);
  Result<CallId> fork(CallId id);
  void cancel_came(ServerId id, const Hop& hop, const sip::Message& request);
  void end_branches(ServerId invite, const sip::Message& cancel);
  void bye_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request);
  void ack_came(const sip::Message& request);
  void other_came(ServerId id, CallId call, const Hop& hop, const sip::Message& request);
  void refuse(ServerId id, const Hop& hop, const sip::Message& request, int status,
              const HeaderValues& headers = {}, std::string reason = {});
  void note_response_to_invite(Call& call, int status, bool reliable, const sip::Message& response);
  bool refuse_extensions(ServerId id, const Hop& hop, const sip::Message& request);
  Result<void> respond_to_invite(Call& call, int status, std::string reason, const HeaderValues& headers,
                                 const std::optional<Body>& body);

  // user_agent_reliable.cpp: provisional responses that are acknowledged (RFC 3262)
  bool refuse_unreliable(ServerId id, const Hop& hop, const sip::Message& request);
  bool reliable_to(const Call& call) const;
  bool must_wait(const Call& call, int status) const;
  void make_reliable(Call& call, sip::Message& response);
  void watch_reliable(Call& call, sip::Message response, bool described);
  void repeat_provisional(CallId id);
  void forget_reliable(Call& call);
  void prack_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request);
  std::optional<OfferReply> take_prack(Call& call, const sip::Message& request);
  bool is_reliable_progress(const sip::Message& response) const;
  bool take_rseq(Call& call, const sip::Message& response); // false: seen before, or out of order
  void send_prack(CallId id, const sip::Message& response);
  void prack_response(Call& call, const sip::Message& response);

  // user_agent_session.cpp: session timers (RFC 4028) and UPDATE (RFC 3311)
  std::vector<std::string> extensions() const; // that may stand in Require
  std::vector<std::string> methods() const;
  HeaderValues extension_headers(const Call& call) const;
  bool refuse_short_session(ServerId id, const Hop& hop, const sip::Message& request);
  void session_agreed(Call& call, const std::optional<dialog::SessionTimer>& timer);
  void learn_session(Call& call, const sip::Message& message);
  void session_due(CallId id);
  void send_refresh(Call& call);
  void refresh_response(Call& call, const sip::Message& response);
  void refresh_failed(Call& call);
  // True: the INVITE went out again.
  bool ask_for_longer_session(Call& call, Purpose purpose, const sip::Message& response);

  // user_agent_offers.cpp: offers and answers, and those in UPDATE (RFC 3311)
  dialog::OfferAnswer& offers_of(Call& call, const std::string& remote_tag);
  dialog::Meaning note_offer(Call& call, dialog::Direction direction, dialog::Carrier carrier,
                             const sip::Message& message);
  void note_sent_again(Call& call, Purpose purpose, const sip::Message& request);
  void note_failed(Call& call, Purpose purpose);
  dialog::Dialog* dialog_for(Call& call, const std::string& remote_tag);
  bool updates() const { return config.updates || config.session_timer.supported; }
  void update_came(ServerId id, Call& call, const Hop& hop, const sip::Message& request);
  Result<void> send_update(Call& call, std::optional<Body> body, const HeaderValues& headers);
  Result<void> answer_update(Call& call, const OfferReply& reply);
  void update_response(Call& call, const sip::Message& response);
  std::optional<Duration> offer_again_after(const Call& call, const sip::Message& response);

  // user_agent_location.cpp: where requests within calls go (RFC 3261 §12.2.1.1, RFC 3263 §4)
  static std::string next_uri(const dialog::Dialog& dialog);
  // `then` at once where there is nothing to look up.
  void when_located(CallId id, const std::string& uri,
                    std::function<void(Call&, const Result<void>& way)> then);
  Target next_hop(const dialog::Dialog& dialog, const Hop& hop) const;

  Call* find(CallId id);
  Call* call_of(const sip::Message& received);
  void end(Call& call);
  void forget_early(Call& call);

  // TransactionsUser
  void on_request(ServerId id, const Hop& hop, const sip::Message& request) override;
  void on_response(ClientId id, const Hop& hop, const sip::Message& response) override;
  void on_client_failed(ClientId id, const std::string& cause, bool timed_out) override;
  void on_server_failed(ServerId id, const std::string& cause) override;
  void on_stray_response(const Hop& hop, const sip::Message& response) override;
  // TransportUser
  void on_message(const Hop& hop, const sip::Message& message) override;
  void on_sent(const Hop& hop, const sip::Message& message) override;
  void on_connected(const Hop& hop, const std::optional<tls::SessionInfo>& session) override;
  void on_connect_failed(const Hop& hop, const ConnectFailure& failure) override;
  void on_closed(const Hop& hop, const Closure& closure) override;
  void on_alert(const Hop& hop, const tls::Alert& alert, bool sent) override;
  void on_pong(const Hop& hop) override;
  void on_garbage(const Hop& hop, const Error& error) override;
  void on_limit(const Hop& hop, const LimitHit& hit) override;
};

} // namespace sipvet::ua
