// The inside of MediaSession. Only the media_session*.cpp files include it.
#pragma once

#include "rtp/g711.hpp"
#include "rtp/packet.hpp"
#include "rtp/sequence.hpp"
#include "rtp/stun.hpp"
#include "srtp/packet_index.hpp"
#include "srtp/session.hpp"
#include "ua/dtmf_sender.hpp"
#include "ua/heard_sound.hpp"
#include "ua/media_dtls.hpp"
#include "ua/media_session.hpp"
#include "ua/session_description.hpp"
#include "ua/sound_recorder.hpp"

#include <deque>
#include <utility>

namespace sipvet::ua {

// RFC 3551 table 4: 0 is PCMU, 8 is PCMA.
inline rtp::Law law_of(std::uint8_t payload_type) { return payload_type == 8 ? rtp::Law::a : rtp::Law::mu; }

struct MediaSession::State final : MediaDtlsOwner {
  struct Keys {
    rtp::SrtpContext local, remote;
    srtp::Sender sender;
    srtp::Receiver receiver;
    std::optional<srtp::Sender> sender_before; // for `old_key` only
    std::optional<srtp::Receiver> receiver_before;
    // Extended sequence number of the first packet under `receiver`, while there is one before.
    std::optional<std::uint64_t> changed_at = {};
  };
  // rtp::SequenceUnwrapper begins in cycle 1.
  static constexpr std::uint64_t first_cycle = 1u << 16;
  static constexpr std::size_t late_packets = 64; // how far reordering is reckoned with: RFC 3711 §3.3.2

  State(MediaSession& owner, net::Network& net, MediaOptions chosen)
      : node(owner), network(net), options(std::move(chosen)) {}

  MediaSession& node;
  net::Network& network;
  MediaOptions options;

  net::SocketId rtp_socket = net::SocketId::none, rtcp_socket = net::SocketId::none;
  net::SocketId other_socket = net::SocketId::none; // for `other_source` only
  Endpoint local;
  std::optional<Endpoint> remote_rtp, remote_rtcp;
  bool remote_moved = false; // with the last description
  std::optional<Keys> keys;
  bool awaits_keys = false;

  // One early dialog of a forked INVITE.
  struct Fork {
    std::string name;
    AgreedMedia agreed;
    std::optional<srtp::Receiver> receiver; // of keys that came with the descriptions
  };
  struct ForkChoice { // of one offer, which may have two sessions
    std::string heard, first;
  };
  std::vector<Fork> forks; // as they answered
  std::shared_ptr<ForkChoice> fork_choice = std::make_shared<ForkChoice>();
  bool fork_chosen = false;      // the call was answered by one
  std::string fork_aimed_at;     // whose addresses and keys are in force
  std::optional<Keys> put_aside; // while the fork aimed at has none

  std::unique_ptr<MediaDtls> dtls;
  net::TimerId dtls_timer = net::TimerId::none;
  std::optional<Keys> rtcp_keys; // where RTCP has an association of its own
  // Of the other side's handshake, which may begin before its answer is here (RFC 5763 §6.2).
  std::vector<std::pair<MediaComponent, Bytes>> early_dtls;
  std::optional<rtp::StunTransaction> own_check; // that waits for its answer
  std::uint8_t sound_type = 0;
  std::vector<std::uint8_t> further_sounds;
  std::optional<std::uint8_t> event_type;

  bool sending = false;
  bool reported = false; // an SR went out since start()
  Playing playing = Playing::voiceprint;
  rtp::Voiceprint print;
  net::TimerId timer = net::TimerId::none;
  Instant due;
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 0;
  std::uint32_t rollovers = 0; // of `sequence`
  bool wraps = false;          // with the next packet
  std::uint32_t timestamp = 0;
  std::uint64_t packets_made = 0;       // RTP, each once, whatever becomes of it
  std::uint64_t packets_since_keys = 0; // since the last change of keys
  std::optional<Bytes> held_back;       // goes out behind the next
  bool collided = false;                // on purpose
  std::uint64_t sample = 0;
  std::uint32_t payload_octets_sent = 0;
  DtmfSender dtmf;
  std::deque<Bytes> echo;

