// The sending half of record_protection.hpp.
#include "tlswire/protection_common.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/version.hpp"

#include "tlswire/record_mac.hpp"

#include <algorithm>
#include <optional>

namespace sipvet::tlswire {

struct RecordEncrypter::Impl {
  ProtectionParameters parameters;
  Random* random = nullptr;
  std::uint64_t sequence = 0;
  std::optional<RecordMac> mac;
  std::optional<crypto::Cbc> cbc;
  std::optional<crypto::Aead> aead;
  std::optional<crypto::Rc4> rc4;
  Bytes chained_iv; // TLS 1.0 CBC

  // One record to be made.
  struct Input {
    ContentType type;
    std::uint16_t version; // of the header
    ByteView plaintext;
    const SealOptions& options;
  };

  Bytes mac_of(const Input& in, ByteView covered);
  Bytes seal_stream(const Input& in);
  Bytes seal_cbc(const Input& in);
  Bytes seal_aead12(const Input& in);
  Bytes seal_aead13(const Input& in);
  Bytes seal(const Input& in);
};

namespace {

constexpr std::size_t max_padding_octets = 256; // with the octet that says how many come before it

// RFC 5246 §6.2.3.2: as many octets as make whole blocks, each the number of those before the last.
void append_padding(Bytes& to, std::size_t block, const SealOptions& options) {
  std::size_t padding = block - to.size() % block;
  const std::size_t wanted = options.corrupt_padding && padding == 1 ? options.extra_padding_blocks + 1
                                                                     : options.extra_padding_blocks;
  padding += block * std::min(wanted, (max_padding_octets - padding) / block);
  const auto length = static_cast<std::uint8_t>(padding - 1);
  const auto octet = static_cast<std::uint8_t>(options.corrupt_padding ? length ^ 0x55 : length);
  to.insert(to.end(), padding - 1, octet);
  to.push_back(static_cast<std::uint8_t>(options.wrong_padding_length ? length ^ 0x80 : length));
}

} // namespace

Bytes RecordEncrypter::Impl::mac_of(const Input& in, ByteView covered) {
  Bytes out(mac->octets());
  mac->compute(sequence, in.type, in.version, covered, out);
  if (in.options.corrupt_mac) out.front() ^= 1;
  return out;
}

Bytes RecordEncrypter::Impl::seal_stream(const Input& in) {
  Bytes out = to_bytes(in.plaintext);
  append(out, mac_of(in, in.plaintext));
  if (rc4) rc4->process(out, out);
  return out;
}

Bytes RecordEncrypter::Impl::seal_cbc(const Input& in) {
  const std::size_t block = cbc->block_octets();
  Bytes blocks = to_bytes(in.plaintext);
  if (!parameters.encrypt_then_mac) append(blocks, mac_of(in, in.plaintext));
  append_padding(blocks, block, in.options);
  Bytes out;
  if (has_explicit_iv(parameters)) {
    out = random->bytes(block);
    cbc->process(out, blocks, blocks);
  } else {
    cbc->process(chained_iv, blocks, blocks);
    chained_iv.assign(blocks.end() - static_cast<std::ptrdiff_t>(block), blocks.end());
  }
  append(out, blocks);
  if (parameters.encrypt_then_mac) append(out, mac_of(in, out));
  return out;
}

Bytes RecordEncrypter::Impl::seal_aead12(const Input& in) {
  Bytes out;
  Nonce nonce = xored_nonce(parameters.keys.iv, sequence);
  if (has_explicit_nonce(parameters)) {
    append(out, sequence_octets(sequence)); // unique, as RFC 5288 §3 allows
    nonce = explicit_nonce(parameters.keys.iv, out);
  }
  const std::size_t start = out.size();
  out.resize(start + in.plaintext.size() + aead->tag_octets());
  aead->seal(nonce, pseudo_header(sequence, in.type, in.version, in.plaintext.size()), in.plaintext,
             std::span(out).subspan(start));
  if (in.options.corrupt_mac) out.back() ^= 1;
  return out;
}

Bytes RecordEncrypter::Impl::seal_aead13(const Input& in) {
  Bytes inner(in.plaintext.size() + 1 + in.options.inner_zeros, 0);
  if (!in.options.no_inner_type) {
    std::copy(in.plaintext.begin(), in.plaintext.end(), inner.begin());
    inner[in.plaintext.size()] = static_cast<std::uint8_t>(in.type);
  }
  Bytes out(inner.size() + aead->tag_octets());
  aead->seal(xored_nonce(parameters.keys.iv, sequence), outer_header(in.version, out.size()), inner, out);
  if (in.options.corrupt_mac) out.back() ^= 1;
  return out;
}

Bytes RecordEncrypter::Impl::seal(const Input& in) {
  switch (parameters.suite->mode()) {
  case SuiteMode::stream:
    return seal_stream(in);
  case SuiteMode::cbc:
    return seal_cbc(in);
  case SuiteMode::aead:
    break;
  }
  return parameters.version >= tls1_3 ? seal_aead13(in) : seal_aead12(in);
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
  if (suite.mac) impl->mac.emplace(parameters.version, *suite.mac, keys.mac_key);
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

void RecordEncrypter::seal(ContentType type, ByteView plaintext, Bytes& to, const SealOptions& options) {
  const bool tls13 = impl_->parameters.version >= tls1_3;
  // RFC 8446 §5.2: outside, every protected record is application data of TLS 1.2.
  const std::uint16_t version = options.record_version.value_or(tls13 ? tls1_2 : impl_->parameters.version);
  append_record(to, tls13 ? ContentType::application_data : type, version,
                impl_->seal({type, version, plaintext, options}));
  ++impl_->sequence;
}

std::uint64_t RecordEncrypter::sequence() const { return impl_->sequence; }
void RecordEncrypter::set_sequence(std::uint64_t sequence) { impl_->sequence = sequence; }

} // namespace sipvet::tlswire
