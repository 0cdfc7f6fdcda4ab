#include "dns/message.hpp"

#include <fmt/format.h>

namespace sipvet::dns {

namespace {

// Bits of the second word of the header (RFC 1035 §4.1.1).
constexpr std::uint16_t response_bit = 0x8000, authoritative_bit = 0x0400, truncated_bit = 0x0200,
                        desired_bit = 0x0100, available_bit = 0x0080;
constexpr unsigned opcode_shift = 11;
constexpr std::uint16_t four_bits = 0x000f;

std::uint16_t flags_of(const Message& message) {
  unsigned flags = static_cast<unsigned>(message.opcode & four_bits) << opcode_shift;
  if (message.response) flags |= response_bit;
  if (message.authoritative) flags |= authoritative_bit;
  if (message.truncated) flags |= truncated_bit;
  if (message.recursion_desired) flags |= desired_bit;
  if (message.recursion_available) flags |= available_bit;
  flags |= static_cast<unsigned>(message.code) & four_bits;
  return static_cast<std::uint16_t>(flags);
}

void take_flags(Message& message, std::uint16_t flags) {
  message.response = (flags & response_bit) != 0;
  message.opcode = static_cast<std::uint8_t>(flags >> opcode_shift & four_bits);
  message.authoritative = (flags & authoritative_bit) != 0;
  message.truncated = (flags & truncated_bit) != 0;
  message.recursion_desired = (flags & desired_bit) != 0;
  message.recursion_available = (flags & available_bit) != 0;
  message.code = static_cast<ResponseCode>(flags & four_bits);
}

Result<Question> read_question(Reader& reader, ByteView message) {
  Question out;
  SIPVET_TRY(out.name, read_name(reader, message));
  SIPVET_TRY(const std::uint16_t type, reader.u16("type asked for"));
  out.type = static_cast<Type>(type);
  SIPVET_TRY(out.question_class, reader.u16("class asked for"));
  return out;
}

} // namespace

std::string name(ResponseCode code) {
  constexpr std::string_view names[] = {"no error",     "format error",    "server failure",
                                        "no such name", "not implemented", "refused"};
  const auto number = static_cast<std::size_t>(code);
  return number < std::size(names) ? std::string(names[number]) : fmt::format("response code {}", number);
}

Result<Message> parse_message(ByteView octets) {
  Reader reader(octets);
  Message out;
  SIPVET_TRY(out.id, reader.u16("id"));
  SIPVET_TRY(const std::uint16_t flags, reader.u16("flags"));
  take_flags(out, flags);
  SIPVET_TRY(const std::uint16_t questions, reader.u16("number of questions"));
  SIPVET_TRY(const std::uint16_t answers, reader.u16("number of answers"));
  SIPVET_TRY(const std::uint16_t authorities, reader.u16("number of authorities"));
  SIPVET_TRY(const std::uint16_t additionals, reader.u16("number of additional records"));
  for (unsigned i = 0; i < questions; ++i) {
    SIPVET_TRY(Question question, read_question(reader, octets));
    out.questions.push_back(std::move(question));
  }
  const auto read_section = [&](std::vector<Record>& section, unsigned count) -> Result<void> {
    for (unsigned i = 0; i < count; ++i) {
      SIPVET_TRY(Record record, read_record(reader, octets));
      section.push_back(std::move(record));
    }
    return {};
  };
  SIPVET_CHECK(read_section(out.answers, answers));
  SIPVET_CHECK(read_section(out.authorities, authorities));
  SIPVET_CHECK(read_section(out.additionals, additionals));
  SIPVET_CHECK(reader.expect_end("DNS message"));
  return out;
}

Bytes serialize(const Message& message) {
  Writer writer;
  NameWriter names(writer);
  writer.u16(message.id).u16(flags_of(message)).u16(static_cast<std::uint16_t>(message.questions.size()));
  for (const auto* section : {&message.answers, &message.authorities, &message.additionals})
    writer.u16(static_cast<std::uint16_t>(section->size()));
  for (const Question& question : message.questions) {
    names.write(question.name);
    writer.u16(static_cast<std::uint16_t>(question.type)).u16(question.question_class);
  }
  for (const auto* section : {&message.answers, &message.authorities, &message.additionals})
    for (const Record& record : *section) write_record(writer, names, record);
  return writer.take();
}

} // namespace sipvet::dns
