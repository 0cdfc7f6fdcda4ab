// Follows DTLS handshakes that key media (RFC 5764): reads what both sides say in the clear, and derives the
// SRTP keys where a key log has the master secret.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/media_map.hpp"
#include "analysis/report.hpp"
#include "analysis/tls_secrets.hpp"
#include "frames/packet.hpp"
#include "frames/tcp_stream.hpp"
#include "keying/media_keys.hpp"
#include "tlswire/dtls_record.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace sipvet::analysis {

class DtlsFollower {
 public:
  DtlsFollower(MediaMap& map, TlsSecrets& secrets, FindingList& findings, Report& report)
      : map_(map), secrets_(secrets), findings_(findings), report_(report) {}

  // False: it is no DTLS.
  bool on_datagram(const frames::Datagram& datagram, frames::Captured at);
  // The keys of handshakes between the addresses of a leg that is settled only now.
  void add_keys(Leg& leg);
  // Looks for secrets that came later than their handshake.
  void look_again();
  // Compares certificates with what the signalling promised, and puts the handshakes into the report.
  void finish();

 private:
  struct Side {
    Endpoint at;
    tlswire::DtlsHandshakeReader reader;
    bool readable = true; // false: a part of a message contradicted the others
    bool certificate_sent = false;
    Bytes certificate; // DER, the leaf; empty: none in it
    bool encrypted = false;
  };
  struct Association {
    std::array<Side, 2> sides;
    std::size_t first_frame = 0;
    std::optional<std::size_t> client; // index of the side that sent a ClientHello
    Bytes client_random, server_random;
    std::vector<std::uint16_t> offered; // protection profiles
    std::optional<std::uint16_t> chosen;
    std::uint16_t version = 0, suite = 0; // of the ServerHello; 0: none came
    std::vector<TlsAlert> alerts;
    std::uint64_t tried_generation = 0;    // of the secrets
    std::optional<keying::MediaKeys> keys; // `local` is the client's
    std::string key_source;

    const Side& client_side() const { return sides[*client]; }
    const Side& server_side() const { return sides[1 - *client]; }
  };
  using Pair = std::pair<Endpoint, Endpoint>; // the lower one first

  // A scan opens one for every datagram; each holds a few KB of certificates.
  static constexpr std::size_t max_associations = 20'000;

  Association* find(const frames::Datagram& datagram, frames::Captured at);
  bool begins_another(const Association& association, const tlswire::DtlsFragment& fragment) const;
  void take_fragment(Association*& association, std::size_t from, const tlswire::DtlsFragment& fragment,
                     frames::Captured at);
  void take_message(Association& association, std::size_t from,
                    const tlswire::DtlsHandshakeReader::Message& message);
  Association& begin(const Pair& pair, frames::Captured at);
  void derive(Association& association);
  void put_into(Leg& leg, const Association& association) const;
  void check(const Association& association, const Leg& leg, const Side& side, const LegSide& promised);
  void report(const Association& association);

  MediaMap& map_;
  TlsSecrets& secrets_;
  FindingList& findings_;
  Report& report_;
  std::deque<Association> associations_;
  std::map<Pair, std::size_t> latest_; // of each pair of addresses
};

} // namespace sipvet::analysis
