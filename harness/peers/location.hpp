// Where the users of a registrar are: bindings of contacts, each with its expiry (RFC 3261 §10.3).
#pragma once

#include "base/clock.hpp"
#include "sip/message.hpp"
#include "sip/uri.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sipvet::peers {

struct ExpiryLimits {
  std::uint32_t least_s = 0, most_s = 3600;
};

class Location {
 public:
  struct Outcome {
    int status = 200;
    std::string reason;                // empty: the RFC's
    std::vector<std::string> contacts; // of the user now, with the seconds that are left
  };
  // What a REGISTER asks for, all of it or nothing.
  Outcome update(const std::string& user, const sip::Message& request, const ExpiryLimits& limits,
                 Instant now);
  // The contacts of the user that have not expired, the latest first.
  std::vector<sip::Uri> find(const std::string& user, Instant now) const;

 private:
  struct Binding {
    sip::Uri contact;
    std::string call_id;
    std::uint32_t cseq = 0;
    Instant expires;
  };
  using Bindings = std::vector<Binding>; // oldest first
  static std::vector<std::string> listed(const Bindings& bindings, Instant now);

  std::map<std::string, Bindings> users_;
};

} // namespace sipvet::peers
