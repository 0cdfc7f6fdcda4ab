// One SIP user agent (RFC 3261 §8, §12 to §15): places and answers calls over its transports and keeps their
// dialogs. What the calls are about (SDP, media, policy) is its handler's business; scripted peers and the
// gateway are both built on it.
#pragma once

#include "dialog/session_timer.hpp"
#include "ua/digest_client.hpp"
#include "ua/server_location.hpp"
#include "ua/transactions.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::ua {

enum class CallId : std::uint64_t { none = 0 };
enum class RequestId : std::uint64_t { none = 0 };

using HeaderValues = std::vector<std::pair<std::string, std::string>>;

struct Body {
  std::string text;
  std::string content_type = "application/sdp";
};

// Misbehaviour by name; the default is correct.
struct UserAgentDeviations {
  bool no_ack = false;                  // never acknowledges a 2xx to its INVITE
  bool no_bye_response = false;         // ends its call on BYE, but does not answer it
  bool second_answer_kept = false;      // acknowledges a second branch that answers, and does not end it
  bool sip_contact_for_sips = false;    // RFC 5630 §5.1.1.1
  bool no_prack = false;                // does not acknowledge reliable provisional responses
  bool any_prack = false;               // takes any PRACK for the one that is due
  bool no_session_refresh = false;      // lets a session of which it is the refresher run out
  bool no_session_end = false;          // keeps a session that was not refreshed
  bool takes_any_interval = false;      // takes session intervals below its minimum
  bool answers_every_challenge = false; // with the same password, whatever became of the last answer
  bool udp_in_dialog = false;           // forgets the transport of routes and Contacts
  bool first_hop_kept = false;          // does not look up the hosts of routes and Contacts
  bool no_next_server = false;          // gives a request up with the first server that fails
  bool offers_unanswered = false;       // takes offers in PRACK and UPDATE, and answers none
  bool crossing_offers_taken = false;   // takes an offer while another one is open
  bool next_nonce_ignored = false;      // goes on with a nonce when another was announced
  bool unchallenged_in_call = false;    // answers no challenge to requests within a call
  bool no_repeated_offer = false;       // does not offer again what crossed another offer
};

// RFC 3262: whether provisional responses may or must be reliable.
enum class ReliableProvisional { never, supported, required };
std::string_view name(ReliableProvisional use);
std::optional<ReliableProvisional> find_reliable_provisional(std::string_view name);

