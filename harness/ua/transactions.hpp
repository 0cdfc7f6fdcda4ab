// Drives the transaction machines of dialog/ with the network's timers over a SipTransport: matching,
// retransmission, the ACK of failures, and the repetition of 2xx until their ACK (RFC 3261 §17, §13.3.1.4).
#pragma once

#include "dialog/transaction.hpp"
#include "ua/sip_transport.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace sipvet::ua {

enum class ClientId : std::uint64_t { none = 0 };
enum class ServerId : std::uint64_t { none = 0 };

class TransactionsUser {
 public:
  virtual ~TransactionsUser() = default;
  // A request that opens a server transaction; `id` is none for an ACK (of a 2xx, or of nothing).
  virtual void on_request(ServerId id, const Hop& hop, const sip::Message& request) = 0;
  // Each response its machine hands over; after a 2xx to INVITE the same id may come again (repetitions,
  // forks).
  virtual void on_response(ClientId id, const Hop& hop, const sip::Message& response) = 0;
  // No final response (64*T1), or the transport failed; the transaction is over.
  virtual void on_client_failed(ClientId id, const std::string& cause, bool timed_out) = 0;
  // No ACK came for the final response to this INVITE, or the response could not be sent.
  virtual void on_server_failed(ServerId, const std::string& /*cause*/) {}
  virtual void on_stray_response(const Hop&, const sip::Message&) {}
};

class Transactions final : private TransportUser {
 public:
  // `observer` (may be null) sees every transport event and message, before the transaction machinery does.
  Transactions(net::Network& network, TransactionsUser& user, dialog::TimerSettings timers, TransportTls tls,
               TransportUser* observer);
  ~Transactions() override;

  SipTransport& transport();
  const SipTransport& transport() const;

  // The request must carry its Via, with a branch of its own.
  Result<ClientId> send_request(const sip::Message& request, const Target& target);
  // Sent once and not tracked: the ACK of a 2xx, and what deviates.
  Result<Hop> send_untracked(const sip::Message& message, const Target& target);
  // A 2xx to an INVITE is repeated until acknowledged() (over every transport, §13.3.1.4).
  Result<void> respond(ServerId id, const sip::Message& response);
  void acknowledged(ServerId id);
  // Ends a client transaction without a word to its user.
  void abandon(ClientId id);
  // Says nothing any more to this request, and absorbs its repetitions.
  void ignore(ServerId id);
  // The INVITE server transaction that a CANCEL is for; none when there is no such.
  ServerId cancelled_by(const sip::Message& cancel) const;
  // The hop a client transaction went out over; none when it is gone.
  std::optional<Hop> hop(ClientId id) const;
  // RFC 3261 §8.2.2.2: a server transaction other than that of this request has the same From tag, Call-ID
  // and CSeq.
  bool is_merged(const sip::Message& request) const;

 private:
  void on_message(const Hop& hop, const sip::Message& message) override;
  void on_sent(const Hop& hop, const sip::Message& message) override;
  void on_connected(const Hop& hop, const std::optional<tls::SessionInfo>& session) override;
  void on_connect_failed(const Hop& hop, const ConnectFailure& failure) override;
  void on_closed(const Hop& hop, const Closure& closure) override;
  void on_alert(const Hop& hop, const tls::Alert& alert, bool sent) override;
  void on_pong(const Hop& hop) override;
  void on_garbage(const Hop& hop, const Error& error) override;
  void on_limit(const Hop& hop, const LimitHit& hit) override;

  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::ua
