// How many requests a peer may send in a second, and how many of all may wait for their responses: what goes
// beyond is refused without a transaction of its own.
#include "dialog/dialog.hpp"
#include "dialog/request_builder.hpp"
#include "ua/transactions_state.hpp"

namespace sipvet::ua {

namespace {

constexpr std::size_t max_addresses = 10'000; // whose requests over UDP are counted
using std::chrono::seconds;

} // namespace

// RFC 3261 §21.5.4: with Retry-After, so that the client does not take us for dead.
void Transactions::State::refuse_unseen(const Hop& hop, const sip::Message& request) {
  sip::Message response = dialog::make_response(request, 503, {}, dialog::new_tag(network.random()));
  response.add("Retry-After", "1");
  (void)transport.send_response(response, hop);
}

// Twice the rate costs the connection; over UDP, where the source may be another's, no more is said.
bool Transactions::State::too_many(const Hop& hop, const sip::Message& request) {
  if (request.method() == "ACK") return false;
  if (limits.transactions != 0 && servers.size() >= limits.transactions &&
      !server_keys.contains(dialog::transaction_key(request))) {
    owner.on_limit(hop, {Limit::transactions, "the request gets 503"});
    refuse_unseen(hop, request);
    return true;
  }
  if (limits.requests_per_second == 0) return false;
  const bool stream = hop.connection != net::ConnectionId::none;
  if (datagram_rates.size() > max_addresses) datagram_rates.clear();
  Rate& rate = stream ? rates[hop.connection] : datagram_rates[hop.remote.ip];
  if (network.now() - rate.since >= seconds(1)) rate = {network.now(), 0};
  const std::size_t count = ++rate.count;
  if (count <= limits.requests_per_second) return false;
  const bool first = count == limits.requests_per_second + 1;
  if (count <= 2 * limits.requests_per_second) {
    if (first) owner.on_limit(hop, {Limit::requests_per_second, "requests get 503"});
    refuse_unseen(hop, request);
    return true;
  }
  if (stream) {
    owner.on_limit(hop, {Limit::requests_per_second, "the connection is closed"});
    rates.erase(hop.connection);
    transport.disconnect(hop.connection);
    owner.on_closed(hop, {"closed here: too many requests", {}, false});
  }
  return true;
}

} // namespace sipvet::ua
