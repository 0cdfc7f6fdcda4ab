#include "ua/media_dtls.hpp"

#include <algorithm>

namespace sipvet::ua {
namespace {

constexpr Duration lateness = std::chrono::seconds(1); // of DtlsDeviations::late_handshake
constexpr std::uint8_t bad_certificate = 42;           // RFC 8446 §6.2

struct NetworkClock final : Clock {
  const net::Network& network;
  explicit NetworkClock(const net::Network& source) : network(source) {}
  Instant now() const override { return network.now(); }
};

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

} // namespace

struct MediaDtls::State {
  struct Association {
    MediaComponent component;
    std::unique_ptr<tls::DtlsEngine> engine;
    bool established = false;
  };

  DtlsPlan plan;
  net::Network& network;
  MediaDtlsOwner& owner;
  NetworkClock clock;
  std::vector<Association> associations;
  DtlsStatus status;
  std::optional<Instant> starts_at; // a client that has not begun
  Instant deadline;

  State(DtlsPlan wanted, net::Network& net, MediaDtlsOwner& who)
      : plan(std::move(wanted)), network(net), owner(who), clock(net), deadline(net.now() + plan.deadline) {
    status.role = plan.agreement.role;
  }

  Result<void> add(MediaComponent component);
  std::optional<tls::PeerRejection> judge(ByteView certificate_der) const;
  void begin();
  void pump();
  bool take(Association& association, tls::DtlsEvent& event);
  void establish(Association& association, const tls::DtlsEstablished& done);
  void give_up(std::string cause);
  bool all_established() const { return std::ranges::all_of(associations, &Association::established); }
};

// RFC 8122 §6.2: a certificate that no fingerprint stands for ends the association.
std::optional<tls::PeerRejection> MediaDtls::State::judge(ByteView certificate_der) const {
  if (plan.deviations.any_fingerprint || plan.deviations.fingerprint_not_needed) return std::nullopt;
  auto mismatch = keying::fingerprint_mismatch(plan.agreement.remote_fingerprints, certificate_der);
  if (!mismatch) return std::nullopt;
  return tls::PeerRejection{
      tls::PeerRejection::Kind::identity, std::move(*mismatch), {}, {}, bad_certificate};
}

Result<void> MediaDtls::State::add(MediaComponent component) {
  tls::DtlsConfig config;
  config.role = plan.agreement.role == keying::DtlsRole::client ? tls::Role::client : tls::Role::server;
  config.min_version = plan.min_version;
  config.max_version = plan.max_version;
  config.certificate_pem = plan.certificate_pem;
  config.private_key_pem = plan.private_key_pem;
  config.profiles = plan.profiles;
  config.deviations = engine_deviations(plan.deviations);
  SIPVET_TRY(auto engine, tls::make_dtls_engine(config, clock, network.random(),
                                                [this](ByteView der) { return judge(der); }));
  associations.push_back({component, std::move(engine)});
  return {};
}

void MediaDtls::State::begin() {
  starts_at.reset();
  for (Association& each : associations) each.engine->start();
  pump();
}

// False: nothing more is to be taken.
bool MediaDtls::State::take(Association& association, tls::DtlsEvent& event) {
  const bool of_rtp = association.component == MediaComponent::rtp;
  if (const auto* line = std::get_if<tls::KeylogLine>(&event)) {
    if (plan.keylog) plan.keylog(line->line);
  } else if (const auto* received = std::get_if<tls::AlertReceived>(&event)) {
    if (of_rtp && received->alert.level == tls::AlertLevel::fatal) status.alert_received = received->alert;
  } else if (const auto* sent = std::get_if<tls::AlertSent>(&event)) {
    if (of_rtp && sent->alert.level == tls::AlertLevel::fatal) status.alert_sent = sent->alert;
  } else if (const auto* done = std::get_if<tls::DtlsEstablished>(&event)) {
    establish(association, *done);
  } else if (const auto* failed = std::get_if<tls::Failed>(&event)) {
    give_up((of_rtp ? "DTLS for RTP failed: " : "DTLS for RTCP failed: ") + failed->cause);
    return false;
  }
  return true;
}

void MediaDtls::State::establish(Association& association, const tls::DtlsEstablished& done) {
  association.established = true;
  const auto keys = keying::keys_of_export(done.profile, plan.agreement.role, done.exported);
  const auto taken = keys ? owner.take_keys(association.component, *keys) : Result<void>(keys.error());
  if (!taken) return give_up("SRTP cannot start: " + taken.error().what);
  if (association.component == MediaComponent::rtcp) return;
  status.established = true;
  status.version = tls::name(done.version);
  status.cipher = done.cipher;
  status.profile = done.profile;
}

void MediaDtls::State::give_up(std::string cause) {
  if (status.failure.empty()) status.failure = std::move(cause);
}

void MediaDtls::State::pump() {
  const bool was_established = status.established, had_failed = !status.failure.empty();
  for (Association& each : associations) {
    for (tls::DtlsEvent& event : each.engine->take_events())
      if (!take(each, event)) break;
    for (const Bytes& datagram : each.engine->take_datagrams()) owner.send_dtls(each.component, datagram);
  }
  if (was_established != status.established || had_failed != !status.failure.empty()) owner.dtls_changed();
}

MediaDtls::MediaDtls(std::unique_ptr<State> state) : state_(std::move(state)) {}
MediaDtls::~MediaDtls() = default;

Result<std::unique_ptr<MediaDtls>> MediaDtls::make(DtlsPlan plan, net::Network& network,
                                                   MediaDtlsOwner& owner) {
  const bool one = plan.agreement.rtcp_mux;
  auto state = std::make_unique<State>(std::move(plan), network, owner);
  SIPVET_CHECK(state->add(MediaComponent::rtp));
  if (!one) SIPVET_CHECK(state->add(MediaComponent::rtcp));
  return std::unique_ptr<MediaDtls>(new MediaDtls(std::move(state)));
}

void MediaDtls::start() {
  if (state_->plan.deviations.no_handshake) return;
  if (state_->plan.deviations.late_handshake)
    state_->starts_at = state_->network.now() + lateness;
  else
    state_->begin();
}

void MediaDtls::receive(MediaComponent component, ByteView datagram) {
  // A server that is late has not seen what came meanwhile: the other side sends it again.
  if (state_->starts_at || state_->plan.deviations.no_handshake) return;
  for (State::Association& each : state_->associations)
    if (each.component == component) each.engine->receive(datagram);
  state_->pump();
}

std::optional<Instant> MediaDtls::wake_at() const {
  if (!state_->status.failure.empty()) return std::nullopt;
  std::optional<Instant> next = state_->starts_at;
  if (!state_->all_established()) next = earlier(next, state_->deadline);
  for (const State::Association& each : state_->associations) next = earlier(next, each.engine->wake_at());
  return next;
}

void MediaDtls::on_time() {
  const Instant now = state_->network.now();
  if (state_->starts_at && *state_->starts_at <= now) return state_->begin();
  if (!state_->all_established() && state_->deadline <= now) {
    const auto late = std::ranges::find(state_->associations, false, &State::Association::established);
    state_->give_up("no DTLS handshake came about in time: " + late->engine->progress());
    return state_->owner.dtls_changed();
  }
  for (State::Association& each : state_->associations) {
    const auto at = each.engine->wake_at(); // counted from a time of its own, where the clock is a real one
    if (at && *at <= state_->network.now()) each.engine->on_time();
  }
  state_->pump();
}

void MediaDtls::close() {
  for (State::Association& each : state_->associations) each.engine->close();
  state_->pump();
}

const DtlsPlan& MediaDtls::plan() const { return state_->plan; }
const DtlsStatus& MediaDtls::status() const { return state_->status; }

} // namespace sipvet::ua
