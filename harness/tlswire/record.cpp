#include "tlswire/record.hpp"

#include "base/writer.hpp"

#include <algorithm>
#include <string>

namespace sipvet::tlswire {
namespace {

constexpr std::size_t sslv2_header_octets = 2;
// Two octets of length, the message type and the version's first octet: enough to tell an SSLv2-format hello.
constexpr std::size_t sslv2_signature_octets = 4;
// Message type, version and three lengths: no hello is shorter.
constexpr std::size_t sslv2_fixed_octets = 9;

bool known_type(std::uint8_t type) { return type >= 20 && type <= 24; }

// RFC 5246 appendix E.2: high bit set, message type 1 (client_hello), version 3.x, or 0.2 for a true SSL 2.0
// client.
bool is_sslv2_hello(ByteView start) {
  return (start[0] & 0x80) != 0 && start[2] == 1 && (start[3] == 3 || start[3] == 0);
}

std::size_t fragment_length(ByteView header) { return static_cast<std::size_t>(header[3] << 8 | header[4]); }

std::string printable(std::uint8_t octet) {
  return octet >= 0x20 && octet < 0x7f ? std::string(", '") + static_cast<char>(octet) + "'" : std::string();
}

} // namespace

bool looks_like_record(ByteView octets) {
  return octets.size() >= record_header_octets && known_type(octets[0]) && octets[1] == 3 && octets[2] <= 4 &&
         fragment_length(octets) > 0 && fragment_length(octets) <= max_ciphertext_octets;
}

void RecordReader::feed(ByteView octets) {
  drop_used();
  // Only when the caller did not ask until nothing was left.
  if (!input_.empty()) {
    append(held_, input_);
    input_ = {};
  }
  input_ = octets;
}

void RecordReader::drop_used() {
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
}

// Moves input behind what is held until that has `wanted` octets, or the input ends.
void RecordReader::hold(std::size_t wanted) {
  const std::size_t missing = wanted > held_.size() ? wanted - held_.size() : 0;
  const std::size_t taken = std::min(missing, input_.size());
  append(held_, input_.first(taken));
  input_ = input_.subspan(taken);
}

// Of the whole record that begins with `start`; nothing when its header is not whole.
Result<std::optional<std::size_t>> RecordReader::next_length(ByteView start) const {
  const std::optional<std::size_t> more;
  if (start.empty()) return more;
  if (offset_ == 0 && (start[0] & 0x80) != 0) {
    if (start.size() < sslv2_signature_octets) return more;
    const std::size_t length = static_cast<std::size_t>((start[0] & 0x7f) << 8 | start[1]);
    if (is_sslv2_hello(start) && length >= sslv2_fixed_octets)
      return std::optional<std::size_t>(sslv2_header_octets + length);
  }
  if (!known_type(start[0]))
    return fail("expected a TLS record, got a first octet of " + std::to_string(start[0]) +
                    printable(start[0]),
                offset_);
  if (start.size() < record_header_octets) return more;
  if (start[1] != 3)
    return fail("expected version 3.x in a TLS record, got " + std::to_string(start[1]), offset_ + 1);
  if (fragment_length(start) > max_ciphertext_octets)
    return fail("expected a TLS record of at most 18432 octets, got " +
                    std::to_string(fragment_length(start)),
                offset_ + 3);
  return std::optional<std::size_t>(record_header_octets + fragment_length(start));
}

Result<std::optional<Record>> RecordReader::next() {
  if (failed_) return *failed_;
  drop_used();
  if (!held_.empty()) hold(record_header_octets);
  auto length = next_length(held_.empty() ? input_ : ByteView(held_));
  if (!length) {
    failed_ = length.error();
    return *failed_;
  }
  ByteView whole;
  if (!*length || held_.size() + input_.size() < **length) {
    hold(held_.size() + input_.size());
    return std::optional<Record>();
  }
  if (held_.empty()) {
    whole = input_.first(**length);
    input_ = input_.subspan(**length);
  } else {
    hold(**length);
    used_ = **length;
    whole = ByteView(held_).first(used_);
  }
  Record record;
  record.stream_offset = offset_;
  record.sslv2_hello = (whole[0] & 0x80) != 0;
  if (record.sslv2_hello) {
    record.version = static_cast<std::uint16_t>(whole[3] << 8 | whole[4]);
    record.fragment = whole.subspan(sslv2_header_octets);
  } else {
    record.type = static_cast<ContentType>(whole[0]);
    record.version = static_cast<std::uint16_t>(whole[1] << 8 | whole[2]);
    record.fragment = whole.subspan(record_header_octets);
  }
  offset_ += whole.size();
  return std::optional<Record>(record);
}

Bytes RecordReader::unread() const {
  Bytes out = to_bytes(ByteView(held_).subspan(used_));
  append(out, input_);
  return out;
}

void append_record(Bytes& to, ContentType type, std::uint16_t version, ByteView fragment) {
  Writer writer;
  writer.u8(static_cast<std::uint8_t>(type)).u16(version).u16(static_cast<std::uint16_t>(fragment.size()));
  append(to, writer.view());
  append(to, fragment);
}

} // namespace sipvet::tlswire
