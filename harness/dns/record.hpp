// Resource records of the types that finding a SIP server needs (RFC 1035, RFC 2782, RFC 3403, RFC 3596).
#pragma once

#include "base/endpoint.hpp"
#include "dns/name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sipvet::dns {

// Values of RFC 1035 §3.2.2 and of IANA's registry; others are carried as numbers.
enum class Type : std::uint16_t { a = 1, cname = 5, soa = 6, aaaa = 28, srv = 33, naptr = 35 };
std::string name(Type type);                          // "SRV", "TYPE65" (RFC 3597 §5)
std::optional<Type> find_type(std::string_view text); // case ignored

inline constexpr std::uint16_t internet_class = 1;
// RFC 2181 §8.
inline constexpr std::uint32_t max_ttl_s = 0x7fffffff;

struct Alias { // CNAME
  Name target;
  bool operator==(const Alias&) const = default;
};
struct Service { // SRV
  std::uint16_t priority = 0, weight = 0, port = 0;
  Name target; // the root: there is no such service
  bool operator==(const Service&) const = default;
};
struct Pointer { // NAPTR
  std::uint16_t order = 0, preference = 0;
  std::string flags, services, regexp;
  Name replacement;
  bool operator==(const Pointer&) const = default;
};
struct Authority { // SOA; times in seconds
  Name primary, mailbox;
  std::uint32_t serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0;
  bool operator==(const Authority&) const = default;
};
// IpAddress stands for A and AAAA, Bytes for whatever else there is.
using Data = std::variant<IpAddress, Alias, Service, Pointer, Authority, Bytes>;

struct Record {
  Name owner;
  Type type = Type::a;
  std::uint16_t record_class = internet_class;
  std::uint32_t ttl_s = 0;
  Data data;
  bool operator==(const Record&) const = default;
};

// `message` as read_name() wants it.
Result<Record> read_record(Reader& reader, ByteView message);
void write_record(Writer& writer, NameWriter& names, const Record& record);

// Type and data as zone files have them, with a TTL in seconds in front where it is not `ttl_s`: "A
// 192.0.2.1", "60 SRV 10 1 5061 a.example", `NAPTR 10 20 "s" "SIPS+D2T" "" _sips._tcp.example`. Names are
// whole: nothing is added to them.
Result<Record> parse_record(const Name& owner, std::string_view text, std::uint32_t ttl_s);
std::string to_string(const Record& record); // "a.example 60 SRV 10 1 5061 b.example"

} // namespace sipvet::dns
