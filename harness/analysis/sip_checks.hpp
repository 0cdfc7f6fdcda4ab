// What is wrong with SIP messages beyond their descriptions: repetitions, silence, refused offers, and URIs
// that lead later requests away from TLS.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/report.hpp"
#include "analysis/sip_stream.hpp"
#include "base/flat_map.hpp"
#include "sip/message_view.hpp"
#include "sip/uri.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sipvet::analysis {

class SipChecks {
 public:
  explicit SipChecks(FindingList& findings) : findings_(findings) {}

  // `dialog_and_cseq`: a hash of Call-ID and CSeq.
  void on_message(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                  const SipMessageView& facts, std::uint64_t dialog_and_cseq);
  // `end`: time of the last frame. A request that the capture's end overtook is no finding.
  void finish(Instant end);

 private:
  struct Transaction {
    void begin(const SipOrigin& from, frames::Captured at, const SipMessageView& facts);

    SipOrigin origin;
    std::size_t frame = 0;
    Instant last; // when the request, or its final response, was sent last
    std::string first_line;
    std::string call_id;
    std::size_t requests = 1;
    std::size_t responses = 0; // final ones of one status
    int status = 0;
    bool answered = false;
    std::string offer; // lines of it that a refusal may be about, keys left out
    std::string content_type;
    bool offers_mikey = false, offers_sdes = false;
  };
  // A URI that asks for no TLS, sent over TLS.
  struct Leak {
    std::string call_id;
    std::string header;
    std::size_t frame;
  };

  void on_request(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                  const SipMessageView& facts, std::uint64_t key);
  void on_response(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                   const SipMessageView& facts, Transaction& transaction);
  void note_offer(const SipOrigin& origin, const sip::MessageView& message, Transaction& transaction);
  void on_refusal(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                  const Transaction& transaction);
  void check_uris(frames::Captured at, const sip::MessageView& message, const SipMessageView& facts);
  void check_uri(std::string_view header, std::string_view value, frames::Captured at,
                 const SipMessageView& facts);
  void check_astray(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message,
                    const SipMessageView& facts);
  void end(const Transaction& transaction, Instant now);
  bool first_time(std::string what);

  FindingList& findings_;
  void forget(std::uint64_t key, std::uint32_t place);

  std::vector<Transaction> transactions_; // used again and again, with the memory of their texts
  std::vector<std::uint32_t> unused_;     // places in it
  FlatMap<std::uint32_t> open_;           // the others, by a hash of branch, Call-ID and CSeq
  std::deque<std::uint64_t> order_;       // such keys, as they came
  std::map<std::string, Leak> leaks_;     // by user, host and port
  std::set<std::string> told_;            // what was said of a dialog once
  struct Keying {
    bool mikey = false, sdes = false;
  };
  std::map<IpAddress, Keying> keying_of_host_;
};

} // namespace sipvet::analysis
