// Domain names as DNS messages and zone files write them (RFC 1035 §3.1, §4.1.4, §5.1).
#pragma once

#include "base/bytes.hpp"
#include "base/reader.hpp"
#include "base/result.hpp"
#include "base/writer.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::dns {

inline constexpr std::size_t max_label_octets = 63;
inline constexpr std::size_t max_name_octets = 255; // on the wire, with the root's empty label

// Labels as written; the root has none. A name without regard to case is its key().
struct Name {
  std::vector<std::string> labels;

  std::string key() const; // to_string() in lower case: equal for equal names (RFC 4343)
  bool operator==(const Name& other) const { return key() == other.key(); }
};

// With or without the dot at the end; `\.` and `\DDD` stand for octets that labels hold seldom.
Result<Name> parse_name(std::string_view text);
// Without the dot at the end; "." is the root.
std::string to_string(const Name& name);

// Follows compression pointers, each of which must lead further back than the one before: no loop can be
// built from such. `message` is the whole message, at whose octets `reader` counts its offsets.
Result<Name> read_name(Reader& reader, ByteView message);

// Writes names, those that it has written before as pointers (RFC 1035 §4.1.4).
class NameWriter {
 public:
  explicit NameWriter(Writer& writer) : writer_(writer) {}
  void write(const Name& name);
  // In full: RFC 2782 and RFC 3403 §4.1 want no compression in their records.
  void write_whole(const Name& name);

 private:
  void write_label(const std::string& label);

  Writer& writer_;
  std::map<std::string, std::uint16_t> known_; // by key, where it stands
};

} // namespace sipvet::dns
