// Opens MIKEY messages (RFC 3830) that stand in session descriptions, with the pre-shared keys and RSA keys
// at hand.
#pragma once

#include "analysis/inspect.hpp"
#include "analysis/keys.hpp"
#include "analysis/media_map.hpp"
#include "analysis/report.hpp"
#include "keying/mikey.hpp"
#include "sdp/session.hpp"

#include <map>
#include <string>
#include <vector>

namespace sipvet::analysis {

class MikeyFollower {
 public:
  MikeyFollower(Report& report, const Keys& keys, const Options& options)
      : report_(report), keys_(keys), options_(options) {}

  // The first MIKEY message of a description: session level first (RFC 4567 §3.1), then its sections.
  static std::optional<std::string> find(const sdp::Session& session);

  // What is odd about the message, one sentence each.
  std::vector<std::string> on_offer(const std::string& attribute, std::size_t frame,
                                    const std::string& call_id);
  // The keys of both sides go into the leg: crypto sessions are in the order of the offerer's map, its own
  // stream first (RFC 3830 §6.1.1).
  void on_answer(const std::string& offered, const std::optional<std::string>& answered);
  void add_keys(const std::string& offered, Leg& leg) const;

 private:
  struct Exchange {
    std::size_t report_index = 0;
    std::optional<keying::MikeyOffer> opened;
    Bytes shared_key; // pre-shared, or of the envelope
  };
  void open_psk(ByteView message, Exchange& exchange, MikeyExchange& entry) const;
  void open_public_key(ByteView message, Exchange& exchange, MikeyExchange& entry) const;
  void describe(const Exchange& exchange);

  Report& report_;
  const Keys& keys_;
  const Options& options_;
  std::map<std::string, Exchange> exchanges_; // by the offer's attribute
};

} // namespace sipvet::analysis
