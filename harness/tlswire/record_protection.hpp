// Record protection of one direction of a connection, SSL 3.0 to TLS 1.3: what turns a record's fragment into
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
#include <optional>
#include <string_view>

namespace sipvet::tlswire {

struct ProtectionParameters {
  std::uint16_t version = 0x0303;
  const Suite* suite = nullptr;
  DirectionKeys keys;
  bool encrypt_then_mac = false;     // RFC 7366: negotiated, and of effect with CBC suites only
  bool any_plaintext_length = false; // decrypter: longer records than the RFCs allow are opened as well
  // Decrypter: where plaintexts go, which several may share whose plaintexts are used one at a time. Without
  // it each has a place of its own.
  std::shared_ptr<Bytes> room = nullptr;
};

enum class RecordFault {
  none,
  too_short,        // shorter than IV, MAC or tag need
  not_whole_blocks, // CBC: not a multiple of the block
  bad_padding,      // CBC padding that RFC 5246 §6.2.3.2 does not allow: as a rule, the wrong key
  bad_mac,          // MAC or AEAD tag: the wrong key, a lost record, or changed octets
  too_long, // plaintext above 2^14 octets; TLS 1.3: or above 2^14 + 1 with type and zeros (RFC 8446 §5.4)
  no_inner_type,   // TLS 1.3: all zeros inside
  unexpected_type, // TLS 1.3: the record was not application_data outside
};
std::string_view name(RecordFault fault); // "bad MAC"

struct OpenedRecord {
  RecordFault fault = RecordFault::none;
  ContentType type = ContentType::application_data; // TLS 1.3: the inner one
  // Valid until the decrypter is used again, or another with the same ProtectionParameters::room.
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
  // After lost records. Chained state (RC4, CBC of SSL 3.0 and TLS 1.0) is not carried over a gap by this:
  // for CBC give the last ciphertext block of the record before with set_chained_iv(), for RC4 the key stream
  // as it stands at the record.
  void set_sequence(std::uint64_t sequence);
  void set_chained_iv(ByteView last_ciphertext_block);
  bool chains() const;                           // CBC of SSL 3.0 and TLS 1.0
  std::optional<crypto::Rc4> key_stream() const; // none: the suite is not RC4
  void set_key_stream(const crypto::Rc4& state);

  struct Impl;

 private:
  explicit RecordDecrypter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// How a record may be wrong on purpose, or right in an unusual way. What a cipher mode has not is ignored.
struct SealOptions {
  bool corrupt_mac = false; // the MAC, or the tag of an AEAD: bad_mac to the receiver
  // CBC: the padding octets are wrong, their number is not: bad_padding. Where there would be only the octet
  // of the length, a block of padding is added.
  bool corrupt_padding = false;
  bool wrong_padding_length = false;    // CBC: the length does not go with the octets before it: bad_padding
  std::size_t extra_padding_blocks = 0; // CBC: right, but longer than need be, as far as 255 octets allow
  std::size_t inner_zeros = 0;          // TLS 1.3: zeros behind the inner type (RFC 8446 §5.4)
  bool no_inner_type = false;           // TLS 1.3: zeros instead of content and type: no_inner_type
  // In the record's header, and in what MAC or AEAD cover, so that nothing but the version is wrong.
  std::optional<std::uint16_t> record_version = {};
};

class RecordEncrypter {
 public:
  // `random` gives explicit IVs (TLS 1.1 and 1.2 CBC) and must outlive the encrypter.
  static Result<RecordEncrypter> make(const ProtectionParameters& parameters, Random& random);
  RecordEncrypter(RecordEncrypter&&) noexcept;
  RecordEncrypter& operator=(RecordEncrypter&&) noexcept;
  ~RecordEncrypter();

  // Appends one whole record, header included. Honest callers keep to max_plaintext_octets; a longer record
  // is sealed as well, as long as its length fits into the header.
  void seal(ContentType type, ByteView plaintext, Bytes& to, const SealOptions& options = {});
  // Of the next record.
  std::uint64_t sequence() const;
  // To repeat or to skip numbers on purpose.
  void set_sequence(std::uint64_t sequence);

  struct Impl;

 private:
  explicit RecordEncrypter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace sipvet::tlswire
