#include "analysis/dtls_follower.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"
#include "keying/dtls_srtp.hpp"
#include "tlswire/alert.hpp"
#include "tlswire/certificate_message.hpp"
#include "tlswire/dtls_hello.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/suites.hpp"
#include "tlswire/use_srtp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::analysis {
namespace {

using tlswire::HandshakeType;

// A handshake of one sound has a handful; noise must not fill the memory.
constexpr std::size_t max_alerts = 16;

template <typename Random>
Bytes octets_of(const Random& random) {
  return {random.begin(), random.end()};
}

std::optional<tlswire::UseSrtp> use_srtp_of(const tlswire::Extensions& extensions) {
  const auto* extension = extensions.find(tlswire::extension::use_srtp);
  if (extension == nullptr) return std::nullopt;
  auto parsed = tlswire::parse_use_srtp(extension->body);
  return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

bool is_at(const LegSide& side, const Endpoint& endpoint) {
  return side.rtp == endpoint || side.rtcp == endpoint;
}

void add_once(std::vector<rtp::SrtpKey>& to, const rtp::SrtpKey& key) {
  if (std::ranges::find(to, key) == to.end()) to.push_back(key);
}

} // namespace

bool DtlsFollower::on_datagram(const frames::Datagram& datagram, frames::Captured at) {
  if (!tlswire::looks_like_dtls(datagram.payload)) return false;
  const auto records = tlswire::parse_dtls_records(datagram.payload);
  if (!records) return false;
  Association* association = find(datagram, at);
  if (association == nullptr) return true;
  const std::size_t from = association->sides[0].at == datagram.source ? 0 : 1;
  for (const auto& record : *records) {
    if (record.epoch != 0) {
      association->sides[from].encrypted = true;
    } else if (record.type == tlswire::ContentType::handshake) {
      if (const auto fragments = tlswire::parse_dtls_fragments(record.fragment))
        for (const auto& fragment : *fragments) take_fragment(association, from, fragment, at);
    } else if (record.type == tlswire::ContentType::alert) {
      const auto alert = tlswire::parse_alert(record.fragment);
      if (alert && association->alerts.size() < max_alerts)
        association->alerts.push_back({association->client == from, alert->level, alert->description});
    }
  }
  derive(*association);
  return true;
}

DtlsFollower::Association* DtlsFollower::find(const frames::Datagram& datagram, frames::Captured at) {
  const Pair pair = std::minmax(datagram.source, datagram.destination);
  if (const auto found = latest_.find(pair); found != latest_.end()) return &associations_[found->second];
  return associations_.size() < max_associations ? &begin(pair, at) : nullptr;
}

DtlsFollower::Association& DtlsFollower::begin(const Pair& pair, frames::Captured at) {
  latest_[pair] = associations_.size();
  Association& made = associations_.emplace_back();
  made.sides[0].at = pair.first;
  made.sides[1].at = pair.second;
  made.first_frame = at.frame;
  return made;
}

// A ClientHello after a handshake that got further, with another random: RFC 8842 §3.1.
bool DtlsFollower::begins_another(const Association& association,
                                  const tlswire::DtlsFragment& fragment) const {
  if (fragment.type != HandshakeType::client_hello || fragment.message_sequence != 0 ||
      association.version == 0)
    return false;
  const auto hello = tlswire::parse_dtls_client_hello(fragment.part);
  return hello && octets_of(hello->hello.random) != association.client_random;
}

void DtlsFollower::take_fragment(Association*& association, std::size_t from,
                                 const tlswire::DtlsFragment& fragment, frames::Captured at) {
  if (begins_another(*association, fragment)) {
    if (associations_.size() >= max_associations) return;
    association = &begin({association->sides[0].at, association->sides[1].at}, at);
  }
  Side& side = association->sides[from];
  if (!side.readable) return;
  side.readable = side.reader.add(fragment).has_value();
  for (const auto& message : side.reader.take()) take_message(*association, from, message);
}

void DtlsFollower::take_message(Association& association, std::size_t from,
                                const tlswire::DtlsHandshakeReader::Message& message) {
  if (message.type == HandshakeType::client_hello) {
    const auto hello = tlswire::parse_dtls_client_hello(message.body);
    if (!hello) return;
    association.client = from;
    association.client_random = octets_of(hello->hello.random);
    if (const auto use = use_srtp_of(hello->hello.extensions)) association.offered = use->profiles;
  } else if (message.type == HandshakeType::server_hello) {
    const auto hello = tlswire::parse_server_hello(message.body);
    if (!hello) return;
    association.version = hello->version;
    association.suite = hello->suite;
    association.server_random = octets_of(hello->random);
    const auto use = use_srtp_of(hello->extensions);
    if (use && use->profiles.size() == 1) association.chosen = use->profiles.front();
  } else if (message.type == HandshakeType::certificate) {
    const auto chain = tlswire::parse_certificate_message(message.body, 0x0303);
    if (!chain) return;
    association.sides[from].certificate_sent = true;
    if (!chain->chain_der.empty()) association.sides[from].certificate = chain->chain_der.front();
  }
}

void DtlsFollower::derive(Association& association) {
  if (association.keys || !association.client || !association.chosen || association.version == 0) return;
  if (association.tried_generation == secrets_.generation() + 1) return;
  association.tried_generation = secrets_.generation() + 1;
  const auto* suite = tlswire::find_suite(association.suite);
  const auto profile = tlswire::find_srtp_profile(*association.chosen);
  const auto found = secrets_.find(tlswire::keylog_label::client_random, association.client_random);
  if (suite == nullptr || !profile || !found) return;
  Bytes seed = association.client_random;
  append(seed, association.server_random);
  const Bytes exported = tlswire::prf(tlswire::tls_version_of(association.version), *suite, *found.secret,
                                      tlswire::srtp_exporter_label, seed, tlswire::exported_octets(*profile));
  auto keys = keying::keys_of_export(*profile, keying::DtlsRole::client, exported);
  if (!keys) return;
  association.keys = std::move(*keys);
  association.key_source = found.source;
  const Endpoint& client = association.client_side().at;
  const Endpoint& server = association.server_side().at;
  bool known = false;
  for (const auto& match : map_.find(client, server)) {
    if (!match.both_addresses || match.leg->keying != "dtls") continue;
    Leg leg = *match.leg;
    put_into(leg, association);
    map_.replace(match.index, std::move(leg));
    known = true;
  }
  if (known) return;
  // Signalling that was not captured, or not yet.
  Leg leg;
  leg.answered = leg.secured = true;
  leg.keying = "dtls";
  leg.frame = association.first_frame;
  leg.offerer.rtp = leg.offerer.rtcp = client;
  leg.answerer.rtp = leg.answerer.rtcp = server;
  put_into(leg, association);
  map_.add(std::move(leg));
}

void DtlsFollower::put_into(Leg& leg, const Association& association) const {
  if (!association.keys) return;
  const bool offerer_is_client = is_at(leg.offerer, association.client_side().at);
  add_once((offerer_is_client ? leg.offerer : leg.answerer).keys, association.keys->local.first_key());
  add_once((offerer_is_client ? leg.answerer : leg.offerer).keys, association.keys->remote.first_key());
  leg.suite = std::string(rtp::name(association.keys->local.suite()));
}

void DtlsFollower::add_keys(Leg& leg) {
  for (const auto& [mine, theirs] :
       {Pair{leg.offerer.rtp, leg.answerer.rtp}, Pair{leg.offerer.rtcp, leg.answerer.rtcp}}) {
    const auto found = latest_.find(std::minmax(mine, theirs));
    if (found == latest_.end()) continue;
    derive(associations_[found->second]);
    put_into(leg, associations_[found->second]);
  }
}

void DtlsFollower::look_again() {
  for (Association& association : associations_) derive(association);
}

// RFC 5763 §5: who is at the other end of the media is whom the signalling named.
void DtlsFollower::check(const Association& association, const Leg& leg, const Side& side,
                         const LegSide& promised) {
  if (!side.certificate_sent || side.certificate.empty() || promised.fingerprints.empty()) return;
  const auto mismatch = keying::fingerprint_mismatch(promised.fingerprints, side.certificate);
  if (!mismatch) return;
  findings_.note(
      "dtls-fingerprint-mismatch", association.first_frame,
      fmt::format("In the DTLS handshake of {} from {} {}", leg.call_id, to_string(side.at), *mismatch));
}

void DtlsFollower::finish() {
  for (const Association& association : associations_) {
    if (!association.client) continue;
    report(association);
    const std::string between = fmt::format("{} and {}", to_string(association.client_side().at),
                                            to_string(association.server_side().at));
    const bool offered = !association.chosen || std::ranges::find(association.offered, *association.chosen) !=
                                                    association.offered.end();
    if (!offered)
      findings_.note("dtls-profile-not-offered", association.first_frame,
                     fmt::format("The DTLS server between {} chose {}, which the client did not offer",
                                 between, tlswire::srtp_profile_name(*association.chosen)));
    for (const TlsAlert& alert : association.alerts)
      if (alert.level == 2)
        findings_.note(
            "dtls-handshake-failed", association.first_frame,
            fmt::format("The DTLS handshake between {} ended with the alert {}", between, to_string(alert)));
    for (const auto& match : map_.find(association.client_side().at, association.server_side().at)) {
      if (!match.both_addresses || match.leg->call_id.empty()) continue;
      check(association, *match.leg, association.client_side(), match.sender());
      check(association, *match.leg, association.server_side(), match.receiver());
      break; // the latest one
    }
  }
}

void DtlsFollower::report(const Association& association) {
  const auto hash = [](const Bytes& der) {
    return der.empty() ? std::string() : to_hex(crypto::digest(crypto::Hash::sha256, der));
  };
  DtlsHandshake out;
  out.client = association.client_side().at;
  out.server = association.server_side().at;
  out.first_frame = association.first_frame;
  if (association.version != 0) {
    out.version = tlswire::dtls_version_name(association.version);
    out.cipher = tlswire::suite_name(association.suite);
  }
  if (association.chosen) out.profile = tlswire::srtp_profile_name(*association.chosen);
  out.completed = association.sides[0].encrypted && association.sides[1].encrypted;
  out.client_certificate_sha256 = hash(association.client_side().certificate);
  out.server_certificate_sha256 = hash(association.server_side().certificate);
  out.key_source = association.key_source;
  out.alerts = association.alerts;
  report_.dtls.push_back(std::move(out));
}

} // namespace sipvet::analysis
