// What TlsOpener does behind lost octets.
#include "analysis/tls_decrypter.hpp"
#include "analysis/tls_opener.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

// KeyUpdates that may be lost in one stretch: peers send one in hours, and each costs a search of its own.
constexpr int max_lost_key_updates = 2;

// Of a stretch that begins within a handshake only the end was under the new keys. How long that is matters
// to RC4, where it is taken to be nothing, or the Finished alone.
LostStretch lost_under_keys(const TlsHandshake& handshake, LostStretch lost, bool finished) {
  if (handshake.suite->cipher != tlswire::SuiteCipher::rc4_128) return lost;
  const std::size_t verify_octets =
      handshake.version <= tlswire::ssl3 ? 36 : 12; // RFC 6101 §5.6.9, RFC 5246 §7.4.9
  lost.octets = finished ? tlswire::record_header_octets + tlswire::handshake_header_octets + verify_octets +
                               handshake.suite->mac_key_octets()
                         : 0;
  return lost;
}

} // namespace

bool TlsOpener::has_secret(Side side, const TlsHandshake& handshake) {
  if (state(side).decrypter || master_) return true;
  if (handshake.is_tls13())
    return find_secret(side, Phase::handshake, handshake) || find_secret(side, Phase::application, handshake);
  if (secrets_->find(tlswire::keylog_label::client_random, handshake.client_random)) return true;
  // Trying RSA keys costs too much to do it with every segment.
  if (!handshake.has_key_exchange && !handshake.resumed()) return false;
  if (searched_generation_ == secrets_->generation()) return false;
  if (!master_candidates(*secrets_, handshake.master_input()).empty()) return true;
  searched_generation_ = secrets_->generation();
  return false;
}

TlsOpener::Outcome TlsOpener::open_behind_loss(Side side, const TlsHandshake& handshake,
                                               const tlswire::Record& record, const LostStretch& lost) {
  if (handshake.suite == nullptr) return {Status::not_usable, {}};
  auto& mine = state(side);
  mine.new_keys = false;
  auto outcome = handshake.is_tls13() ? search_tls13(side, handshake, record, lost)
                                      : search_legacy(side, handshake, record, lost);
  if (outcome.status == Status::opened) mine.budget.refill();
  return outcome;
}

std::optional<TlsOpener::Outcome> TlsOpener::search(State& state, tlswire::RecordDecrypter& decrypter,
                                                    const TlsHandshake& handshake,
                                                    const tlswire::Record& record, LostStretch lost) {
  const auto& suite = *handshake.suite;
  const auto mac_behind = handshake.encrypt_then_mac ? suite.mac_key_octets() : 0;
  lost.tail = lost.tail.first(lost.tail.size() - std::min(lost.tail.size(), mac_behind));
  const auto found = analysis::open_behind_loss(decrypter, suite, record, lost, state.budget);
  if (!found) return std::nullopt;
  auto outcome = keep(state, found->record);
  outcome.lost_records = found->lost_records;
  return outcome;
}

TlsOpener::Outcome TlsOpener::search_legacy(Side side, const TlsHandshake& handshake,
                                            const tlswire::Record& record, const LostStretch& lost) {
  auto& mine = state(side);
  const Outcome none{Status::fault, {tlswire::RecordFault::bad_mac, record.type, {}}};
  if (mine.decrypter) return search(mine, *mine.decrypter, handshake, record, lost).value_or(none);
  std::vector<MasterCandidate> candidates;
  if (master_)
    candidates.push_back(*master_);
  else
    candidates = master_candidates(*secrets_, handshake.master_input());
  for (const auto& candidate : candidates) {
    auto keys = tlswire::connection_keys(handshake.version, *handshake.suite, candidate.master,
                                         handshake.client_random, handshake.server_random);
    auto made =
        make_decrypter(handshake, side == Side::client ? std::move(keys.client) : std::move(keys.server));
    if (!made) return {Status::not_usable, {}};
    auto outcome = search(mine, *made, handshake, record, lost_under_keys(handshake, lost, false));
    if (!outcome) outcome = search(mine, *made, handshake, record, lost_under_keys(handshake, lost, true));
    if (!outcome) continue;
    mine.decrypter = std::move(*made);
    mine.new_keys = true;
    if (source_.empty()) source_ = candidate.source;
    if (!master_) master_ = candidate;
    return *outcome;
  }
  return none;
}

TlsOpener::Outcome TlsOpener::search_tls13(Side side, const TlsHandshake& handshake,
                                           const tlswire::Record& record, const LostStretch& lost) {
  const Outcome none{Status::fault, {tlswire::RecordFault::bad_mac, record.type, {}}};
  if (record.type != tlswire::ContentType::application_data) return none;
  auto& mine = state(side);
  if (mine.decrypter)
    if (auto outcome = search(mine, *mine.decrypter, handshake, record, lost)) return *outcome;
  const bool in_application = mine.phase == Phase::application;
  auto next = mine.secret;
  for (int i = 0; in_application && mine.decrypter && i < max_lost_key_updates; ++i) {
    next = tlswire::next_traffic_secret(*handshake.suite, next);
    if (auto outcome = search_secret(side, Phase::application, next, handshake, record, lost))
      return *outcome;
  }
  if (in_application && mine.decrypter) return none;
  for (const auto phase : {Phase::handshake, Phase::application}) {
    if (mine.phase && (phase < *mine.phase || (phase == *mine.phase && mine.decrypter))) continue;
    const auto found = find_secret(side, phase, handshake);
    if (!found) continue;
    if (auto outcome = search_secret(side, phase, *found.secret, handshake, record, lost)) {
      source_ = found.source;
      return *outcome;
    }
  }
  return none;
}

std::optional<TlsOpener::Outcome> TlsOpener::search_secret(Side side, Phase phase, Bytes secret,
                                                           const TlsHandshake& handshake,
                                                           const tlswire::Record& record,
                                                           const LostStretch& lost) {
  auto made = make_decrypter(handshake, tlswire::traffic_keys(*handshake.suite, secret));
  if (!made) return std::nullopt;
  auto& mine = state(side);
  auto outcome = search(mine, *made, handshake, record, lost);
  if (!outcome) return std::nullopt;
  mine.decrypter = std::move(*made);
  mine.secret = std::move(secret);
  mine.phase = phase;
  return outcome;
}

} // namespace sipvet::analysis
