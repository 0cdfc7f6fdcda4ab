// The record layer of one connection of the wire engine, both directions: cutting and opening what comes,
// cutting and sealing what goes, in every correct and incorrect way it is told.
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "tls/deviations.hpp"
#include "tls/wire_fault.hpp"
#include "tlswire/record.hpp"
#include "tlswire/record_protection.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::tls {

using tlswire::ContentType;

// Empty records in a row that are put up with: they are allowed, and cost nothing to send.
inline constexpr int max_empty_records = 64;

struct OpenRecord {
  ContentType type = ContentType::handshake;
  Bytes content; // of an SSLv2-format hello: all after its two octets of length
  std::uint16_t version = 0;
  bool sslv2_hello = false;
};

class WireRecords {
 public:
  // Both must outlive it.
  WireRecords(const Deviations& deviations, Random& random) : deviations_(deviations), random_(random) {}

  void feed(ByteView octets);
  // The next record with its protection taken off. Nothing when more octets are needed, or with `problem`
  // set.
  std::optional<OpenRecord> next(Verdict& problem);
  // From now on records must say this version (TLS 1.3: any).
  void expect_version(std::uint16_t version) { read_version_ = version; }
  Verdict protect_reading(const tlswire::ProtectionParameters& parameters);
  bool reads_protected() const { return opener_.has_value(); }
  // How often the keys to read with have changed.
  int read_epoch() const { return read_epoch_; }

  // Of records that are not protected. TLS 1.3 writes 0x0303, and 0x0301 for a first hello.
  void write_version(std::uint16_t version) { write_version_ = version; }
  Verdict protect_writing(const tlswire::ProtectionParameters& parameters);
  bool writes_protected() const { return sealer_.has_value(); }
  // A whole message with its header; goes out with the next flush() or write().
  void write_handshake(ByteView raw);
  void write(ContentType type, ByteView content);
  void write_octets(ByteView octets); // as they are: an SSLv2-format hello
  void flush();
  Bytes take_output();

 private:
  struct Header {
    std::uint8_t type = 0;
    std::uint16_t version = 0;
    std::size_t octets = 0;
  };
  ByteView unread() const { return ByteView(input_).subspan(used_); }
  ByteView take(std::size_t octets); // valid until more is fed
  std::optional<std::size_t> sslv2_length() const;
  std::optional<Header> header() const;
  Verdict check(const Header& header) const;
  std::optional<OpenRecord> open(const Header& header, ByteView fragment, Verdict& problem);
  Verdict check_inner_type(ContentType type) const;
  Verdict check_content(const OpenRecord& record);
  ByteView first_piece(ByteView content) const;
  void write_first_data(ByteView content);
  void seal(ContentType type, ByteView content, const tlswire::SealOptions& options);
  void cut(ContentType type, ByteView content);

  const Deviations& deviations_;
  Random& random_;
  Bytes input_;
  std::size_t used_ = 0; // of it
  std::uint64_t read_octets_ = 0;
  std::uint16_t read_version_ = 0; // 0: not negotiated
  std::optional<tlswire::RecordDecrypter> opener_;
  int empty_in_a_row_ = 0;
  bool opened_any_ = false;
  int read_epoch_ = 0;

  std::uint16_t write_version_ = 0x0301;
  std::optional<tlswire::RecordEncrypter> sealer_;
  Bytes pending_; // handshake messages not yet in a record
  Bytes output_;
  bool sent_data_ = false;
  bool sent_handshake_ = false;
};

} // namespace sipvet::tls
