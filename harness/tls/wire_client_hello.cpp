// The hellos that a client sends.
#include "tls/wire_client.hpp"

#include "base/endpoint.hpp"
#include "tls/peer_validation.hpp"
#include "tls/wire_schemes.hpp"
#include "tlswire/finished.hpp"
#include "tlswire/hello_retry_request.hpp"
#include "tlswire/key_share.hpp"
#include "tlswire/sslv2_client_hello.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::tls {
namespace {

namespace extension = tlswire::extension;
using tlswire::Extension;

constexpr std::uint16_t fallback_scsv = 0x5600;                 // RFC 7507 §2
constexpr std::uint16_t empty_renegotiation_info_scsv = 0x00ff; // RFC 5746 §3.3
constexpr std::size_t session_id_octets = 32;
constexpr std::uint16_t first_unassigned_extension = 0xfe10; // not in IANA's registry
constexpr std::size_t sslv2_challenge_octets = 32;
constexpr std::uint8_t uncompressed_points[] = {0};
constexpr std::uint8_t psk_modes[] = {tlswire::psk_mode::psk_dhe_ke};

bool is_ephemeral(const tlswire::Suite& suite) { return suite.exchange != tlswire::KeyExchange::rsa; }

} // namespace

std::vector<std::uint16_t> ClientHandshake::offered_suites() const {
  std::vector<std::uint16_t> codes = deviations().extra_suites;
  for (const tlswire::Suite* suite : link_.context->suites()) codes.push_back(suite->code);
  return codes;
}

// The hello's record is of TLS 1.0 whatever it offers: old servers have been known to refuse others (RFC 5246
// appendix E.1).
Verdict ClientHandshake::send_hello() {
  const Deviations& told = deviations();
  server_name_ = told.server_name.empty() ? link_.server_name() : told.server_name;
  if (parse_ip(server_name_)) server_name_.clear(); // RFC 6066 §3: addresses are no server names
  client_hello_ = {};
  const Bytes random = link_.random.bytes(client_hello_.random.size());
  std::ranges::copy(random, client_hello_.random.begin());
  client_hello_.version = std::min(highest(), tlswire::tls1_2);
  if (!told.hello_version.empty()) client_hello_.version = told.hello_version.front();
  if (link_.handshakes_done == 0 && !link_.records.writes_protected())
    link_.records.write_version(told.hello_record_version.empty() ? tlswire::tls1_0
                                                                  : told.hello_record_version.front());
  client_hello_.suites = offered_suites();
  if (told.fallback_scsv) client_hello_.suites.push_back(fallback_scsv);
  if (!told.compression_methods.empty())
    client_hello_.compressions.assign(told.compression_methods.begin(), told.compression_methods.end());
  versions_.clear();
  for (std::uint16_t version = lowest(); version <= highest(); ++version)
    versions_.insert(versions_.begin(), version);
  if (!told.offered_versions.empty()) versions_ = told.offered_versions;
  link_.trace.offers({{versions_.rbegin(), versions_.rend()}, offered_suites()});
  if (link_.config().send_sslv2_hello && link_.handshakes_done == 0) return send_sslv2_hello();
  offer_session();
  add_extensions();
  send_message(tlswire::HandshakeType::client_hello, hello_with_binder());
  link_.records.flush();
  return std::nullopt;
}

// RFC 5246 appendix E.2: no extension and no session is offered; the challenge is the random.
Verdict ClientHandshake::send_sslv2_hello() {
  const Deviations& told = deviations();
  tlswire::Sslv2ClientHello hello;
  hello.version = client_hello_.version;
  for (const std::uint16_t suite : client_hello_.suites) hello.cipher_specs.push_back(suite);
  hello.cipher_specs.push_back(empty_renegotiation_info_scsv);
  const std::size_t octets = told.sslv2_challenge_octets > 0
                                 ? static_cast<std::size_t>(told.sslv2_challenge_octets)
                                 : sslv2_challenge_octets;
  hello.challenge = link_.random.bytes(octets);
  Bytes wire = tlswire::write_sslv2_client_hello(hello);
  if (told.sslv2_odd_cipher_specs) ++wire[6]; // the low octet of cipher_spec_length
  client_hello_ = hello.as_client_hello();
  sslv2_hello_ = true;
  link_.trace.sent("ClientHello in SSLv2 format");
  const ByteView counted = ByteView(wire).subspan(2);
  transcript_.add(counted);
  append(messages_, counted);
  link_.records.write_octets(wire);
  return std::nullopt;
}

