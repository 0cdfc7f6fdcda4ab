// The TLS engine of our own: records to messages, alerts, closing, renegotiation and what follows a TLS 1.3
// handshake. The handshakes themselves are wire_handshake.hpp's.
#include "tls/first_octets.hpp"
#include "tls/wire_handshake.hpp"
#include "tls/wire_post_handshake.hpp"

#include "tlswire/alert.hpp"

#include <utility>

namespace sipvet::tls {
namespace {

using tlswire::HandshakeMessage;
using tlswire::HandshakeType;

class WireEngine final : public Engine {
 public:
  WireEngine(std::shared_ptr<const WireContext> context, const Clock& clock, Random& random, PeerName peer)
      : link_(std::move(context), clock, random, std::move(peer)) {
    handshake_ = link_.server() ? make_server_handshake(link_) : make_client_handshake(link_);
  }

  void start() override {
    if (!link_.server()) settle(handshake_->start());
  }

  void receive(ByteView octets) override {
    if (state_ == State::failed || peer_closed_ || octets.empty()) return;
    append(first_octets_, octets);
    if (!first_octets_decided_ && !decide_first_octets()) return;
    link_.records.feed(std::exchange(first_octets_, {}));
    Verdict problem;
    while (state_ != State::failed && !peer_closed_) {
      auto record = link_.records.next(problem);
      if (!record) break;
      if (!problem) problem = take(*record);
      if (problem) break;
    }
    settle(std::move(problem));
  }

  void send(ByteView octets) override {
    if (state_ == State::failed || closing_) return;
    append(waiting_, octets);
    if (may_send_data()) send_waiting();
  }

  void close() override {
    if (state_ == State::failed || closing_) return;
    closing_ = true;
    if (may_send_data()) send_close_notify(); // it has no place in a handshake that is not done
  }

  Bytes take_output() override { return link_.records.take_output(); }
  std::vector<Event> take_events() override { return std::exchange(link_.events, {}); }
  std::string progress() const override { return link_.trace.progress(); }

 private:
  enum class State { handshaking, open, failed };

  // A new handshake on an open connection holds data back from where its keys are agreed on.
  bool may_send_data() const {
    return state_ == State::open && (handshake_->done() || handshake_->version() == 0);
  }

  // What is not TLS is told by its first octets, before a record is waited for.
  bool decide_first_octets() {
    const FirstOctets found = look_at(first_octets_);
    if (found == FirstOctets::undecided) return false;
    first_octets_decided_ = true;
    const bool sslv2_wanted = link_.server() && link_.config().accept_sslv2_hello;
    if (found == FirstOctets::foreign) {
      give_up(describe_foreign(first_octets_), {});
    } else if (found == FirstOctets::sslv2_hello && !sslv2_wanted) {
      link_.trace.received("ClientHello in SSLv2 format");
      settle(fault(alert::protocol_version, std::string(refused_sslv2_hello)));
    }
    return state_ != State::failed;
  }

  Verdict take(const OpenRecord& record) {
    if (record.sslv2_hello) return handshake_->take_sslv2_hello(record.content);
    if (messages_.partial() && record.type != ContentType::handshake)
      return fault(alert::unexpected_message, "the peer sent another record inside a handshake message");
    switch (record.type) {
    case ContentType::handshake:
      return take_handshake_record(record);
    case ContentType::change_cipher_spec:
      return take_change_cipher_spec(record);
    case ContentType::alert:
      return take_alert(record);
    default:
      return take_data(record);
    }
  }

  Verdict take_handshake_record(const OpenRecord& record) {
    const Deviations& told = link_.deviations();
    if (told.record_version_intolerant && !link_.records.reads_protected() && record.version != 0x0301)
      return fault(alert::protocol_version, "the record of the hello is not of TLS 1.0");
    messages_.feed(record.content);
    int count = 0;
    for (;;) {
      const auto next = messages_.next();
      if (!next) return fault(alert::decode_error, "the peer's handshake message: " + next.error().what);
      if (!*next) break;
      if (++count > 1 && told.coalescing_intolerant)
        return fault(alert::unexpected_message, "the peer sent several messages in one record");
      const int epoch = link_.records.read_epoch();
      if (auto problem = take_message(**next)) return problem;
      // RFC 8446 §5.1: no message before a change of keys shares a record with one behind it.
      if (link_.records.read_epoch() != epoch && messages_.partial())
        return fault(alert::unexpected_message, "the peer's message goes on behind a change of keys");
    }
    if (messages_.partial() && told.fragment_intolerant)
      return fault(alert::unexpected_message, "the peer sent a message in pieces");
    return std::nullopt;
  }

