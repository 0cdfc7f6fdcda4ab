#include "analysis/tls_psk.hpp"

#include "crypto/hash.hpp"
#include "tlswire/keylog.hpp"

namespace sipvet::analysis {

namespace label = tlswire::keylog_label;

void PskSecrets::on_server_hello(const TlsSecrets& secrets, const TlsHandshake& handshake) {
  if (!handshake.is_tls13() || handshake.suite == nullptr) return;
  if (!handshake.client_hello_raw.empty()) // RFC 8446 §4.2.10: early data goes with the first identity
    if (const auto* first = secrets.psk(handshake.psk_identities.front()))
      secrets_[label::client_early] =
          tlswire::KeySchedule13(*handshake.suite, *first)
              .client_early_traffic(crypto::digest(handshake.suite->prf, handshake.client_hello_raw));
  if (!handshake.psk_chosen || handshake.key_share_chosen || handshake.retried) return;
  const auto* psk = secrets.psk(handshake.psk_identity);
  if (psk == nullptr) return;
  schedule_.emplace(*handshake.suite, *psk);
  schedule_->set_shared_secret({});
  transcript_ = handshake.transcript;
  secrets_[label::client_handshake] = schedule_->client_handshake_traffic(transcript_.hash());
  secrets_[label::server_handshake] = schedule_->server_handshake_traffic(transcript_.hash());
}

void PskSecrets::on_server_message(const tlswire::HandshakeMessage& message) {
  if (!schedule_) return;
  transcript_.add(message.raw);
  if (message.type != tlswire::HandshakeType::finished) return;
  secrets_[label::client_traffic] = schedule_->client_application_traffic(transcript_.hash());
  secrets_[label::server_traffic] = schedule_->server_application_traffic(transcript_.hash());
  schedule_.reset();
}

const Bytes* PskSecrets::find(std::string_view name) const {
  const auto found = secrets_.find(name);
  return found == secrets_.end() ? nullptr : &found->second;
}

} // namespace sipvet::analysis
