// Asks for digest credentials and checks them, for servers that peers act (RFC 3261 §22, RFC 7616, RFC 8760).
#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "sip/digest.hpp"
#include "sip/message.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::ua {

struct DigestServerSettings {
  std::string realm;
  std::map<std::string, std::string> accounts;   // user to password
  std::vector<std::string> algorithms = {"MD5"}; // a challenge for each, in this order
  bool qop_auth = true;                          // false: as in RFC 2069
  Duration nonce_lifetime = std::chrono::seconds(30);
  bool next_nonce = false; // each success announces the nonce of the next request
};

class DigestServer {
 public:
  DigestServer(DigestServerSettings settings, Random& random);

  struct Checked {
    std::string user;    // whose credentials are right; empty: challenge the request
    bool stale = false;  // they are right but for the nonce, which is too old
    std::string problem; // why not, for a person
    // Of Authentication-Info or Proxy-Authentication-Info of the success response; empty: none.
    std::string information;
  };
  // `proxy`: Proxy-Authorization counts, else Authorization.
  Checked check(const sip::Message& request, bool proxy, Instant now);
  // Values of WWW-Authenticate or Proxy-Authenticate.
  std::vector<std::string> challenges(bool stale, Instant now);

 private:
  struct Nonce {
    Instant made;
    std::uint32_t count = 0; // the highest that was used (RFC 7616 §3.4: it must grow)
  };
  std::string new_nonce(Instant now);
  std::string flaw_of(const sip::DigestCredentials& credentials, const sip::Message& request) const;

  DigestServerSettings settings_;
  Random& random_;
  std::map<std::string, Nonce> nonces_;
};

// Nonces remembered at a time; the oldest go first.
inline constexpr std::size_t max_nonces = 4096;

} // namespace sipvet::ua
