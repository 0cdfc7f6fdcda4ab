#include "base/writer.hpp"
#include "crypto/encode_der.hpp"
#include "crypto/owned.hpp"
#include "crypto/scoped_random.hpp"
#include "crypto/scoped_time.hpp"
#include "tls/dtls_engine.hpp"
#include "tls/handshake_trace.hpp"
#include "tls/openssl_datagram_bio.hpp"
#include "tls/openssl_dtls_context.hpp"
#include "tls/openssl_failure.hpp"
#include "tlswire/dtls_hello.hpp"
#include "tlswire/dtls_record.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include <sys/time.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sipvet::tls {
namespace {

using SslPtr = crypto::Owned<SSL, SSL_free>;
using X509Ptr = crypto::Owned<X509, X509_free>;

constexpr std::size_t read_octets = 16384;     // the most one record holds
constexpr std::uint8_t handshake_failure = 40; // RFC 8446 §6

std::optional<std::uint16_t> selected_profile(SSL* ssl) {
  const SRTP_PROTECTION_PROFILE* selected = SSL_get_selected_srtp_profile(ssl);
  if (selected == nullptr) return std::nullopt;
  return static_cast<std::uint16_t>(selected->id);
}

Bytes peer_certificate(const SSL* ssl) {
  const X509Ptr certificate(SSL_get1_peer_certificate(ssl));
  return crypto::encode_der<i2d_X509>(certificate.get());
}

// Library, time and randomness as this thread's own for one call into it.
struct Inside {
  crypto::ScopedRandom random;
  crypto::ScopedTime time;
  Inside(Random& source, const Clock& clock) : random(source), time(clock.now()) { ERR_clear_error(); }
};

class OpensslDtlsEngine final : public DtlsEngine, DtlsSink {
 public:
  OpensslDtlsEngine(DtlsConfig config, DtlsContextPtr context, const Clock& clock, Random& random,
                    DtlsJudge judge)
      : config_(std::move(config)), context_(std::move(context)), clock_(clock), random_(random),
        judge_(std::move(judge)) {
    const Inside inside(random_, clock_);
    queues_.mtu = config_.mtu;
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_app_data(ssl_.get(), static_cast<DtlsSink*>(this));
    BIO* bio = new_datagram_bio(queues_);
    SSL_set_bio(ssl_.get(), bio, bio); // which owns it now
    SSL_set_mtu(ssl_.get(), static_cast<long>(config_.mtu));
    SSL_set_info_callback(ssl_.get(), on_info);
    if (config_.role == Role::server)
      SSL_set_accept_state(ssl_.get());
    else
      SSL_set_connect_state(ssl_.get());
  }

  void start() override {
    if (config_.role == Role::client) pump();
  }

  void receive(ByteView datagram) override {
    if (state_ == State::failed || !tlswire::looks_like_dtls(datagram)) return;
    if (config_.deviations.other_profile) note_offer(datagram);
    queues_.in.push_back(to_bytes(datagram));
    pump();
  }

  std::optional<Instant> wake_at() const override {
    if (state_ != State::handshaking) return std::nullopt;
    const crypto::ScopedTime time(clock_.now());
    timeval left{};
    if (DTLSv1_get_timeout(ssl_.get(), &left) != 1) return std::nullopt;
    return clock_.now() + std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
  }

  void on_time() override {
    if (state_ != State::handshaking) return;
    const Inside inside(random_, clock_);
    if (DTLSv1_handle_timeout(ssl_.get()) < 0) give_up_with_library();
  }

