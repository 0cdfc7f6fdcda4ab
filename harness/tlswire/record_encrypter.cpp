// The sending half of record_protection.hpp.
#include "tlswire/protection_common.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/version.hpp"

#include "crypto/hmac.hpp"

#include <optional>

namespace sipvet::tlswire {

struct RecordEncrypter::Impl {
  ProtectionParameters parameters;
  Random* random = nullptr;
  std::uint64_t sequence = 0;
  std::optional<crypto::Hmac> mac;
  std::optional<crypto::Cbc> cbc;
  std::optional<crypto::Aead> aead;
  std::optional<crypto::Rc4> rc4;
  Bytes chained_iv; // TLS 1.0 CBC

  Bytes mac_of(ContentType type, ByteView covered);
  Bytes seal_stream(ContentType type, ByteView plaintext);
  Bytes seal_cbc(ContentType type, ByteView plaintext);
  Bytes seal_aead12(ContentType type, ByteView plaintext);
  Bytes seal_aead13(ContentType type, ByteView plaintext);
};

Bytes RecordEncrypter::Impl::mac_of(ContentType type, ByteView covered) {
  mac->update(pseudo_header(sequence, type, parameters.version, covered.size()));
  mac->update(covered);
  return mac->finish();
}

Bytes RecordEncrypter::Impl::seal_stream(ContentType type, ByteView plaintext) {
  Bytes out = to_bytes(plaintext);
  append(out, mac_of(type, plaintext));
  if (rc4) rc4->process(out, out);
  return out;
}

Bytes RecordEncrypter::Impl::seal_cbc(ContentType type, ByteView plaintext) {
  const std::size_t block = cbc->block_octets();
  Bytes blocks = to_bytes(plaintext);
  if (!parameters.encrypt_then_mac) append(blocks, mac_of(type, plaintext));
  const std::size_t padding = block - blocks.size() % block;
  blocks.insert(blocks.end(), padding, static_cast<std::uint8_t>(padding - 1));
  Bytes out;
  if (has_explicit_iv(parameters)) {
    out = random->bytes(block);
    cbc->process(out, blocks, blocks);
  } else {
    cbc->process(chained_iv, blocks, blocks);
    chained_iv.assign(blocks.end() - static_cast<std::ptrdiff_t>(block), blocks.end());
  }
  append(out, blocks);
  if (parameters.encrypt_then_mac) append(out, mac_of(type, out));
  return out;
}

Bytes RecordEncrypter::Impl::seal_aead12(ContentType type, ByteView plaintext) {
  Bytes out;
  Nonce nonce = xored_nonce(parameters.keys.iv, sequence);
  if (has_explicit_nonce(parameters)) {
    append(out, sequence_octets(sequence)); // unique, as RFC 5288 §3 allows
    nonce = explicit_nonce(parameters.keys.iv, out);
  }
  const std::size_t start = out.size();
  out.resize(start + plaintext.size() + aead->tag_octets());
  aead->seal(nonce, pseudo_header(sequence, type, parameters.version, plaintext.size()), plaintext,
             std::span(out).subspan(start));
  return out;
}

Bytes RecordEncrypter::Impl::seal_aead13(ContentType type, ByteView plaintext) {
  Bytes inner = to_bytes(plaintext);
  inner.push_back(static_cast<std::uint8_t>(type));
  Bytes out(inner.size() + aead->tag_octets());
  aead->seal(xored_nonce(parameters.keys.iv, sequence), outer_header(tls1_2, out.size()), inner, out);
  return out;
}

RecordEncrypter::RecordEncrypter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordEncrypter::RecordEncrypter(RecordEncrypter&&) noexcept = default;
RecordEncrypter& RecordEncrypter::operator=(RecordEncrypter&&) noexcept = default;
RecordEncrypter::~RecordEncrypter() = default;

Result<RecordEncrypter> RecordEncrypter::make(const ProtectionParameters& parameters, Random& random) {
  SIPVET_CHECK(check_parameters(parameters));
  auto impl = std::make_unique<Impl>();
  impl->parameters = parameters;
  impl->random = &random;
  const Suite& suite = *parameters.suite;
  const DirectionKeys& keys = parameters.keys;
  if (suite.mac) impl->mac.emplace(*suite.mac, keys.mac_key);
  if (suite.cipher == SuiteCipher::rc4_128) impl->rc4.emplace(keys.key);
  if (suite.mode() == SuiteMode::cbc) {
    SIPVET_TRY(impl->cbc,
               crypto::Cbc::make(block_cipher_of(suite.cipher), crypto::Direction::encrypt, keys.key));
    impl->chained_iv = keys.iv;
  }
  if (suite.mode() == SuiteMode::aead) {
    SIPVET_TRY(impl->aead,
               crypto::Aead::make(aead_cipher_of(suite.cipher), crypto::Direction::encrypt, keys.key));
  }
  return RecordEncrypter(std::move(impl));
}

void RecordEncrypter::seal(ContentType type, ByteView plaintext, Bytes& to) {
  const std::uint16_t version = impl_->parameters.version;
  const SuiteMode mode = impl_->parameters.suite->mode();
  if (version >= tls1_3) {
    append_record(to, ContentType::application_data, tls1_2, impl_->seal_aead13(type, plaintext));
  } else if (mode == SuiteMode::aead) {
    append_record(to, type, version, impl_->seal_aead12(type, plaintext));
  } else if (mode == SuiteMode::cbc) {
    append_record(to, type, version, impl_->seal_cbc(type, plaintext));
  } else {
    append_record(to, type, version, impl_->seal_stream(type, plaintext));
  }
  ++impl_->sequence;
}

std::uint64_t RecordEncrypter::sequence() const { return impl_->sequence; }

} // namespace sipvet::tlswire
