// One leg's media: an RTP and an RTCP socket, SRTP or not, sending a voiceprint and saying whose sound is
// heard.
#pragma once

#include "net/network.hpp"
#include "rtp/srtp_context.hpp"
#include "rtp/voiceprint.hpp"
#include "srtp/session.hpp"
#include "ua/media_deviations.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::ua {

struct AgreedMedia;
struct DtlsPlan;
struct DtlsStatus;
class SoundRecorder;

// Samples of one packet: 20 ms at 8000 Hz, whatever the pace they are sent at.
inline constexpr std::size_t samples_per_packet = 160;
// What is heard is looked at in pieces of this length, and forgotten after: the shortest that voiceprints are
// recognised in.
inline constexpr std::size_t recognition_samples = 320;
// Attempts to find an even port whose next one is free as well (RFC 3550 §11).
inline constexpr unsigned max_port_attempts = 64;

enum class SourcePolicy {
  any,
  sdp_only
}; // sdp_only: packets from elsewhere than set_remote() said are dropped
enum class Playing { voiceprint, silence, echo };

struct MediaOptions {
  Duration pace = std::chrono::milliseconds(20); // from packet to packet; timestamps grow by 160 all the same
  SourcePolicy source = SourcePolicy::any;
  bool send_rtcp = true;
  // RTP packets sent under the same keys after which on_keys_worn is called, once for each change of keys; 0:
  // never.
  std::uint64_t keys_wear_after = 0;
  std::string cname = "sipvet";
  // Where libsrtp2 is wanted, our own engine still does what it cannot do (srtp::library_gap).
  srtp::Engine engine = srtp::Engine::own;
  MediaDeviations deviations = {};
  // Deviations: plain packets on a leg with keys; nothing sent at all.
  bool send_plain_despite_keys = false;
  bool send_nothing = false;
};

enum class MediaDrop {
  malformed,        // no RTP
  plain_on_secured, // not SRTP under the key, and readable as plain RTP with one of our payload types
  authentication,   // SRTP tag is wrong
  unknown_mki,      // of no key that was agreed on
  key_expired,      // the key's lifetime is over
  replay,           // seen before, or older than the replay window
  wrong_source,     // sdp_only
  unknown_payload_type,
  before_keys, // await_keys() was called and no keys have come yet
  other_fork,  // of an early dialog whose media is not the one that is heard
};
std::string_view name(MediaDrop drop); // "plain-on-secured"
std::optional<MediaDrop> find_media_drop(std::string_view name);
std::span<const std::string_view> media_drop_names();

struct MediaCounters {
  std::uint64_t rtp_sent = 0, rtp_received = 0, rtp_accepted = 0;
  std::uint64_t rtcp_sent = 0, rtcp_received = 0, rtcp_accepted = 0;
  // STUN checks (RFC 5763 §6.7.2): of the other side that were answered, and answers to our own.
  std::uint64_t checks_answered = 0, checks_confirmed = 0;
  std::map<MediaDrop, std::uint64_t> dropped; // RTP and RTCP
  std::uint64_t dropped_for(MediaDrop why) const;
};

class MediaSession final : public net::Node {
 public:
  MediaSession(net::Network& network, MediaOptions options = {});
  ~MediaSession() override;

  // Opens an even port and the next one. `port` 0: any; otherwise exactly that one (must be even).
  Result<void> open(const IpAddress& address, std::uint16_t port = 0);
  std::uint16_t rtp_port() const; // 0 before open()
  Endpoint local_rtp() const;

  void set_remote(const Endpoint& rtp, const Endpoint& rtcp);
  // Keys are on offer: what comes before secure() or plain() is dropped instead of being taken for plain RTP.
  void await_keys();
  // Both directions from now on. Streams go on with their rollover counters, under new keys as well (RFC 3711
  // §3.3.1). Packets under the key before are taken as long as they belong in front of the first under the
  // new one.
  Result<void> secure(const rtp::SrtpContext& local, const rtp::SrtpContext& remote);
  void plain();
  // Keys by DTLS-SRTP: until the handshake is done nothing is sent or taken, or what there was before goes on
  // under its keys. The same agreement as before leaves the association as it is. RTCP has an association of
  // its own unless it goes over RTP's port (RFC 5761). Fails when the plan cannot be used.
  Result<void> secure_by_dtls(DtlsPlan plan);
  const DtlsStatus* dtls() const; // null: keys come from elsewhere, or there are none
  // Called when the handshake has succeeded or failed.
  std::function<void()> on_dtls;
  bool secured() const;

  // Early media (RFC 3960). Forking gives one offer several answers, one for each early dialog; `name` tells
  // them apart. The first of them from which a packet comes that its answer allows is heard, and is sent to;
  // where sources are free, the first that answered is sent to until then. With sdp_only, nothing is sent
  // before a known source was heard. The first answer of a name counts (RFC 3261 §13.2.1). Keys of DTLS-SRTP
  // are secure_by_dtls()'s business, which knows one association.
  void add_fork(const std::string& name, const AgreedMedia& agreed);
  void end_fork(const std::string& name);
  // The one that the call goes on with: its keys and what was heard under them stay in force. Whatever else
  // comes from the others is dropped.
  Result<void> choose_fork(const std::string& name);
  // Both sessions are of one offer: the fork that one of them hears silences the other.
  void share_forks(MediaSession& other);
  const std::string& heard_fork() const; // empty: none yet
  // Which payload types carry sound (0, 8) and events; `further_sounds` may come as well (RFC 3264 §6.1: any
  // format of the answer, at any time).
  void expect_payload_types(std::uint8_t sound, std::optional<std::uint8_t> events,
                            std::vector<std::uint8_t> further_sounds = {});

  // Starts, or changes what is being sent.
  void start(const rtp::Voiceprint& print, std::uint8_t payload_type, Playing playing = Playing::voiceprint);
  void pause(); // no more packets for now; still listens
  void stop();  // no more packets, a last RTCP report with BYE; still listens
  void close(); // sockets too
  bool sending() const;
  // RFC 4733; digits queue up behind each other. Fails for characters that are no keys or without an event
  // payload type.
  Result<void> send_dtmf(std::string_view digits);

  const MediaCounters& counters() const;
  std::uint32_t ssrc() const;
  std::uint32_t rollovers() const; // of the sequence number of what it sends
  // Milliseconds heard of each voiceprint, by number.
  const std::map<unsigned, std::uint64_t>& heard_ms() const;
  std::uint64_t heard_ms(const rtp::Voiceprint& print) const;
  std::uint64_t unrecognised_ms() const; // sound that is none of the voiceprints
  const std::string& dtmf_received() const;
  // From now on `recorder` gets what is heard; none: nothing any more.
  void record_to(std::shared_ptr<SoundRecorder> recorder);
  // Since the start of the session; forgets what was heard and the counters.
  void reset_counters();
  // The keys should be changed (RFC 3711 §9.2): called between two packets.
  std::function<void()> on_keys_worn;
  // Called after each packet that was received or dropped.
  std::function<void()> on_change;

  void on_datagram(net::SocketId, const Endpoint& from, ByteView) override;
  void on_timer(net::TimerId) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::ua
