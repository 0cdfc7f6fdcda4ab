// Lists the SIP messages of a capture, groups them by Call-ID, and hands their session descriptions on.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/inspect.hpp"
#include "analysis/offer_answer.hpp"
#include "analysis/report.hpp"
#include "analysis/sip_checks.hpp"
#include "analysis/sip_stream.hpp"
#include "base/flat_map.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::analysis {

class SipFollower final : public SipSink {
 public:
  SipFollower(Report& report, FindingList& findings, OfferAnswer& offers, const Options& options)
      : report_(report), findings_(findings), offers_(offers), options_(options), checks_(findings) {}

  void on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) override;
  void on_turn(const SipOrigin& origin, frames::Captured at, ByteView message) override {
    if (on_turn_message) on_turn_message({origin.source, origin.destination, message}, at);
  }
  void on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) override;

  // `end`: time of the last frame.
  void finish(Instant end);
  // A datagram that begins with a SIP start line; one that cannot be read becomes a finding.
  void on_datagram(const SipOrigin& origin, frames::Captured at, ByteView payload);

  // Where messages of TURN go, taken for datagrams.
  std::function<void(const frames::Datagram&, frames::Captured)> on_turn_message;

 private:
  static constexpr std::uint32_t not_live = ~std::uint32_t{0};
  // Of a dialog that is in memory: what it listed last, since repetitions and a proxy's copies follow soon.
  struct Live {
    std::array<std::uint64_t, 8> hashes{};
    std::size_t next = 0;
    std::uint64_t key = 0; // in dialogs_
    bool touched = false;  // since it was the oldest
  };
  struct Known {
    std::uint32_t index = 0;
    std::uint32_t live = not_live; // index into live_; none: put away
  };
  Known& dialog_of(std::uint64_t key, const sip::MessageView& message, const SipMessageView& entry);
  void make_live(Known& known, std::uint64_t key);
  void put_oldest_away();
  void note_next_hop(const SipOrigin& origin, const sip::MessageView& message);
  void note(Dialog& dialog, Live& live, const SipMessageView& entry, std::uint64_t cseq_hash);

  Report& report_;
  FindingList& findings_;
  OfferAnswer& offers_;
  const Options& options_;
  SipChecks checks_;
  // By connection: the host that the client's first request names first; nothing before that came.
  std::vector<std::optional<std::string>> next_hops_;
  std::string first_line_; // of the message at hand: used again and again
  FlatMap<Known> dialogs_; // by the hash of their Call-ID
  std::vector<Live> live_;
  std::uint32_t unused_live_ = not_live; // a place in it
  std::deque<std::uint32_t> by_age_;     // the other places, the oldest first
};

} // namespace sipvet::analysis