  MediaCounters counters;
  HeardSound heard;
  rtp::SequenceUnwrapper sequences;
  srtp::ReplayWindow taken{late_packets}; // of those numbers: what came under any key
  std::optional<std::uint64_t> last_sequence;
  std::optional<std::uint32_t> last_ssrc;
  std::string dtmf_received;
  std::optional<std::uint32_t> last_event_timestamp;
  std::shared_ptr<SoundRecorder> recorder; // none: nothing is recorded

  // media_session_send.cpp
  Bytes sound_payload();
  rtp::Packet next_packet();
  void begin_stream(std::uint32_t with_ssrc);
  void change_ssrc();
  void resolve_collision();
  bool is_late_under_old_key() const;
  std::optional<Bytes> secured(const rtp::Packet& packet); // empty: the engine refuses
  net::SocketId source();
  void transmit(const Bytes& datagram);
  void send_packet();
  void schedule();
  void send_report(bool goodbye);

  // media_session_keys.cpp
  srtp::Engine engine_for(const rtp::SrtpContext& context) const;
  Result<srtp::Receiver> make_receiver(const rtp::SrtpContext& context) const;
  Result<void> secure(const rtp::SrtpContext& to_send, const rtp::SrtpContext& to_receive);
  void change_sender(const rtp::SrtpContext& context, srtp::Sender fresh);
  void change_receiver(const rtp::SrtpContext& context, srtp::Receiver fresh);
  std::uint64_t place_of(const rtp::Packet& packet) const;
  std::uint32_t rollovers_heard() const;
  void note_new_key(const rtp::Packet& packet); // that one under it has come
  srtp::Unprotected open_under_old_key(ByteView datagram, srtp::Dropped dropped);
  srtp::Unprotected open_secured(ByteView datagram);

  // media_session_receive.cpp
  void drop(MediaDrop why) { ++counters.dropped[why]; }
  std::optional<Bytes> open_rtp(ByteView datagram);
  bool is_sound(std::uint8_t payload_type) const;
  bool looks_plain(ByteView datagram) const;
  bool knows_source(const std::optional<Endpoint>& named, const Endpoint& from) const;
  bool is_unwanted(const rtp::Packet& packet) const;
  std::optional<Bytes> open_rtcp(ByteView datagram);
  void receive_rtp(const Endpoint& from, ByteView datagram);
  void take_packet(ByteView plain);
  void receive_rtcp(const Endpoint& from, ByteView datagram);
  void take_sound(const rtp::Packet& packet);
  void take_event(const rtp::Packet& packet);

  // media_session_forks.cpp
  Fork* find_fork(const std::string& name);
  Fork* fork_at(const Endpoint& from, bool rtcp);
  bool early() const { return !forks.empty() && !fork_chosen; }
  std::string fork_to_hear() const;
  bool aim();                      // at the fork that is sent to; false: there is none
  Result<void> aim_at(Fork& fork); // its addresses, formats and keys
  struct Opened {
    Fork* fork = nullptr; // null: none allows it
    Bytes plain;
  };
  Opened open_for_forks(const Endpoint& from, ByteView datagram);
  std::optional<MediaDrop> open_under(Fork& fork, ByteView datagram, Bytes& plain);
  void receive_early(const Endpoint& from, ByteView datagram);
  void receive_early_report(const Endpoint& from, ByteView datagram);

  // media_session_dtls.cpp
  Result<void> begin_dtls(DtlsPlan plan);
  void forget_dtls();
  bool take_check(net::SocketId socket, const Endpoint& from, ByteView datagram);
  void send_checks();
  bool take_dtls(MediaComponent component, const Endpoint& from, ByteView datagram);
  void arm_dtls();
  void send_dtls(MediaComponent component, ByteView datagram) override;
  Result<void> take_keys(MediaComponent component, const keying::MediaKeys& given) override;
  void dtls_changed() override;
  bool multiplexed() const { return dtls && dtls->plan().agreement.rtcp_mux; }
  // Nothing is sent in the clear where keys are to come.
  bool must_wait() const;
  // Those of RTCP; null where there are none, or none yet.
  Keys* keys_of_rtcp();
  bool rtcp_must_wait() const;
};

} // namespace sipvet::ua
