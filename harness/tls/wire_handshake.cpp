#include "tls/wire_handshake.hpp"

#include "base/writer.hpp"
#include "tlswire/alert.hpp"
#include "tlswire/sslv2_client_hello.hpp"
#include "tlswire/version.hpp"

#include <utility>

namespace sipvet::tls {
namespace {

using tlswire::HandshakeMessage;
using tlswire::HandshakeType;

constexpr std::uint8_t change_cipher_spec[] = {1};
constexpr std::uint32_t most_claimed = 0xffffff;

bool is_hello(Move move) {
  return move == Move::client_hello || move == Move::client_hello_again ||
         move == Move::hello_retry_request || move == Move::server_hello;
}

bool is_change_cipher_spec(Move move) { return !type_of(move); }

} // namespace

Handshake::Handshake(WireLink& link) : link_(link), order_(handshake_13()) {}

void Handshake::follow(std::span<const Step> order, Move last_done) {
  order_ = order;
  at_ = 0;
  while (at_ < order_.size() && order_[at_].move != last_done) ++at_;
  if (at_ < order_.size()) ++at_;
}

bool Handshake::due(const Step& step) const {
  switch (step.when) {
  case When::always:
    return true;
  case When::retried:
    return retried_ || (sender(step.move) != side() && step.move == Move::hello_retry_request);
  case When::ephemeral:
    return suite_ != nullptr && suite_->exchange != tlswire::KeyExchange::rsa;
  case When::not_resumed:
    return !psk_;
  case When::asked:
    return sender(step.move) == side() ? asks_ : !psk_;
  case When::requested:
    return requested_;
  case When::given:
    return given_;
  case When::ticket_promised:
    return ticket_promised_;
  }
  return false;
}

Verdict Handshake::advance() {
  while (at_ < order_.size()) {
    const Step step = order_[at_];
    if (!due(step)) {
      ++at_;
      continue;
    }
    if (sender(step.move) != side()) break;
    ++at_;
    if (auto problem = send_step(step)) return problem;
  }
  link_.records.flush();
  return std::nullopt;
}

Verdict Handshake::send_step(const Step& step) {
  if (!is_hello(step.move)) {
    if (auto problem = before_second_flight()) return problem;
  }
  if (auto problem = send(step.move)) return problem;
  if (is_change_cipher_spec(step.move)) {
    link_.trace.sent("ChangeCipherSpec");
    if (deviations().omit == "ChangeCipherSpec") {
      late_write_keys_ = true; // Finished goes out as if nothing had to change first
      return std::nullopt;
    }
    link_.records.write(ContentType::change_cipher_spec, change_cipher_spec);
    if (deviations().repeat == "ChangeCipherSpec")
      link_.records.write(ContentType::change_cipher_spec, change_cipher_spec);
  }
  if (auto problem = after(step.move)) return problem;
  const bool finished = step.move == (link_.server() ? Move::server_finished : Move::client_finished);
  if (finished && std::exchange(late_write_keys_, false)) return protect_12(side());
  return std::nullopt;
}

// What misbehaves between the hellos and the rest.
Verdict Handshake::before_second_flight() {
  if (std::exchange(second_flight_, true)) return std::nullopt;
  const Deviations& told = deviations();
  if (!told.alert_in_handshake.empty())
    return fault(*tlswire::find_alert(told.alert_in_handshake), "told to end the handshake with an alert");
  if (told.early_change_cipher_spec) link_.records.write(ContentType::change_cipher_spec, change_cipher_spec);
  if (told.early_application_data) link_.records.write(ContentType::application_data, as_bytes("\r\n\r\n"));
  send_change_cipher_spec();
  return std::nullopt;
}

// RFC 8446 appendix D.4: once, where the client's session id asks for it.
void Handshake::send_change_cipher_spec() {
  if (!is_13() || client_hello_.session_id.empty()) return;
  if (std::exchange(idle_change_cipher_spec_sent_, true)) return;
  link_.records.flush();
  // Always unprotected: it goes out before the keys that come next.
  link_.records.write_octets(Bytes{20, 3, 3, 0, 1, 1});
}

bool Handshake::takes_idle_change_cipher_spec() const {
  const bool may_be_13 = is_13() || (version_ == 0 && !link_.server() && highest() >= tlswire::tls1_3);
  return may_be_13 && !done();
}

bool Handshake::awaits_finished() const {
  const Move change = link_.server() ? Move::client_change_cipher_spec : Move::server_change_cipher_spec;
  return at_ > 0 && !done() && order_[at_ - 1].move == change;
}

std::uint16_t Handshake::lowest() const {
  return link_.handshakes_done > 0 ? link_.version : link_.context->lowest();
}
std::uint16_t Handshake::highest() const {
  return link_.handshakes_done > 0 ? link_.version : link_.context->highest();
}

void Handshake::send_message(HandshakeType type, Bytes body) {
  const Deviations& told = deviations();
  const std::string name = tlswire::handshake_type_name(type);
  link_.trace.sent(name);
  if (told.omit == name) return;
  if (told.truncate == name && !body.empty()) body.pop_back();
  if (told.lengthen == name) body.push_back(0);
  if (told.retype.starts_with(name + ":"))
    type = *tlswire::find_handshake_type(told.retype.substr(name.size() + 1));
  Bytes raw;
  tlswire::append_handshake(raw, type, body);
  if (told.overclaim == name) {
    Writer writer;
    writer.u8(static_cast<std::uint8_t>(type)).u24(most_claimed).bytes(body);
    raw = writer.take();
  }
  transcript_.add(raw);
  append(messages_, raw);
  link_.records.write_handshake(raw);
  if (told.repeat == name) link_.records.write_handshake(raw);
}

Verdict Handshake::take(const HandshakeMessage& message) {
  const std::string name = tlswire::handshake_type_name(message.type);
  link_.trace.received(name);
  const auto move = move_of(message);
  if (!move) return fault(alert::unexpected_message, "the peer sent " + name + ", which has no place here");
  return arrive(*move, message);
}

// Whether `step`, which is due, must come before `move`.
bool Handshake::misplaced(const Step& step, Move move) const {
  if (step.move == move || sender_decides(step.when)) return false;
  if (is_hello(step.move)) return true; // without it there is no version and no suite to go on with
  if (is_change_cipher_spec(step.move)) return !deviations().accept_missing_change_cipher_spec;
  return !deviations().accept_missing_messages;
}

Verdict Handshake::arrive(Move move, const HandshakeMessage& message) {
  std::size_t at = at_;
  for (; at < order_.size(); ++at) {
    const Step& step = order_[at];
    if (!due(step)) continue;
    if (sender(step.move) == side() || misplaced(step, move))
      return fault(alert::unexpected_message,
                   "the peer sent " + name(move) + " where " + name(step.move) + " must come");
    if (step.move == move) break;
    if (is_change_cipher_spec(step.move)) late_read_keys_ = true;
  }
  if (at == order_.size())
    return fault(alert::unexpected_message, "the peer sent " + name(move) + " out of order");
  at_ = at + 1;
  if (auto problem = receive(move, message)) return problem;
  if (!message.raw.empty()) {
    transcript_.add(message.raw);
    append(messages_, message.raw);
  }
  if (auto problem = after(move)) return problem;
  const bool finished = move == (link_.server() ? Move::client_finished : Move::server_finished);
  if (finished && std::exchange(late_read_keys_, false)) {
    if (auto problem = protect_12(other_side())) return problem;
  }
  return advance();
}

Verdict Handshake::take_change_cipher_spec() {
  const Move move = link_.server() ? Move::client_change_cipher_spec : Move::server_change_cipher_spec;
  link_.trace.received("ChangeCipherSpec");
  if (deviations().accept_early_change_cipher_spec) {
    while (at_ < order_.size() && !due(order_[at_])) ++at_;
    if (at_ == order_.size() || order_[at_].move != move) return std::nullopt; // passed over
  }
  return arrive(move, {});
}

// RFC 5246 appendix E.2: the message goes into the transcript without its two octets of length.
Verdict Handshake::take_sslv2_hello(ByteView fragment) {
  link_.trace.received("ClientHello in SSLv2 format");
  const auto hello = tlswire::parse_sslv2_client_hello(fragment);
  if (!hello) return fault(alert::decode_error, "the peer's SSLv2-format ClientHello: " + hello.error().what);
  const Bytes body = tlswire::write_client_hello(hello->as_client_hello());
  sslv2_hello_ = true;
  link_.trace.note_client_hello(body, false);
  return arrive(Move::client_hello, {HandshakeType::client_hello, body, fragment});
}

SessionInfo Handshake::session() const {
  SessionInfo info;
  info.version = static_cast<Version>(version_);
  info.cipher = suite_ != nullptr ? suite_->name : "";
  info.resumed = resumed_.has_value();
  info.server_name = server_name_;
  info.peer_chain_der = peer_chain_;
  info.sslv2_hello = sslv2_hello_;
  return info;
}

} // namespace sipvet::tls
