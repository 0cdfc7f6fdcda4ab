#include "dns/record.hpp"

#include "base/hex.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sipvet::dns {

namespace {

struct TypeRow {
  Type type;
  std::string_view name;
};
constexpr std::array<TypeRow, 6> types = {{{Type::a, "A"},
                                           {Type::cname, "CNAME"},
                                           {Type::soa, "SOA"},
                                           {Type::aaaa, "AAAA"},
                                           {Type::srv, "SRV"},
                                           {Type::naptr, "NAPTR"}}};

// RFC 1035 §3.3: one octet of length and as many of text.
Result<std::string> read_string(Reader& reader, std::string_view field) {
  SIPVET_TRY(Reader text, reader.sub_prefixed8(field));
  return std::string(as_text(text.rest()));
}

void write_string(Writer& writer, const std::string& text) {
  const auto prefix = writer.prefixed8();
  writer.bytes(as_bytes(text));
}

Result<Data> read_address(Reader& reader, bool v6) {
  IpAddress address;
  address.v6 = v6;
  SIPVET_TRY(const ByteView octets, reader.bytes(v6 ? 16 : 4, "address"));
  std::copy(octets.begin(), octets.end(), address.octets.begin());
  return Data(address);
}

Result<Data> read_service(Reader& reader, ByteView message) {
  Service out;
  SIPVET_TRY(out.priority, reader.u16("priority"));
  SIPVET_TRY(out.weight, reader.u16("weight"));
  SIPVET_TRY(out.port, reader.u16("port"));
  SIPVET_TRY(out.target, read_name(reader, message));
  return Data(std::move(out));
}

Result<Data> read_pointer(Reader& reader, ByteView message) {
  Pointer out;
  SIPVET_TRY(out.order, reader.u16("order"));
  SIPVET_TRY(out.preference, reader.u16("preference"));
  SIPVET_TRY(out.flags, read_string(reader, "flags"));
  SIPVET_TRY(out.services, read_string(reader, "services"));
  SIPVET_TRY(out.regexp, read_string(reader, "regexp"));
  SIPVET_TRY(out.replacement, read_name(reader, message));
  return Data(std::move(out));
}

Result<Data> read_authority(Reader& reader, ByteView message) {
  Authority out;
  SIPVET_TRY(out.primary, read_name(reader, message));
  SIPVET_TRY(out.mailbox, read_name(reader, message));
  for (std::uint32_t* field : {&out.serial, &out.refresh, &out.retry, &out.expire, &out.minimum}) {
    SIPVET_TRY(*field, reader.u32("time of an SOA record"));
  }
  return Data(std::move(out));
}

Result<Data> read_data(Reader& reader, Type type, ByteView message) {
  switch (type) {
  case Type::a:
  case Type::aaaa:
    return read_address(reader, type == Type::aaaa);
  case Type::cname: {
    SIPVET_TRY(Name target, read_name(reader, message));
    return Data(Alias{std::move(target)});
  }
  case Type::srv:
    return read_service(reader, message);
  case Type::naptr:
    return read_pointer(reader, message);
  case Type::soa:
    return read_authority(reader, message);
  }
  return Data(to_bytes(reader.rest()));
}

struct DataWriter {
  Writer& writer;
  NameWriter& names;