void ClientHandshake::offer_session() {
  if (link_.config().allow_resumption && link_.handshakes_done == 0)
    offered_ = link_.context->sessions().find_for(server_name_);
  // Who takes the session up again shows no certificate: the one it began with must do for this peer as well.
  const bool usable = offered_ && is_fresh(*offered_, link_.clock.now()) &&
                      !validate_peer(link_.config(), link_.context->roots(), offered_->peer_chain_der,
                                     link_.peer.identity, link_.clock.now()) &&
                      std::ranges::find(versions_, offered_->version) != versions_.end();
  if (!usable) offered_.reset();
  const Deviations& told = deviations();
  if (offered_ && !told.resume_with_server_name.empty()) server_name_ = told.resume_with_server_name;
  if (offered_ && offered_->version < tlswire::tls1_3)
    client_hello_.session_id =
        offered_->ticket.empty() ? offered_->id : link_.random.bytes(session_id_octets);
  else if (highest() >= tlswire::tls1_3)
    client_hello_.session_id = link_.random.bytes(session_id_octets); // RFC 8446 appendix D.4
}

void ClientHandshake::add_renegotiation_info() {
  const std::string& told = deviations().renegotiation_info;
  if (told == "missing") return;
  Bytes data = link_.client_verify_data;
  if (told == "wrong") data.push_back(0x5a);
  client_hello_.extensions.list.push_back(tlswire::make_renegotiation_info(data));
}

void ClientHandshake::add_extensions() {
  const Config& config = link_.config();
  auto& list = client_hello_.extensions.list;
  list.clear();
  if (!server_name_.empty()) list.push_back(tlswire::make_server_name(server_name_));
  const bool left_out = offered_ && deviations().resume_without_extended_master_secret;
  if (config.extended_master_secret && !left_out) list.push_back({extension::extended_master_secret, {}});
  add_renegotiation_info();
  const bool before_13 = lowest() < tlswire::tls1_3;
  const auto& suites = link_.context->suites();
  if (std::ranges::any_of(suites, [](const auto* suite) { return is_ephemeral(*suite); })) {
    list.push_back(tlswire::make_supported_groups(link_.context->groups()));
    if (before_13) list.push_back(tlswire::make_ec_point_formats(uncompressed_points));
  }
  if (before_13 && config.allow_resumption) {
    const bool has = offered_ && offered_->version < tlswire::tls1_3;
    list.push_back(tlswire::make_session_ticket(has ? ByteView(offered_->ticket) : ByteView()));
  }
  if (before_13 && config.encrypt_then_mac) list.push_back({extension::encrypt_then_mac, {}});
  if (highest() >= tlswire::tls1_2)
    list.push_back(tlswire::make_signature_algorithms(verified_schemes(link_.config().security_level)));
  add_deviant_extensions();
  if (highest() >= tlswire::tls1_3 || !deviations().offered_versions.empty()) add_extensions_13();
}

void ClientHandshake::add_deviant_extensions() {
  auto& list = client_hello_.extensions.list;
  for (int i = 0; i < deviations().unknown_extensions; ++i)
    list.push_back({static_cast<std::uint16_t>(first_unassigned_extension + i), Bytes{1, 2, 3}});
  if (deviations().duplicate_extension && !list.empty()) list.push_back(list.front());
}

