// What a message changes once it is part of the transcript: secrets and keys, for both roles alike.
#include "tls/wire_handshake.hpp"

#include "base/hex.hpp"
#include "base/writer.hpp"
#include "tlswire/keylog.hpp"
#include "tlswire/new_session_ticket.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tls {
namespace {

namespace label = tlswire::keylog_label;
constexpr std::size_t ticket_octets = 32;

} // namespace

Verdict Handshake::after(Move move) {
  switch (move) {
  case Move::client_key_exchange:
    return derive_master();
  case Move::client_change_cipher_spec:
  case Move::server_change_cipher_spec: {
    const bool left_out = sender(move) == side() && deviations().omit == "ChangeCipherSpec";
    return left_out ? std::nullopt : protect_12(sender(move));
  }
  case Move::server_hello:
    return is_13() ? handshake_secrets() : std::nullopt;
  case Move::server_finished:
    return is_13() ? application_secrets() : std::nullopt;
  case Move::client_finished:
    if (!is_13()) return std::nullopt;
    client_traffic_ = client_application_;
    return protect_13(Side::client, client_application_);
  default:
    return std::nullopt;
  }
}

Verdict Handshake::derive_master() {
  master_ =
      extended_master_secret_
          ? tlswire::extended_master_secret(version_, *suite_, premaster_, transcript_.hash())
          : tlswire::master_secret(version_, *suite_, premaster_, client_hello_.random, server_hello_.random);
  keylog(label::client_random, master_);
  return std::nullopt;
}

Verdict Handshake::protect_12(Side writer) {
  tlswire::ConnectionKeys keys =
      tlswire::connection_keys(version_, *suite_, master_, client_hello_.random, server_hello_.random);
  tlswire::ProtectionParameters parameters;
  parameters.version = version_;
  parameters.suite = suite_;
  parameters.keys = writer == Side::client ? std::move(keys.client) : std::move(keys.server);
  parameters.encrypt_then_mac = encrypt_then_mac_;
  return writer == side() ? link_.records.protect_writing(parameters)
                          : link_.records.protect_reading(parameters);
}

Verdict Handshake::protect_13(Side writer, const Bytes& traffic_secret) {
  tlswire::ProtectionParameters parameters;
  parameters.version = version_;
  parameters.suite = suite_;
  parameters.keys = tlswire::traffic_keys(*suite_, traffic_secret);
  (writer == side() ? link_.write_traffic_secret : link_.read_traffic_secret) = traffic_secret;
  return writer == side() ? link_.records.protect_writing(parameters)
                          : link_.records.protect_reading(parameters);
}

Verdict Handshake::handshake_secrets() {
  if (!schedule_) schedule_.emplace(*suite_, psk_ ? ByteView(resumed_->secret) : ByteView());
  schedule_->set_shared_secret(premaster_);
  const Bytes hash = transcript_.hash();
  client_traffic_ = schedule_->client_handshake_traffic(hash);
  server_traffic_ = schedule_->server_handshake_traffic(hash);
  keylog(label::client_handshake, client_traffic_);
  keylog(label::server_handshake, server_traffic_);
  if (link_.server()) send_change_cipher_spec();
  // A client writes in the clear until its own second flight: ChangeCipherSpec may still have to come first.
  if (auto problem = protect_13(Side::server, server_traffic_)) return problem;
  if (!link_.server()) send_change_cipher_spec();
  return protect_13(Side::client, client_traffic_);
}

Verdict Handshake::application_secrets() {
  const Bytes hash = transcript_.hash();
  client_application_ = schedule_->client_application_traffic(hash);
  server_application_ = schedule_->server_application_traffic(hash);
  keylog(label::client_traffic, client_application_);
  keylog(label::server_traffic, server_application_);
  keylog(label::exporter, schedule_->exporter_master(hash));
  return protect_13(Side::server, server_application_);
}

void Handshake::keylog(std::string_view name, ByteView secret) {
  link_.events.push_back(
      KeylogLine{std::string(name) + " " + to_hex(client_hello_.random) + " " + to_hex(secret)});
}

WireSession Handshake::session_record() const {
  WireSession record;
  record.version = version_;
  record.suite = suite_;
  record.secret = master_;
  record.extended_master_secret = extended_master_secret_;
  record.server_name = server_name_;
  record.peer_chain_der = peer_chain_;
  record.made = link_.clock.now();
  return record;
}

// RFC 8446 §4.6.1.
Verdict Handshake::take_ticket_13(ByteView body) {
  const auto ticket = tlswire::parse_new_session_ticket(body, version_);
  if (!ticket) return fault(alert::decode_error, "the peer's NewSessionTicket: " + ticket.error().what);
  if (!link_.config().allow_resumption) return std::nullopt;
  WireSession record = session_record();
  record.secret =
      tlswire::ticket_psk(*suite_, schedule_->resumption_master(transcript_.hash()), ticket->nonce);
  record.ticket = ticket->ticket;
  record.age_add = ticket->age_add;
  record.lifetime_s = ticket->lifetime_s;
  link_.context->sessions().keep_for(server_name_, record);
  return std::nullopt;
}

void Handshake::finish() {
  link_.version = version_;
  link_.suite = suite_;
  ++link_.handshakes_done;
  if (!link_.config().allow_resumption) return;
  WireSessions& sessions = link_.context->sessions();
  WireSession record = session_record();
  if (is_13()) {
    if (!link_.server()) return; // its ticket comes later
    const Bytes resumption = schedule_->resumption_master(transcript_.hash());
    tlswire::NewSessionTicket ticket;
    ticket.lifetime_s = session_lifetime_s;
    ticket.age_add = link_.random.u32();
    ticket.nonce = {0};
    ticket.ticket = link_.random.bytes(ticket_octets);
    record.secret = tlswire::ticket_psk(*suite_, resumption, ticket.nonce);
    record.age_add = ticket.age_add;
    Bytes raw;
    tlswire::append_handshake(raw, tlswire::HandshakeType::new_session_ticket,
                              tlswire::write_new_session_ticket(ticket, version_));
    link_.records.write_handshake(raw);
    link_.session_key = ticket.ticket;
    sessions.keep(ticket.ticket, record);
    return;
  }
  record.id = server_hello_.session_id;
  record.ticket = ticket_;
  if (resumed_ && ticket_.empty()) {
    record.id = resumed_->id;
    record.ticket = resumed_->ticket;
    record.made = resumed_->made;
  }
  const Bytes& key = record.ticket.empty() ? record.id : record.ticket;
  if (key.empty()) return;
  if (link_.server()) {
    link_.session_key = key;
    sessions.keep(key, record);
  } else {
    sessions.keep_for(server_name_, record);
  }
}

} // namespace sipvet::tls
