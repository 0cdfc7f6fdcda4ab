// What a client makes of the ServerHello: whether the server may choose that, and how the handshake goes on.
#include "tls/wire_client.hpp"

#include "tls/wire_schemes.hpp"
#include "tlswire/downgrade.hpp"
#include "tlswire/key_share.hpp"
#include "tlswire/named_groups.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

namespace extension = tlswire::extension;
using tlswire::Extension;

bool fits(const tlswire::Suite& suite, std::uint16_t version) {
  return suite.is_tls13() == (version == tlswire::tls1_3) && version >= suite.min_version;
}

} // namespace

Verdict ClientHandshake::receive_server_hello(ByteView body) {
  auto hello = tlswire::parse_server_hello(body);
  if (!hello) return fault(alert::decode_error, "the peer's ServerHello: " + hello.error().what);
  server_hello_ = std::move(*hello);
  std::uint16_t chosen = server_hello_.negotiated_version();
  if (deviations().ignore_supported_versions) chosen = std::min(server_hello_.version, tlswire::tls1_2);
  const bool selected = server_hello_.extensions.has(extension::supported_versions);
  // RFC 8446 §4.2.1: in that extension a server has only TLS 1.3 to name.
  if (selected && chosen < tlswire::tls1_3 && !deviations().ignore_supported_versions &&
      !deviations().accept_any_version)
    return fault(alert::illegal_parameter, "the server selected " + tlswire::version_name(chosen) +
                                               " in supported_versions, which is for TLS 1.3 and later");
  if (auto problem = check_version(chosen)) return problem;
  if (auto problem = check_suite()) return problem;
  if (retry_suite_ && *retry_suite_ != server_hello_.suite && !deviations().accept_retry_suite_change)
    return fault(alert::illegal_parameter, "the server chose " + tlswire::suite_name(server_hello_.suite) +
                                               " after its " + "HelloRetryRequest had " +
                                               tlswire::suite_name(*retry_suite_));
  if (auto problem = check_echo()) return problem;
  if (auto problem = check_extensions(server_hello_.extensions, places::server_hello)) return problem;
  if (auto problem = check_downgrade()) return problem;
  link_.records.write_version(std::min(version_, tlswire::tls1_2));
  link_.records.expect_version(version_);
  if (!retried_) transcript_.choose(version_, *suite_);
  return is_13() ? take_choice_13() : take_choice_12();
}

// What a ServerHello and a HelloRetryRequest give back (RFC 8446 §4.1.3).
Verdict ClientHandshake::check_echo() {
  if (server_hello_.compression != 0 && !deviations().accept_compression)
    return fault(alert::illegal_parameter, "the server chose compression method " +
                                               std::to_string(server_hello_.compression) +
                                               ", which was not offered");
  if (is_13() && server_hello_.session_id != client_hello_.session_id)
    return fault(alert::illegal_parameter, "the server did not repeat the session id (RFC 8446 §4.1.3)");
  return std::nullopt;
}

Verdict ClientHandshake::check_version(std::uint16_t chosen) {
  const Extension* selected = server_hello_.extensions.find(extension::supported_versions);
  if (selected != nullptr && !tlswire::parse_selected_version(selected->body))
    return fault(alert::decode_error, "the server's supported_versions is not one version");
  if (selected == nullptr && chosen >= tlswire::tls1_3 && !deviations().accept_any_version)
    return fault(alert::protocol_version, "the server chose " + tlswire::version_name(chosen) +
                                              " in the version field, where TLS 1.2 is the last");
  if (version_ != 0 && chosen != version_)
    return fault(alert::illegal_parameter, "the server changed its version after a HelloRetryRequest");
  const bool offered = std::ranges::find(versions_, chosen) != versions_.end();
  if (!offered && !deviations().accept_any_version)
    return fault(alert::protocol_version,
                 "the server chose " + tlswire::version_name(chosen) + ", which was not offered");
  version_ = offered ? chosen : std::clamp(chosen, tlswire::tls1_0, tlswire::tls1_2);
  return std::nullopt;
}

Verdict ClientHandshake::check_suite() {
  const auto& own = link_.context->suites();
  const auto found = std::ranges::find(own, server_hello_.suite, &tlswire::Suite::code);
  suite_ = found != own.end() ? *found : nullptr;
  if (suite_ == nullptr && deviations().accept_unoffered_suite)
    suite_ = tlswire::find_suite(server_hello_.suite);
  if (suite_ == nullptr)
    return fault(alert::illegal_parameter, "the server chose the cipher suite " +
                                               tlswire::suite_name(server_hello_.suite) +
                                               ", which was not offered");
  if (!fits(*suite_, version_))
    return fault(alert::illegal_parameter, "the server chose " + std::string(suite_->name) + " with " +
                                               tlswire::version_name(version_));
  return std::nullopt;
}

