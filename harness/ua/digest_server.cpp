#include "ua/digest_server.hpp"

#include "base/hex.hpp"
#include "base/text.hpp"
#include "ua/digest_hash.hpp"

#include <algorithm>

namespace sipvet::ua {

DigestServer::DigestServer(DigestServerSettings settings, Random& random)
    : settings_(std::move(settings)), random_(random) {}

std::string DigestServer::new_nonce(Instant now) {
  if (nonces_.size() >= max_nonces)
    nonces_.erase(std::ranges::min_element(nonces_, {}, [](const auto& each) { return each.second.made; }));
  std::string nonce = to_hex(random_.bytes(16));
  nonces_[nonce] = {now, 0};
  return nonce;
}

std::vector<std::string> DigestServer::challenges(bool stale, Instant now) {
  std::vector<std::string> out;
  const std::string nonce = new_nonce(now);
  for (const std::string& algorithm : settings_.algorithms) {
    sip::DigestChallenge challenge;
    challenge.realm = settings_.realm;
    challenge.nonce = nonce;
    challenge.algorithm = algorithm;
    if (settings_.qop_auth) challenge.qop = {"auth"};
    challenge.stale = stale;
    out.push_back(to_string(challenge));
  }
  return out;
}

// Everything but the age of the nonce; empty: right.
std::string DigestServer::flaw_of(const sip::DigestCredentials& credentials,
                                  const sip::Message& request) const {
  const auto account = settings_.accounts.find(credentials.username);
  if (account == settings_.accounts.end()) return "there is no user " + credentials.username;
  const bool offered = std::ranges::any_of(settings_.algorithms, [&](const std::string& algorithm) {
    return iequals(credentials.algorithm.empty() ? "MD5" : credentials.algorithm, algorithm);
  });
  const auto hash = digest_hash(credentials.algorithm);
  if (!offered || !hash) return "the algorithm " + credentials.algorithm + " was not asked for";
  if (settings_.qop_auth && credentials.qop != "auth") return "qop auth was asked for";
  // RFC 7616 §3.4.6: whatever stands in `uri` must be the resource that is asked for.
  if (credentials.uri != request.uri()) return "the credentials are for " + credentials.uri;
  const std::string wanted = sip::digest_response(
      credentials, {std::string(request.method()), std::string(request.body())}, account->second, *hash);
  return wanted == credentials.response ? std::string() : "the response is wrong";
}

DigestServer::Checked DigestServer::check(const sip::Message& request, bool proxy, Instant now) {
  const std::string_view field = proxy ? "Proxy-Authorization" : "Authorization";
  Checked out;
  out.problem = "there are no credentials";
  for (const std::string_view text : request.headers(field)) {
    const auto credentials = sip::parse_credentials(text);
    if (!credentials || credentials->realm != settings_.realm) continue;
    out.problem = flaw_of(*credentials, request);
    if (!out.problem.empty()) return out;
    const auto nonce = nonces_.find(credentials->nonce);
    out.stale = nonce == nonces_.end() || now - nonce->second.made > settings_.nonce_lifetime;
    if (out.stale) {
      out.problem = "the nonce is too old";
      return out;
    }
    if (settings_.qop_auth && credentials->nonce_count.value_or(0) <= nonce->second.count) {
      out.problem = "the nonce count does not grow";
      return out;
    }
    nonce->second.count = credentials->nonce_count.value_or(0);
    out.user = credentials->username;
    if (settings_.next_nonce) out.information = "nextnonce=\"" + new_nonce(now) + "\"";
    return out;
  }
  return out;
}

} // namespace sipvet::ua
