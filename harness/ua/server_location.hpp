// From a SIP URI to the servers that it may go to, in the order in which they are tried (RFC 3263 §4).
#pragma once

#include "sip/uri.hpp"
#include "ua/resolver.hpp"
#include "ua/transport.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace sipvet::ua {

struct LocationWish {
  sip::Uri uri;
  std::optional<Transport> transport = {}; // asked for elsewhere than in the URI; counts before the URI's
  // What can be used, most preferred first, where neither says.
  std::vector<Transport> supported = {Transport::udp, Transport::tcp, Transport::tls};
};

using Located = std::function<void(const Result<std::vector<Target>>&)>;

// `done` is called once, as Resolver::resolve() does it. The targets name the URI's host as the domain that a
// certificate must be for, whatever names DNS leads over (RFC 5922 §7.3). The resolver must outlive the
// search; without one, hosts must be addresses.
void locate(Resolver* resolver, Random& random, const LocationWish& wish, Located done);

} // namespace sipvet::ua
