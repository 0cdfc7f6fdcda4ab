// The DTLS associations that key one media session: one for RTP and, without rtcp-mux, one for RTCP (RFC 5764
// §4.1). Datagrams and the time in, datagrams and keys out.
#pragma once

#include "keying/dtls_srtp.hpp"
#include "net/network.hpp"
#include "tls/dtls_engine.hpp"
#include "ua/dtls_deviations.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::ua {

enum class MediaComponent { rtp, rtcp };

// What a side keys its media with.
struct DtlsPlan {
  keying::DtlsAgreement agreement;
  std::string certificate_pem;
  std::string private_key_pem;
  std::vector<tlswire::SrtpProfile> profiles; // by preference
  tls::DtlsVersion min_version = tls::DtlsVersion::dtls1_2;
  tls::DtlsVersion max_version = tls::DtlsVersion::dtls1_2;
  DtlsDeviations deviations;
  // No handshake by then counts as failed; packets that are lost are sent again meanwhile.
  Duration deadline = std::chrono::seconds(10);
  std::function<void(std::string_view line)> keylog;
};

// How the association of RTP stands, for who asks.
struct DtlsStatus {
  keying::DtlsRole role = keying::DtlsRole::client;
  bool established = false;
  std::string failure; // one sentence; empty: none
  std::string version; // "DTLSv1.2"; this and what follows once established
  std::string cipher;
  std::optional<tlswire::SrtpProfile> profile;
  std::optional<tls::Alert> alert_received, alert_sent; // the last fatal one each
  bool over() const { return established || !failure.empty(); }
};

// Who owns the sockets. Never called from inside the construction of a MediaDtls.
class MediaDtlsOwner {
 public:
  virtual ~MediaDtlsOwner() = default;
  virtual void send_dtls(MediaComponent component, ByteView datagram) = 0;
  virtual Result<void> take_keys(MediaComponent component, const keying::MediaKeys& keys) = 0;
  virtual void dtls_changed() = 0; // the status did; last of all that is called for one event
};

class MediaDtls {
 public:
  // Fails when the plan's certificate, key or profiles cannot be used. `network` and `owner` must outlive it.
  static Result<std::unique_ptr<MediaDtls>> make(DtlsPlan plan, net::Network& network, MediaDtlsOwner& owner);
  ~MediaDtls();

  void start(); // sends a client's hello, now or when its time has come
  void receive(MediaComponent component, ByteView datagram);
  std::optional<Instant> wake_at() const; // when on_time() is to be called
  void on_time();
  void close(); // close_notify

  const DtlsPlan& plan() const;
  const DtlsStatus& status() const;

 private:
  struct State;
  explicit MediaDtls(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace sipvet::ua