struct UserAgentConfig {
  std::string user = "sipvet"; // of From and Contact
  std::string display_name;
  std::string host;                  // in From, Contact and Via; empty: the address of the transport
  std::string user_agent = "sipvet"; // User-Agent in requests, Server in responses; empty: none
  TransportTls tls;
  dialog::TimerSettings timers;
  std::vector<std::string> allow = {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"};
  std::vector<std::string> accept = {"application/sdp"};
  HeaderValues further_headers;        // in every request and response of a call
  std::vector<DigestAccount> accounts; // to answer challenges with
  // Whether Contact has a transport parameter where it is not UDP (RFC 3261 §19.1.1); sips URIs need none.
  bool transport_in_contact = true;
  bool alias = false; // asks for requests over the connections that it makes (RFC 5923 §5)
  dialog::SessionTimerSettings session_timer;
  ReliableProvisional reliable_provisional = ReliableProvisional::never;
  bool updates = false; // sends and takes UPDATE (RFC 3311) also where no session timer wants it
  // Looks up hosts of routes and Contacts that are names (RFC 3261 §12.2.1.1, RFC 3263 §4); none: requests
  // within calls go where their INVITE went.
  std::function<void(const LocationWish&, Located)> locate;
  bool ended_forks_known = false; // its INVITEs say that it knows 199 (RFC 6228 §4)
  UserAgentDeviations deviations;
};

struct InviteOptions {
  CallId id = CallId::none; // of reserve_call(); none: a new one
  Target target;
  // Where it goes next, in this order, when there is no connection, no answer at all, or a 503 (RFC 3263
  // §4.3).
  std::vector<Target> alternatives;
  std::string request_uri; // empty: sip:target, with its transport parameter
  std::string from_user;   // empty: the config's
  std::string from_display_name;
  std::string from;         // a URI; empty: made of from_user and the config's host
  std::string to;           // a URI; empty: the request URI without its parameters
  std::optional<Body> body; // none: the answerer makes the offer
  HeaderValues headers;     // on top
};

// How a call (or a leg of it) stands. `incoming` tells the two directions apart.
enum class CallState { inviting, ringing, answered, confirmed, ended };

// A request of ours that got no final response, or a call that ended otherwise than by BYE.
struct RequestFailure {
  std::string cause;      // one sentence for a person
  bool timed_out = false; // nothing came in time; else the transport failed, or what came is of no use
};

// What is said to an offer that came in a PRACK or UPDATE.
struct OfferReply {
  int status = 488;
  std::optional<Body> answer; // with a 2xx; otherwise what may be said of the refusal
  HeaderValues headers = {};
};

// Everything is called from inside Network::run_until() or from the user's own call to the agent.
class UserAgentHandler {
 public:
  virtual ~UserAgentHandler() = default;
  // A new INVITE; 100 has been sent. To be followed by provisional(), answer() or reject(), now or later.
  virtual void on_incoming_call(CallId, const Hop&, const sip::Message& /*invite*/) {}
  // 101 to 199 for our INVITE. Forked branches differ in the To tag.
  virtual void on_progress(CallId, const sip::Message& /*response*/) {}
  // 2xx for our INVITE or re-INVITE. The agent sends the ACK when this returns, with the body returned (an
  // answer, where the 2xx was an offer).
  virtual std::optional<Body> on_answered(CallId, const sip::Message& /*response*/) { return std::nullopt; }
  // The ACK for the 2xx we gave (its body is the answer, where our 2xx was an offer).
  virtual void on_confirmed(CallId, const sip::Message& /*ack*/) {}
  // 300 to 699 for our INVITE (the call is over) or re-INVITE (the call goes on as it was).
  virtual void on_rejected(CallId, const sip::Message& /*response*/) {}
  // Our INVITE came to nothing at the server before, and has gone to the next one.
  virtual void on_next_server(CallId, const Target& /*next*/, const std::string& /*cause*/) {}
  // No answer, no ACK, or the transport failed. The call is over.
  virtual void on_call_failed(CallId, const RequestFailure&) {}
  // A re-INVITE: answer() or reject() it. Without either here: 488, unless answers_later() says otherwise.
  virtual void on_reinvited(CallId, const sip::Message& /*request*/) {}
  // Whether a re-INVITE that on_reinvited() left open will be answered or rejected in time.
  virtual bool answers_later(CallId) { return false; }
  // The session must be refreshed, and the other side takes no UPDATE: to be followed by reinvite().
  virtual void on_refresh_due(CallId) {}
  // The refresh of the session by the side that was to send it did not come: BYE goes out (RFC 4028 §10).
  virtual void on_session_expired(CallId) {}
  // BYE received (by_remote, `request` given) or ours answered; or the caller cancelled (by_remote, the
  // CANCEL).
  virtual void on_ended(CallId, bool /*by_remote*/, const sip::Message* /*request*/) {}
  virtual void on_response(RequestId, const sip::Message& /*response*/) {}
  // As on_next_server(), of a request outside of calls.
  virtual void on_request_moved(RequestId, const Target& /*next*/, const std::string& /*cause*/) {}
  virtual void on_request_failed(RequestId, const RequestFailure&) {}
  // Any other request: in a call, or outside (`call` none). True: the handler answers it with respond().
  // False: the agent does, 200 for OPTIONS, 481 for unknown dialogs, 405 or 501 for the rest.
  virtual bool on_request(ServerId, CallId, const Hop&, const sip::Message& /*request*/) { return false; }
  // An offer in a PRACK, which must be answered here, or in an UPDATE: none leaves that one to
  // answer_offer(). RFC 3311 §5.2: what cannot be decided at once gets 504.
  virtual std::optional<OfferReply> on_offer(CallId, const sip::Message& /*request*/) { return OfferReply{}; }
  // The answer to an offer of ours outside of INVITE and its 2xx: in the 2xx to a PRACK, or in the PRACK for
  // a provisional response. And any 2xx to our UPDATE, with an answer or without.
  virtual void on_offer_answered(CallId, const sip::Message& /*message*/) {}
  // Our UPDATE, or the offer in a PRACK of ours, is refused, or came to nothing (`response` null).
  virtual void on_offer_refused(CallId, const sip::Message* /*response*/) {}
  // What the PRACK for this reliable provisional response says: the answer to the offer in it, or a new offer
  // (RFC 3262 §5). Called behind on_progress().
  virtual std::optional<Body> prack_body(CallId, const sip::Message& /*response*/) { return std::nullopt; }
  // A PRACK or UPDATE in a call, which the agent has answered itself.
  virtual void on_answered_request(CallId, const sip::Message& /*request*/) {}
  // A response that belongs to nothing the agent sent: to exact messages.
  virtual void on_stray_response(const Hop&, const sip::Message&) {}

