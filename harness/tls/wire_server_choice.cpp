// What a server makes of a ClientHello: version, suite, group and session.
#include "tls/wire_server.hpp"

#include "tls/wire_schemes.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

namespace extension = tlswire::extension;
using tlswire::Extension;
using tlswire::HandshakeMessage;
using tlswire::KeyExchange;

constexpr std::uint16_t fallback_scsv = 0x5600;                 // RFC 7507 §2
constexpr std::uint16_t empty_renegotiation_info_scsv = 0x00ff; // RFC 5746 §3.3

bool knows_extension(std::uint16_t type) { return !tlswire::extension_name(type).starts_with("0x"); }

bool knows_suite(std::uint16_t code) {
  return code == fallback_scsv || code == empty_renegotiation_info_scsv ||
         tlswire::find_suite(code) != nullptr;
}

} // namespace

Verdict ServerHandshake::receive_hello(const HandshakeMessage& message) {
  if (auto problem = read_hello(message.body)) return problem;
  if (auto problem = check_hello()) return problem;
  if (auto problem = choose_version()) return problem;
  if (auto problem = choose_suite()) return problem;
  link_.records.write_version(std::min(version_, tlswire::tls1_2));
  link_.records.expect_version(version_);
  transcript_.choose(version_, *suite_);
  asks_ = link_.config().verify != Verify::none;
  return is_13() ? take_hello_13(message) : take_hello_12();
}

Verdict ServerHandshake::read_hello(ByteView body) {
  auto hello = tlswire::parse_client_hello(body);
  if (!hello) return fault(alert::decode_error, "the peer's ClientHello: " + hello.error().what);
  client_hello_ = std::move(*hello);
  server_name_ = client_hello_.server_name();
  link_.trace.note_client_hello(body, false);
  link_.trace.offers(offer_of(link_.config(), [&] {
    std::vector<std::uint16_t> codes;
    for (const auto* suite : link_.context->suites()) codes.push_back(suite->code);
    return codes;
  }()));
  if (const Extension* groups = client_hello_.extensions.find(extension::supported_groups)) {
    auto list = tlswire::parse_supported_groups(groups->body);
    if (!list) return fault(alert::decode_error, "the peer's supported_groups: " + list.error().what);
    client_groups_ = std::move(*list);
  }
  if (const Extension* schemes = client_hello_.extensions.find(extension::signature_algorithms)) {
    auto list = tlswire::parse_signature_algorithms(schemes->body);
    if (!list) return fault(alert::decode_error, "the peer's signature_algorithms: " + list.error().what);
    peer_schemes_ = std::move(*list);
  }
  return std::nullopt;
}

Verdict ServerHandshake::check_hello() {
  const Deviations& told = deviations();
  if (client_hello_.extensions.has_duplicate() && !told.ignore_duplicate_extensions)
    return fault(alert::illegal_parameter, "the client sent one extension twice");
  // RFC 5246 §7.4.1.2: null must be among them; TLS 1.3 takes nothing else (RFC 8446 §4.1.2).
  const Bytes& methods = client_hello_.compressions;
  if (std::ranges::find(methods, 0) == methods.end() && !told.accept_compression)
    return fault(methods.empty() ? alert::decode_error : alert::illegal_parameter,
                 "the client does not offer null compression");
  if (told.unknown_suite_intolerant && !std::ranges::all_of(client_hello_.suites, knows_suite))
    return fault(alert::handshake_failure, "the client offers a cipher suite that is not known");
  if (told.unknown_extension_intolerant &&
      !std::ranges::all_of(client_hello_.extensions.list, knows_extension, &Extension::type))
    return fault(alert::handshake_failure, "the client sent an extension that is not known");
  return check_renegotiation_info();
}

// RFC 5746 §3.6 and §3.7.
Verdict ServerHandshake::check_renegotiation_info() {
  const bool signal = client_hello_.offers(empty_renegotiation_info_scsv);
  const Extension* info = client_hello_.extensions.find(extension::renegotiation_info);
  const bool first = link_.handshakes_done == 0;
  client_renegotiates_securely_ = signal || info != nullptr;
  if (deviations().ignore_renegotiation_info) return std::nullopt;
  if (!first && (signal || info == nullptr))
    return fault(alert::handshake_failure, "the client renegotiates without renegotiation_info");
  if (info == nullptr) return std::nullopt;
  const auto data = tlswire::parse_renegotiation_info(info->body);
  if (!data || *data != link_.client_verify_data)
    return fault(alert::handshake_failure, "the client's renegotiation_info is wrong (RFC 5746)");
  return std::nullopt;
}

