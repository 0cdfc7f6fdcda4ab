#include "keying/dtls_fingerprint.hpp"

#include "base/hex.hpp"
#include "base/text.hpp"
#include "crypto/hash.hpp"

#include <algorithm>
#include <array>

namespace sipvet::keying {
namespace {

struct KnownHash {
  std::string_view name;
  crypto::Hash hash;
};
// The weakest first (RFC 8122 §5.1 leaves the order to the reader of the list).
constexpr std::array<KnownHash, 4> known_hashes{{
    {"sha-1", crypto::Hash::sha1},
    {"sha-256", crypto::Hash::sha256},
    {"sha-384", crypto::Hash::sha384},
    {"sha-512", crypto::Hash::sha512},
}};

const KnownHash* find_hash(std::string_view name) {
  const auto* const row =
      std::ranges::find_if(known_hashes, [&](const KnownHash& each) { return iequals(each.name, name); });
  return row == known_hashes.end() ? nullptr : row;
}

Result<Bytes> parse_octets(std::string_view text, std::size_t offset) {
  Bytes out;
  for (const std::string_view pair : split(text, ':')) {
    const auto octet = pair.size() == 2 ? from_hex(pair) : Result<Bytes>(Bytes{});
    if (!octet || octet->size() != 1)
      return fail("expected pairs of hexadecimal digits with colons between them in a=fingerprint", offset);
    out.push_back(octet->front());
    offset += 3;
  }
  return {boost::system::in_place_value, std::move(out)};
}

} // namespace

Result<Fingerprint> parse_fingerprint(std::string_view value) {
  const auto words = split_once(value, ' ');
  if (!words || words->first.empty()) return fail("expected a hash function and its value in a=fingerprint");
  Fingerprint out;
  out.hash = to_lower(words->first);
  SIPVET_TRY(out.value, parse_octets(trim(words->second), words->first.size() + 1));
  const KnownHash* known = find_hash(out.hash);
  if (known != nullptr && out.value.size() != crypto::octets(known->hash))
    return fail("expected " + std::to_string(crypto::octets(known->hash)) + " octets of " + out.hash +
                    " in a=fingerprint, found " + std::to_string(out.value.size()),
                words->first.size() + 1);
  return out;
}

std::string to_string(const Fingerprint& fingerprint) {
  std::string text = fingerprint.hash;
  char between = ' ';
  for (const std::uint8_t octet : fingerprint.value) {
    std::string pair = to_hex({&octet, 1});
    std::ranges::transform(pair, pair.begin(), [](char c) {
      return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    text += between + pair;
    between = ':';
  }
  return text;
}

Result<Fingerprint> fingerprint_of(std::string_view hash, ByteView certificate_der) {
  const KnownHash* known = find_hash(hash);
  if (known == nullptr)
    return fail("expected sha-1, sha-256, sha-384 or sha-512 as hash of a fingerprint, found " +
                std::string(hash));
  return Fingerprint{std::string(known->name), crypto::digest(known->hash, certificate_der)};
}

std::vector<Result<Fingerprint>> fingerprint_lines(const sdp::Session& session, const sdp::Media& media) {
  auto lines = media.attributes.values("fingerprint");
  if (lines.empty()) lines = session.attributes.values("fingerprint");
  std::vector<Result<Fingerprint>> out;
  for (const std::string_view line : lines) out.push_back(parse_fingerprint(line));
  return out;
}

std::optional<std::string> fingerprint_mismatch(std::span<const Fingerprint> promised,
                                                ByteView certificate_der) {
  const KnownHash* strongest = nullptr;
  for (const Fingerprint& each : promised) {
    const KnownHash* known = find_hash(each.hash);
    if (known != nullptr && (strongest == nullptr || known > strongest)) strongest = known;
  }
  if (strongest == nullptr) return "the session description has no fingerprint of a hash that is known";
  const Fingerprint actual{std::string(strongest->name), crypto::digest(strongest->hash, certificate_der)};
  if (std::ranges::find(promised, actual) != promised.end()) return std::nullopt;
  return "the peer's certificate has the fingerprint " + to_string(actual) +
         ", which its session description does not promise";
}

} // namespace sipvet::keying
