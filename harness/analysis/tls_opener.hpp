// Opens the protected records of one connection: picks the secret by trying it, and follows every change of
// keys.
#pragma once

#include "analysis/tls_handshake.hpp"
#include "analysis/tls_psk.hpp"
#include "analysis/tls_search.hpp"
#include "analysis/tls_secrets.hpp"
#include "tlswire/record.hpp"
#include "tlswire/record_protection.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipvet::analysis {

class TlsOpener {
 public:
  explicit TlsOpener(TlsSecrets& secrets) : secrets_(&secrets) {}

  enum class Status {
    opened,
    no_secret,  // none at hand yet; one may still come with a later secrets block
    not_usable, // suite or version are beyond the decrypter
    wrong_secret,
    fault,   // keys fit before, this record does not open
    skipped, // TLS 1.3: of a phase whose secret nobody has, or refused early data (RFC 8446 §4.2.10)
  };
  struct Outcome {
    Status status = Status::no_secret;
    tlswire::OpenedRecord record;   // its view holds until the next call of any opener on this thread
    std::uint64_t lost_records = 0; // of open_behind_loss()
  };
  Outcome open(Side side, const TlsHandshake& handshake, const tlswire::Record& record);

  // The first record behind lost octets, if this is one; others leave all as it was, and are `fault`. A
  // KeyUpdate, or the rest of a handshake whose hellos were captured, may be among what was lost.
  Outcome open_behind_loss(Side side, const TlsHandshake& handshake, const tlswire::Record& record,
                           const LostStretch& lost);
  // Whether there is a secret to try behind a loss.
  bool has_secret(Side side, const TlsHandshake& handshake);
  bool may_search(Side side) const { return !state(side).budget.exhausted(); }

  // ChangeCipherSpec of TLS 1.0 to 1.2: the side's next record is the first under new keys.
  void on_cipher_change(Side side);
  void on_new_handshake();
  // TLS 1.3: what was said in the handshake, plain and protected.
  void on_server_hello(const TlsHandshake& handshake) { psk_.on_server_hello(*secrets_, handshake); }
  void on_server_message(const tlswire::HandshakeMessage& message) { psk_.on_server_message(message); }
  void on_end_of_early_data();
  void on_finished(Side side);
  Result<void> on_key_update(Side side, const TlsHandshake& handshake);

  // Of the master secret, or of the traffic secrets; empty while nothing was opened.
  std::string_view source() const { return source_; }
  bool opened_any(Side side) const { return state(side).opened; }
  // The record opened last was the first under the keys of a TLS 1.0 to 1.2 handshake.
  bool has_new_keys(Side side) const { return state(side).new_keys; }
  // Inside the RSA premaster secret, where a key opened one; whether that was the right one shows elsewhere.
  std::optional<std::uint16_t> premaster_version() const { return premaster_version_; }
  const Bytes* master() const { return master_ ? &master_->master : nullptr; }

 private:
  enum class Phase { early, handshake, application };
  struct State {
    std::optional<tlswire::RecordDecrypter> decrypter;
    std::optional<Phase> phase; // TLS 1.3, once begun
    Bytes secret;
    bool opened = false;
    bool new_keys = false;
    SearchBudget budget;
  };
  State& state(Side side) { return states_[side == Side::client ? 0 : 1]; }
  const State& state(Side side) const { return states_[side == Side::client ? 0 : 1]; }
  Outcome open_legacy(Side side, const TlsHandshake& handshake, const tlswire::Record& record);
  Outcome try_master(Side side, const TlsHandshake& handshake, const tlswire::Record& record,
                     const MasterCandidate& candidate);
  Outcome search_legacy(Side side, const TlsHandshake& handshake, const tlswire::Record& record,
                        const LostStretch& lost);
  Outcome search_tls13(Side side, const TlsHandshake& handshake, const tlswire::Record& record,
                       const LostStretch& lost);
  std::optional<Outcome> search(State& state, tlswire::RecordDecrypter& decrypter,
                                const TlsHandshake& handshake, const tlswire::Record& record,
                                LostStretch lost);
  std::optional<Outcome> search_secret(Side side, Phase phase, Bytes secret, const TlsHandshake& handshake,
                                       const tlswire::Record& record, const LostStretch& lost);
  TlsSecrets::Found find_secret(Side side, Phase phase, const TlsHandshake& handshake) const;
  Outcome open_tls13(Side side, const TlsHandshake& handshake, const tlswire::Record& record);
  std::optional<Outcome> try_phase(Side side, Phase phase, const TlsHandshake& handshake,
                                   const tlswire::Record& record);
  Outcome keep(State& state, tlswire::OpenedRecord record);

  TlsSecrets* secrets_;
  PskSecrets psk_;
  std::array<State, 2> states_;
  std::optional<MasterCandidate> master_;
  std::optional<std::uint64_t> searched_generation_; // of the secrets, when none was found
  std::string_view source_;
  std::optional<std::uint16_t> premaster_version_;
};

} // namespace sipvet::analysis
