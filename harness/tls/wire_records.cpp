#include "tls/wire_records.hpp"

#include "base/reader.hpp"
#include "tlswire/version.hpp"

#include <algorithm>
#include <utility>

namespace sipvet::tls {
namespace {

using tlswire::RecordFault;

// RFC 5246 appendix E.2: two octets of length with the highest bit set, then message type 1.
constexpr std::size_t sslv2_header_octets = 2;
constexpr std::size_t max_13_expansion = 256; // RFC 8446 §5.2
constexpr std::uint8_t unassigned_type = 99;
constexpr std::size_t oversized_octets = tlswire::max_ciphertext_octets + 1;

bool is_known(std::uint8_t type) { return type >= 20 && type <= 23; }

Fault unknown_type(std::uint8_t type) {
  return fault(alert::unexpected_message,
               "the peer sent a record of the unknown type " + std::to_string(type));
}

Verdict describe(RecordFault found) {
  switch (found) {
  case RecordFault::none:
    return std::nullopt;
  case RecordFault::too_long:
    return fault(alert::record_overflow, "the peer sent a record of more than 2^14 octets");
  case RecordFault::no_inner_type:
    return fault(alert::unexpected_message, "the peer sent a record that holds padding alone");
  case RecordFault::unexpected_type:
    return fault(alert::unexpected_message, "the peer sent an unprotected record where all are protected");
  default:
    // RFC 5246 §6.2.3.2: one alert for all of them, so that nobody learns which it was.
    return fault(alert::bad_record_mac,
                 "a record from the peer does not decrypt: " + std::string(tlswire::name(found)));
  }
}

} // namespace

// What was used goes away once for each piece that is fed, not once for each record in it.
void WireRecords::feed(ByteView octets) {
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(std::exchange(used_, 0)));
  append(input_, octets);
}

ByteView WireRecords::take(std::size_t octets) {
  const ByteView taken = unread().first(octets);
  used_ += octets;
  read_octets_ += octets;
  return taken;
}

// Of a whole SSLv2-format hello at the very start of the stream; nothing when that is not what begins there.
std::optional<std::size_t> WireRecords::sslv2_length() const {
  const ByteView start = unread();
  if (read_octets_ != 0 || start.size() < 3 || (start[0] & 0x80) == 0 || start[2] != 1) return std::nullopt;
  return sslv2_header_octets + (static_cast<std::size_t>(start[0] & 0x7f) << 8 | start[1]);
}

std::optional<WireRecords::Header> WireRecords::header() const {
  if (unread().size() < tlswire::record_header_octets) return std::nullopt;
  Reader reader(unread());
  Header header;
  header.type = *reader.u8("type");
  header.version = *reader.u16("version");
  header.octets = *reader.u16("length");
  return header;
}

Verdict WireRecords::check(const Header& header) const {
  if (!is_known(header.type) && !deviations_.ignore_unknown_records) return unknown_type(header.type);
  // Who refuses our version says so in a record of its own.
  const bool refusal = header.type == static_cast<std::uint8_t>(ContentType::alert) && !opener_;
  const bool exact = read_version_ != 0 && read_version_ < tlswire::tls1_3 && !refusal;
  if (header.version >> 8 != 3 || (exact && header.version != read_version_))
    return fault(alert::protocol_version,
                 "the peer sent a record of version " + tlswire::version_name(header.version));
  const bool is_13 = read_version_ == tlswire::tls1_3 && opener_;
  const std::size_t most = !opener_ ? tlswire::max_plaintext_octets
                           : is_13  ? tlswire::max_plaintext_octets + max_13_expansion
                                    : tlswire::max_ciphertext_octets;
  if (header.octets > most && !deviations_.ignore_record_size)
    return fault(alert::record_overflow, "the peer sent a record of " + std::to_string(header.octets) +
                                             " octets, above the limit of " + std::to_string(most));
  return std::nullopt;
}

std::optional<OpenRecord> WireRecords::next(Verdict& problem) {
  while (!problem) {
    if (const auto length = sslv2_length()) {
      if (unread().size() < *length) return std::nullopt;
      OpenRecord hello;
      hello.sslv2_hello = true;
      hello.content = to_bytes(take(*length).subspan(sslv2_header_octets));
      return hello;
    }
    const auto found = header();
    if (!found) return std::nullopt;
    problem = check(*found);
    const std::size_t whole = tlswire::record_header_octets + found->octets;
    if (problem || unread().size() < whole) return std::nullopt;
    auto record = open(*found, take(whole).subspan(tlswire::record_header_octets), problem);
    // Those of unknown types are passed over on purpose, and counted.
    if (record && is_known(static_cast<std::uint8_t>(record->type))) return record;
  }
  return std::nullopt;
}

std::optional<OpenRecord> WireRecords::open(const Header& header, ByteView fragment, Verdict& problem) {
  OpenRecord record;
  record.type = static_cast<ContentType>(header.type);
  record.version = header.version;
  const bool is_13 = read_version_ == tlswire::tls1_3;
  // RFC 8446 §5: ChangeCipherSpec for middleboxes stays outside the protection. An alert does when the peer
  // never got as far as having keys.
  const bool outside = is_13 && (record.type == ContentType::change_cipher_spec ||
                                 (record.type == ContentType::alert && !opened_any_));
  if (!opener_ || outside) {
    record.content = to_bytes(fragment);
  } else {
    const tlswire::OpenedRecord opened = opener_->open(record.type, record.version, fragment);
    problem = describe(opened.fault);
    if (problem) {
      if (deviations_.ignore_bad_records && problem->alert == alert::bad_record_mac) problem.reset();
      return std::nullopt;
    }
    opened_any_ = true;
    if (is_13) problem = check_inner_type(opened.type);
    if (problem) return std::nullopt;
    record.type = opened.type;
    record.content = to_bytes(opened.plaintext);
  }
  problem = check_content(record);
  if (problem) return std::nullopt;
  return record;
}

