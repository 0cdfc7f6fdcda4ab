// The engine of our own: keys, streams and transforms put together in the order of RFC 3711 §3.3.
#include "srtp/engine.hpp"
#include "srtp/master_keys.hpp"
#include "srtp/packet_index.hpp"

#include "base/reader.hpp"

#include <limits>
#include <string>
#include <unordered_map>

namespace sipvet::srtp {
namespace {

constexpr std::size_t rtp_ssrc_at = 8, rtp_sequence_at = 2, rtcp_ssrc_at = 4;
constexpr std::size_t short_tag_octets = 4;
// Where nothing is authenticated, anybody can make up streams.
constexpr std::size_t max_streams = 4096;

std::uint32_t number_at(ByteView packet, std::size_t at) { return *Reader(packet.subspan(at)).u32("SSRC"); }
std::uint16_t sequence_of(ByteView packet) {
  return *Reader(packet.subspan(rtp_sequence_at)).u16("sequence");
}

// One SSRC (RFC 3711 §3.2.3). A window of SRTCP's indices stands beside that of SRTP's.
struct Stream {
  RolloverCounter rollovers;
  ReplayWindow rtp, rtcp;
  std::uint32_t next_rtcp_index =
      1; // as libsrtp2 has it; RFC 3711 §3.4 would begin with 0, and receivers take both
};

class Streams {
 public:
  explicit Streams(const rtp::SrtpOptions& options) : window_(window_packets(options)) {}

  // Null when there is none yet.
  Stream* known(std::uint32_t ssrc) {
    if (last_ != nullptr && last_ssrc_ == ssrc) return last_;
    const auto found = streams_.find(ssrc);
    if (found == streams_.end()) return nullptr;
    last_ = &found->second;
    last_ssrc_ = ssrc;
    return last_;
  }
  // Made when there is none yet; null when there are too many.
  Stream* find(std::uint32_t ssrc) {
    if (Stream* stream = known(ssrc)) return stream;
    if (streams_.size() >= max_streams) return nullptr;
    return &streams_.emplace(ssrc, fresh({})).first->second;
  }
  void forget(std::uint32_t ssrc) {
    last_ = nullptr;
    streams_.erase(ssrc);
  }
  Result<void> start(std::uint32_t ssrc, std::uint32_t rollovers) {
    Stream* stream = find(ssrc);
    if (stream == nullptr) return fail("too many SSRCs under one key");
    *stream = fresh(RolloverCounter(rollovers));
    return {};
  }

 private:
  Stream fresh(RolloverCounter rollovers) const {
    return {rollovers, ReplayWindow(window_), ReplayWindow(window_)};
  }

  std::size_t window_;
  std::unordered_map<std::uint32_t, Stream> streams_; // elements stay where they are
  Stream* last_ = nullptr;
  std::uint32_t last_ssrc_ = 0;
};

class OwnSender final : public SendEngine {
 public:
  explicit OwnSender(const rtp::SrtpContext& context)
      : keys_(context, crypto::Direction::encrypt), streams_(context.options) {}

  Result<Bytes> protect_rtp(ByteView packet, std::size_t header_octets) override {
    SIPVET_CHECK(find_key());
    Stream* stream = streams_.find(number_at(packet, rtp_ssrc_at));
    if (stream == nullptr) return fail("too many SSRCs under one key");
    const std::uint64_t index = stream->rollovers.index_of(sequence_of(packet));
    if (stream->rtp.place(index) != ReplayWindow::Place::fresh)
      return fail("this packet index was sent before under this key (RFC 3711 §9.1 forbids it)");
    SIPVET_TRY(auto* transform, keys_.transform(key_, Traffic::rtp, index));
    auto secured = transform->protect_rtp(packet, header_octets, index, keys_.mki(key_));
    if (!secured) return fail("the cipher failed");
    stream->rollovers.accept(index);
    stream->rtp.mark(index);
    keys_.count(key_, Traffic::rtp, number_at(packet, rtp_ssrc_at));
    return std::move(*secured);
  }

  Result<Bytes> protect_rtcp(ByteView packet) override {
    SIPVET_CHECK(find_key());
    Stream* stream = streams_.find(number_at(packet, rtcp_ssrc_at));
    if (stream == nullptr) return fail("too many SSRCs under one key");
    const std::uint32_t index = stream->next_rtcp_index;
    if (index > max_rtcp_index) return fail("the SRTCP index is used up (RFC 3711 §9.2)");
    SIPVET_TRY(auto* transform, keys_.transform(key_, Traffic::rtcp, index));
    auto secured = transform->protect_rtcp(packet, index, keys_.mki(key_));
    if (!secured) return fail("the cipher failed");
    ++stream->next_rtcp_index;
    keys_.count(key_, Traffic::rtcp, number_at(packet, rtcp_ssrc_at));
    return std::move(*secured);
  }

  Result<void> rekey(const rtp::SrtpContext& context) override {
    keys_ = MasterKeys(context, crypto::Direction::encrypt);
    key_ = 0;
    return {};
  }

  Result<void> use_key(std::size_t position) override {
    if (position >= keys_.size())
      return fail("expected the number of one of " + std::to_string(keys_.size()) + " keys");
    key_ = position;
    return {};
  }

  Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) override {
    return streams_.start(ssrc, rollovers);
  }

 private:
  static constexpr std::uint32_t max_rtcp_index = 0x7fff'ffff;

  Result<void> find_key() {
    while (keys_.expired(key_)) {
      if (key_ + 1 == keys_.size()) return fail("the key's lifetime is over (RFC 3711 §9.2)");
      ++key_;
    }
    return {};
  }