Verdict ServerHandshake::choose_version() {
  const Deviations& told = deviations();
  const Extension* list = client_hello_.extensions.find(extension::supported_versions);
  std::uint16_t chosen = 0;
  if (list != nullptr && !told.ignore_supported_versions) {
    const auto offered = tlswire::parse_supported_versions(list->body);
    if (!offered) return fault(alert::decode_error, "the peer's supported_versions: " + offered.error().what);
    for (const std::uint16_t each : *offered) {
      if (each >= lowest() && each <= highest()) chosen = std::max(chosen, each);
    }
  } else {
    const std::uint16_t most = std::min(highest(), tlswire::tls1_2);
    if (told.version_intolerant && client_hello_.version > most)
      return fault(alert::handshake_failure, "the client's version is above what is known");
    chosen = std::min(client_hello_.version, most);
    if (told.accept_any_version || (told.accept_ssl3 && chosen == tlswire::ssl3))
      chosen = std::max(chosen, tlswire::tls1_0);
    else if (chosen < lowest())
      chosen = 0;
  }
  if (chosen == 0) return fault(alert::protocol_version, std::string(no_common_version));
  if (client_hello_.offers(fallback_scsv) && chosen < highest() && !told.ignore_fallback_scsv)
    return fault(alert::inappropriate_fallback,
                 "the client says it fell back to " + tlswire::version_name(chosen) + ", and " +
                     tlswire::version_name(highest()) + " is spoken here (RFC 7507)");
  version_ = chosen;
  return std::nullopt;
}

bool ServerHandshake::key_fits(const tlswire::Suite& suite) const {
  const auto& key = link_.context->key();
  if (!key) return false;
  if (suite.exchange == KeyExchange::any) return choose_scheme(*key, peer_schemes_, version_).has_value();
  if (suite.exchange == KeyExchange::ecdhe_ecdsa) return key->type() != crypto::KeyType::rsa;
  return key->type() == crypto::KeyType::rsa;
}

std::optional<std::uint16_t> ServerHandshake::common_group() const {
  for (const std::uint16_t group : link_.context->groups()) {
    // RFC 8422 §4: a client that names no groups takes any.
    const bool offered =
        client_groups_.empty() || std::ranges::find(client_groups_, group) != client_groups_.end();
    if (offered) return group;
  }
  return std::nullopt;
}

bool ServerHandshake::usable(const tlswire::Suite& suite) const {
  if (suite.is_tls13() != is_13() || version_ < suite.min_version) return false;
  if (!client_hello_.offers(suite.code) || !key_fits(suite)) return false;
  if (suite.exchange == KeyExchange::rsa || is_13()) return true;
  const auto& key = link_.context->key();
  const bool signs =
      version_ < tlswire::tls1_2 || (key && choose_scheme(*key, peer_schemes_, version_).has_value());
  return signs && common_group().has_value();
}

// Our own preference counts, whatever order the client lists.
Verdict ServerHandshake::choose_suite() {
  for (const tlswire::Suite* suite : link_.context->suites()) {
    if (!usable(*suite)) continue;
    suite_ = suite;
    return std::nullopt;
  }
  return fault(alert::handshake_failure, std::string(no_common_suite));
}

Verdict ServerHandshake::take_hello_12() {
  const Config& config = link_.config();
  if (client_renegotiates_securely_) link_.secure_renegotiation = true;
  extended_master_secret_ =
      config.extended_master_secret && client_hello_.extensions.has(extension::extended_master_secret);
  encrypt_then_mac_ = config.encrypt_then_mac && suite_->mode() == tlswire::SuiteMode::cbc &&
                      client_hello_.extensions.has(extension::encrypt_then_mac);
  if (auto problem = find_session()) return problem;
  ticket_promised_ =
      config.allow_resumption && !resumed_ && client_hello_.extensions.has(extension::session_ticket);
  follow(resumed_ ? resumed_handshake() : full_handshake(), Move::client_hello);
  return std::nullopt;
}

bool ServerHandshake::may_resume(const WireSession& session) const {
  if (session.version != version_ || !is_fresh(session, link_.clock.now())) return false;
  // RFC 6066 §3: a session belongs to the name it was made under.
  return session.server_name == server_name_ || deviations().resume_across_server_names;
}

Verdict ServerHandshake::find_session() {
  if (!link_.config().allow_resumption || link_.handshakes_done > 0) return std::nullopt;
  const Extension* ticket = client_hello_.extensions.find(extension::session_ticket);
  const bool by_ticket = ticket != nullptr && !ticket->body.empty();
  const Bytes& key = by_ticket ? ticket->body : client_hello_.session_id;
  if (key.empty()) return std::nullopt;
  const auto session = link_.context->sessions().find(key);
  if (!session || !may_resume(*session)) return std::nullopt;
  const auto& own = link_.context->suites();
  if (!client_hello_.offers(session->suite->code) || std::ranges::find(own, session->suite) == own.end())
    return std::nullopt;
  // RFC 7627 §5.3.
  if (!deviations().ignore_resumed_extended_master_secret) {
    const bool offered = client_hello_.extensions.has(extension::extended_master_secret);
    if (session->extended_master_secret && !offered)
      return fault(alert::handshake_failure,
                   "the client resumes a session with extended master secret and does not offer it");
    if (!session->extended_master_secret && offered) return std::nullopt;
  }
  resumed_ = session;
  suite_ = session->suite;
  transcript_.choose(version_, *suite_);
  master_ = session->secret;
  extended_master_secret_ = session->extended_master_secret;
  encrypt_then_mac_ = encrypt_then_mac_ && suite_->mode() == tlswire::SuiteMode::cbc;
  peer_chain_ = session->peer_chain_der;
  link_.session_key = key;
  return std::nullopt;
}

} // namespace sipvet::tls
