#include "analysis/tls_secrets.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "crypto/certificate.hpp"
#include "crypto/hash.hpp"

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

namespace label = tlswire::keylog_label;

// The NSS key log format: an RSA line names the premaster by so many octets of its encryption.
constexpr std::size_t rsa_line_octets = 8;

Bytes master_of(const MasterInput& input, ByteView premaster) {
  if (!input.session_hash.empty())
    return tlswire::extended_master_secret(input.version, *input.suite, premaster, input.session_hash);
  return tlswire::master_secret(input.version, *input.suite, premaster, input.client_random,
                                input.server_random);
}

void from_keylogs(const TlsSecrets& secrets, const MasterInput& input, std::vector<MasterCandidate>& to) {
  if (const auto found = secrets.find(label::client_random, input.client_random))
    to.push_back({*found.secret, found.source});
  if (input.resumed) return;
  if (const auto found = secrets.find(label::pms_client_random, input.client_random))
    to.push_back({master_of(input, *found.secret), found.source});
  if (input.encrypted_premaster.size() < rsa_line_octets) return;
  if (const auto found = secrets.find(label::rsa, input.encrypted_premaster.first(rsa_line_octets)))
    to.push_back({master_of(input, *found.secret), found.source});
}

// RFC 4279 §2: both parts with their lengths.
Bytes psk_premaster(ByteView other_secret, ByteView psk) {
  Writer writer;
  writer.u16(static_cast<std::uint16_t>(other_secret.size())).bytes(other_secret);
  writer.u16(static_cast<std::uint16_t>(psk.size())).bytes(psk);
  return writer.take();
}

// Plain PSK: in place of another secret stand as many zeros as the key has octets.
void from_psks(const TlsSecrets& secrets, const MasterInput& input, std::vector<MasterCandidate>& to) {
  if (input.suite->exchange != tlswire::KeyExchange::psk) return;
  if (const auto* psk = secrets.psk(input.psk_identity))
    to.push_back({master_of(input, psk_premaster(Bytes(psk->size()), *psk)), key_source::psk});
}

// Keys that fit the certificate; all of them when the certificate is not there to compare.
void from_rsa_keys(TlsSecrets& secrets, const MasterInput& input, std::vector<MasterCandidate>& to) {
  const auto& leaf = secrets.certificate(input.leaf_certificate);
  for (std::size_t i = 0; i < secrets.rsa_keys().size(); ++i) {
    const auto& key = secrets.rsa_keys()[i].key;
    if (leaf.readable && !leaf.fits[i]) continue;
    if (input.encrypted_premaster.empty()) continue;
    const auto premaster = key.decrypt_pkcs1(input.encrypted_premaster);
    if (!premaster || premaster->size() != tlswire::premaster_octets) continue;
    Reader reader(*premaster);
    const auto read = reader.u16("premaster version");
    const std::optional<std::uint16_t> version = read ? std::optional(*read) : std::nullopt;
    if (input.suite->exchange != tlswire::KeyExchange::rsa_psk) {
      secrets.rsa_uses()[i].opened = true;
      to.push_back({master_of(input, *premaster), key_source::rsa, version});
    } else if (const auto* psk = secrets.psk(input.psk_identity)) {
      secrets.rsa_uses()[i].opened = true;
      to.push_back({master_of(input, psk_premaster(*premaster, *psk)), key_source::rsa, version});
    }
  }
}

void from_sessions(const TlsSecrets& secrets, const MasterInput& input, std::vector<MasterCandidate>& to) {
  for (const auto name : {input.ticket, input.session_id})
    if (const auto* master = name.empty() ? nullptr : secrets.session(name))
      to.push_back({*master, key_source::resumed});
}

} // namespace

Result<void> TlsSecrets::add_line(std::string_view line) {
  SIPVET_CHECK(from_file_.add_line(line));
  ++generation_;
  return {};
}

TlsSecrets::Found TlsSecrets::find(std::string_view label, ByteView id) const {
  if (const auto* secret = keys_.keylog.find(label, id)) return {secret, key_source::keylog};
  if (const auto* secret = from_file_.find(label, id)) return {secret, key_source::dsb};
  return {};
}

const Bytes* TlsSecrets::psk(ByteView identity) const {
  for (const auto& known : keys_.tls_psks)
    if (std::ranges::equal(known.identity, identity)) return &known.key;
  return nullptr;
}

const TlsSecrets::CertificateFacts& TlsSecrets::certificate(ByteView der) {
  auto name = crypto::digest(crypto::Hash::sha256, der);
  if (const auto known = certificates_.find(name); known != certificates_.end()) return known->second;
  if (certificates_.size() >= max_certificates) certificates_.clear();
  auto& facts = certificates_[std::move(name)];
  const auto parsed = crypto::parse_certificate(der);
  if (!parsed) return facts;
  facts.readable = true;
  facts.subject = parsed->subject;
  certificate_seen_ = true;
  for (std::size_t i = 0; i < rsa_keys().size(); ++i) {
    facts.fits.push_back(crypto::is_for_key(*parsed, rsa_keys()[i].key));
    if (facts.fits.back()) rsa_uses_[i].fits_certificate = true;
  }
  return facts;
}

void TlsSecrets::remember_session(ByteView id_or_ticket, ByteView master) {
  if (id_or_ticket.empty()) return;
  if (sessions_.size() >= max_sessions) sessions_.erase(sessions_.begin());
  sessions_[crypto::digest(crypto::Hash::sha256, id_or_ticket)] = to_bytes(master);
  ++generation_;
}

const Bytes* TlsSecrets::session(ByteView id_or_ticket) const {
  const auto found = sessions_.find(crypto::digest(crypto::Hash::sha256, id_or_ticket));
  return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<MasterCandidate> master_candidates(TlsSecrets& secrets, const MasterInput& input) {
  std::vector<MasterCandidate> candidates;
  from_keylogs(secrets, input, candidates);
  if (input.resumed)
    from_sessions(secrets, input, candidates);
  else {
    from_psks(secrets, input, candidates);
    from_rsa_keys(secrets, input, candidates);
  }
  return candidates;
}

} // namespace sipvet::analysis
