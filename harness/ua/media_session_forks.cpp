// Early media of a forked INVITE (RFC 3960): which of several answers to one offer is heard and sent to, and
// under which keys.
#include "rtp/rtcp.hpp"
#include "ua/media_session_state.hpp"

#include <algorithm>

namespace sipvet::ua {

MediaSession::State::Fork* MediaSession::State::find_fork(const std::string& name) {
  const auto found = std::ranges::find(forks, name, &Fork::name);
  return found == forks.end() ? nullptr : &*found;
}

MediaSession::State::Fork* MediaSession::State::fork_at(const Endpoint& from, bool rtcp) {
  const auto found = std::ranges::find_if(forks, [&](const Fork& fork) {
    return from == (rtcp && !multiplexed() ? fork.agreed.remote_rtcp : fork.agreed.remote_rtp);
  });
  return found == forks.end() ? nullptr : &*found;
}

std::string MediaSession::State::fork_to_hear() const {
  if (options.deviations.last_fork_heard) return forks.back().name;
  if (!fork_choice->heard.empty()) return fork_choice->heard;
  return options.source == SourcePolicy::sdp_only ? std::string() : fork_choice->first;
}

bool MediaSession::State::aim() {
  Fork* const fork = find_fork(fork_to_hear());
  if (fork == nullptr) return false;
  return fork->name == fork_aimed_at || aim_at(*fork).has_value();
}

// All forks were offered the same key: one sender serves them, so that no index is used twice under it (RFC
// 3711 §9.1).
Result<void> MediaSession::State::aim_at(Fork& fork) {
  const AgreedMedia& agreed = fork.agreed;
  if (agreed.keys) {
    if (!keys) keys = std::exchange(put_aside, std::nullopt);
    SIPVET_CHECK(secure(agreed.keys->local, agreed.keys->remote));
    keys->receiver_before.reset(); // of another fork
    awaits_keys = false;
  } else if (!agreed.dtls) {
    if (keys) put_aside = std::exchange(keys, std::nullopt);
    awaits_keys = false;
  }
  remote_rtp = agreed.remote_rtp;
  remote_rtcp = agreed.remote_rtcp;
  sound_type = agreed.send_payload_type;
  event_type = agreed.event_payload_type;
  further_sounds = agreed.sound_payload_types;
  fork_aimed_at = fork.name;
  return {};
}

// What keeps a packet from being this fork's; none: `plain` has it.
std::optional<MediaDrop> MediaSession::State::open_under(Fork& fork, ByteView datagram, Bytes& plain) {
  srtp::Receiver* receiver = fork.receiver ? &*fork.receiver : nullptr;
  if (fork.agreed.dtls) {
    // The association of the session is that of the fork whose addresses are in force.
    if (!keys || awaits_keys || fork.name != fork_aimed_at) return MediaDrop::before_keys;
    receiver = &keys->receiver;
  }
  if (receiver == nullptr) {
    plain = to_bytes(datagram);
    return std::nullopt;
  }
  auto opened = receiver->unprotect_rtp(datagram);
  if (opened) {
    plain = std::move(*opened);
    return std::nullopt;
  }
  if (opened.error().why == srtp::Drop::replay || opened.error().why == srtp::Drop::too_old)
    return MediaDrop::replay;
  if (!looks_plain(datagram)) return MediaDrop::authentication;
  if (!options.deviations.accept_plain) return MediaDrop::plain_on_secured;
  plain = to_bytes(datagram);
  return std::nullopt;
}

// The fork that is described at the packet's source; with free sources otherwise the first whose keys fit,
// that which is heard in front.
MediaSession::State::Opened MediaSession::State::open_for_forks(const Endpoint& from, ByteView datagram) {
  Opened out;
  std::vector<Fork*> candidates;
  if (Fork* const named = fork_at(from, false)) {
    candidates.push_back(named);
  } else if (options.source == SourcePolicy::sdp_only && !options.deviations.accept_other_sources) {
    drop(MediaDrop::wrong_source);
    return out;
  } else {
    for (Fork& fork : forks) candidates.push_back(&fork);
    std::ranges::stable_sort(candidates, {}, [&](const Fork* fork) {
      return std::pair(!fork->agreed.srtp(), fork->name != fork_to_hear());
    });
  }
  std::optional<MediaDrop> why;
  for (Fork* const fork : candidates) {
    const auto reason = open_under(*fork, datagram, out.plain);
    if (!reason) {
      out.fork = fork;
      return out;
    }
    if (!why || why == MediaDrop::authentication) why = reason;
  }
  if (why) drop(*why);
  return out;
}

void MediaSession::State::receive_early(const Endpoint& from, ByteView datagram) {
  if (!rtp::looks_like_rtp(datagram)) return drop(MediaDrop::malformed);
  const Opened opened = open_for_forks(from, datagram);
  if (opened.fork == nullptr) return;
  if (fork_choice->heard.empty()) fork_choice->heard = opened.fork->name;
  if (opened.fork->name != fork_to_hear() && !options.deviations.all_forks_heard)
    return drop(MediaDrop::other_fork);
  if (!aim()) return drop(MediaDrop::other_fork);
  take_packet(opened.plain);
}

// Reports change nothing that is heard: those of all forks are taken.
void MediaSession::State::receive_early_report(const Endpoint& from, ByteView datagram) {
  Fork* const named = fork_at(from, true);
  if (named == nullptr && options.source == SourcePolicy::sdp_only) return drop(MediaDrop::wrong_source);
  for (Fork& fork : forks) {
    if (named != nullptr && &fork != named) continue;
    srtp::Receiver* receiver = fork.receiver ? &*fork.receiver : nullptr;
    if (fork.agreed.dtls) {
      Keys* const own = keys_of_rtcp();
      if (own == nullptr || awaits_keys) return drop(MediaDrop::before_keys);
      receiver = &own->receiver;
    }
    if (receiver == nullptr && !rtp::parse_rtcp(datagram)) continue;
    if (receiver != nullptr && !receiver->unprotect_rtcp(datagram)) continue;
    ++counters.rtcp_accepted;
    return;
  }
  drop(rtp::parse_rtcp(datagram) ? MediaDrop::plain_on_secured : MediaDrop::authentication);
}

void MediaSession::add_fork(const std::string& name, const AgreedMedia& agreed) {
  if (state_->find_fork(name) != nullptr) return;
  State::Fork fork{name, agreed, std::nullopt};
  if (agreed.keys)
    if (auto receiver = state_->make_receiver(agreed.keys->remote)) fork.receiver = std::move(*receiver);
  state_->forks.push_back(std::move(fork));
  // The handshake goes to the first, heard or not.
  if (agreed.dtls && state_->fork_aimed_at.empty()) (void)state_->aim_at(state_->forks.back());
  if (state_->fork_choice->first.empty()) state_->fork_choice->first = name;
}

void MediaSession::end_fork(const std::string& name) {
  if (state_->options.deviations.ended_fork_kept) return;
  std::erase_if(state_->forks, [&](const State::Fork& fork) { return fork.name == name; });
  State::ForkChoice& choice = *state_->fork_choice;
  if (choice.heard == name) choice.heard.clear();
  if (choice.first == name) choice.first = state_->forks.empty() ? "" : state_->forks.front().name;
}

Result<void> MediaSession::choose_fork(const std::string& name) {
  State::Fork* const fork = state_->find_fork(name);
  if (fork == nullptr) return fail("expected a fork that has answered, got '" + name + "'");
  if (name != state_->fork_aimed_at) {
    if (state_->dtls) { // with another fork
      state_->forget_dtls();
      state_->keys.reset();
      state_->awaits_keys = true;
    }
    SIPVET_CHECK(state_->aim_at(*fork));
  }
  if (fork->receiver && state_->keys) {
    state_->keys->receiver = std::move(*fork->receiver);
    fork->receiver.reset();
  }
  state_->put_aside.reset();
  state_->fork_choice->heard = name;
  state_->fork_chosen = true;
  return {};
}

void MediaSession::share_forks(MediaSession& other) { other.state_->fork_choice = state_->fork_choice; }

const std::string& MediaSession::heard_fork() const { return state_->fork_choice->heard; }

} // namespace sipvet::ua
