#include "sip/digest.hpp"

#include "base/text.hpp"
#include "sip/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sipvet::sip {

namespace {

// name = value pairs with commas between them, quotes removed.
Result<Parameters> parse_pairs(Lexer& lexer) {
  Parameters out;
  do {
    lexer.blanks();
    SIPVET_TRY(const std::string_view name, lexer.token("parameter name"));
    SIPVET_CHECK(lexer.expect('=', fmt::format("after {}", name)));
    std::string value;
    if (lexer.peek() == '"') {
      SIPVET_TRY(const std::string_view quoted, lexer.quoted());
      value = unquote(quoted);
    } else {
      value = lexer.until(" \t\r\n,;\"");
      if (value.empty()) return lexer.error(fmt::format("{}: expected a value after '='", name));
    }
    out.push_back({std::string(name), std::move(value)});
  } while (lexer.accept(','));
  SIPVET_CHECK(lexer.expect_end("the parameters"));
  return out;
}

Result<Parameters> parse_digest(std::string_view text) {
  Lexer lexer(text);
  lexer.blanks();
  const std::size_t start = lexer.offset();
  SIPVET_TRY(const std::string_view scheme, lexer.token("authentication scheme"));
  if (!iequals(scheme, "Digest")) return fail("expected the authentication scheme Digest", start);
  return parse_pairs(lexer);
}

// Moves the value of `name` out of the list; an empty string when there is none.
std::string take(Parameters& parameters, std::string_view name) {
  const auto found = find(parameters, name);
  remove(parameters, name);
  return found.value_or("");
}

Result<std::string> take_needed(Parameters& parameters, std::string_view name) {
  if (!find(parameters, name)) return fail(fmt::format("expected the parameter {}", name), 0);
  return take(parameters, name);
}

// RFC 7616 §3.3 and §3.4 say which values are quoted; opaque and the rest of strings are, tokens are not.
void write(std::string& out, std::string_view name, std::string_view value, bool quoted) {
  if (value.empty()) return;
  out += out.ends_with("Digest") ? " " : ", ";
  out.append(name).append("=").append(quoted ? quote(value) : std::string(value));
}

void write_further(std::string& out, const Parameters& further) {
  for (const Parameter& one : further) {
    const std::string value = one.value.value_or("");
    const bool plain = iequals(one.name, "userhash") || iequals(one.name, "charset");
    write(out, one.name, value, !plain);
  }
}

bool has_suffix(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && iequals(text.substr(text.size() - suffix.size()), suffix);
}

} // namespace

Result<DigestChallenge> parse_challenge(std::string_view text) {
  SIPVET_TRY(Parameters all, parse_digest(text));
  DigestChallenge out;
  SIPVET_TRY(out.realm, take_needed(all, "realm"));
  SIPVET_TRY(out.nonce, take_needed(all, "nonce"));
  out.opaque = take(all, "opaque");
  out.algorithm = take(all, "algorithm");
  out.stale = iequals(take(all, "stale"), "true");
  const std::string qop = take(all, "qop");
  for (const std::string_view one : split(qop, ','))
    if (!trim(one).empty()) out.qop.emplace_back(trim(one));
  out.further = std::move(all);
  return out;
}

std::string to_string(const DigestChallenge& challenge) {
  std::string qop;
  for (const std::string& one : challenge.qop) qop += (qop.empty() ? "" : ",") + one;
  std::string out = "Digest";
  write(out, "realm", challenge.realm, true);
  write(out, "nonce", challenge.nonce, true);
  write(out, "opaque", challenge.opaque, true);
  write(out, "stale", challenge.stale ? "true" : "", false);
  write(out, "algorithm", challenge.algorithm, false);
  write(out, "qop", qop, true);
  write_further(out, challenge.further);
  return out;
}

