#include "tlswire/key_schedule_13.hpp"

#include "crypto/kdf.hpp"
#include "tlswire/key_schedule.hpp"

namespace sipvet::tlswire {
namespace {

Bytes extract(const Suite& suite, ByteView salt, ByteView input) {
  const Bytes zeros(crypto::octets(suite.prf), 0);
  return crypto::hkdf_extract(suite.prf, salt, input.empty() ? ByteView(zeros) : input);
}

} // namespace

KeySchedule13::KeySchedule13(const Suite& suite, ByteView psk) : suite_(&suite) {
  early_ = extract(suite, Bytes(crypto::octets(suite.prf), 0), psk);
}

Bytes KeySchedule13::derive(const Bytes& secret, std::string_view label, ByteView transcript_hash) const {
  if (secret.empty()) return {};
  return derive_secret(*suite_, secret, label, transcript_hash);
}

// The step down the middle of the figure: each stage salts the next one.
Bytes KeySchedule13::extract_after(const Bytes& secret, ByteView input) const {
  return extract(*suite_, derive(secret, "derived", crypto::digest(suite_->prf, {})), input);
}

Bytes KeySchedule13::binder_key(PskKind kind) const {
  return derive(early_, kind == PskKind::external ? "ext binder" : "res binder",
                crypto::digest(suite_->prf, {}));
}

Bytes KeySchedule13::client_early_traffic(ByteView client_hello_hash) const {
  return derive(early_, "c e traffic", client_hello_hash);
}

Bytes KeySchedule13::early_exporter_master(ByteView client_hello_hash) const {
  return derive(early_, "e exp master", client_hello_hash);
}

void KeySchedule13::set_shared_secret(ByteView shared) {
  handshake_ = extract_after(early_, shared);
  master_ = extract_after(handshake_, {});
}

Bytes KeySchedule13::client_handshake_traffic(ByteView server_hello_hash) const {
  return derive(handshake_, "c hs traffic", server_hello_hash);
}

Bytes KeySchedule13::server_handshake_traffic(ByteView server_hello_hash) const {
  return derive(handshake_, "s hs traffic", server_hello_hash);
}

Bytes KeySchedule13::client_application_traffic(ByteView server_finished_hash) const {
  return derive(master_, "c ap traffic", server_finished_hash);
}

Bytes KeySchedule13::server_application_traffic(ByteView server_finished_hash) const {
  return derive(master_, "s ap traffic", server_finished_hash);
}

Bytes KeySchedule13::exporter_master(ByteView server_finished_hash) const {
  return derive(master_, "exp master", server_finished_hash);
}

Bytes KeySchedule13::resumption_master(ByteView client_finished_hash) const {
  return derive(master_, "res master", client_finished_hash);
}

Bytes ticket_psk(const Suite& suite, ByteView resumption_master, ByteView ticket_nonce) {
  return crypto::hkdf_expand_label(suite.prf, resumption_master, "resumption", ticket_nonce,
                                   crypto::octets(suite.prf));
}

} // namespace sipvet::tlswire
