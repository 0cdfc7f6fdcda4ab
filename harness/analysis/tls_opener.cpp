#include "analysis/tls_opener.hpp"

#include "analysis/tls_decrypter.hpp"
#include "tlswire/key_schedule.hpp"

namespace sipvet::analysis {
namespace {

namespace label = tlswire::keylog_label;

} // namespace

TlsOpener::Outcome TlsOpener::open(Side side, const TlsHandshake& handshake, const tlswire::Record& record) {
  auto& mine = state(side);
  mine.new_keys = false;
  if (handshake.is_tls13()) {
    if (handshake.suite == nullptr) return {Status::not_usable, {}};
    return open_tls13(side, handshake, record);
  }
  if (mine.decrypter) { // also while a renegotiation has not yet chosen a suite
    const auto opened = mine.decrypter->open(record);
    return opened ? keep(mine, opened) : Outcome{Status::fault, opened};
  }
  if (handshake.suite == nullptr) return {Status::not_usable, {}};
  return open_legacy(side, handshake, record);
}

void TlsOpener::on_cipher_change(Side side) { state(side).decrypter.reset(); }

void TlsOpener::on_new_handshake() {
  master_.reset();
  searched_generation_.reset();
}

TlsOpener::Outcome TlsOpener::keep(State& state, tlswire::OpenedRecord record) {
  state.opened = true;
  return {Status::opened, record};
}

TlsOpener::Outcome TlsOpener::open_legacy(Side side, const TlsHandshake& handshake,
                                          const tlswire::Record& record) {
  if (master_) return try_master(side, handshake, record, *master_);
  if (searched_generation_ == secrets_->generation()) return {Status::no_secret, {}};
  const auto candidates = master_candidates(*secrets_, handshake.master_input());
  if (candidates.empty()) {
    searched_generation_ = secrets_->generation();
    return {Status::no_secret, {}};
  }
  Outcome last;
  for (const auto& candidate : candidates)
    if (candidate.premaster_version) premaster_version_ = candidate.premaster_version;
  for (const auto& candidate : candidates) {
    last = try_master(side, handshake, record, candidate);
    if (last.status == Status::opened) return last;
  }
  return last;
}

TlsOpener::Outcome TlsOpener::try_master(Side side, const TlsHandshake& handshake,
                                         const tlswire::Record& record, const MasterCandidate& candidate) {
  auto keys = tlswire::connection_keys(handshake.version, *handshake.suite, candidate.master,
                                       handshake.client_random, handshake.server_random);
  auto decrypter =
      make_decrypter(handshake, side == Side::client ? std::move(keys.client) : std::move(keys.server));
  if (!decrypter) return {Status::not_usable, {}};
  const auto opened = decrypter->open(record);
  if (!opened) return {Status::wrong_secret, opened};
  state(side).decrypter = std::move(*decrypter);
  state(side).new_keys = true;
  if (!master_) {
    if (source_.empty()) source_ = candidate.source; // a renegotiation may resume what was opened here
    master_ = candidate;
  }
  return keep(state(side), opened);
}

TlsOpener::Outcome TlsOpener::open_tls13(Side side, const TlsHandshake& handshake,
                                         const tlswire::Record& record) {
  auto& mine = state(side);
  if (!mine.phase)
    mine.phase = side == Side::client && handshake.early_data_offered ? Phase::early : Phase::handshake;
  Outcome last{Status::no_secret, {}};
  auto next = *mine.phase;
  if (mine.decrypter) {
    const auto opened = mine.decrypter->open(record);
    if (opened) return keep(mine, opened);
    last = {Status::fault, opened};
    if (*mine.phase == Phase::application) return last;
    next = *mine.phase == Phase::early ? Phase::handshake : Phase::application;
  }
  for (const auto phase : {Phase::early, Phase::handshake, Phase::application}) {
    if (phase < next) continue;
    const auto tried = try_phase(side, phase, handshake, record);
    if (!tried) continue;
    if (tried->status == Status::opened) return *tried;
    if (last.status == Status::no_secret) last = *tried;
  }
  const bool can_skip = *mine.phase == Phase::early ||
                        (*mine.phase == Phase::handshake && !find_secret(side, Phase::handshake, handshake));
  if (can_skip && last.status != Status::no_secret && last.status != Status::not_usable)
    return {Status::skipped, {}};
  return last;
}

TlsSecrets::Found TlsOpener::find_secret(Side side, Phase phase, const TlsHandshake& handshake) const {
  const bool client = side == Side::client;
  if (phase == Phase::early && !client) return {};
  const auto wanted = phase == Phase::early ? label::client_early
                      : phase == Phase::handshake
                          ? (client ? label::client_handshake : label::server_handshake)
                          : (client ? label::client_traffic : label::server_traffic);
  if (const auto found = secrets_->find(wanted, handshake.client_random)) return found;
  return {psk_.find(wanted), key_source::psk};
}

std::optional<TlsOpener::Outcome> TlsOpener::try_phase(Side side, Phase phase, const TlsHandshake& handshake,
                                                       const tlswire::Record& record) {
  const auto found = find_secret(side, phase, handshake);
  if (!found) return std::nullopt;
  auto decrypter = make_decrypter(handshake, tlswire::traffic_keys(*handshake.suite, *found.secret));
  if (!decrypter) return Outcome{Status::not_usable, {}};
  const auto opened = decrypter->open(record);
  if (!opened) return Outcome{Status::wrong_secret, opened};
  auto& mine = state(side);
  mine.decrypter = std::move(*decrypter);
  mine.secret = *found.secret;
  mine.phase = phase;
  source_ = found.source;
  return keep(mine, opened);
}

void TlsOpener::on_end_of_early_data() {
  auto& client = state(Side::client);
  client.phase = Phase::handshake;
  client.decrypter.reset();
}

void TlsOpener::on_finished(Side side) {
  state(side).phase = Phase::application;
  state(side).decrypter.reset();
}

Result<void> TlsOpener::on_key_update(Side side, const TlsHandshake& handshake) {
  auto& mine = state(side);
  mine.secret = tlswire::next_traffic_secret(*handshake.suite, mine.secret);
  SIPVET_TRY(auto decrypter, make_decrypter(handshake, tlswire::traffic_keys(*handshake.suite, mine.secret)));
  mine.decrypter = std::move(decrypter);
  return {};
}

} // namespace sipvet::analysis
