#include "analysis/tls_handshake.hpp"

#include "base/reader.hpp"
#include "tlswire/certificate_message.hpp"
#include "tlswire/client_hello.hpp"
#include "tlswire/client_key_exchange.hpp"
#include "tlswire/downgrade.hpp"
#include "tlswire/pre_shared_key.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/sslv2_client_hello.hpp"
#include "tlswire/version.hpp"

#include <algorithm>

namespace sipvet::analysis {

namespace extension = tlswire::extension;
using tlswire::HandshakeType;

namespace {

// What a hostile hello lists without end is not kept.
std::vector<std::uint16_t> first_codes(const std::vector<std::uint16_t>& codes) {
  return {codes.begin(),
          codes.begin() + static_cast<std::ptrdiff_t>(std::min(codes.size(), max_hello_codes))};
}

std::vector<std::uint16_t> types_of(const tlswire::Extensions& extensions) {
  std::vector<std::uint16_t> types;
  for (const tlswire::Extension& each : extensions.list)
    if (types.size() < max_hello_codes) types.push_back(each.type);
  return types;
}

} // namespace

MasterInput TlsHandshake::master_input() const {
  MasterInput input;
  input.version = version;
  input.suite = suite;
  input.client_random = client_random;
  input.server_random = server_random;
  input.encrypted_premaster = encrypted_premaster;
  input.psk_identity = psk_identity;
  input.session_hash = session_hash;
  input.leaf_certificate = leaf_certificate;
  input.session_id = session_id;
  input.ticket = ticket;
  input.resumed = resumed();
  return input;
}

Result<void> TlsHandshake::on_message(Side side, const tlswire::HandshakeMessage& message) {
  // RFC 5246 §7.4.1.1: no part of the transcript.
  if (message.type == HandshakeType::hello_request) return {};
  if (!is_tls13()) transcript.add(message.raw);
  switch (message.type) {
  case HandshakeType::client_hello:
    SIPVET_CHECK(on_client_hello(message.body));
    client_hello_raw.clear();
    if (!psk_identities.empty() && early_data_offered) client_hello_raw = to_bytes(message.raw);
    return {};
  case HandshakeType::server_hello:
    return on_server_hello(message.body);
  case HandshakeType::certificate:
    return on_certificate(side, message.body);
  case HandshakeType::server_hello_done:
    server_done = true;
    return {};
  case HandshakeType::client_key_exchange:
    return on_client_key_exchange(message.body);
  default:
    return {};
  }
}

void TlsHandshake::note(const tlswire::ClientHello& hello, bool sslv2) {
  client_hello = {};
  client_hello.sslv2 = sslv2;
  client_hello.version = hello.version;
  client_hello.suites = first_codes(hello.suites);
  client_hello.extensions = types_of(hello.extensions);
  client_hello.versions = {hello.version};
  const auto* versions = hello.extensions.find(extension::supported_versions);
  if (versions == nullptr) return;
  if (auto read = tlswire::parse_supported_versions(versions->body))
    client_hello.versions = first_codes(*read);
}

void TlsHandshake::note(const tlswire::ServerHello& hello) {
  constexpr std::string_view marks[] = {"none", "TLSv1.2", "TLSv1.1"};
  server_hello.downgrade_mark = marks[static_cast<std::size_t>(tlswire::find_downgrade(hello.random))];
  server_hello.compression = hello.compression;
  server_hello.extensions = types_of(hello.extensions);
}

Result<void> TlsHandshake::on_sslv2_hello(ByteView fragment) {
  SIPVET_TRY(const auto hello, tlswire::parse_sslv2_client_hello(fragment));
  const auto as_tls = hello.as_client_hello();
  client_random = to_bytes(as_tls.random);
  transcript.add(fragment);
  has_client_hello = true;
  note(as_tls, true);
  return {};
}

Result<void> TlsHandshake::on_client_hello(ByteView body) {
  SIPVET_TRY(const auto hello, tlswire::parse_client_hello(body));
  if (!retried) note(hello, false);
  client_random = to_bytes(hello.random);
  server_name = hello.server_name();
  early_data_offered = !retried && hello.extensions.has(extension::early_data);
  if (const auto* sent = hello.extensions.find(extension::session_ticket)) ticket = sent->body;
  psk_identities.clear();
  if (const auto* offered = hello.extensions.find(extension::pre_shared_key))
    if (auto offer = tlswire::parse_psk_offer(offered->body))
      for (auto& each : offer->identities) psk_identities.push_back(std::move(each.identity));
  has_client_hello = true;
  return {};
}

Result<void> TlsHandshake::on_server_hello(ByteView body) {
  SIPVET_TRY(const auto hello, tlswire::parse_server_hello(body));
  if (hello.is_hello_retry_request()) { // RFC 8446 §4.1.4: the client says hello again
    if (retried) return fail("a second HelloRetryRequest");
    retried = true;
    has_client_hello = false;
    return {};
  }
  note(hello);
  version = hello.negotiated_version();
  suite_code = hello.suite;
  suite = tlswire::find_suite(hello.suite);
  compression = hello.compression;
  server_random = to_bytes(hello.random);
  session_id = hello.session_id;
  extended_master_secret = hello.extended_master_secret();
  encrypt_then_mac = hello.encrypt_then_mac();
  key_share_chosen = hello.extensions.has(extension::key_share);
  if (const auto* chosen = hello.extensions.find(extension::pre_shared_key)) {
    psk_chosen = true;
    const auto index = tlswire::parse_selected_psk(chosen->body);
    if (index && *index < psk_identities.size()) psk_identity = psk_identities[*index];
  }
  has_server_hello = true;
  if (suite != nullptr && version >= tlswire::ssl3) transcript.choose(version, *suite);
  return {};
}

Result<void> TlsHandshake::on_certificate(Side side, ByteView body) {
  SIPVET_TRY(auto message, tlswire::parse_certificate_message(body, version));
  const bool empty = message.chain_der.empty();
  if (side == Side::client)
    client_certificate = empty ? ClientCertificate::empty : ClientCertificate::given;
  else if (!empty)
    leaf_certificate = std::move(message.chain_der.front());
  return {};
}

Result<void> TlsHandshake::on_client_key_exchange(ByteView body) {
  has_key_exchange = true;
  // RFC 7627 §3: the session hash covers all messages up to and including this one.
  if (extended_master_secret) session_hash = transcript.hash();
  if (suite == nullptr) return {};
  using KeyExchange = tlswire::KeyExchange;
  const bool rsa_psk = suite->exchange == KeyExchange::rsa_psk;
  if (suite->exchange == KeyExchange::psk || rsa_psk) {
    Reader reader(body); // RFC 4279 §2 and §4
    SIPVET_TRY(Reader identity, reader.sub_prefixed16("PSK identity"));
    psk_identity = to_bytes(identity.rest());
    body = reader.rest();
  }
  if (suite->exchange != KeyExchange::rsa && !rsa_psk) return {};
  SIPVET_TRY(const auto encrypted, tlswire::parse_rsa_client_key_exchange(body, version));
  encrypted_premaster = to_bytes(encrypted);
  return {};
}

} // namespace sipvet::analysis