  MasterKeys keys_;
  Streams streams_;
  std::size_t key_ = 0;
};

class OwnReceiver final : public ReceiveEngine {
 public:
  OwnReceiver(const rtp::SrtpContext& context, ReceiverFaults faults)
      : keys_(context, crypto::Direction::decrypt), streams_(context.options), faults_(faults) {}

  Unprotected unprotect_rtp(ByteView packet, std::size_t header_octets) override {
    const std::size_t tag = keys_.tag_octets(Traffic::rtp);
    if (packet.size() < header_octets + tag + keys_.mki_octets())
      return Dropped{Drop::malformed, "packet is too short for its authentication tag"};
    const auto key = keys_.find(mki_of(packet, keys_.aead() ? 0 : tag));
    if (!key) return unknown_mki();
    const std::uint32_t ssrc = number_at(packet, rtp_ssrc_at);
    const bool known = streams_.known(ssrc) != nullptr;
    Stream* stream = streams_.find(ssrc);
    if (stream == nullptr) return Dropped{Drop::other, "too many SSRCs under one key"};
    const std::uint64_t index = stream->rollovers.index_of(sequence_of(packet));
    auto opened = open({stream->rtp, index, Traffic::rtp, ssrc}, *key, [&](PacketTransform& transform) {
      return transform.unprotect_rtp(packet, header_octets, index, keys_.mki_octets(), faults_.wrong_tags);
    });
    if (opened)
      stream->rollovers.accept(index);
    else if (!known)
      streams_.forget(ssrc); // what is not authentic leaves nothing behind
    return opened;
  }

  Unprotected unprotect_rtcp(ByteView packet) override {
    const std::size_t tag = keys_.tag_octets(Traffic::rtcp);
    auto opened = unprotect_rtcp(packet, tag);
    if (opened || !faults_.short_rtcp_tags || opened.error().why == Drop::replay) return opened;
    return unprotect_rtcp(packet, std::min(tag, short_tag_octets));
  }

  Result<void> rekey(const rtp::SrtpContext& context) override {
    keys_ = MasterKeys(context, crypto::Direction::decrypt);
    return {};
  }

  Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) override {
    return streams_.start(ssrc, rollovers);
  }

 private:
  static Dropped unknown_mki() { return {Drop::unknown_mki, "MKI is not one that was agreed on"}; }

  ByteView mki_of(ByteView packet, std::size_t behind) const {
    return packet.subspan(packet.size() - behind - keys_.mki_octets(), keys_.mki_octets());
  }

  Unprotected unprotect_rtcp(ByteView packet, std::size_t tag) {
    const std::size_t trailer = tag + keys_.mki_octets();
    if (packet.size() < rtcp_header_octets + rtcp_index_octets + trailer)
      return Dropped{Drop::malformed, "packet is too short for its index and tag"};
    const std::size_t behind_word = keys_.aead() ? keys_.mki_octets() : trailer;
    const auto key = keys_.find(mki_of(packet, keys_.aead() ? 0 : tag));
    if (!key) return unknown_mki();
    const std::uint32_t ssrc = number_at(packet, rtcp_ssrc_at);
    const std::uint32_t index =
        number_at(packet, packet.size() - behind_word - rtcp_index_octets) & 0x7fff'ffff;
    const bool known = streams_.known(ssrc) != nullptr;
    Stream* stream = streams_.find(ssrc);
    if (stream == nullptr) return Dropped{Drop::other, "too many SSRCs under one key"};
    auto opened = open({stream->rtcp, index, Traffic::rtcp, ssrc}, *key, [&](PacketTransform& transform) {
      return transform.unprotect_rtcp(packet, keys_.mki_octets(), tag, faults_.wrong_tags);
    });
    if (!opened && !known) streams_.forget(ssrc);
    return opened;
  }

  struct Arrived {
    ReplayWindow& window;
    std::uint64_t index;
    Traffic traffic;
    std::uint32_t ssrc;
  };

  // RFC 3711 §3.3: replay first, then the tag; only an authentic packet changes anything.
  template <typename Work>
  Unprotected open(const Arrived& packet, std::size_t key, Work work) {
    const auto& [window, index, traffic, ssrc] = packet;
    const auto place = window.place(index);
    if (place == ReplayWindow::Place::seen && !faults_.replays)
      return Dropped{Drop::replay, "packet index was seen before"};
    if (place == ReplayWindow::Place::too_old && !faults_.replays)
      return Dropped{Drop::too_old, "packet index is older than the replay window"};
    if (keys_.expired(key)) return Dropped{Drop::key_expired, "the key's lifetime is over (RFC 3711 §9.2)"};
    const auto transform = keys_.transform(key, traffic, index);
    if (!transform) return Dropped{Drop::other, transform.error().what};
    auto plain = work(**transform);
    if (!plain) return Dropped{Drop::authentication, "authentication tag does not match"};
    if (place != ReplayWindow::Place::too_old) window.mark(index);
    keys_.count(key, traffic, ssrc);
    return std::move(*plain);
  }

  MasterKeys keys_;
  Streams streams_;
  ReceiverFaults faults_;
};

} // namespace

Result<std::unique_ptr<SendEngine>> own_sender(const rtp::SrtpContext& context) {
  return std::unique_ptr<SendEngine>(std::make_unique<OwnSender>(context));
}

Result<std::unique_ptr<ReceiveEngine>> own_receiver(const rtp::SrtpContext& context, ReceiverFaults faults) {
  return std::unique_ptr<ReceiveEngine>(std::make_unique<OwnReceiver>(context, faults));
}

} // namespace sipvet::srtp
