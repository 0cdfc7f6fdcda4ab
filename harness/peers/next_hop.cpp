#include "peers/next_hop.hpp"

#include "peers/setting_row.hpp"

#include <array>

namespace sipvet::peers {

namespace {

using script::Value;

Problems take_domain(Settings& settings, const Value& value) {
  if (!value.is_scalar() || value.text.empty()) return wrong(value, "a domain");
  settings.next_hop.domain = value.text;
  return {};
}

Problems take_port(Settings& settings, const Value& value) {
  const auto port = script::as_integer(value);
  if (!port || *port < 1 || *port > 65535) return wrong(value, "a port from 1 to 65535");
  settings.next_hop.port = static_cast<std::uint16_t>(*port);
  return {};
}

Problems take_transport(Settings& settings, const Value& value) {
  const auto transport = value.is_scalar() ? ua::find_transport(value.text) : std::nullopt;
  if (!transport) return wrong(value, "udp, tcp or tls");
  settings.next_hop.transport = *transport;
  return {};
}

Problems take_encryption(Settings& settings, const Value& value) {
  using keying::OfferShape;
  static constexpr Choice<OfferShape> choices[] = {{"required", OfferShape::srtp_only},
                                                   {"optional", OfferShape::srtp_and_rtp},
                                                   {"none", OfferShape::rtp_only}};
  OfferShape shape{};
  Problems problems = take_choice(shape, value, choices);
  if (problems.empty()) settings.next_hop.encryption = shape;
  return problems;
}

Problems take_flag(bool& field, const Value& value) {
  const auto flag = script::as_boolean(value);
  if (!flag) return wrong(value, "true or false");
  field = *flag;
  return {};
}
Problems take_tcp_beside_tls(Settings& settings, const Value& value) {
  return take_flag(settings.tcp_beside_tls, value);
}
Problems take_listens(Settings& settings, const Value& value) { return take_flag(settings.listens, value); }
Problems take_answers_options(Settings& settings, const Value& value) {
  return take_flag(settings.answers_options, value);
}

constexpr std::array rows = {
    SettingRow{{"tcp-beside-tls", "whether its port for TLS takes plain TCP as well"}, take_tcp_beside_tls},
    SettingRow{{"listens", "whether anybody is at its port from the start; the step listen changes it"},
               take_listens},
    SettingRow{{"answers-options", "whether it answers OPTIONS; false: it is there and says nothing"},
               take_answers_options},
    SettingRow{{"next-hop.domain", "what it thinks the gateway's address is: its certificate must be for it"},
               take_domain},
    SettingRow{{"next-hop.port", "the port at which it calls the gateway; where the gateway has no such port "
                                 "nobody is there"},
               take_port},
    SettingRow{{"next-hop.transport", "how it calls the gateway, where that is not how it listens"},
               take_transport},
    SettingRow{{"next-hop.encryption", "what its calls offer where a step does not say: required, SRTP only; "
                                       "optional, SRTP and RTP; none, RTP only"},
               take_encryption},
};

bool refused(const ConnectionRecord& connection) {
  return connection.failure && connection.failure->cause.find("was refused") != std::string::npos;
}

} // namespace

std::span<const SettingRow> next_hop_setting_rows() { return rows; }

std::string disagreement(int status, const ConnectionRecord* connection) {
  if (status == 488 || status == 606 || status == 415 || status == 406) return "encryption";
  if (status != 0 || connection == nullptr) return {};
  if (refused(*connection)) return "port";
  const auto& failure = connection->failure;
  if (failure && failure->rejection && failure->rejection->kind == tls::PeerRejection::Kind::identity)
    return "address";
  if (failure && failure->rejection) return {}; // a certificate that is wrong otherwise
  // It is there, and does not speak as expected: a handshake that gets no answer in TLS, or SIP that gets
  // none.
  return "transport";
}

} // namespace sipvet::peers
