// What a scripted peer keeps between steps; private to the files of peer.hpp.
#pragma once

#include "peers/connection_expectation.hpp"
#include "peers/dtls_expectation.hpp"
#include "peers/expectation.hpp"
#include "peers/leg_media.hpp"
#include "peers/peer.hpp"
#include "ua/registrar_client.hpp"

#include <deque>
#include <functional>

namespace sipvet::peers {

// One call of this peer, made or received.
struct Leg {
  ua::CallId id = ua::CallId::none;
  bool incoming = false;
  std::unique_ptr<LegMedia> media;
  std::optional<sdp::Session> remote_offer; // not answered yet
  std::optional<sdp::Session> early_answer; // to it, given in a provisional response
  std::string early_text;                   // of the answer to our offer that came in one
  bool reinvited = false;                   // a re-INVITE waits for a final response
  bool update_offered = false;              // in our last UPDATE
  bool updated = false;                     // an UPDATE with an offer does
  bool described = false;                   // the INVITE's offer was answered before its 2xx, for certain
  std::string prack_problem;                // with the answer to its own offer in a PRACK
  std::string prack_offer;                  // what the PRACK for the answer shall offer; empty: nothing
  bool we_offered = false;                  // in our last INVITE; otherwise its 2xx makes the offer
  bool answered = false;
  bool rejected = false;
  bool ended = false;
  std::string keys_by_info; // that came
  bool bye_done = false;    // our BYE was answered, or nothing came in time
  std::string bye_response; // "200 OK"; empty: none
};

// A request, or a provisional response, that came and that no step has looked at yet.
struct Arrived {
  sip::Message request;
  ua::CallId call = ua::CallId::none;
  std::string name() const { // as a `receive` has it
    return request.is_request() ? request.method() : std::to_string(request.status());
  }
};

struct Peer::State final : ua::UserAgentHandler {
  State(std::string peer_name, Settings peer_settings, Surroundings around);

  // Handler: what the user agent reports.
  void on_incoming_call(ua::CallId call, const ua::Hop& hop, const sip::Message& invite) override;
  void on_progress(ua::CallId call, const sip::Message& response) override;
  std::optional<ua::Body> on_answered(ua::CallId call, const sip::Message& response) override;
  void on_confirmed(ua::CallId call, const sip::Message& ack) override;
  void on_rejected(ua::CallId call, const sip::Message& response) override;
  std::optional<ua::OfferReply> on_offer(ua::CallId call, const sip::Message& request) override;
  void on_offer_answered(ua::CallId call, const sip::Message& message) override;
  void on_offer_refused(ua::CallId call, const sip::Message* response) override;
  std::optional<ua::Body> prack_body(ua::CallId call, const sip::Message& response) override;
  void on_call_failed(ua::CallId call, const ua::RequestFailure& failure) override;
  void on_reinvited(ua::CallId call, const sip::Message& request) override;
  bool answers_later(ua::CallId) override { return true; } // in a step to come
  void on_ended(ua::CallId call, bool by_remote, const sip::Message* request) override;
  void on_response(ua::RequestId id, const sip::Message& response) override;
  void on_request_failed(ua::RequestId id, const ua::RequestFailure& failure) override;
  bool on_request(ua::ServerId id, ua::CallId call, const ua::Hop& hop, const sip::Message& request) override;
  void on_answered_request(ua::CallId call, const sip::Message& request) override;
  void on_stray_response(const ua::Hop& hop, const sip::Message& response) override;
  void on_connected(const ua::Hop& hop, const std::optional<tls::SessionInfo>& session) override;
  void on_connect_failed(const ua::Hop& hop, const ua::ConnectFailure& failure) override;
  void on_closed(const ua::Hop& hop, const ua::Closure& closure) override;
  void on_alert(const ua::Hop& hop, const tls::Alert& alert, bool sent) override;
  void on_pong(const ua::Hop& hop) override;
  void on_garbage(const ua::Hop& hop, const Error& error) override;
  void on_traffic(bool sent, const ua::Hop& hop, const sip::Message& message) override;