  Verdict take_message(const HandshakeMessage& message) {
    if (message.type == HandshakeType::hello_request && !link_.server() && handshake_->version() != 0x0304)
      return take_hello_request(message.body);
    if (!handshake_->done()) {
      if (auto problem = handshake_->take(message)) return problem;
      return note_progress();
    }
    if (link_.version == 0x0304) return take_after_13(link_, *handshake_, message);
    if (message.type != HandshakeType::client_hello || !link_.server())
      return fault(alert::unexpected_message,
                   "the peer sent " + tlswire::handshake_type_name(message.type) + " outside a handshake");
    if (!renegotiates()) {
      send_alert({AlertLevel::warning, alert::no_renegotiation});
      return std::nullopt;
    }
    handshake_ = make_server_handshake(link_);
    if (auto problem = handshake_->take(message)) return problem;
    return note_progress();
  }

  bool renegotiates() const {
    return link_.config().renegotiation == Renegotiation::secure &&
           (link_.secure_renegotiation || link_.deviations().ignore_renegotiation_info);
  }

  // RFC 5246 §7.4.1.1: passed over inside a handshake.
  Verdict take_hello_request(ByteView body) {
    if (!body.empty()) return fault(alert::decode_error, "the peer's HelloRequest has octets in it");
    if (link_.deviations().hello_request_intolerant)
      return fault(alert::unexpected_message, "the peer sent HelloRequest");
    if (!handshake_->done()) return std::nullopt;
    if (renegotiates()) return renegotiate();
    send_alert({AlertLevel::warning, alert::no_renegotiation});
    return std::nullopt;
  }

  Verdict renegotiate() {
    if (link_.version == 0x0304) {
      send_late_hello(link_);
      return std::nullopt;
    }
    before_ = std::exchange(handshake_, make_client_handshake(link_));
    return handshake_->start();
  }

  // Once the handshake is done: what was kept back goes out, and what misbehaves after it.
  Verdict note_progress() {
    if (!handshake_->done()) return std::nullopt;
    const bool first = link_.handshakes_done == 0;
    handshake_->finish();
    before_.reset();
    state_ = State::open;
    if (first) link_.events.push_back(HandshakeDone{handshake_->session()});
    if (first) {
      if (auto problem = after_first_handshake()) return problem;
    }
    if (!handshake_->done()) return std::nullopt;
    send_waiting();
    if (closing_ && state_ == State::open && !link_.write_closed) send_close_notify();
    return std::nullopt;
  }

  Verdict after_first_handshake() {
    const Deviations& told = link_.deviations();
    for (int i = 0; link_.server() && i < told.hello_requests; ++i) send_hello_request(link_);
    if (!told.renegotiate) return std::nullopt;
    if (!link_.server()) return renegotiate();
    if (told.hello_requests == 0) send_hello_request(link_);
    return std::nullopt;
  }

  Verdict take_change_cipher_spec(const OpenRecord& record) {
    if (record.content != Bytes{1})
      return fault(alert::decode_error, "the peer's ChangeCipherSpec is not the octet 1");
    if (handshake_->takes_idle_change_cipher_spec()) return std::nullopt;
    if (handshake_->done()) {
      if (link_.deviations().accept_early_change_cipher_spec) return std::nullopt;
      return fault(alert::unexpected_message, "the peer sent ChangeCipherSpec outside a handshake");
    }
    if (auto problem = handshake_->take_change_cipher_spec()) return problem;
    return note_progress();
  }

  Verdict take_data(const OpenRecord& record) {
    const bool early = state_ != State::open || handshake_->awaits_finished();
    if (early && !link_.deviations().accept_early_application_data)
      return fault(alert::unexpected_message, "the peer sent application data before the handshake was done");
    if (record.content.empty()) return std::nullopt;
    auto& events = link_.events;
    if (!events.empty()) {
      if (auto* last = std::get_if<Received>(&events.back())) {
        append(last->octets, record.content);
        return std::nullopt;
      }
    }
    events.push_back(Received{record.content});
    return std::nullopt;
  }

