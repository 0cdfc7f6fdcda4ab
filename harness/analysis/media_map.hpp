// Which media the signalling promised where, and under which keys.
#pragma once

#include "base/endpoint.hpp"
#include "keying/dtls_fingerprint.hpp"
#include "rtp/srtp_context.hpp"
#include "sdp/rtpmap.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sipvet::analysis {

// One side of a leg: where it receives, and what it sends with.
struct LegSide {
  Endpoint rtp;
  Endpoint rtcp;
  std::vector<rtp::SrtpKey> keys;       // that the exchange settled on
  std::vector<rtp::SrtpKey> other_keys; // offered besides, or of lines that break the rules
  rtp::SrtpOptions options;             // of `keys`
  // Of its stream, where the key exchange tells it (RFC 3830 §6.1.1).
  std::optional<rtp::SrtpContext::Rollovers> rollovers = {};
  std::optional<std::uint64_t> lifetime_packets; // the shortest of `keys`, where their line states it
  std::vector<keying::Fingerprint> fingerprints; // of the certificate that it presents (RFC 8122)
  std::vector<sdp::Codec> codecs;
  bool sends = true; // sendrecv or sendonly
};

// One media section between two addresses.
struct Leg {
  std::string call_id;
  bool answered = false;
  bool t38 = false;     // a fax, in the clear
  bool secured = false; // once answered; before: the offer allows nothing else
  std::string keying;   // "sdes", "mikey", "dtls"
  std::string suite;    // negotiated, as written
  LegSide offerer;
  LegSide answerer;
  std::size_t frame = 0; // of the answer, or of the offer
  bool ended = false;    // its dialog is over: only packets on their way still belong to it
};

class MediaMap {
 public:
  // Legs are told apart by index, and later ones win over earlier ones with the same addresses.
  std::size_t add(Leg leg);
  void replace(std::size_t index, Leg leg);
  // The dialog is over: its addresses may be used again by another.
  void end(const std::string& call_id);
  const std::deque<Leg>& legs() const { return legs_; }
  // Grows with every change.
  std::size_t version() const { return version_; }

  struct Match {
    const Leg* leg = nullptr;
    bool from_offerer = false; // who sends
    bool both_addresses = false;
    std::size_t index = 0; // of the leg, for replace()
    const LegSide& sender() const { return from_offerer ? leg->offerer : leg->answerer; }
    const LegSide& receiver() const { return from_offerer ? leg->answerer : leg->offerer; }
  };
  // The legs a packet between these addresses can belong to: those of dialogs that go on first; of these both
  // addresses first, then by its destination (RFC 3264 §5.1: the address in a description is where its writer
  // receives), then by its source (symmetric RTP, RFC 4961); of equals the latest first.
  std::vector<Match> find(const Endpoint& source, const Endpoint& destination) const;

 private:
  // Numbers of legs, of which there is one as a rule.
  struct Legs {
    std::uint32_t first;
    std::unique_ptr<std::vector<std::uint32_t>> more;
    bool has(std::uint32_t leg) const;
    void add(std::uint32_t leg, std::size_t most);
    template <typename Visit>
    void for_each(const Visit& visit) const {
      visit(first);
      if (more)
        for (const auto leg : *more) visit(leg);
    }
  };
  void index(std::size_t leg);

  std::deque<Leg> legs_;
  std::unordered_map<Endpoint, Legs> by_endpoint_;
  std::unordered_map<std::size_t, Legs> by_call_; // hash of the Call-ID
  std::size_t version_ = 0;
};

} // namespace sipvet::analysis