  // Steps, by the names of the scenario language.
  ActiveStep call(const script::Step& step);
  ActiveStep expect(const script::Step& step);
  Findings judge_next_hop(const script::Step& step, const std::string& wanted);
  ActiveStep receive(const script::Step& step);
  ActiveStep ring(const script::Step& step);
  ActiveStep answer(const script::Step& step);
  ActiveStep reject(const script::Step& step);
  ActiveStep cancel(const script::Step& step);
  ActiveStep hang_up(const script::Step& step);
  ActiveStep reinvite(const script::Step& step);
  ActiveStep update(const script::Step& step);
  ActiveStep answer_update(Leg& leg, const script::Step& step);
  ActiveStep finish_sending(const script::Step& step);
  ActiveStep options(const script::Step& step);
  ActiveStep register_with(const script::Step& step);
  void begin_registration(const ua::Target& server);
  ActiveStep unregister(const script::Step& step);
  ActiveStep refer(const script::Step& step);
  ActiveStep connect(const script::Step& step);
  ActiveStep disconnect(const script::Step& step);
  ActiveStep send(const script::Step& step);
  ActiveStep send_octets(const script::Step& step);
  ActiveStep ping(const script::Step& step);
  ActiveStep dtmf(const script::Step& step);
  ActiveStep dtmf_by_info(const script::Step& step, const Leg& leg);
  std::string keys_heard(); // in the last call
  ActiveStep listen(const script::Step& step);

  Leg* find(ua::CallId call);
  State* branch_with(ua::CallId call); // null: the call is our own
  void silence_other_branches(const Leg& answered);
  const ua::DtlsStatus* dtls_of_latest();
  Leg* latest();           // the call that steps without further words mean
  Leg* pending_incoming(); // the latest call with an INVITE that still waits for a final response
  std::unique_ptr<LegMedia> make_media();
  std::vector<rtp::SrtpSuite> suites_of(const script::Step& step, std::string_view key) const;
  Result<Endpoint> listen_at(const Endpoint& at);
  std::string disagreement_of(const Outcome& outcome) const; // with its next hop
  Result<ua::Target> gateway_target(const script::Step& step) const;
  // Of a call: the gateway, or the proxy that it goes through.
  Result<ua::Target> call_target(const script::Step& step) const;
  Result<sdp::Session> final_description(Leg& leg, const script::Step& step);
  Result<std::optional<ua::Body>> offer_body(Leg& leg, const script::Step& step);
  // A request went out, or several together: `expect` is about it from now on.
  void begin_outcome(std::string method, std::size_t responses = 1);
  bool answered_all() const { return outstanding.empty() || outcomes.size() >= wanted_outcomes; }
  Outcome& finish(std::string method, std::optional<sip::Message> response, std::string failure,
                  const Leg* leg);
  void go_on_with_invite();

  // peer_connection_steps.cpp
  ConnectionRecord* find(net::ConnectionId connection);
  ConnectionRecord& record_of(const ua::Hop& hop);     // a new one where there is none
  void notice_connections();                           // those that a request has begun to make
  ConnectionRecord* made_to(const ua::Target& target); // the latest that is there
  // `act` on a connection to the gateway that is up, and is made where there is none.
  ActiveStep on_connection(const script::Step& step, std::function<Result<void>(ConnectionRecord&)> act,
                           std::function<bool(const ConnectionRecord&)> done, std::string awaited);
  Result<void> send_pieces(std::string_view octets, std::size_t pieces, const ConnectionRecord& record);
  void note_agreed(const Leg& leg, bool early = false);
  void note_bye_response(const sip::Message& response);

  const std::string name;
  const Settings settings;
  Surroundings surroundings;
  std::optional<ua::DtlsIdentity> dtls_identity; // where its settings have DTLS-SRTP
  std::optional<keying::MikeyParty> mikey;       // and MIKEY
  std::unique_ptr<ua::UserAgent> own_agent;
  ua::UserAgent* agent = nullptr; // its own, or the trunk's
  State* trunk = nullptr;         // whose calls it gets as a branch
  std::vector<State*> branches;
  Endpoint endpoint;                              // of its own, whether it listens or not
  std::unique_ptr<ua::RegistrarClient> registrar; // where it registers

  std::vector<std::unique_ptr<Leg>> legs; // oldest first
  std::deque<Arrived> inbox;
  std::string outstanding;       // method of the request that `expect` waits for; empty: none was sent
  std::vector<Outcome> outcomes; // of that request, or of those sent together, as they come
  std::size_t wanted_outcomes = 1;
  std::optional<Outcome> of_invite; // that ended while `outstanding` was the UPDATE sent before
  ConnectionRecords connections;    // made and accepted
  std::vector<AgreedCall> agreed_calls;
  std::vector<const Leg*> agreed_legs; // theirs, in the same order
};

ActiveStep impossible(const script::Step& step, const std::string& why);
template <typename T>
ActiveStep done_or_impossible(const script::Step& step, const Result<T>& result) {
  return result ? finished() : impossible(step, result.error().what);
}
ua::Body sdp_body(const sdp::Session& session);
ua::HeaderValues headers_of(const script::Step& step);

} // namespace sipvet::peers
