#include "crypto/encode_der.hpp"
#include "crypto/owned.hpp"
#include "crypto/scoped_random.hpp"
#include "tls/engine.hpp"
#include "tls/first_octets.hpp"
#include "tls/handshake_trace.hpp"
#include "tls/openssl_context.hpp"
#include "tls/openssl_failure.hpp"
#include "tls/peer_validation.hpp"
#include "tlswire/handshake_reader.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <new>
#include <utility>

namespace sipvet::tls {
namespace {

using SslPtr = crypto::Owned<SSL, SSL_free>;
using X509Ptr = crypto::Owned<X509, X509_free>;

constexpr std::size_t read_octets = 16384;          // the most one record holds
constexpr std::size_t write_octets = 1 << 20;       // handed to the library at once; its lengths are int
constexpr std::uint8_t protocol_version_alert = 70; // RFC 8446 §6.2

std::vector<Bytes> peer_chain_of(const SSL* ssl, Role role) {
  std::vector<Bytes> chain;
  // A server's chain does not have the leaf in it (SSL_get_peer_cert_chain), a client's does.
  const X509Ptr leaf(SSL_get1_peer_certificate(ssl));
  if (leaf != nullptr && role == Role::server) chain.push_back(crypto::encode_der<i2d_X509>(leaf.get()));
  const STACK_OF(X509)* rest = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; rest != nullptr && i < sk_X509_num(rest); ++i)
    chain.push_back(crypto::encode_der<i2d_X509>(sk_X509_value(rest, i)));
  return chain;
}

SessionInfo session_of(SSL* ssl, Role role) {
  SessionInfo info;
  info.version = static_cast<Version>(SSL_version(ssl));
  const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl);
  info.cipher = cipher != nullptr ? SSL_CIPHER_standard_name(cipher) : "";
  info.resumed = SSL_session_reused(ssl) == 1;
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  info.server_name = name != nullptr ? name : "";
  info.peer_chain_der = peer_chain_of(ssl, role);
  return info;
}

