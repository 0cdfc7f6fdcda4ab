// Lists the SIP messages of a capture, groups them by Call-ID, and hands their session descriptions on.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/inspect.hpp"
#include "analysis/offer_answer.hpp"
#include "analysis/report.hpp"
#include "analysis/sip_stream.hpp"

#include <array>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sipvet::analysis {

class SipFollower final : public SipSink {
 public:
  SipFollower(Report& report, FindingList& findings, OfferAnswer& offers, const Options& options)
      : report_(report), findings_(findings), offers_(offers), options_(options) {}

  void on_sip(const SipOrigin& origin, frames::Captured at, const sip::Message& message) override;
  void on_turn(const SipOrigin& origin, frames::Captured at, ByteView message) override {
    if (on_turn_message) on_turn_message({origin.source, origin.destination, message}, at);
  }
  void on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) override;

  // A datagram that begins with a SIP start line; one that cannot be read becomes a finding.
  void on_datagram(const SipOrigin& origin, frames::Captured at, ByteView payload);

  // Where messages of TURN go, taken for datagrams.
  std::function<void(const frames::Datagram&, frames::Captured)> on_turn_message;

 private:
  Dialog& dialog_of(const std::string& call_id, const sip::Message& message, std::size_t frame);
  void note(Dialog& dialog, const SipMessage& entry);

  Report& report_;
  FindingList& findings_;
  OfferAnswer& offers_;
  const Options& options_;
  std::unordered_map<std::string, std::size_t> dialogs_; // Call-ID to index
  // What a dialog listed last: repetitions and a proxy's copies follow soon.
  struct Noted {
    std::array<std::size_t, 8> hashes{};
    std::size_t next = 0;
  };
  std::vector<Noted> noted_; // of each dialog
};

} // namespace sipvet::analysis