// pre_shared_key must be the last of all (RFC 8446 §4.2.11).
void ClientHandshake::add_extensions_13() {
  auto& list = client_hello_.extensions.list;
  list.push_back(tlswire::make_supported_versions(versions_));
  if (highest() < tlswire::tls1_3) return;
  list.push_back(tlswire::make_psk_modes(psk_modes));
  if (!cookie_.empty()) list.push_back(tlswire::make_cookie(cookie_));
  const std::uint16_t group = retry_group_.value_or(link_.context->groups().front());
  if (!ephemeral_ || retry_group_)
    ephemeral_.emplace(crypto::EphemeralKey::make(*group_of(group), link_.random));
  const tlswire::KeyShareEntry share{group, ephemeral_->public_value()};
  list.push_back(tlswire::make_client_key_shares(std::span(&share, 1)));
  psk_offer_.reset();
  const bool usable = offered_ && offered_->version == tlswire::tls1_3 &&
                      (!retry_suite_ || tlswire::find_suite(*retry_suite_)->prf == offered_->suite->prf);
  if (!usable) return;
  const auto age_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(link_.clock.now() - offered_->made).count();
  psk_offer_ = tlswire::PskOffer{{{offered_->ticket, static_cast<std::uint32_t>(age_ms) + offered_->age_add}},
                                 {Bytes(crypto::octets(offered_->suite->prf))}};
  list.push_back(tlswire::make_psk_offer(*psk_offer_));
}

// RFC 8446 §4.2.11.2: the binder proves the key over everything in front of it.
Bytes ClientHandshake::hello_with_binder() const {
  Bytes body = tlswire::write_client_hello(client_hello_);
  if (!psk_offer_) return body;
  Bytes raw;
  tlswire::append_handshake(raw, tlswire::HandshakeType::client_hello, body);
  tlswire::Transcript partial = transcript_;
  if (!partial.chosen()) partial.choose(tlswire::tls1_3, *offered_->suite);
  partial.add(tlswire::without_binders(raw, *psk_offer_));
  const tlswire::KeySchedule13 schedule(*offered_->suite, offered_->secret);
  tlswire::PskOffer offer = *psk_offer_;
  offer.binders.front() = tlswire::finished_verify_data_13(
      *offered_->suite, schedule.binder_key(tlswire::PskKind::resumption), partial.hash());
  if (deviations().bad_psk_binder) offer.binders.front().front() ^= 1;
  tlswire::ClientHello hello = client_hello_;
  hello.extensions.list.back() = tlswire::make_psk_offer(offer);
  return tlswire::write_client_hello(hello);
}

// RFC 8446 §4.1.4: the retry may ask for another group or bring a cookie; anything else stays as it was.
Verdict ClientHandshake::receive_retry(ByteView body) {
  auto hello = tlswire::parse_server_hello(body);
  if (!hello) return fault(alert::decode_error, "the peer's HelloRetryRequest: " + hello.error().what);
  server_hello_ = std::move(*hello);
  if (retried_) return fault(alert::unexpected_message, "the peer sent a second HelloRetryRequest");
  if (auto problem = check_version(server_hello_.negotiated_version())) return problem;
  if (version_ != tlswire::tls1_3)
    return fault(alert::illegal_parameter, "the peer's HelloRetryRequest is not of TLS 1.3");
  if (auto problem = check_echo()) return problem;
  if (auto problem = check_extensions(server_hello_.extensions, places::hello_retry_request)) return problem;
  if (auto problem = check_suite()) return problem;
  retry_suite_ = server_hello_.suite;
  if (const Extension* share = server_hello_.extensions.find(extension::key_share)) {
    const auto group = tlswire::parse_retry_group(share->body);
    if (!group) return fault(alert::decode_error, "the peer's HelloRetryRequest: " + group.error().what);
    const auto& own = link_.context->groups();
    if (std::ranges::find(own, *group) == own.end() || *group == own.front())
      return fault(alert::illegal_parameter,
                   "the peer's HelloRetryRequest asks for a group that was not offered, or was sent");
    retry_group_ = *group;
  }
  if (const Extension* cookie = server_hello_.extensions.find(extension::cookie)) {
    const auto value = tlswire::parse_cookie(cookie->body);
    if (!value) return fault(alert::decode_error, "the peer's HelloRetryRequest: " + value.error().what);
    cookie_ = *value;
  }
  if (!retry_group_ && cookie_.empty())
    return fault(alert::illegal_parameter, "the peer's HelloRetryRequest asks for nothing");
  retried_ = true;
  transcript_.choose(version_, *suite_);
  transcript_.replace_by_message_hash();
  add_extensions();
  return std::nullopt;
}

} // namespace sipvet::tls
