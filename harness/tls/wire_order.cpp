#include "tls/wire_order.hpp"

#include <array>

namespace sipvet::tls {
namespace {

using enum When;
using Type = tlswire::HandshakeType;

constexpr Step full[] = {
    {Move::client_hello, always},
    {Move::server_hello, always},
    {Move::server_certificate, always},
    {Move::server_key_exchange, ephemeral},
    {Move::certificate_request, asked},
    {Move::server_hello_done, always},
    {Move::client_certificate, requested},
    {Move::client_key_exchange, always},
    {Move::client_certificate_verify, given},
    {Move::client_change_cipher_spec, always},
    {Move::client_finished, always},
    {Move::new_session_ticket, ticket_promised},
    {Move::server_change_cipher_spec, always},
    {Move::server_finished, always},
};

constexpr Step resumed[] = {
    {Move::client_hello, always},
    {Move::server_hello, always},
    {Move::new_session_ticket, ticket_promised},
    {Move::server_change_cipher_spec, always},
    {Move::server_finished, always},
    {Move::client_change_cipher_spec, always},
    {Move::client_finished, always},
};

constexpr Step tls13[] = {
    {Move::client_hello, always},
    {Move::hello_retry_request, retried},
    {Move::client_hello_again, retried},
    {Move::server_hello, always},
    {Move::encrypted_extensions, always},
    {Move::certificate_request, asked},
    {Move::server_certificate, not_resumed},
    {Move::server_certificate_verify, not_resumed},
    {Move::server_finished, always},
    {Move::client_certificate, requested},
    {Move::client_certificate_verify, given},
    {Move::client_finished, always},
};

struct MoveInfo {
  Move move;
  Side sender;
  std::optional<Type> type;
};
constexpr std::array<MoveInfo, 18> moves{{
    {Move::client_hello, Side::client, Type::client_hello},
    {Move::hello_retry_request, Side::server, Type::server_hello},
    {Move::client_hello_again, Side::client, Type::client_hello},
    {Move::server_hello, Side::server, Type::server_hello},
    {Move::encrypted_extensions, Side::server, Type::encrypted_extensions},
    {Move::certificate_request, Side::server, Type::certificate_request},
    {Move::server_certificate, Side::server, Type::certificate},
    {Move::server_certificate_verify, Side::server, Type::certificate_verify},
    {Move::server_key_exchange, Side::server, Type::server_key_exchange},
    {Move::server_hello_done, Side::server, Type::server_hello_done},
    {Move::client_certificate, Side::client, Type::certificate},
    {Move::client_key_exchange, Side::client, Type::client_key_exchange},
    {Move::client_certificate_verify, Side::client, Type::certificate_verify},
    {Move::client_change_cipher_spec, Side::client, std::nullopt},
    {Move::client_finished, Side::client, Type::finished},
    {Move::new_session_ticket, Side::server, Type::new_session_ticket},
    {Move::server_change_cipher_spec, Side::server, std::nullopt},
    {Move::server_finished, Side::server, Type::finished},
}};

const MoveInfo& info(Move move) { return moves[static_cast<std::size_t>(move)]; }

} // namespace

std::span<const Step> full_handshake() { return full; }
std::span<const Step> resumed_handshake() { return resumed; }
std::span<const Step> handshake_13() { return tls13; }

Side sender(Move move) { return info(move).sender; }
std::optional<Type> type_of(Move move) { return info(move).type; }

std::string name(Move move) {
  if (move == Move::hello_retry_request) return "HelloRetryRequest";
  const auto type = type_of(move);
  return type ? tlswire::handshake_type_name(*type) : "ChangeCipherSpec";
}

} // namespace sipvet::tls