Result<DigestCredentials> parse_credentials(std::string_view text) {
  SIPVET_TRY(Parameters all, parse_digest(text));
  DigestCredentials out;
  SIPVET_TRY(out.username, take_needed(all, "username"));
  SIPVET_TRY(out.realm, take_needed(all, "realm"));
  SIPVET_TRY(out.nonce, take_needed(all, "nonce"));
  SIPVET_TRY(out.uri, take_needed(all, "uri"));
  SIPVET_TRY(out.response, take_needed(all, "response"));
  out.algorithm = take(all, "algorithm");
  out.cnonce = take(all, "cnonce");
  out.opaque = take(all, "opaque");
  out.qop = take(all, "qop");
  const std::string count = take(all, "nc");
  if (!count.empty()) {
    const bool digits = count.find_first_not_of("0123456789abcdefABCDEF") == count.npos;
    if (count.size() != 8 || !digits) return fail("nc: expected 8 hexadecimal digits", 0);
    out.nonce_count = static_cast<std::uint32_t>(std::stoul(count, nullptr, 16));
  }
  out.further = std::move(all);
  return out;
}

std::string to_string(const DigestCredentials& credentials) {
  std::string out = "Digest";
  write(out, "username", credentials.username, true);
  write(out, "realm", credentials.realm, true);
  write(out, "nonce", credentials.nonce, true);
  write(out, "uri", credentials.uri, true);
  write(out, "response", credentials.response, true);
  write(out, "algorithm", credentials.algorithm, false);
  write(out, "cnonce", credentials.cnonce, true);
  write(out, "opaque", credentials.opaque, true);
  write(out, "qop", credentials.qop, false);
  if (credentials.nonce_count) write(out, "nc", fmt::format("{:08x}", *credentials.nonce_count), false);
  write_further(out, credentials.further);
  return out;
}

Result<AuthenticationInfo> parse_authentication_info(std::string_view text) {
  Lexer lexer(text);
  SIPVET_TRY(Parameters all, parse_pairs(lexer));
  AuthenticationInfo out;
  out.next_nonce = take(all, "nextnonce");
  out.further = std::move(all);
  return out;
}

std::optional<std::string> hash_name(std::string_view algorithm) {
  if (algorithm.empty()) return "MD5";
  if (has_suffix(algorithm, "-sess")) algorithm.remove_suffix(5);
  constexpr std::array<std::string_view, 3> names = {"MD5", "SHA-256", "SHA-512-256"};
  for (const std::string_view name : names)
    if (iequals(name, algorithm)) return std::string(name);
  return std::nullopt;
}

std::string digest_response(const DigestCredentials& credentials, const DigestRequest& request,
                            std::string_view password, const HexHash& hash) {
  std::string ha1 = hash(fmt::format("{}:{}:{}", credentials.username, credentials.realm, password));
  if (has_suffix(credentials.algorithm, "-sess"))
    ha1 = hash(fmt::format("{}:{}:{}", ha1, credentials.nonce, credentials.cnonce));
  std::string a2 = request.method + ':' + credentials.uri;
  if (iequals(credentials.qop, "auth-int")) a2 += ':' + hash(request.body);
  const std::string ha2 = hash(a2);
  // RFC 2069's form, without nc, cnonce and qop (RFC 2617 §3.2.2.1).
  if (credentials.qop.empty()) return hash(fmt::format("{}:{}:{}", ha1, credentials.nonce, ha2));
  return hash(fmt::format("{}:{}:{:08x}:{}:{}:{}", ha1, credentials.nonce,
                          credentials.nonce_count.value_or(0), credentials.cnonce, credentials.qop, ha2));
}

Result<DigestCredentials> answer_challenge(const DigestChallenge& challenge, const DigestUser& user,
                                           const DigestRequest& request, std::string uri, std::string cnonce,
                                           std::uint32_t nonce_count, const HexHash& hash) {
  DigestCredentials out;
  out.username = user.username;
  out.realm = challenge.realm;
  out.nonce = challenge.nonce;
  out.uri = std::move(uri);
  out.algorithm = challenge.algorithm;
  out.opaque = challenge.opaque;
  if (!challenge.qop.empty()) {
    const bool offered = std::any_of(challenge.qop.begin(), challenge.qop.end(),
                                     [](const std::string& one) { return iequals(one, "auth"); });
    if (!offered) return fail("the challenge offers no qop that is supported: expected auth");
    out.qop = "auth";
    out.nonce_count = nonce_count;
  }
  if (!challenge.qop.empty() || has_suffix(challenge.algorithm, "-sess")) out.cnonce = std::move(cnonce);
  out.response = digest_response(out, request, user.password, hash);
  return out;
}

} // namespace sipvet::sip
