// The receiving half of record_protection.hpp.
#include "tlswire/protection_common.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/version.hpp"

#include "crypto/hmac.hpp"
#include "tlswire/record_mac.hpp"

#include <algorithm>
#include <optional>

namespace sipvet::tlswire {

std::string_view name(RecordFault fault) {
  switch (fault) {
  case RecordFault::none:
    return "none";
  case RecordFault::too_short:
    return "record too short";
  case RecordFault::not_whole_blocks:
    return "not a whole number of cipher blocks";
  case RecordFault::bad_padding:
    return "bad padding";
  case RecordFault::bad_mac:
    return "bad MAC";
  case RecordFault::too_long:
    return "plaintext too long";
  case RecordFault::no_inner_type:
    return "no content type inside";
  case RecordFault::unexpected_type:
    return "unexpected content type";
  }
  return "unknown";
}

struct RecordDecrypter::Impl {
  ProtectionParameters parameters;
  std::uint64_t sequence = 0;
  std::optional<RecordMac> mac;
  std::optional<crypto::Cbc> cbc;
  std::optional<crypto::Aead> aead;
  std::optional<crypto::Rc4> rc4;
  Bytes chained_iv;              // TLS 1.0 CBC
  std::shared_ptr<Bytes> buffer; // grows to the longest record seen

  struct Input {
    ContentType type;
    std::uint16_t version;
    ByteView fragment;
  };

  std::span<std::uint8_t> room(std::size_t octets) {
    if (buffer->size() < octets) buffer->resize(octets);
    return std::span(*buffer).first(octets);
  }

