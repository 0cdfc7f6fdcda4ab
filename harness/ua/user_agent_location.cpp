// Where the user agent's requests within calls go: to the first route or the remote target, whose host may be
// a name (RFC 3261 §12.2.1.1, RFC 3263 §4).
#include "sip/name_addr.hpp"
#include "ua/user_agent_state.hpp"

namespace sipvet::ua {

std::string UserAgent::State::next_uri(const dialog::Dialog& dialog) {
  if (dialog.route_set.empty()) return dialog.remote_target;
  const auto route = sip::parse_name_addr(dialog.route_set.front());
  return route ? to_string(route->uri) : dialog.remote_target;
}

// Asked each time: the resolver remembers for as long as the records allow.
void UserAgent::State::when_located(CallId id, const std::string& uri,
                                    std::function<void(Call&, const Result<void>& way)> then) {
  const auto go_on = [this, id, then = std::move(then)](const Result<void>& way) {
    if (Call* const call = find(id)) then(*call, way);
  };
  const auto parsed = sip::parse_uri(uri);
  const bool is_name =
      parsed && parsed->scheme.starts_with("sip") && !target_of_uri(uri, Transport::udp).has_value();
  if (!is_name || !config.locate || config.deviations.first_hop_kept) return go_on({});
  config.locate({*parsed}, [this, uri, go_on](const Result<std::vector<Target>>& found) {
    located.erase(uri);
    if (!found) return go_on(found.error());
    located[uri] = found->front();
    go_on({});
  });
}

// §12.2.1.1, §8.1.2. The connection the call runs on is used again when the same host made it: peers that
// only connect cannot be connected to.
Target UserAgent::State::next_hop(const dialog::Dialog& dialog, const Hop& hop) const {
  const std::string uri = next_uri(dialog);
  const auto known = located.find(uri);
  const Result<Target> named = known != located.end() ? known->second : target_of_uri(uri, hop.transport);
  const Target same = target_of(hop);
  if (!named) return same; // a name, and nobody to ask
  Target next = *named;
  if (config.deviations.udp_in_dialog) next.transport = Transport::udp;
  if (next.transport != hop.transport) return next;
  next.local = hop.local;
  const bool here = next.remote.ip == hop.remote.ip && transactions.transport().is_accepted(hop.connection);
  return here ? same : next;
}

} // namespace sipvet::ua