  Verdict take_alert(const OpenRecord& record) {
    const auto message = tlswire::parse_alert(record.content);
    if (!message) return fault(alert::decode_error, "the peer's alert: " + message.error().what);
    const Alert received{static_cast<AlertLevel>(message->level), message->description};
    link_.trace.received(received);
    link_.events.push_back(AlertReceived{received});
    if (message->is_close_notify()) return take_close_notify();
    // RFC 8446 §6: all alerts of TLS 1.3 but two end the connection, whatever their level says.
    const bool is_13 = link_.version == 0x0304 || handshake_->version() == 0x0304;
    const bool ends =
        received.level != AlertLevel::warning || (is_13 && received.description != alert::user_canceled);
    if (!ends && link_.deviations().warning_intolerant)
      return fault(alert::unexpected_message, "the peer sent the warning " + to_string(received));
    if (received.description == alert::no_renegotiation) go_on_as_before();
    if (!ends || link_.deviations().ignore_fatal_alerts) return std::nullopt;
    forget_session();
    give_up(std::string("the peer ended the ") + (state_ == State::open ? "connection" : "handshake") +
                " with the alert " + tlswire::alert_name(received.description),
            received);
    return std::nullopt;
  }

  // RFC 5246 §7.2.2: a new handshake that is refused may be given up, and the connection kept.
  void go_on_as_before() {
    if (!before_ || handshake_->version() != 0) return;
    handshake_ = std::move(before_);
    send_waiting();
  }

  // RFC 5246 §7.2.1: answered, whatever was still to be sent.
  Verdict take_close_notify() {
    if (link_.deviations().ignore_close_notify) return std::nullopt;
    if (state_ != State::open) {
      give_up("the peer closed the connection during the TLS handshake", std::nullopt);
      return std::nullopt;
    }
    peer_closed_ = true;
    closing_ = true;
    if (!link_.write_closed) send_close_notify();
    link_.events.push_back(PeerClosed{});
    return std::nullopt;
  }

  void send_waiting() {
    if (waiting_.empty()) return;
    const Deviations& told = link_.deviations();
    const bool warns = !std::exchange(warned_, true);
    for (int i = 0; warns && i < told.warning_alerts; ++i)
      send_alert({AlertLevel::warning, alert::user_canceled});
    link_.records.write(ContentType::application_data, std::exchange(waiting_, {}));
    if (told.alert_after_handshake.empty()) return;
    send_alert({AlertLevel::fatal, *tlswire::find_alert(told.alert_after_handshake)});
    forget_session();
    give_up("told to end the connection with an alert", std::nullopt);
  }

  void send_close_notify() {
    if (link_.deviations().no_close_notify) return;
    send_alert({AlertLevel::warning, alert::close_notify});
    link_.write_closed = true;
  }

  void send_alert(const Alert& sent) {
    if (link_.write_closed) return;
    const tlswire::AlertMessage message{static_cast<std::uint8_t>(sent.level), sent.description};
    link_.records.write(ContentType::alert, tlswire::write_alert(message));
    link_.trace.sent(sent);
    link_.events.push_back(AlertSent{sent});
  }

  void settle(Verdict problem) {
    if (!problem || state_ == State::failed) return;
    const std::string& told = link_.deviations().wrong_alert;
    std::optional<Alert> sent = Alert{AlertLevel::fatal, problem->alert};
    if (told == "none" || link_.write_closed)
      sent.reset();
    else if (!told.empty())
      sent->description = *tlswire::find_alert(told);
    if (sent) send_alert(*sent);
    forget_session();
    give_up(std::move(problem->cause), sent, std::move(problem->rejection));
  }

  // RFC 5246 §7.2.2: after a fatal alert, sent or received, the session is not to be resumed.
  void forget_session() {
    if (link_.deviations().resume_after_fatal_alert) return;
    WireSessions& sessions = link_.context->sessions();
    if (!link_.session_key.empty()) sessions.forget(link_.session_key);
    if (!link_.server()) sessions.forget_for(handshake_->session().server_name);
  }

  void give_up(std::string cause, std::optional<Alert> shown, std::optional<PeerRejection> rejection = {}) {
    link_.events.push_back(Failed{link_.trace.explain(std::move(cause), state_ == State::open, shown), shown,
                                  std::move(rejection)});
    state_ = State::failed;
  }

  WireLink link_;
  std::unique_ptr<Handshake> handshake_;
  std::unique_ptr<Handshake> before_; // the one that is done, while a client waits for an answer to a new one
  tlswire::HandshakeReader messages_;
  State state_ = State::handshaking;
  bool first_octets_decided_ = false;
  bool closing_ = false;
  bool peer_closed_ = false;
  bool warned_ = false;
  Bytes first_octets_; // until it is known what they begin
  Bytes waiting_;      // application data, until the handshake is done
};

} // namespace

std::unique_ptr<Engine> WireContext::make_engine(const Clock& clock, Random& random,
                                                 const PeerName& peer) const {
  return std::make_unique<WireEngine>(shared_from_this(), clock, random, peer);
}

} // namespace sipvet::tls