  bool mac_matches(const Input& in, ByteView covered, ByteView expected);
  OpenedRecord authentic(ContentType type, ByteView plaintext) const;
  OpenedRecord open_stream(const Input& in);
  OpenedRecord open_cbc(const Input& in);
  OpenedRecord open_cbc_blocks(const Input& in, ByteView iv_and_blocks, std::size_t iv_octets);
  OpenedRecord open_chained_blocks(const Input& in, ByteView blocks);
  OpenedRecord open_decrypted(const Input& in, ByteView plain);
  OpenedRecord open_aead12(const Input& in);
  OpenedRecord open_aead13(const Input& in);
  OpenedRecord open(const Input& in);
};

namespace {

OpenedRecord fault(RecordFault what) {
  OpenedRecord record;
  record.fault = what;
  return record;
}

// RFC 5246 §6.2.3.2: every padding octet says how many come before the last. SSL 3.0 says so in the last one
// only, and pads no further than to the end of a block (RFC 6101 §5.2.3.2). The octets without padding, or
// nothing.
std::optional<ByteView> without_padding(ByteView plain, bool is_ssl3, std::size_t block) {
  const std::size_t padding = static_cast<std::size_t>(plain.back()) + 1;
  if (padding > plain.size()) return std::nullopt;
  if (is_ssl3) return padding <= block ? std::optional(plain.first(plain.size() - padding)) : std::nullopt;
  const ByteView tail = plain.last(padding);
  const bool uniform =
      std::all_of(tail.begin(), tail.end(), [&](std::uint8_t octet) { return octet == plain.back(); });
  if (!uniform) return std::nullopt;
  return plain.first(plain.size() - padding);
}

} // namespace

OpenedRecord RecordDecrypter::Impl::authentic(ContentType type, ByteView plaintext) const {
  if (plaintext.size() > max_plaintext_octets && !parameters.any_plaintext_length)
    return fault(RecordFault::too_long);
  return {RecordFault::none, type, plaintext};
}

bool RecordDecrypter::Impl::mac_matches(const Input& in, ByteView covered, ByteView expected) {
  std::array<std::uint8_t, crypto::max_hash_octets> computed{};
  mac->compute(sequence, in.type, in.version, covered, computed);
  return crypto::equal_constant_time(ByteView(computed).first(mac->octets()), expected);
}

OpenedRecord RecordDecrypter::Impl::open_stream(const Input& in) {
  if (in.fragment.size() < mac->octets()) return fault(RecordFault::too_short);
  const auto plain = room(in.fragment.size());
  std::optional<crypto::Rc4> next = rc4;
  if (next)
    next->process(in.fragment, plain);
  else
    std::copy(in.fragment.begin(), in.fragment.end(), plain.begin());
  const ByteView data = ByteView(plain).first(plain.size() - mac->octets());
  if (!mac_matches(in, data, ByteView(plain).last(mac->octets()))) return fault(RecordFault::bad_mac);
  const OpenedRecord opened = authentic(in.type, data);
  if (opened) rc4 = next;
  return opened;
}

// Splits the fragment into IV, blocks and, with encrypt-then-MAC, the MAC behind them.
OpenedRecord RecordDecrypter::Impl::open_cbc(const Input& in) {
  const std::size_t block = cbc->block_octets();
  const std::size_t iv_octets = has_explicit_iv(parameters) ? block : 0;
  const std::size_t mac_octets = parameters.encrypt_then_mac ? mac->octets() : 0;
  // At the least one block behind the IV, and room for the MAC wherever it is.
  if (in.fragment.size() < iv_octets + mac_octets + block) return fault(RecordFault::too_short);
  const ByteView covered = in.fragment.first(in.fragment.size() - mac_octets);
  const ByteView blocks = covered.subspan(iv_octets);
  if (blocks.size() % block != 0) return fault(RecordFault::not_whole_blocks);
  if (mac_octets != 0 && !mac_matches(in, covered, in.fragment.last(mac_octets)))
    return fault(RecordFault::bad_mac);
  const OpenedRecord opened =
      iv_octets != 0 ? open_cbc_blocks(in, covered, block) : open_chained_blocks(in, blocks);
  if (opened && iv_octets == 0) chained_iv = to_bytes(blocks.last(block));
  return opened;
}

OpenedRecord RecordDecrypter::Impl::open_cbc_blocks(const Input& in, ByteView iv_and_blocks,
                                                    std::size_t iv_octets) {
  const auto plain = room(iv_and_blocks.size());
  if (!cbc->decrypt_with_iv_in_front(iv_and_blocks, plain)) return fault(RecordFault::not_whole_blocks);
  return open_decrypted(in, ByteView(plain).subspan(iv_octets));
}

OpenedRecord RecordDecrypter::Impl::open_chained_blocks(const Input& in, ByteView blocks) {
  const auto plain = room(blocks.size());
  if (!cbc->process(chained_iv, blocks, plain)) return fault(RecordFault::not_whole_blocks);
  return open_decrypted(in, plain);
}

OpenedRecord RecordDecrypter::Impl::open_decrypted(const Input& in, ByteView plain) {
  const auto unpadded = without_padding(plain, parameters.version <= ssl3, cbc->block_octets());
  if (!unpadded) return fault(RecordFault::bad_padding);
  if (parameters.encrypt_then_mac) return authentic(in.type, *unpadded);
  if (unpadded->size() < mac->octets()) return fault(RecordFault::too_short);
  const ByteView data = unpadded->first(unpadded->size() - mac->octets());
  if (!mac_matches(in, data, unpadded->last(mac->octets()))) return fault(RecordFault::bad_mac);
  return authentic(in.type, data);
}

OpenedRecord RecordDecrypter::Impl::open_aead12(const Input& in) {
  const std::size_t nonce_octets = has_explicit_nonce(parameters) ? explicit_nonce_octets : 0;
  if (in.fragment.size() < nonce_octets + aead->tag_octets()) return fault(RecordFault::too_short);
  const Nonce nonce = nonce_octets != 0 ? explicit_nonce(parameters.keys.iv, in.fragment.first(nonce_octets))
                                        : xored_nonce(parameters.keys.iv, sequence);
  const ByteView sealed = in.fragment.subspan(nonce_octets);
  const auto plain = room(sealed.size() - aead->tag_octets());
  const PseudoHeader associated = pseudo_header(sequence, in.type, in.version, plain.size());
  if (!aead->open(nonce, associated, sealed, plain)) return fault(RecordFault::bad_mac);
  return authentic(in.type, plain);
}

OpenedRecord RecordDecrypter::Impl::open_aead13(const Input& in) {
  if (in.type != ContentType::application_data) return fault(RecordFault::unexpected_type);
  if (in.fragment.size() < aead->tag_octets()) return fault(RecordFault::too_short);
  const auto plain = room(in.fragment.size() - aead->tag_octets());
  const OuterHeader associated = outer_header(in.version, in.fragment.size());
  if (!aead->open(xored_nonce(parameters.keys.iv, sequence), associated, in.fragment, plain))
    return fault(RecordFault::bad_mac);
  // RFC 8446 §5.4: content, its type, then zeros, of which there may be as many as fit beside a full content.
  if (plain.size() > max_plaintext_octets + 1 && !parameters.any_plaintext_length)
    return fault(RecordFault::too_long);
  std::size_t end = plain.size();
  while (end > 0 && plain[end - 1] == 0) --end;
  if (end == 0) return fault(RecordFault::no_inner_type);
  return authentic(static_cast<ContentType>(plain[end - 1]), plain.first(end - 1));
}

OpenedRecord RecordDecrypter::Impl::open(const Input& in) {
  switch (parameters.suite->mode()) {
  case SuiteMode::stream:
    return open_stream(in);
  case SuiteMode::cbc:
    return open_cbc(in);
  case SuiteMode::aead:
    break;
  }
  return parameters.version >= tls1_3 ? open_aead13(in) : open_aead12(in);
}

RecordDecrypter::RecordDecrypter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordDecrypter::RecordDecrypter(RecordDecrypter&&) noexcept = default;
RecordDecrypter& RecordDecrypter::operator=(RecordDecrypter&&) noexcept = default;
RecordDecrypter::~RecordDecrypter() = default;

Result<RecordDecrypter> RecordDecrypter::make(const ProtectionParameters& parameters) {
  SIPVET_CHECK(check_parameters(parameters));
  auto impl = std::make_unique<Impl>();
  impl->parameters = parameters;
  impl->buffer = parameters.room ? parameters.room : std::make_shared<Bytes>();
  const Suite& suite = *parameters.suite;
  const DirectionKeys& keys = parameters.keys;
  if (suite.mac) impl->mac.emplace(parameters.version, *suite.mac, keys.mac_key);
  if (suite.cipher == SuiteCipher::rc4_128) impl->rc4.emplace(keys.key);
  if (suite.mode() == SuiteMode::cbc) {
    SIPVET_TRY(impl->cbc,
               crypto::Cbc::make(block_cipher_of(suite.cipher), crypto::Direction::decrypt, keys.key));
    impl->chained_iv = keys.iv;
  }
  if (suite.mode() == SuiteMode::aead) {
    SIPVET_TRY(impl->aead,
               crypto::Aead::make(aead_cipher_of(suite.cipher), crypto::Direction::decrypt, keys.key));
  }
  return RecordDecrypter(std::move(impl));
}

OpenedRecord RecordDecrypter::open(ContentType type, std::uint16_t record_version, ByteView fragment) {
  const OpenedRecord opened = impl_->open({type, record_version, fragment});
  if (opened) ++impl_->sequence;
  return opened;
}

std::uint64_t RecordDecrypter::sequence() const { return impl_->sequence; }
void RecordDecrypter::set_sequence(std::uint64_t sequence) { impl_->sequence = sequence; }
bool RecordDecrypter::chains() const { return impl_->cbc && !has_explicit_iv(impl_->parameters); }
std::optional<crypto::Rc4> RecordDecrypter::key_stream() const { return impl_->rc4; }
void RecordDecrypter::set_key_stream(const crypto::Rc4& state) {
  if (impl_->rc4) impl_->rc4 = state;
}
void RecordDecrypter::set_chained_iv(ByteView last_ciphertext_block) {
  if (!impl_->chained_iv.empty() && impl_->chained_iv.size() == last_ciphertext_block.size())
    impl_->chained_iv = to_bytes(last_ciphertext_block);
}

} // namespace sipvet::tlswire
