#include "keying/sdes.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace sipvet::keying {
namespace {

// The decimal digits as a big-endian number of that many octets (RFC 4568 §6.1).
Result<Bytes> mki_octets(const sdp::Mki& mki) {
  const std::string digits = mki.digits.empty() ? std::to_string(mki.value) : mki.digits;
  Bytes octets(mki.octets);
  for (const char digit : digits) {
    unsigned carry = static_cast<unsigned>(digit - '0');
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
      carry += *octet * 10u;
      *octet = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0)
      return fail("MKI " + digits + " does not fit into " + std::to_string(mki.octets) + " octets");
  }
  return octets;
}

Result<rtp::SrtpSuite> suite_of(const sdp::Crypto& crypto) {
  const auto suite = rtp::find_srtp_suite(crypto.suite);
  if (!suite) return fail("crypto suite \"" + crypto.suite + "\" is not known");
  return *suite;
}

Result<rtp::SrtpKey> key_from(const sdp::InlineKey& written, rtp::SrtpSuite suite) {
  const auto& facts = rtp::info(suite);
  const std::size_t expected = facts.key_octets + facts.salt_octets;
  if (written.key_and_salt.size() != expected) {
    return fail(std::string(facts.name) + " takes " + std::to_string(expected) +
                " octets of key and salt, found " + std::to_string(written.key_and_salt.size()));
  }
  const ByteView all = written.key_and_salt;
  rtp::SrtpKey key;
  key.suite = suite;
  key.master_key = to_bytes(all.first(facts.key_octets));
  key.master_salt = to_bytes(all.subspan(facts.key_octets));
  if (written.mki) {
    SIPVET_TRY(key.mki, mki_octets(*written.mki));
  }
  return key;
}

std::string about_line(const sdp::Crypto& crypto, const Error& error) {
  return "line " + std::to_string(crypto.tag) + ": " + error.what;
}

// A line's key if the line can be used as it stands.
Result<rtp::SrtpKey> usable_key(const sdp::Crypto& crypto) {
  SIPVET_TRY(auto key, key_of(crypto));
  SIPVET_CHECK(check_parameters(crypto));
  return key;
}

struct Usable {
  const sdp::Crypto* line;
  rtp::SrtpKey key;
};

// Every line that can be used; the reasons of the others go into `why_not`.
std::vector<Usable> usable_lines(std::span<const sdp::Crypto> offered, std::string& why_not) {
  std::vector<Usable> usable;
  for (const auto& line : offered) {
    auto key = usable_key(line);
    if (key) {
      usable.push_back({&line, std::move(*key)});
    } else {
      why_not += (why_not.empty() ? "" : "; ") + about_line(line, key.error());
    }
  }
  return usable;
}

} // namespace

sdp::Crypto make_crypto(std::uint32_t tag, rtp::SrtpSuite suite, Random& random) {
  const auto& facts = rtp::info(suite);
  sdp::InlineKey key;
  key.key_and_salt = random.bytes(facts.key_octets + facts.salt_octets);
  key.base64 = to_base64(key.key_and_salt);
  sdp::Crypto crypto;
  crypto.tag = tag;
  crypto.suite = facts.name;
  crypto.keys.push_back(std::move(key));
  return crypto;
}

std::vector<sdp::Crypto> make_offer(std::span<const rtp::SrtpSuite> suites_in_order, Random& random) {
  std::vector<sdp::Crypto> offer;
  std::uint32_t tag = 0;
  for (const auto suite : suites_in_order) offer.push_back(make_crypto(++tag, suite, random));
  return offer;
}

Result<SdesAnswer> answer(std::span<const sdp::Crypto> offered, std::span<const rtp::SrtpSuite> accepted,
                          Random& random) {
  if (offered.empty()) return fail("no crypto line was offered");
  std::string why_not;
  const auto usable = usable_lines(offered, why_not);
  for (const auto suite : accepted) {
    const auto line =
        std::find_if(usable.begin(), usable.end(), [&](const Usable& u) { return u.key.suite == suite; });
    if (line == usable.end()) continue;
    SdesAnswer chosen;
    chosen.crypto = make_crypto(line->line->tag, suite, random);
    chosen.crypto.suite = line->line->suite; // spelled as offered
    SIPVET_TRY(chosen.keys.local, key_of(chosen.crypto));
    chosen.keys.remote = line->key;
    return chosen;
  }
  for (const auto& line : usable) {
    why_not += (why_not.empty() ? "" : "; ") +
               about_line(*line.line, fail(line.line->suite + " is not accepted here"));
  }
  return fail("no offered crypto line can be used: " + why_not);
}

Result<MediaKeys> complete(std::span<const sdp::Crypto> offered, const sdp::Crypto& answered) {
  const auto line = std::find_if(offered.begin(), offered.end(),
                                 [&](const sdp::Crypto& c) { return c.tag == answered.tag; });
  if (line == offered.end())
    return fail("the answer has tag " + std::to_string(answered.tag) + ", which was not offered");
  if (!iequals(line->suite, answered.suite)) {
    return fail("the answer has suite " + answered.suite + " under tag " + std::to_string(answered.tag) +
                ", which was offered with " + line->suite);
  }
  MediaKeys keys;
  SIPVET_TRY(keys.local, key_of(*line));
  SIPVET_TRY(keys.remote, usable_key(answered));
  return keys;
}

Result<MediaKeys> complete_section(std::span<const sdp::Crypto> offered, const sdp::Media& answered) {
  const auto lines = crypto_lines(answered);
  if (lines.size() != 1) {
    return fail("expected exactly one crypto line in the answer, found " + std::to_string(lines.size()));
  }
  if (!lines.front()) return lines.front().error();
  return complete(offered, *lines.front());
}

Result<rtp::SrtpKey> key_of(const sdp::Crypto& crypto) {
  SIPVET_TRY(const auto suite, suite_of(crypto));
  if (crypto.keys.empty()) return fail("the crypto line has no key");
  return key_from(crypto.keys.front(), suite);
}

Result<std::vector<rtp::SrtpKey>> keys_of(const sdp::Crypto& crypto) {
  SIPVET_TRY(const auto suite, suite_of(crypto));
  std::vector<rtp::SrtpKey> keys;
  for (const auto& written : crypto.keys) {
    SIPVET_TRY(auto key, key_from(written, suite));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<void> check_parameters(const sdp::Crypto& crypto) {
  for (const auto& parameter : crypto.parameters) {
    if (!parameter.mandatory() || iequals(parameter.name, "WSH")) continue;
    return fail("session parameter " + parameter.name + " is not supported");
  }
  return {};
}

std::vector<Result<sdp::Crypto>> crypto_lines(const sdp::Media& media) {
  std::vector<Result<sdp::Crypto>> lines;
  for (const auto value : media.attributes.values("crypto")) lines.push_back(sdp::parse_crypto(value));
  return lines;
}

std::vector<sdp::Crypto> readable_crypto_lines(const sdp::Media& media) {
  std::vector<sdp::Crypto> readable;
  for (auto& line : crypto_lines(media)) {
    if (line) readable.push_back(std::move(*line));
  }
  return readable;
}

} // namespace sipvet::keying