  void close() override {
    if (state_ != State::open) return;
    const Inside inside(random_, clock_);
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  std::vector<Bytes> take_datagrams() override {
    auto out = std::exchange(queues_.out, {});
    if (config_.deviations.other_profile)
      for (Bytes& datagram : out) change_profile(datagram);
    return out;
  }
  std::vector<DtlsEvent> take_events() override { return std::exchange(events_, {}); }
  std::string progress() const override { return trace_.progress(); }

  void take_keylog_line(const char* line) override { events_.push_back(KeylogLine{line}); }

  void note_message(bool sent, int content_type, ByteView message) override {
    std::string name;
    if (content_type == static_cast<int>(tlswire::ContentType::change_cipher_spec)) name = "ChangeCipherSpec";
    if (content_type == static_cast<int>(tlswire::ContentType::handshake) && !message.empty())
      name = tlswire::handshake_type_name(static_cast<tlswire::HandshakeType>(message[0]));
    if (name.empty()) return;
    if (sent)
      trace_.sent(std::move(name));
    else
      trace_.received(std::move(name));
  }

  bool judge(ByteView certificate_der) override {
    // RFC 5764 §4.1.1: a server that answers without the extension leaves the media without keys.
    if (!selected_profile(ssl_.get())) {
      rejection_ =
          PeerRejection{PeerRejection::Kind::chain, std::string(no_profile), {}, {}, handshake_failure};
    } else {
      rejection_ = judge_ ? judge_(certificate_der) : std::nullopt;
    }
    return !rejection_;
  }

 private:
  enum class State { handshaking, open, failed };
  static constexpr std::string_view no_profile = "the peer agreed on no SRTP protection profile";

  static void on_info(const SSL* ssl, int where, int value) {
    if ((where & SSL_CB_ALERT) == 0) return;
    const Alert alert{static_cast<AlertLevel>(value >> 8), static_cast<std::uint8_t>(value & 0xff)};
    static_cast<OpensslDtlsEngine&>(sink_of(ssl)).note_alert(alert, (where & SSL_CB_READ) != 0);
  }

  void note_alert(const Alert& alert, bool received) {
    const bool fatal = alert.level == AlertLevel::fatal;
    if (received) {
      trace_.received(alert);
      events_.push_back(AlertReceived{alert});
      if (fatal) fatal_received_ = alert;
    } else {
      trace_.sent(alert);
      events_.push_back(AlertSent{alert});
      if (fatal) fatal_sent_ = alert;
    }
  }

  void pump() {
    if (state_ == State::failed) return;
    const Inside inside(random_, clock_);
    if (state_ == State::handshaking && !shake_hands()) return;
    read_all();
  }

  bool shake_hands() {
    // A datagram at a time: what was read to its end and led nowhere must not hide the next one.
    do {
      const std::size_t before = queues_.in.size();
      const int result = SSL_do_handshake(ssl_.get());
      if (result == 1) return finish_handshake();
      if (!wants_more(result)) {
        give_up_with_library();
        return false;
      }
      if (queues_.in.size() == before) break;
    } while (!queues_.in.empty());
    return false;
  }

  bool finish_handshake() {
    const auto code = selected_profile(ssl_.get());
    const auto profile = code ? tlswire::find_srtp_profile(*code) : std::nullopt;
    if (!profile) {
      SSL_shutdown(ssl_.get()); // close_notify: there is nothing that this association could be for
      give_up(std::string(no_profile));
      return false;
    }
    DtlsEstablished done;
    done.version = static_cast<DtlsVersion>(SSL_version(ssl_.get()));
    done.cipher = SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl_.get()));
    done.profile = *profile;
    done.exported.resize(tlswire::exported_octets(*profile));
    SSL_export_keying_material(ssl_.get(), done.exported.data(), done.exported.size(),
                               tlswire::srtp_exporter_label.data(), tlswire::srtp_exporter_label.size(),
                               nullptr, 0, 0);
    done.peer_certificate_der = peer_certificate(ssl_.get());
    state_ = State::open;
    events_.push_back(std::move(done));
    return true;
  }