// RFC 8446 §5: ChangeCipherSpec is never protected.
Verdict WireRecords::check_inner_type(ContentType type) const {
  if (type == ContentType::change_cipher_spec)
    return fault(alert::unexpected_message, "the peer sent a protected ChangeCipherSpec");
  const auto code = static_cast<std::uint8_t>(type);
  if (!is_known(code) && !deviations_.ignore_unknown_records) return unknown_type(code);
  return std::nullopt;
}

Verdict WireRecords::check_content(const OpenRecord& record) {
  if (!record.content.empty() || !is_known(static_cast<std::uint8_t>(record.type))) {
    empty_in_a_row_ = 0;
    return std::nullopt;
  }
  const bool data = record.type == ContentType::application_data;
  if (data && deviations_.empty_record_intolerant)
    return fault(alert::unexpected_message, "the peer sent an empty record");
  if (!data && !(record.type == ContentType::handshake && deviations_.accept_empty_handshake_records))
    return fault(alert::unexpected_message,
                 "the peer sent an empty record of a type that has none (RFC 5246 §6.2.1)");
  if (++empty_in_a_row_ > max_empty_records)
    return fault(alert::unexpected_message, "the peer sends nothing but empty records");
  return std::nullopt;
}

Verdict WireRecords::protect_reading(const tlswire::ProtectionParameters& parameters) {
  tlswire::ProtectionParameters told = parameters;
  told.any_plaintext_length = deviations_.ignore_record_size;
  auto made = tlswire::RecordDecrypter::make(told);
  if (!made) return fault(alert::internal_error, made.error().what);
  opener_.emplace(std::move(*made));
  ++read_epoch_;
  return std::nullopt;
}

Verdict WireRecords::protect_writing(const tlswire::ProtectionParameters& parameters) {
  flush();
  auto made = tlswire::RecordEncrypter::make(parameters, random_);
  if (!made) return fault(alert::internal_error, made.error().what);
  sealer_.emplace(std::move(*made));
  if (deviations_.first_sequence != 0)
    sealer_->set_sequence(static_cast<std::uint64_t>(deviations_.first_sequence));
  return std::nullopt;
}

void WireRecords::write_handshake(ByteView raw) {
  if (!sent_handshake_ && deviations_.empty_handshake_record) seal(ContentType::handshake, {}, {});
  sent_handshake_ = true;
  append(pending_, raw);
  if (!deviations_.coalesce) flush();
}

void WireRecords::flush() { cut(ContentType::handshake, std::exchange(pending_, {})); }

void WireRecords::write(ContentType type, ByteView content) {
  flush();
  if (type == ContentType::application_data && !std::exchange(sent_data_, true)) {
    write_first_data(content);
  } else {
    cut(type, content);
  }
}

ByteView WireRecords::first_piece(ByteView content) const {
  std::size_t most = tlswire::max_plaintext_octets;
  if (deviations_.fragment_octets > 0)
    most = std::min(most, static_cast<std::size_t>(deviations_.fragment_octets));
  return content.first(std::min(most, content.size()));
}

// The deviations that concern data apply to the first record of it.
void WireRecords::write_first_data(ByteView content) {
  for (int i = 0; i < deviations_.empty_records; ++i) seal(ContentType::application_data, {}, {});
  if (deviations_.unknown_record_type)
    seal(static_cast<ContentType>(unassigned_type), first_piece(content), {});
  if (deviations_.oversized_ciphertext)
    tlswire::append_record(output_, ContentType::application_data, write_version_, Bytes(oversized_octets));
  if (deviations_.oversized_plaintext)
    seal(ContentType::application_data, Bytes(tlswire::max_plaintext_octets + 1, ' '), {});
  tlswire::SealOptions options;
  options.corrupt_mac = deviations_.bad_mac;
  options.corrupt_padding = deviations_.bad_padding;
  if (deviations_.bad_mac || deviations_.bad_padding) {
    const ByteView first = first_piece(content);
    seal(ContentType::application_data, first, options);
    content = content.subspan(first.size());
  }
  cut(ContentType::application_data, content);
}

void WireRecords::cut(ContentType type, ByteView content) {
  while (!content.empty()) {
    const ByteView piece = first_piece(content);
    seal(type, piece, {});
    content = content.subspan(piece.size());
  }
}

void WireRecords::seal(ContentType type, ByteView content, const tlswire::SealOptions& options) {
  if (sealer_) {
    sealer_->seal(type, content, output_, options);
  } else {
    tlswire::append_record(output_, type, write_version_, content);
  }
}

void WireRecords::write_octets(ByteView octets) { append(output_, octets); }

Bytes WireRecords::take_output() {
  flush();
  return std::exchange(output_, {});
}

} // namespace sipvet::tls
