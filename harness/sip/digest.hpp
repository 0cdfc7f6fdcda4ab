// Digest authentication of SIP requests (RFC 3261 §22.4, RFC 7616, RFC 8760): challenges, credentials and the
// response value. The hash comes from the caller, because this folder has no cryptography.
#pragma once

#include "sip/uri.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sip {

// The hash of the octets, as lower-case hexadecimal digits: MD5 or SHA-256, as `hash_name` of the algorithm
// says.
using HexHash = std::function<std::string(std::string_view)>;

// WWW-Authenticate and Proxy-Authenticate. One challenge is one header field: commas separate its parameters
// (§20.44), so Message::headers is what finds them, not Message::list.
struct DigestChallenge {
  std::string realm;
  std::string nonce;
  std::string opaque;
  std::string algorithm;        // as written; empty means MD5
  std::vector<std::string> qop; // "auth", "auth-int"; empty for RFC 2069's form
  bool stale = false;
  Parameters further; // domain, charset, userhash and whatever else, values unquoted
};
Result<DigestChallenge> parse_challenge(std::string_view text);
std::string to_string(const DigestChallenge& challenge);

// Authorization and Proxy-Authorization.
struct DigestCredentials {
  std::string username;
  std::string realm;
  std::string nonce;
  std::string uri;
  std::string response;
  std::string algorithm;
  std::string cnonce;
  std::string opaque;
  std::string qop;
  std::optional<std::uint32_t> nonce_count; // nc
  Parameters further;
};
Result<DigestCredentials> parse_credentials(std::string_view text);
std::string to_string(const DigestCredentials& credentials);

// Authentication-Info (RFC 7616 §3.5).
struct AuthenticationInfo {
  std::string next_nonce; // empty when there is none
  Parameters further;     // qop, rspauth, cnonce, nc
};
Result<AuthenticationInfo> parse_authentication_info(std::string_view text);

// "MD5", "SHA-256" or "SHA-512-256" without regard to "-sess" and case; MD5 for an empty algorithm, nothing
// for an unknown one.
std::optional<std::string> hash_name(std::string_view algorithm);

// What is authenticated besides the credentials.
struct DigestRequest {
  std::string method;
  std::string body; // counts for qop auth-int only
};

// The value that `response` must have (RFC 7616 §3.4.1).
std::string digest_response(const DigestCredentials& credentials, const DigestRequest& request,
                            std::string_view password, const HexHash& hash);

// Credentials for a challenge, with qop "auth" where it is offered. Fails when it offers qop values but not
// that one.
struct DigestUser {
  std::string username;
  std::string password;
};
Result<DigestCredentials> answer_challenge(const DigestChallenge& challenge, const DigestUser& user,
                                           const DigestRequest& request, std::string uri, std::string cnonce,
                                           std::uint32_t nonce_count, const HexHash& hash);

} // namespace sipvet::sip
