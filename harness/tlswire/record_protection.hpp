// Record protection of one direction of a connection, TLS 1.0 to 1.3: what turns a record's fragment into
// plaintext, and back.
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/record.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace sipvet::tlswire {

struct ProtectionParameters {
  std::uint16_t version = 0x0303;
  const Suite* suite = nullptr;
  DirectionKeys keys;
  bool encrypt_then_mac = false; // RFC 7366: negotiated, and of effect with CBC suites only
};

enum class RecordFault {
  none,
  too_short,        // shorter than IV, MAC or tag need
  not_whole_blocks, // CBC: not a multiple of the block
  bad_padding,      // CBC padding that RFC 5246 §6.2.3.2 does not allow: as a rule, the wrong key
  bad_mac,          // MAC or AEAD tag: the wrong key, a lost record, or changed octets
  too_long,         // plaintext above 2^14 octets
  no_inner_type,    // TLS 1.3: all zeros inside
  unexpected_type,  // TLS 1.3: the record was not application_data outside
};
std::string_view name(RecordFault fault); // "bad MAC"

struct OpenedRecord {
  RecordFault fault = RecordFault::none;
  ContentType type = ContentType::application_data; // TLS 1.3: the inner one
  // Valid until the decrypter is used again.
  ByteView plaintext;
  explicit operator bool() const { return fault == RecordFault::none; }
};

// A record that does not open leaves the state as it was, so another record, key or sequence number can be
// tried.
class RecordDecrypter {
 public:
  // Fails when keys do not have the suite's lengths, or suite and version do not go together.
  static Result<RecordDecrypter> make(const ProtectionParameters& parameters);
  RecordDecrypter(RecordDecrypter&&) noexcept;
  RecordDecrypter& operator=(RecordDecrypter&&) noexcept;
  ~RecordDecrypter();

  OpenedRecord open(ContentType type, std::uint16_t record_version, ByteView fragment);
  OpenedRecord open(const Record& record) { return open(record.type, record.version, record.fragment); }

  // Of the next record.
  std::uint64_t sequence() const;
  // After lost records. Chained state (RC4, TLS 1.0 CBC) is not carried over a gap by this; for TLS 1.0 CBC
  // give the last ciphertext block of the record before with set_chained_iv().
  void set_sequence(std::uint64_t sequence);
  void set_chained_iv(ByteView last_ciphertext_block);

  struct Impl;

 private:
  explicit RecordDecrypter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class RecordEncrypter {
 public:
  // `random` gives explicit IVs (TLS 1.1 and 1.2 CBC) and must outlive the encrypter.
  static Result<RecordEncrypter> make(const ProtectionParameters& parameters, Random& random);
  RecordEncrypter(RecordEncrypter&&) noexcept;
  RecordEncrypter& operator=(RecordEncrypter&&) noexcept;
  ~RecordEncrypter();

  // Appends one whole record, header included. At most max_plaintext_octets, which is the caller's to keep.
  void seal(ContentType type, ByteView plaintext, Bytes& to);
  std::uint64_t sequence() const;

  struct Impl;

 private:
  explicit RecordEncrypter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace sipvet::tlswire