  void operator()(const IpAddress& address) const {
    writer.bytes(ByteView(address.octets).first(address.v6 ? 16 : 4));
  }
  void operator()(const Alias& alias) const { names.write(alias.target); }
  void operator()(const Service& service) const {
    writer.u16(service.priority).u16(service.weight).u16(service.port);
    names.write_whole(service.target);
  }
  void operator()(const Pointer& pointer) const {
    writer.u16(pointer.order).u16(pointer.preference);
    for (const std::string* text : {&pointer.flags, &pointer.services, &pointer.regexp})
      write_string(writer, *text);
    names.write_whole(pointer.replacement);
  }
  void operator()(const Authority& authority) const {
    names.write(authority.primary);
    names.write(authority.mailbox);
    for (const std::uint32_t field :
         {authority.serial, authority.refresh, authority.retry, authority.expire, authority.minimum})
      writer.u32(field);
  }
  void operator()(const Bytes& octets) const { writer.bytes(octets); }
};

// The words of a line; what stands between quotes is one, and may be empty.
Result<std::vector<std::string>> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!(text = trim(text)).empty()) {
    if (text.front() != '"') {
      const std::string_view word = text.substr(0, text.find_first_of(" \t"));
      words.emplace_back(word);
      text.remove_prefix(word.size());
      continue;
    }
    text.remove_prefix(1);
    const auto sides = split_once(text, '"');
    if (!sides) return fail(fmt::format("expected a quote at the end of \"{}", text));
    words.emplace_back(sides->first);
    text = sides->second;
  }
  return words;
}

// Takes the words of a record one by one.
struct Words {
  std::vector<std::string> words;
  std::size_t at = 0;

  Result<std::string> next(std::string_view field) {
    if (at == words.size()) return fail(fmt::format("expected {}, found the end", field));
    return words[at++];
  }
  template <typename Number>
  Result<void> number(Number& field, std::string_view what) {
    SIPVET_TRY(const std::string word, next(what));
    SIPVET_TRY(const std::uint64_t value, parse_decimal(word, std::numeric_limits<Number>::max(), what));
    field = static_cast<Number>(value);
    return {};
  }
  Result<Name> domain(std::string_view what) {
    SIPVET_TRY(const std::string word, next(what));
    return parse_name(word);
  }
};

Result<Data> parse_address(Words& words, bool v6) {
  SIPVET_TRY(const std::string word, words.next("an address"));
  SIPVET_TRY(const IpAddress address, parse_ip(word));
  if (address.v6 != v6) return fail(fmt::format("expected an IPv{} address, found {}", v6 ? 6 : 4, word));
  return Data(address);
}

Result<Data> parse_service(Words& words) {
  Service out;
  SIPVET_CHECK(words.number(out.priority, "a priority"));
  SIPVET_CHECK(words.number(out.weight, "a weight"));
  SIPVET_CHECK(words.number(out.port, "a port"));
  SIPVET_TRY(out.target, words.domain("a target"));
  return Data(std::move(out));
}

Result<Data> parse_pointer(Words& words) {
  Pointer out;
  SIPVET_CHECK(words.number(out.order, "an order"));
  SIPVET_CHECK(words.number(out.preference, "a preference"));
  for (std::string* field : {&out.flags, &out.services, &out.regexp}) {
    SIPVET_TRY(*field, words.next("flags, services and a regular expression"));
    if (field->size() > 255) return fail("expected at most 255 octets, found '" + *field + "'");
  }
  SIPVET_TRY(out.replacement, words.domain("a replacement"));
  return Data(std::move(out));
}

Result<Data> parse_authority(Words& words) {
  Authority out;
  SIPVET_TRY(out.primary, words.domain("a primary server"));
  SIPVET_TRY(out.mailbox, words.domain("a mailbox"));
  for (std::uint32_t* field : {&out.serial, &out.refresh, &out.retry, &out.expire, &out.minimum})
    SIPVET_CHECK(words.number(*field, "the five numbers of an SOA record"));
  return Data(std::move(out));
}

Result<Data> parse_data(Type type, Words& words) {
  switch (type) {
  case Type::a:
  case Type::aaaa:
    return parse_address(words, type == Type::aaaa);
  case Type::cname: {
    SIPVET_TRY(Name target, words.domain("a target"));
    return Data(Alias{std::move(target)});
  }
  case Type::srv:
    return parse_service(words);
  case Type::naptr:
    return parse_pointer(words);
  case Type::soa:
    return parse_authority(words);
  }
  return fail("expected one of A, AAAA, CNAME, SRV, NAPTR, SOA");
}