// RFC 5246 §7.4.1.4, RFC 8446 §4.2: an answer to something asked, once.
Verdict ClientHandshake::check_extensions(const tlswire::Extensions& extensions,
                                          std::span<const std::uint16_t> places) {
  if (extensions.has_duplicate() && !deviations().ignore_duplicate_extensions)
    return fault(alert::illegal_parameter, "the server sent one extension twice");
  if (deviations().ignore_unsolicited_extensions) return std::nullopt;
  for (const Extension& each : extensions.list) {
    // The signal in the suites asks for it as well (RFC 5746 §3.4); a cookie comes unasked (RFC 8446 §4.2.2).
    const bool belongs = !is_13() || std::ranges::find(places, each.type) != places.end();
    const bool may =
        belongs && (each.type == extension::renegotiation_info || each.type == extension::cookie);
    const std::string sent = "the server sent the extension " + tlswire::extension_name(each.type);
    if (!may && !client_hello_.extensions.has(each.type))
      return fault(alert::unsupported_extension, sent + ", which was not offered");
    if (!belongs) return fault(alert::illegal_parameter, sent + " in a message that has no place for it");
  }
  return std::nullopt;
}

// RFC 8446 §4.1.3.
Verdict ClientHandshake::check_downgrade() const {
  if (deviations().ignore_downgrade_mark || version_ >= highest()) return std::nullopt;
  const tlswire::Downgrade mark = tlswire::find_downgrade(server_hello_.random);
  const bool from_13 = highest() >= tlswire::tls1_3 && mark != tlswire::Downgrade::none;
  const bool from_12 = version_ < tlswire::tls1_2 && mark == tlswire::Downgrade::to_tls11_or_older;
  if (!from_13 && !from_12) return std::nullopt;
  return fault(alert::illegal_parameter, "the server's random says that the handshake was downgraded to " +
                                             tlswire::version_name(version_));
}

// RFC 5746 §3.4 and §3.5.
Verdict ClientHandshake::check_renegotiation_info() {
  if (deviations().ignore_renegotiation_info) return std::nullopt;
  const Extension* info = server_hello_.extensions.find(extension::renegotiation_info);
  if (info == nullptr) {
    if (link_.handshakes_done == 0) return std::nullopt; // a server from before RFC 5746
    return fault(alert::handshake_failure, "the server left renegotiation_info out of a renegotiation");
  }
  Bytes expected = link_.client_verify_data;
  append(expected, link_.server_verify_data);
  const auto data = tlswire::parse_renegotiation_info(info->body);
  if (!data || *data != expected)
    return fault(alert::handshake_failure, "the server's renegotiation_info is wrong (RFC 5746)");
  link_.secure_renegotiation = true;
  return std::nullopt;
}

Verdict ClientHandshake::take_choice_12() {
  if (auto problem = check_renegotiation_info()) return problem;
  extended_master_secret_ = server_hello_.extended_master_secret();
  encrypt_then_mac_ = server_hello_.encrypt_then_mac() && suite_->mode() == tlswire::SuiteMode::cbc;
  ticket_promised_ = server_hello_.extensions.has(extension::session_ticket);
  ephemeral_.reset();
  const bool resumed = offered_ && offered_->version < tlswire::tls1_3 && !client_hello_.session_id.empty() &&
                       server_hello_.session_id == client_hello_.session_id;
  if (resumed) return resume_12();
  follow(full_handshake(), Move::server_hello);
  return std::nullopt;
}

Verdict ClientHandshake::resume_12() {
  if (offered_->suite != suite_ || offered_->version != version_)
    return fault(alert::illegal_parameter, "the server resumes a session with another suite or version");
  // RFC 7627 §5.3.
  if (offered_->extended_master_secret != extended_master_secret_ &&
      !deviations().ignore_resumed_extended_master_secret &&
      !deviations().resume_without_extended_master_secret)
    return fault(alert::handshake_failure,
                 "the server resumes a session whose extended master secret does not match its hello");
  resumed_ = offered_;
  master_ = resumed_->secret;
  extended_master_secret_ = resumed_->extended_master_secret;
  peer_chain_ = resumed_->peer_chain_der;
  keylog("CLIENT_RANDOM", master_);
  follow(resumed_handshake(), Move::server_hello);
  return std::nullopt;
}

Verdict ClientHandshake::take_choice_13() {
  const Extension* share = server_hello_.extensions.find(extension::key_share);
  if (share == nullptr || !ephemeral_) return fault(alert::missing_extension, "the server sent no key_share");
  const auto entry = tlswire::parse_server_key_share(share->body);
  if (!entry) return fault(alert::decode_error, "the server's key_share: " + entry.error().what);
  if (group_of(entry->group) != ephemeral_->group())
    return fault(alert::illegal_parameter, "the server's key_share is of the group " +
                                               tlswire::named_group_name(entry->group) +
                                               ", of which none was sent");
  auto secret = ephemeral_->shared_secret(entry->key);
  if (!secret) return fault(alert::illegal_parameter, "the server's key_share: " + secret.error().what);
  premaster_ = std::move(*secret);
  const Extension* psk = server_hello_.extensions.find(extension::pre_shared_key);
  if (psk == nullptr) return std::nullopt;
  const auto index = tlswire::parse_selected_psk(psk->body);
  if (!index) return fault(alert::decode_error, "the server's pre_shared_key: " + index.error().what);
  const bool known = psk_offer_ && (*index == 0 || deviations().ignore_psk_index);
  if (!known || offered_->suite->prf != suite_->prf)
    return fault(alert::illegal_parameter, "the server selected a pre-shared key that was not offered");
  psk_ = true;
  resumed_ = offered_;
  peer_chain_ = resumed_->peer_chain_der;
  return std::nullopt;
}

} // namespace sipvet::tls