class OpensslEngine final : public Engine {
 public:
  OpensslEngine(std::shared_ptr<const OpensslContext> context, const Clock& clock, Random& random,
                const PeerName& peer)
      : context_(std::move(context)), clock_(clock), random_(random), identity_(peer.identity) {
    const crypto::ScopedRandom scope(random_);
    const std::string& name = peer.server_name.empty() ? context_->config().server_name : peer.server_name;
    sink_.session_name = name + "\n" + identity_;
    ssl_.reset(context_->new_ssl(name, sink_));
    if (ssl_ == nullptr) throw std::bad_alloc();
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_.get(), in_, out_); // which owns them now
    SSL_set_info_callback(ssl_.get(), on_info);
    trace_.offers(offer_of(context_->config(), context_->suite_codes()));
  }

  ~OpensslEngine() override {
    // The library makes the session of a connection that ends without close_notify impossible to resume (as
    // TLS 1.0 asked, and TLS 1.1 no longer does).
    if (state_ == State::open) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
  OpensslEngine(const OpensslEngine&) = delete;
  OpensslEngine& operator=(const OpensslEngine&) = delete;

  void start() override {
    if (context_->config().role == Role::client) pump();
  }

  void receive(ByteView octets) override {
    if (state_ == State::failed || octets.empty()) return;
    if (first_octets_decided_) {
      feed(octets);
      return;
    }
    append(first_octets_, octets);
    decide_first_octets();
  }

  void send(ByteView octets) override {
    if (state_ == State::failed || closing_) return;
    append(waiting_, octets);
    if (state_ == State::open) pump();
  }

  void close() override {
    if (state_ == State::failed || closing_) return;
    closing_ = true;
    if (state_ != State::open) return; // close_notify has no place in a handshake that is not done
    const crypto::ScopedRandom scope(random_);
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  Bytes take_output() override {
    Bytes out = std::exchange(own_output_, {});
    char* data = nullptr;
    const long size = BIO_get_mem_data(out_, &data);
    if (size > 0) append(out, as_bytes({data, static_cast<std::size_t>(size)}));
    BIO_reset(out_);
    return out;
  }

  std::vector<Event> take_events() override { return std::exchange(events_, {}); }
  std::string progress() const override { return trace_.progress(); }

 private:
  enum class State { handshaking, open, failed };

  static OpensslEngine& self(const SSL* ssl) {
    return *static_cast<OpensslEngine*>(static_cast<const ConnectionSink*>(SSL_get_app_data(ssl))->user);
  }

  static void on_info(const SSL* ssl, int where, int value) {
    if ((where & SSL_CB_ALERT) == 0) return;
    const Alert alert{static_cast<AlertLevel>(value >> 8), static_cast<std::uint8_t>(value & 0xff)};
    self(ssl).note_alert(alert, (where & SSL_CB_READ) != 0);
  }

  static void on_keylog(void* user, const char* line) {
    static_cast<OpensslEngine*>(user)->events_.push_back(KeylogLine{line});
  }

  static void on_message(void* user, bool sent, int content_type, ByteView message) {
    static_cast<OpensslEngine*>(user)->note_message(sent, content_type, message);
  }

  static int on_judge(void* user, const std::vector<Bytes>& chain) {
    return static_cast<OpensslEngine*>(user)->judge(chain);
  }

  void note_message(bool sent, int content_type, ByteView message) {
    constexpr int handshake = 22;
    constexpr int change_cipher_spec = 20;
    std::string name;
    if (content_type == change_cipher_spec) name = "ChangeCipherSpec";
    if (content_type == handshake && message.size() >= tlswire::handshake_header_octets) {
      const auto type = static_cast<tlswire::HandshakeType>(message[0]);
      name = tlswire::handshake_type_name(type);
      if (type == tlswire::HandshakeType::client_hello)
        trace_.note_client_hello(message.subspan(tlswire::handshake_header_octets), sent);
    }
    if (name.empty()) return;
    if (sent)
      trace_.sent(std::move(name));
    else
      trace_.received(std::move(name));
  }

  // The library turns its error into the alert; the two lists meet here.
  int judge(const std::vector<Bytes>& chain) {
    rejection_ = validate_peer(context_->config(), context_->roots(), chain, identity_, clock_.now());
    if (!rejection_) return X509_V_OK;
    switch (rejection_->alert) {
    case 43:
      return X509_V_ERR_INVALID_PURPOSE;
    case 45:
      return X509_V_ERR_CERT_HAS_EXPIRED;
    case 48:
      return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    case 46:
      return X509_V_ERR_APPLICATION_VERIFICATION + 0;
    default:
      return X509_V_ERR_CERT_REJECTED;
    }
  }

  void note_alert(const Alert& alert, bool received) {
    if (received)
      trace_.received(alert);
    else
      trace_.sent(alert);
    if (received) {
      events_.push_back(AlertReceived{alert});
      if (alert.level == AlertLevel::fatal) fatal_received_ = alert;
    } else {
      events_.push_back(AlertSent{alert});
      if (alert.level == AlertLevel::fatal) fatal_sent_ = alert;
    }
  }

  void decide_first_octets() {
    switch (look_at(first_octets_)) {
    case FirstOctets::undecided:
      return;
    case FirstOctets::tls:
      break;
    case FirstOctets::sslv2_hello:
      if (context_->config().role == Role::server && context_->config().accept_sslv2_hello) break;
      refuse_sslv2_hello();
      return;
    case FirstOctets::foreign:
      give_up(describe_foreign(first_octets_));
      return;
    }
    first_octets_decided_ = true;
    feed(std::exchange(first_octets_, {}));
  }

  void refuse_sslv2_hello() {
    const Alert alert{AlertLevel::fatal, protocol_version_alert};
    own_output_ = {21, 3, 1, 0, 2, static_cast<std::uint8_t>(alert.level), alert.description};
    note_alert(alert, false);
    give_up(std::string(refused_sslv2_hello));
  }

  void feed(ByteView octets) {
    while (!octets.empty()) {
      const ByteView piece = octets.first(std::min(octets.size(), write_octets));
      BIO_write(in_, piece.data(), static_cast<int>(piece.size()));
      octets = octets.subspan(piece.size());
    }
    pump();
  }

  void pump() {
    if (state_ == State::failed) return;
    const crypto::ScopedRandom scope(random_);
    ERR_clear_error();
    if (state_ == State::handshaking && !shake_hands()) return;
    write_waiting();
    read_all();
  }

  bool shake_hands() {
    const int result = SSL_do_handshake(ssl_.get());
    if (result != 1) {
      if (!wants_more(result)) give_up_with_library();
      return false;
    }
    state_ = State::open;
    events_.push_back(HandshakeDone{session_of(ssl_.get(), context_->config().role)});
    return true;
  }

  bool wants_more(int result) const {
    const int error = SSL_get_error(ssl_.get(), result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  }

  void write_waiting() {
    ByteView left = waiting_;
    while (!left.empty()) {
      const ByteView piece = left.first(std::min(left.size(), write_octets));
      const int written = SSL_write(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
      if (written <= 0) {
        if (!wants_more(written)) give_up_with_library();
        break;
      }
      left = left.subspan(static_cast<std::size_t>(written));
    }
    waiting_ = to_bytes(left);
    if (closing_ && waiting_.empty() && state_ == State::open) SSL_shutdown(ssl_.get());
  }

  void read_all() {
    while (state_ == State::open && !peer_closed_) {
      if (buffer_.empty()) buffer_.resize(read_octets);
      const int count = SSL_read(ssl_.get(), buffer_.data(), static_cast<int>(buffer_.size()));
      if (count > 0) {
        note_received(ByteView(buffer_).first(static_cast<std::size_t>(count)));
        continue;
      }
      if (SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN) {
        peer_closed_ = true;
        events_.push_back(PeerClosed{});
      } else if (!wants_more(count)) {
        give_up_with_library();
      }
      return;
    }
  }

  void note_received(ByteView octets) {
    if (!events_.empty()) {
      if (auto* last = std::get_if<Received>(&events_.back())) {
        append(last->octets, octets);
        return;
      }
    }
    events_.push_back(Received{to_bytes(octets)});
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

  std::shared_ptr<const OpensslContext> context_;
  const Clock& clock_;
  Random& random_;
  ConnectionSink sink_{this, on_keylog, on_message, on_judge};
  SslPtr ssl_;
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
  State state_ = State::handshaking;
  bool closing_ = false;
  bool peer_closed_ = false;
  bool first_octets_decided_ = false;
  Bytes first_octets_; // until it is known what they begin
  Bytes waiting_;      // application data, until the handshake is done
  Bytes own_output_;   // for the wire, not from the library
  Bytes buffer_;
  std::vector<Event> events_;
  std::string identity_; // that the peer's certificate must be for
  HandshakeTrace trace_;
  std::optional<PeerRejection> rejection_;
  std::optional<Alert> fatal_received_;
  std::optional<Alert> fatal_sent_;
};

} // namespace

std::unique_ptr<Engine> OpensslContext::make_engine(const Clock& clock, Random& random,
                                                    const PeerName& peer) const {
  return std::make_unique<OpensslEngine>(shared_from_this(), clock, random, peer);
}

} // namespace sipvet::tls