struct DataText {
  std::string operator()(const IpAddress& address) const { return to_string(address); }
  std::string operator()(const Alias& alias) const { return to_string(alias.target); }
  std::string operator()(const Service& service) const {
    return fmt::format("{} {} {} {}", service.priority, service.weight, service.port,
                       to_string(service.target));
  }
  std::string operator()(const Pointer& pointer) const {
    return fmt::format("{} {} \"{}\" \"{}\" \"{}\" {}", pointer.order, pointer.preference, pointer.flags,
                       pointer.services, pointer.regexp, to_string(pointer.replacement));
  }
  std::string operator()(const Authority& soa) const {
    return fmt::format("{} {} {} {} {} {} {}", to_string(soa.primary), to_string(soa.mailbox), soa.serial,
                       soa.refresh, soa.retry, soa.expire, soa.minimum);
  }
  std::string operator()(const Bytes& octets) const {
    return fmt::format("\\# {} {}", octets.size(), to_hex(octets)); // RFC 3597 §5
  }
};

} // namespace

std::string name(Type type) {
  for (const TypeRow& row : types)
    if (row.type == type) return std::string(row.name);
  return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

std::optional<Type> find_type(std::string_view text) {
  for (const TypeRow& row : types)
    if (iequals(row.name, text)) return row.type;
  return std::nullopt;
}

Result<Record> read_record(Reader& reader, ByteView message) {
  Record out;
  SIPVET_TRY(out.owner, read_name(reader, message));
  SIPVET_TRY(const std::uint16_t type, reader.u16("type"));
  out.type = static_cast<Type>(type);
  SIPVET_TRY(out.record_class, reader.u16("class"));
  SIPVET_TRY(const std::uint32_t ttl_s, reader.u32("TTL"));
  out.ttl_s = ttl_s > max_ttl_s ? 0 : ttl_s;
  SIPVET_TRY(Reader data, reader.sub_prefixed16("data of a record"));
  // Of another class the data may be anything.
  if (out.record_class != internet_class) {
    out.data = to_bytes(data.rest());
    return out;
  }
  SIPVET_TRY(out.data, read_data(data, out.type, message));
  SIPVET_CHECK(data.expect_end("data of a record"));
  return out;
}

void write_record(Writer& writer, NameWriter& names, const Record& record) {
  names.write(record.owner);
  writer.u16(static_cast<std::uint16_t>(record.type)).u16(record.record_class).u32(record.ttl_s);
  const auto length = writer.prefixed16();
  std::visit(DataWriter{writer, names}, record.data);
}

Result<Record> parse_record(const Name& owner, std::string_view text, std::uint32_t ttl_s) {
  Words words;
  SIPVET_TRY(words.words, words_of(text));
  Record out;
  out.owner = owner;
  out.ttl_s = ttl_s;
  const bool has_ttl =
      !words.words.empty() && words.words.front().find_first_not_of("0123456789") == std::string::npos;
  if (has_ttl) {
    SIPVET_CHECK(words.number(out.ttl_s, "a TTL"));
    if (out.ttl_s > max_ttl_s) return fail(fmt::format("expected a TTL of at most {} seconds", max_ttl_s));
  }
  SIPVET_TRY(const std::string word, words.next("the type of a record"));
  const auto type = find_type(word);
  if (!type) return fail("expected one of A, AAAA, CNAME, SRV, NAPTR, SOA, found '" + word + "'");
  out.type = *type;
  SIPVET_TRY(out.data, parse_data(*type, words));
  if (words.at != words.words.size())
    return fail(fmt::format("expected the end of the {} record, found '{}'", word, words.words[words.at]));
  return out;
}

std::string to_string(const Record& record) {
  return fmt::format("{} {} {} {}", to_string(record.owner), record.ttl_s, name(record.type),
                     std::visit(DataText{}, record.data));
}

} // namespace sipvet::dns