  bool wants_more(int result) const {
    const int error = SSL_get_error(ssl_.get(), result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  }

  // Nothing is meant to come here but alerts and the other side's last flight again; application data is
  // read and forgotten.
  void read_all() {
    std::array<std::uint8_t, read_octets> unwanted{};
    while (state_ == State::open) {
      const int count = SSL_read(ssl_.get(), unwanted.data(), static_cast<int>(unwanted.size()));
      if (count > 0) continue;
      if (SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN) {
        if (!std::exchange(peer_closed_, true)) events_.push_back(PeerClosed{});
      } else if (!wants_more(count)) {
        give_up_with_library();
      }
      return;
    }
  }

  void give_up_with_library() {
    give_up(describe_failure(ssl_.get(), state_ == State::open, fatal_received_));
  }

  void give_up(std::string cause) {
    if (rejection_ && !fatal_received_) cause = rejection_->cause;
    const std::optional<Alert> shown = fatal_received_ ? fatal_received_ : fatal_sent_;
    events_.push_back(Failed{trace_.explain(std::move(cause), state_ == State::open, shown), shown,
                             std::exchange(rejection_, {})});
    state_ = State::failed;
  }

  // The two halves of DtlsDeviations::other_profile: what the client offered, and another in its place.
  void note_offer(ByteView datagram) {
    const auto records = tlswire::parse_dtls_records(datagram);
    if (!records || records->empty() || records->front().type != tlswire::ContentType::handshake) return;
    const auto fragments = tlswire::parse_dtls_fragments(records->front().fragment);
    if (!fragments || fragments->empty()) return;
    const auto hello = tlswire::parse_dtls_client_hello(fragments->front().part);
    if (!hello || fragments->front().type != tlswire::HandshakeType::client_hello) return;
    const auto* extension = hello->hello.extensions.find(tlswire::extension::use_srtp);
    const auto use_srtp = extension != nullptr ? tlswire::parse_use_srtp(extension->body)
                                               : Result<tlswire::UseSrtp>(tlswire::UseSrtp{});
    if (use_srtp) offered_ = use_srtp->profiles;
  }

  void change_profile(Bytes& datagram) const {
    const auto code = selected_profile(ssl_.get());
    if (!code) return;
    for (const tlswire::SrtpProfileInfo& row : tlswire::srtp_profiles()) {
      const auto other = static_cast<std::uint16_t>(row.profile);
      if (std::ranges::find(offered_, other) != offered_.end()) continue;
      const auto written = [](std::uint16_t profile) {
        Writer writer;
        tlswire::Extensions all;
        all.list.push_back(tlswire::make_use_srtp({{profile}, {}}));
        write_extensions(writer, all);
        return to_bytes(writer.view().empty() ? ByteView() : ByteView(writer.view()).subspan(2));
      };
      const Bytes from = written(*code), to = written(other);
      const auto at = std::ranges::search(datagram, from);
      if (!at.empty()) std::ranges::copy(to, at.begin());
      return;
    }
  }

  const DtlsConfig config_;
  const DtlsContextPtr context_;
  const Clock& clock_;
  Random& random_;
  const DtlsJudge judge_;
  DatagramQueues queues_;
  SslPtr ssl_;
  State state_ = State::handshaking;
  bool peer_closed_ = false;
  std::vector<DtlsEvent> events_;
  HandshakeTrace trace_;
  std::optional<PeerRejection> rejection_;
  std::optional<Alert> fatal_received_, fatal_sent_;
  std::vector<std::uint16_t> offered_;
};

} // namespace

std::string_view name(DtlsVersion version) {
  return version == DtlsVersion::dtls1_0 ? "DTLSv1.0" : "DTLSv1.2";
}

std::optional<DtlsVersion> find_dtls_version(std::string_view text) {
  for (const DtlsVersion version : {DtlsVersion::dtls1_0, DtlsVersion::dtls1_2}) {
    if (name(version) == text) return version;
  }
  return std::nullopt;
}

Result<std::unique_ptr<DtlsEngine>> make_dtls_engine(const DtlsConfig& config, const Clock& clock,
                                                     Random& random, DtlsJudge judge) {
  SIPVET_TRY(DtlsContextPtr context, make_dtls_context(config));
  return std::unique_ptr<DtlsEngine>(
      std::make_unique<OpensslDtlsEngine>(config, std::move(context), clock, random, std::move(judge)));
}

} // namespace sipvet::tls
