#include "tlswire/handshake_reader.hpp"

#include "base/writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sipvet::tlswire {
namespace {

constexpr std::array<std::pair<HandshakeType, const char*>, 17> names{{
    {HandshakeType::hello_request, "HelloRequest"},
    {HandshakeType::client_hello, "ClientHello"},
    {HandshakeType::server_hello, "ServerHello"},
    {HandshakeType::hello_verify_request, "HelloVerifyRequest"},
    {HandshakeType::new_session_ticket, "NewSessionTicket"},
    {HandshakeType::end_of_early_data, "EndOfEarlyData"},
    {HandshakeType::encrypted_extensions, "EncryptedExtensions"},
    {HandshakeType::certificate, "Certificate"},
    {HandshakeType::server_key_exchange, "ServerKeyExchange"},
    {HandshakeType::certificate_request, "CertificateRequest"},
    {HandshakeType::server_hello_done, "ServerHelloDone"},
    {HandshakeType::certificate_verify, "CertificateVerify"},
    {HandshakeType::client_key_exchange, "ClientKeyExchange"},
    {HandshakeType::finished, "Finished"},
    {HandshakeType::certificate_status, "CertificateStatus"},
    {HandshakeType::key_update, "KeyUpdate"},
    {HandshakeType::message_hash, "message_hash"},
}};

} // namespace

std::optional<HandshakeType> find_handshake_type(std::string_view name) {
  for (const auto& [type, known] : names) {
    if (known == name) return type;
  }
  return std::nullopt;
}

std::string handshake_type_name(HandshakeType type) {
  for (const auto& [known, name] : names) {
    if (known == type) return name;
  }
  return "handshake message " + std::to_string(static_cast<unsigned>(type));
}

void HandshakeReader::feed(ByteView fragment) {
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  append(held_, fragment);
}

Result<std::optional<HandshakeMessage>> HandshakeReader::next() {
  const ByteView left = ByteView(held_).subspan(used_);
  if (left.size() < handshake_header_octets) return std::optional<HandshakeMessage>();
  const std::size_t length = static_cast<std::size_t>(left[1] << 16 | left[2] << 8 | left[3]);
  if (length > max_handshake_octets)
    return fail("expected a handshake message of at most " + std::to_string(max_handshake_octets) +
                " octets, got " + std::to_string(length));
  if (left.size() < handshake_header_octets + length) return std::optional<HandshakeMessage>();
  HandshakeMessage message;
  message.type = static_cast<HandshakeType>(left[0]);
  message.raw = left.first(handshake_header_octets + length);
  message.body = message.raw.subspan(handshake_header_octets);
  used_ += message.raw.size();
  return std::optional<HandshakeMessage>(message);
}

void append_handshake(Bytes& to, HandshakeType type, ByteView body) {
  Writer writer;
  writer.u8(static_cast<std::uint8_t>(type)).u24(static_cast<std::uint32_t>(body.size()));
  append(to, writer.view());
  append(to, body);
}

} // namespace sipvet::tlswire
