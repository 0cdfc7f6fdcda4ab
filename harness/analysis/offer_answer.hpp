// Pairs session descriptions into offers and answers (RFC 3264) across a captured dialog, and puts what they
// settle on into the media map.
#pragma once

#include "analysis/dtls_follower.hpp"
#include "analysis/finding_list.hpp"
#include "analysis/key_checks.hpp"
#include "analysis/media_map.hpp"
#include "analysis/mikey_follower.hpp"
#include "analysis/report.hpp"
#include "analysis/sip_stream.hpp"
#include "sdp/session.hpp"
#include "sip/message_view.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace sipvet::analysis {

class OfferAnswer {
 public:
  OfferAnswer(MediaMap& map, MikeyFollower& mikey, DtlsFollower& dtls, FindingList& findings)
      : map_(map), mikey_(mikey), dtls_(dtls), findings_(findings) {}

  void on_message(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                  Dialog& dialog);

 private:
  struct Offer {
    std::string text; // read again for each answer: less to hold than what it says
    std::size_t frame = 0;
    bool in_request = true;
    std::vector<std::size_t> legs;    // made for its sections before the answer came
    std::vector<std::size_t> answers; // their hashes: one is often sent twice, in 183 and in 200
    std::map<std::string, std::size_t> first_answers; // hash of what each dialog answered first, by To tag
  };

  void on_offer(const std::string& key, Offer offer, const sdp::Session& session, const SipOrigin& origin,
                Dialog& dialog);
  void on_refusal(const Offer& offer, const sdp::Session& described);
  void on_answer(Offer& offer, const std::string& text, const SipOrigin& origin, std::size_t frame,
                 Dialog& dialog);
  void check_repetition(Offer& offer, const std::string& to_tag, const sdp::Session& answer,
                        std::size_t frame);
  void settle(Offer& offer, const sdp::Session& offered, const sdp::Session& answer, std::size_t section,
              std::size_t frame, Dialog& dialog);
  void end(const std::string& call_id);
  bool first_time(const Dialog& dialog, const std::string& text);

  MediaMap& map_;
  MikeyFollower& mikey_;
  DtlsFollower& dtls_;
  FindingList& findings_;
  KeyLedger ledger_;
  std::map<std::string, Offer> offers_; // by Call-ID, the two addresses, and CSeq
  std::deque<std::string> order_;       // such keys, as they came
  // Hashes of the descriptions and pairs already judged: a proxy's copies bring nothing new.
  // Two generations, of which the older one is forgotten.
  std::unordered_set<std::size_t> seen_, seen_before_;
};

// The session description in a message body, also as one part of several; empty when there is none.
std::string_view session_description(const sip::MessageView& message);

} // namespace sipvet::analysis
