// Reads what the packets of a capture carry, once TCP and TLS are taken off: SIP, keys, media.
#pragma once

#include "analysis/content_sink.hpp"
#include "analysis/dtls_follower.hpp"
#include "analysis/finding_list.hpp"
#include "analysis/inspect.hpp"
#include "analysis/media_follower.hpp"
#include "analysis/mikey_follower.hpp"
#include "analysis/offer_answer.hpp"
#include "analysis/plaintext.hpp"
#include "analysis/sip_follower.hpp"
#include "analysis/t38_follower.hpp"
#include "analysis/turn.hpp"

namespace sipvet::analysis {

// Of the report it touches, before finish(), only what none of the reader of packets does: `sip`, media,
// keys.
class ContentReader final : public ContentSink {
 public:
  ContentReader(Report& report, const Keys& keys, const Options& options);

  void on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) override {
    sip_.on_sip(origin, at, message);
  }
  void on_turn(const SipOrigin& origin, frames::Captured at, ByteView message) override {
    sip_.on_turn(origin, at, message);
  }
  void on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) override {
    sip_.on_framing_lost(origin, at, error);
  }
  void on_plaintext(const SipOrigin& from, ByteView octets, frames::Captured at) override {
    plaintext_.feed(from, octets, at);
  }
  void on_plaintext_gap(const SipOrigin& from, frames::Captured at) override { plaintext_.gap(from, at); }
  void on_plaintext_end(std::size_t connection) override { plaintext_.end(connection); }
  void on_datagram(const frames::Datagram& datagram, frames::Captured at) override;
  void on_secret(std::string_view line) override;

  // `last`: time of the last frame. All connections ended; the rest of the report is there.
  void finish(Instant last);
  FindingList& findings() { return findings_; }
  bool used_srtp_key(std::size_t index) const { return media_context_.supplied_used[index]; }

 private:
  void on_turn_message(const frames::Datagram& message, frames::Captured at);

  Report& report_;
  FindingList findings_;
  TlsSecrets secrets_; // for DTLS
  MediaMap map_;
  MikeyFollower mikey_;
  DtlsFollower dtls_;
  OfferAnswer offers_;
  SipFollower sip_;
  PlaintextStreams plaintext_;
  MediaContext media_context_;
  MediaFollower media_;
  T38Follower t38_;
  TurnFollower turn_;
};

} // namespace sipvet::analysis
