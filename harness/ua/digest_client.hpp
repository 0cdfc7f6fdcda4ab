// Answers the challenges that requests of a user agent meet (RFC 3261 §22, RFC 7616, RFC 8760): credentials
// for each realm, the count of each nonce, the next nonce that a server announces.
#pragma once

#include "base/random.hpp"
#include "sip/digest.hpp"
#include "sip/message.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::ua {

struct DigestAccount {
  std::string realm; // empty: any
  std::string username;
  std::string password;
};

class DigestClient {
 public:
  DigestClient(std::vector<DigestAccount> accounts, Random& random);

  // Puts credentials for all challenges of a 401 or 407 into the request that met it. `answered_before`: how
  // many challenges this request has answered already. A challenge that comes after an answer says that the
  // password is wrong unless it is marked stale (RFC 7616 §3.3), and then nothing is tried again. Fails with
  // the reason, and leaves the request as it was.
  Result<void> answer(sip::Message& request, const sip::Message& response, unsigned answered_before);
  // Credentials for the spaces known so far, for a new request (RFC 7616 §3.6: without waiting to be asked).
  void prepare(sip::Message& request);
  // Takes `nextnonce` from the response to a request that was accepted (RFC 7616 §3.5).
  void learn(const sip::Message& response);

 private:
  struct Known {
    sip::DigestChallenge challenge;
    std::uint32_t nonce_count = 0; // of requests sent with this nonce
  };
  // A proxy's space is apart from that of a user agent server of the same realm.
  using Space = std::pair<std::string, std::string>; // credentials' header, realm

  const DigestAccount* account_for(const std::string& realm) const;
  Result<std::string> credentials(Known& known, const sip::Message& request);
  Result<void> add(sip::Message& request, const Space& space, Known& known);

  std::vector<DigestAccount> accounts_;
  Random& random_;
  std::map<Space, Known> known_;
};

// A stale nonce is answered this many times at most: a server that calls every nonce stale must not keep a
// client busy for ever.
inline constexpr unsigned max_digest_answers = 3;

} // namespace sipvet::ua