  virtual void on_connected(const Hop&, const std::optional<tls::SessionInfo>&) {}
  // As TransportUser has them.
  virtual void on_connect_failed(const Hop&, const ConnectFailure&) {}
  virtual void on_closed(const Hop&, const Closure&) {}
  virtual void on_alert(const Hop&, const tls::Alert&, bool /*sent*/) {}
  virtual void on_pong(const Hop&) {}
  virtual void on_garbage(const Hop&, const Error&) {}
  virtual void on_limit(const Hop&, const LimitHit&) {}
  // Every message sent and received, retransmissions received too; for evidence.
  virtual void on_traffic(bool /*sent*/, const Hop&, const sip::Message&) {}
};

class UserAgent {
 public:
  UserAgent(net::Network& network, UserAgentConfig config, UserAgentHandler& handler);
  ~UserAgent();

  Result<Endpoint> listen(Transport transport, const Endpoint& local, const ListenOptions& options = {});
  SipTransport& transport();

  // An id for a call that will be placed later, once it is known where to.
  CallId reserve_call();
  Result<CallId> invite(const InviteOptions& options);
  // Another branch of an incoming call that is not answered yet, as a forking proxy would make it (RFC 3261
  // §16): a call of the same INVITE with a To tag of its own, to be answered and ended by itself.
  Result<CallId> fork(CallId call);
  // For incoming calls. A provisional of 101 to 199 gives an early dialog.
  Result<void> provisional(CallId call, int status, std::optional<Body> body = {},
                           const HeaderValues& headers = {});
  Result<void> answer(CallId call, int status, std::optional<Body> body, const HeaderValues& headers = {});
  Result<void> reject(CallId call, int status, std::string reason = {}, const HeaderValues& headers = {},
                      const std::optional<Body>& body = {});
  // CANCEL for our INVITE; waits for a provisional response first (RFC 3261 §9.1). The call ends with 487, or
  // is answered all the same and then must be hung up.
  Result<void> cancel(CallId call, const HeaderValues& headers = {});
  // BYE; on_ended() when it is answered.
  Result<void> hang_up(CallId call, const HeaderValues& headers = {});
  Result<void> reinvite(CallId call, std::optional<Body> body, const HeaderValues& headers = {});
  // UPDATE, also before the call is answered; a body is an offer. Fails while an offer or an UPDATE is open.
  Result<void> update(CallId call, std::optional<Body> body, const HeaderValues& headers = {});
  // Answers the UPDATE that on_offer() left open.
  Result<void> answer_offer(CallId call, const OfferReply& reply);
  // Whether the other side has said that it takes UPDATE.
  bool takes_updates(CallId call) const;
  // Whether provisional responses to the INVITE are acknowledged: then the first one has the offer, where the
  // INVITE has none (RFC 3261 §13.2.1).
  bool reliable(CallId call) const;
  // When an offer that this response turned down may be made again (RFC 3261 §14.1, RFC 3311 §5.3); none: it
  // is final.
  std::optional<Duration> offer_again_after(CallId call, const sip::Message& response);

  // Outside of dialogs. `uri` empty: sip:target. `alternatives` as in InviteOptions.
  Result<RequestId> request(std::string method, const Target& target, std::string uri = {},
                            std::optional<Body> body = {}, const HeaderValues& headers = {},
                            std::vector<Target> alternatives = {});
  Result<RequestId> request_in_call(CallId call, std::string method, std::optional<Body> body = {},
                                    const HeaderValues& headers = {});
  // Answers what on_request() was given; copies what §8.2.6 wants.
  Result<void> respond(ServerId id, int status, std::string reason = {}, std::optional<Body> body = {},
                       const HeaderValues& headers = {});

  // An exact message, as it is; responses to it come as on_stray_response() unless they match something.
  Result<Hop> send_exact(std::string_view octets, const Target& target);
  Result<Hop> connect(const Target& target);
  void disconnect(net::ConnectionId connection);

  std::optional<CallState> state(CallId call) const; // none: unknown
  bool incoming(CallId call) const;
  // The INVITE that made the call, as received or sent.
  const sip::Message* invite_of(CallId call) const;
  std::optional<Hop> hop_of(CallId call) const;
  const UserAgentConfig& config() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::ua
