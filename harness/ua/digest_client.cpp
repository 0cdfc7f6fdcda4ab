#include "ua/digest_client.hpp"

#include "base/hex.hpp"
#include "ua/digest_hash.hpp"

#include <set>

namespace sipvet::ua {

namespace {

struct Fields {
  std::string_view challenge, credentials, information;
};
constexpr Fields server_fields{"WWW-Authenticate", "Authorization", "Authentication-Info"};
constexpr Fields proxy_fields{"Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info"};

bool offers_auth(const sip::DigestChallenge& challenge) {
  for (const std::string& qop : challenge.qop)
    if (qop == "auth") return true;
  return challenge.qop.empty();
}

// RFC 8760 §2.3, RFC 7616 §3.7: of several challenges for one realm the first that can be answered counts,
// because the server lists them by preference. Those of other schemes are passed over.
std::vector<sip::DigestChallenge> answerable(const sip::Message& response, const Fields& fields) {
  std::vector<sip::DigestChallenge> out;
  std::set<std::string> realms;
  for (const std::string_view text : response.headers(fields.challenge)) {
    const auto challenge = sip::parse_challenge(text);
    if (!challenge || !digest_hash(challenge->algorithm) || !offers_auth(*challenge)) continue;
    if (realms.insert(challenge->realm).second) out.push_back(*challenge);
  }
  return out;
}

void remove_credentials(sip::Message& request, std::string_view field, const std::string& realm) {
  std::vector<std::string> kept;
  for (const std::string_view text : request.headers(field)) {
    const auto credentials = sip::parse_credentials(text);
    if (!credentials || credentials->realm != realm) kept.emplace_back(text);
  }
  request.remove(field);
  for (const std::string& text : kept) request.add(field, text);
}

} // namespace

DigestClient::DigestClient(std::vector<DigestAccount> accounts, Random& random)
    : accounts_(std::move(accounts)), random_(random) {}

const DigestAccount* DigestClient::account_for(const std::string& realm) const {
  const DigestAccount* any = nullptr;
  for (const DigestAccount& account : accounts_) {
    if (account.realm == realm) return &account;
    if (account.realm.empty() && any == nullptr) any = &account;
  }
  return any;
}

Result<std::string> DigestClient::credentials(Known& known, const sip::Message& request) {
  const DigestAccount* account = account_for(known.challenge.realm);
  if (account == nullptr) return fail("there is no password for the realm " + known.challenge.realm);
  const auto hash = digest_hash(known.challenge.algorithm);
  if (!hash) return fail("expected MD5 or SHA-256, got " + known.challenge.algorithm);
  const std::string cnonce = to_hex(random_.bytes(8));
  SIPVET_TRY(const sip::DigestCredentials made,
             sip::answer_challenge(known.challenge, {account->username, account->password},
                                   {std::string(request.method()), std::string(request.body())},
                                   std::string(request.uri()), cnonce, known.nonce_count + 1, *hash));
  ++known.nonce_count;
  return to_string(made);
}

Result<void> DigestClient::add(sip::Message& request, const Space& space, Known& known) {
  SIPVET_TRY(const std::string text, credentials(known, request));
  remove_credentials(request, space.first, space.second);
  request.add(space.first, text);
  return {};
}

Result<void> DigestClient::answer(sip::Message& request, const sip::Message& response,
                                  unsigned answered_before) {
  if (answered_before >= max_digest_answers) return fail("the server asks again and again");
  const Fields& fields = response.status() == 407 ? proxy_fields : server_fields;
  const std::vector<sip::DigestChallenge> challenges = answerable(response, fields);
  if (challenges.empty()) return fail("no challenge can be answered");
  sip::Message with = request;
  for (const sip::DigestChallenge& challenge : challenges) {
    const Space space{std::string(fields.credentials), challenge.realm};
    if (answered_before > 0 && !challenge.stale) {
      known_.erase(space);
      return fail("the realm " + challenge.realm + " does not take the password");
    }
    Known fresh{challenge, 0};
    SIPVET_CHECK(add(with, space, fresh));
    known_[space] = std::move(fresh);
  }
  request = std::move(with);
  return {};
}

void DigestClient::prepare(sip::Message& request) {
  for (auto& [space, known] : known_) (void)add(request, space, known);
}

void DigestClient::learn(const sip::Message& response) {
  for (const Fields* fields : {&server_fields, &proxy_fields}) {
    const auto information =
        sip::parse_authentication_info(response.header(fields->information).value_or(""));
    if (!information || information->next_nonce.empty()) continue;
    for (auto& [space, known] : known_) {
      if (space.first != fields->credentials) continue;
      known.challenge.nonce = information->next_nonce;
      known.nonce_count = 0;
    }
  }
}

} // namespace sipvet::ua
