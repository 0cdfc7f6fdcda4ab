#include "ua/resolver.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace sipvet::ua {

namespace {

constexpr std::size_t max_remembered = 4096;
constexpr std::size_t max_aliases = 8;

using Key = std::pair<std::string, dns::Type>;

struct Query {
  Key key;
  dns::Question question;
  std::uint16_t id = 0;
  unsigned attempt = 0; // how many were sent before the last
  net::SocketId socket = net::SocketId::none;
  net::ConnectionId connection = net::ConnectionId::none; // where the datagram was too small
  Bytes received;                                         // over it
  net::TimerId timer = net::TimerId::none;
  std::size_t depth = 0;  // how many aliases led to it
  bool following = false; // an alias: another query has the answer
  std::vector<Resolver::Done> waiting;
};

struct Remembered {
  DnsAnswer answer;
  Instant until;
};

// What a response says of a question, and for how long.
struct Taken {
  DnsAnswer answer;
  std::optional<std::uint32_t> ttl_s;
  std::optional<dns::Name> elsewhere; // an alias for a name that it says nothing of
};

// RFC 2308 §5: the smaller of the SOA record's TTL and its last field.
std::optional<std::uint32_t> negative_ttl(const dns::Message& response) {
  for (const dns::Record& record : response.authorities)
    if (const auto* soa = std::get_if<dns::Authority>(&record.data))
      return std::min(record.ttl_s, soa->minimum);
  return std::nullopt;
}

Taken take(const dns::Message& response, const dns::Question& question) {
  Taken out;
  dns::Name name = question.name;
  std::uint32_t ttl_s = dns::max_ttl_s;
  for (std::size_t aliases = 0; aliases <= max_aliases; ++aliases) {
    const dns::Alias* alias = nullptr;
    for (const dns::Record& record : response.answers) {
      if (record.record_class != dns::internet_class || !(record.owner == name)) continue;
      if (record.type == question.type) out.answer.records.push_back(record);
      if (record.type == dns::Type::cname) alias = std::get_if<dns::Alias>(&record.data);
      ttl_s = std::min(ttl_s, record.ttl_s);
    }
    if (!out.answer.records.empty() || alias == nullptr) break;
    name = alias->target;
  }
  if (!out.answer.records.empty()) {
    out.ttl_s = ttl_s;
    return out;
  }
  out.answer.name_exists = response.code != dns::ResponseCode::no_such_name;
  if (const auto negative = negative_ttl(response)) out.ttl_s = std::min(ttl_s, *negative);
  if (!(name == question.name) && out.answer.name_exists && !out.ttl_s) out.elsewhere = name;
  return out;
}

} // namespace

struct Resolver::State {
  State(Resolver& owner, net::Network& net, ResolverSettings wanted)
      : node(owner), network(net), settings(std::move(wanted)) {}

  Resolver& node;
  net::Network& network;
  ResolverSettings settings;
  std::map<Key, Remembered> memory;
  std::vector<std::shared_ptr<Query>> queries;

  const Endpoint& server_of(const Query& query) const {
    return settings.servers[query.attempt % settings.servers.size()];
  }

  template <typename Match>
  std::shared_ptr<Query> find(Match match) const {
    const auto found = std::ranges::find_if(queries, match);
    return found == queries.end() ? nullptr : *found;
  }

  Bytes octets_of(const Query& query) const {
    dns::Message message;
    message.id = query.id;
    message.recursion_desired = true;
    message.questions = {query.question};
    return dns::serialize(message);
  }

  void close(Query& query) {
    network.cancel(query.timer);
    if (query.socket != net::SocketId::none) network.close(std::exchange(query.socket, net::SocketId::none));
    if (query.connection != net::ConnectionId::none)
      network.abort(std::exchange(query.connection, net::ConnectionId::none));
    query.received.clear();
  }

  // RFC 5452 §9.2: a port and an id of its own for each attempt.
  void send(const std::shared_ptr<Query>& query) {
    close(*query);
    const Endpoint& server = server_of(*query);
    const auto socket = network.open_datagram(node, {{server.ip.v6, {}}, 0});
    if (!socket) return finish(query, failed(*query, socket.error().what));
    query->socket = *socket;
    query->id = static_cast<std::uint16_t>(network.random().u32());
    network.send_to(*socket, server, octets_of(*query));
    const std::size_t round = query->attempt / settings.servers.size();
    query->timer = network.wake_after(node, settings.timeout * (1 << std::min<std::size_t>(round, 16)));
  }

  void send_over_tcp(const std::shared_ptr<Query>& query) {
    query->connection = network.connect(node, {}, server_of(*query));
    Writer writer;
    {
      const auto length = writer.prefixed16(); // RFC 1035 §4.2.2
      writer.bytes(octets_of(*query));
    }
    network.send(query->connection, writer.view());
  }

  DnsAnswer failed(const Query& query, const std::string& why) const {
    return {{},
            true,
            fmt::format("{} of {} cannot be looked up: {}", dns::name(query.question.type),
                        dns::to_string(query.question.name), why)};
  }

  void try_next(const std::shared_ptr<Query>& query, const std::string& why) {
    if (++query->attempt < settings.rounds * settings.servers.size()) return send(query);
    finish(query, failed(*query, why));
  }

