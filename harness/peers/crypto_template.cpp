#include "peers/crypto_template.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "rtp/srtp_suite.hpp"

#include <optional>

namespace sipvet::peers {

namespace {

constexpr std::size_t usual_octets = 30; // of AES_CM_128
constexpr std::size_t max_octets = 1024;

std::size_t octets_of(std::string_view suite_name) {
  const auto suite = rtp::find_srtp_suite(suite_name);
  const auto meant = suite ? suite : rtp::find_srtp_suite_alias(suite_name);
  return meant ? rtp::info(*meant).key_octets + rtp::info(*meant).salt_octets : usual_octets;
}

Result<std::string> filled(std::string_view place, std::string_view suite, Random& random,
                           const sdp::Crypto* chosen) {
  if (place == "tag" && chosen != nullptr) return std::to_string(chosen->tag);
  if (place == "suite" && chosen != nullptr) return std::string(suite);
  const auto sides = split_once(place, ':');
  const std::string_view word = sides ? sides->first : place;
  if (word != "key" && word != "bare")
    return fail("'{" + std::string(place) + "}' is no place of a crypto line here");
  std::size_t octets = octets_of(suite);
  if (sides) {
    SIPVET_TRY(octets, parse_decimal(sides->second, max_octets, "number of octets"));
  }
  std::string key = to_base64(random.bytes(octets));
  if (word == "bare") std::erase(key, '=');
  return {boost::system::in_place_value, std::move(key)};
}

} // namespace

Result<std::string> fill_crypto_template(std::string_view text, Random& random, const sdp::Crypto* chosen) {
  const auto words = split(text, ' ');
  std::string suite(words.size() > 1 ? words[1] : std::string_view());
  if (chosen != nullptr && suite == "{suite}") suite = chosen->suite;
  std::string out;
  while (const auto before = split_once(text, '{')) {
    const auto after = split_once(before->second, '}');
    if (!after) return fail("expected '}' after '{'");
    SIPVET_TRY(const std::string value, filled(after->first, suite, random, chosen));
    out.append(before->first).append(value);
    text = after->second;
  }
  out.append(text);
  return {boost::system::in_place_value, std::move(out)};
}

} // namespace sipvet::peers
