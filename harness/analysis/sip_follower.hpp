// Lists the SIP messages of a capture, groups them by Call-ID, and hands their session descriptions on.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/inspect.hpp"
#include "analysis/offer_answer.hpp"
#include "analysis/report.hpp"
#include "analysis/sip_checks.hpp"
#include "analysis/sip_stream.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
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
  // What a dialog listed last: repetitions and a proxy's copies follow soon.
  struct Noted {
    std::array<std::size_t, 8> hashes{};
    std::size_t next = 0;
  };
  struct Known {
    std::uint32_t index = 0;
    bool touched = false;         // since it was the oldest
    std::unique_ptr<Noted> noted; // none: put away
  };
  Known& dialog_of(std::string_view call_id, const sip::MessageView& message, std::size_t frame);
  void put_oldest_away();
  void note_next_hop(const SipOrigin& origin, const sip::MessageView& message);
  void note(Dialog& dialog, Known& known, const SipMessageView& entry);

  Report& report_;
  FindingList& findings_;
  OfferAnswer& offers_;
  const Options& options_;
  SipChecks checks_;
  // By connection: the host that the client's first request names first; nothing before that came.
  std::vector<std::optional<std::string>> next_hops_;
  std::string first_line_;                         // of the message at hand: used again and again
  std::unordered_map<std::size_t, Known> dialogs_; // by the hash of their Call-ID
  std::deque<std::size_t> live_;                   // such hashes: in memory, the oldest first
};

} // namespace sipvet::analysis