  void finish(const std::shared_ptr<Query>& query, const DnsAnswer& answer) {
    close(*query);
    std::erase(queries, query);
    for (const Done& done : query->waiting) done(answer);
  }

  void remember(const Key& key, const DnsAnswer& answer, std::uint32_t ttl_s) {
    const Duration time = std::min<Duration>(std::chrono::seconds(ttl_s), settings.longest_memory);
    if (time == Duration::zero()) return;
    if (memory.size() >= max_remembered)
      std::erase_if(memory, [&](const auto& each) { return each.second.until <= network.now(); });
    if (memory.size() >= max_remembered) memory.clear();
    memory[key] = {answer, network.now() + time};
  }

  // A response to this query; false: to another, or none.
  bool take_response(const std::shared_ptr<Query>& query, ByteView octets, bool datagram) {
    const auto response = dns::parse_message(octets);
    const bool ours = response && response->response && response->id == query->id &&
                      response->questions == std::vector<dns::Question>{query->question};
    if (!ours) return false;
    const bool answered =
        response->code == dns::ResponseCode::no_error || response->code == dns::ResponseCode::no_such_name;
    if (!answered) {
      try_next(query, fmt::format("{} says {}", to_string(server_of(*query)), dns::name(response->code)));
    } else if (response->truncated && datagram) {
      send_over_tcp(query);
    } else {
      take_answer(query, take(*response, query->question));
    }
    return true;
  }

  void take_answer(const std::shared_ptr<Query>& query, const Taken& taken) {
    if (!taken.elsewhere) {
      if (taken.ttl_s) remember(query->key, taken.answer, *taken.ttl_s);
      return finish(query, taken.answer);
    }
    if (query->depth >= max_aliases) return finish(query, failed(*query, "too many aliases lead on"));
    // Two aliases may wait for each other.
    network.cancel(query->timer);
    query->timer = network.wake_after(node, settings.timeout * (2 << settings.rounds));
    query->following = true;
    // So they must not hold each other.
    const std::weak_ptr<Query> waits = query;
    begin(*taken.elsewhere, query->question.type, query->depth + 1, [this, waits](const DnsAnswer& answer) {
      const std::shared_ptr<Query> still = waits.lock();
      if (still && std::ranges::find(queries, still) != queries.end()) finish(still, answer);
    });
  }

  void begin(const dns::Name& name, dns::Type type, std::size_t depth, Done done) {
    const Key key{name.key(), type};
    const auto known = memory.find(key);
    if (known != memory.end() && known->second.until > network.now()) {
      const DnsAnswer answer = known->second.answer;
      return done(answer);
    }
    if (const auto same = find([&](const auto& each) { return each->key == key; })) {
      same->waiting.push_back(std::move(done));
      return;
    }
    auto query = std::make_shared<Query>();
    query->key = key;
    query->question = {name, type};
    query->depth = depth;
    if (settings.servers.empty()) return done(failed(*query, "no DNS server is known"));
    query->waiting.push_back(std::move(done));
    queries.push_back(query);
    send(query);
  }
};

Resolver::Resolver(net::Network& network, ResolverSettings settings)
    : state_(std::make_unique<State>(*this, network, std::move(settings))) {}
Resolver::~Resolver() { state_->network.forget(*this); }

void Resolver::resolve(const dns::Name& name, dns::Type type, Done done) {
  state_->begin(name, type, 0, std::move(done));
}

void Resolver::on_datagram(net::SocketId socket, const Endpoint& from, ByteView octets) {
  const auto query = state_->find([&](const auto& each) { return each->socket == socket; });
  const bool waits = query != nullptr && query->connection == net::ConnectionId::none && !query->following;
  if (!waits) return;
  if (from == state_->server_of(*query)) state_->take_response(query, octets, true);
}

void Resolver::on_bytes(net::ConnectionId connection, ByteView octets) {
  const auto query = state_->find([&](const auto& each) { return each->connection == connection; });
  if (query == nullptr) return;
  append(query->received, octets);
  Reader reader(query->received);
  const auto message = reader.sub_prefixed16("message");
  if (!message) return; // the rest is on its way
  const Bytes whole = to_bytes(Reader(*message).rest());
  if (!state_->take_response(query, whole, false))
    state_->try_next(query, "what came over TCP is no response");
}

void Resolver::on_closed(net::ConnectionId connection, net::CloseReason reason) {
  const auto query = state_->find([&](const auto& each) { return each->connection == connection; });
  if (query == nullptr) return;
  query->connection = net::ConnectionId::none;
  state_->try_next(query, fmt::format("the connection to {} was {}", to_string(state_->server_of(*query)),
                                      net::to_string(reason)));
}

void Resolver::on_timer(net::TimerId timer) {
  const auto query = state_->find([&](const auto& each) { return each->timer == timer; });
  if (query == nullptr) return;
  if (query->following) return state_->finish(query, state_->failed(*query, "its alias has no answer"));
  state_->try_next(query, fmt::format("no answer from {}", to_string(state_->server_of(*query))));
}

std::vector<Endpoint> servers_of_resolv_conf(std::string_view text) {
  constexpr std::string_view keyword = "nameserver";
  std::vector<Endpoint> out;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view words = trim(line);
    if (!words.starts_with(keyword)) continue;
    const auto address = parse_ip(trim(words.substr(keyword.size())));
    if (address) out.push_back({*address, dns::server_port});
  }
  return out;
}

} // namespace sipvet::ua
