#include "mikey/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sipvet::mikey {

namespace {

using Parse = Result<Payload> (*)(Reader&);

template <auto parse>
Result<Payload> as_payload(Reader& reader) {
  auto parsed = parse(reader);
  if (!parsed) return parsed.error();
  return Payload(std::move(*parsed));
}

struct Row {
  PayloadType type;
  Parse parse;
};

constexpr Row rows[] = {
    {PayloadType::kemac, as_payload<parse_kemac>},
    {PayloadType::pke, as_payload<parse_pke>},
    {PayloadType::dh, as_payload<parse_dh>},
    {PayloadType::sign, as_payload<parse_sign>},
    {PayloadType::timestamp, as_payload<parse_timestamp>},
    {PayloadType::id, as_payload<parse_id>},
    {PayloadType::certificate, as_payload<parse_certificate>},
    {PayloadType::certificate_hash, as_payload<parse_certificate_hash>},
    {PayloadType::verification, as_payload<parse_verification>},
    {PayloadType::security_policy, as_payload<parse_security_policy>},
    {PayloadType::rand, as_payload<parse_rand>},
    {PayloadType::error, as_payload<parse_error>},
    {PayloadType::general_extension, as_payload<parse_general_extension>},
};

Result<Payload> parse_payload(Reader& reader, PayloadType type) {
  const auto* const row = std::ranges::find(rows, type, &Row::type);
  if (row != std::end(rows)) return row->parse(reader);
  return fail(fmt::format("{} is not known at the top level of a message", to_string(type)), reader.offset());
}

} // namespace

PayloadType type_of(const Payload& payload) {
  return std::visit([](const auto& content) { return std::decay_t<decltype(content)>::type; }, payload);
}

Result<Message> parse_message(ByteView octets) {
  if (octets.size() > max_message_octets)
    return fail(
        fmt::format("MIKEY message has {} octets, expected at most {}", octets.size(), max_message_octets));
  Reader reader(octets);
  SIPVET_TRY(ParsedHeader header, parse_header(reader));
  Message out{std::move(header.header), {}};
  PayloadType next = header.next;
  while (next != PayloadType::last) {
    if (out.payloads.size() == max_payloads)
      return fail(fmt::format("more than {} payloads", max_payloads), reader.offset());
    const PayloadType type = next;
    next = PayloadType::last;
    if (type != PayloadType::sign) {
      SIPVET_TRY(const std::uint8_t number, reader.u8(fmt::format("next payload after {}", to_string(type))));
      next = static_cast<PayloadType>(number);
    }
    SIPVET_TRY(Payload payload, parse_payload(reader, type));
    out.payloads.push_back(std::move(payload));
  }
  SIPVET_CHECK(reader.expect_end("MIKEY message"));
  return out;
}

Bytes write_message(const Message& message) {
  Writer writer;
  const auto type_at = [&](std::size_t i) {
    return i < message.payloads.size() ? type_of(message.payloads[i]) : PayloadType::last;
  };
  write(writer, message.header, type_at(0));
  for (std::size_t i = 0; i < message.payloads.size(); ++i) {
    if (type_at(i) != PayloadType::sign) writer.u8(static_cast<std::uint8_t>(type_at(i + 1)));
    std::visit([&](const auto& content) { write(writer, content); }, message.payloads[i]);
  }
  return writer.take();
}

} // namespace sipvet::mikey
