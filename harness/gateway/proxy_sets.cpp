#include "gateway/proxy_sets.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::gateway {

namespace {

struct Server {
  std::string name; // as configured
  ua::Target target;
  bool up = false;
  bool judged = false; // it was asked, and something came of it
  ua::RequestId asked = ua::RequestId::none;
};

struct Set {
  std::string name;
  ProxySet settings;
  std::vector<std::vector<Server>> servers; // of each address, which may be several
  std::optional<Endpoint> in_use;           // the server that answered a call last
  std::size_t looked_for = 0;               // addresses that are still being looked for
  net::TimerId timer = net::TimerId::none;
};

sip::Uri uri_of(const ProxyAddress& address) {
  sip::Uri uri;
  uri.host = address.host;
  uri.port = address.port;
  return uri;
}

} // namespace

struct ProxySets::State {
  State(ProxySets& owner, const SbcSettings& wanted, ProxySurroundings surroundings)
      : node(owner), settings(wanted), around(std::move(surroundings)) {
    for (const auto& [name, set] : settings.proxy_sets) {
      sets[name].name = name;
      sets[name].settings = set;
      sets[name].servers.resize(set.addresses.size());
    }
  }

  ProxySets& node;
  const SbcSettings& settings;
  ProxySurroundings around;
  std::map<std::string, Set> sets;

  template <typename Act>
  void each_server(Act act) {
    for (auto& [name, set] : sets)
      for (auto& of_address : set.servers)
        for (Server& server : of_address) act(set, server);
  }

  void look_for(Set& set, std::size_t index) {
    const ProxyAddress& address = set.settings.addresses[index];
    ++set.looked_for;
    ua::LocationWish wish{uri_of(address), address.transport};
    ua::locate(
        around.resolver, around.network.random(), wish,
        [this, &set, index](const Result<std::vector<ua::Target>>& found) { take(set, index, found); });
  }

  void take(Set& set, std::size_t index, const Result<std::vector<ua::Target>>& found) {
    const std::string name = to_string(set.settings.addresses[index]);
    --set.looked_for;
    if (!found) {
      around.say(LogLevel::warning,
                 fmt::format("proxy set {}: {} is not found: {}", set.name, name, found.error().what));
      return;
    }
    for (ua::Target target : *found) {
      if (const auto own = around.interface_at(set.settings.sip_interface, target.transport))
        target.local = *own;
      set.servers[index].push_back({name, target, !set.settings.keep_alive, false, ua::RequestId::none});
    }
    if (set.settings.keep_alive)
      for (Server& server : set.servers[index]) ask(set, server);
  }

  void ask(Set& set, Server& server) {
    if (server.asked != ua::RequestId::none) return; // the answer to the last is still to come
    const auto sent = around.ask(server.target);
    if (!sent) return change(set, server, false, sent.error().what);
    server.asked = *sent;
  }

  void change(const Set& set, Server& server, bool up, const std::string& why) {
    const bool news = server.up != up || !server.judged;
    server.up = up;
    server.judged = true;
    if (!news) return;
    around.say(up ? LogLevel::info : LogLevel::warning,
               fmt::format("proxy set {}: {} ({}) is {}: {}", set.name, server.name,
                           to_string(server.target.remote), up ? "up" : "down", why));
  }

  std::vector<ua::Target> of(const std::string& name, bool dead_ones_too) const {
    std::vector<ua::Target> out;
    const auto set = sets.find(name);
    if (set == sets.end()) return out;
    for (const auto& of_address : set->second.servers)
      for (const Server& server : of_address)
        if (server.up || dead_ones_too) out.push_back(server.target);
    if (const auto& used = set->second.in_use)
      std::ranges::stable_partition(out, [&](const ua::Target& each) { return each.remote == *used; });
    return out;
  }

  void tick(Set& set) {
    for (std::size_t i = 0; i < set.servers.size(); ++i) {
      for (Server& server : set.servers[i]) ask(set, server);
      if (set.servers[i].empty() && set.looked_for == 0) look_for(set, i);
    }
    set.timer = around.network.wake_after(node, set.settings.keep_alive_time);
  }
};

ProxySets::ProxySets(const SbcSettings& settings, ProxySurroundings around)
    : state_(std::make_unique<State>(*this, settings, std::move(around))) {}
ProxySets::~ProxySets() { state_->around.network.forget(*this); }

void ProxySets::start() {
  for (auto& [name, set] : state_->sets) {
    for (std::size_t i = 0; i < set.servers.size(); ++i) state_->look_for(set, i);
    if (set.settings.keep_alive)
      set.timer = state_->around.network.wake_after(*this, set.settings.keep_alive_time);
  }
}

std::vector<ua::Target> ProxySets::alive(const std::string& set) const { return state_->of(set, false); }
std::vector<ua::Target> ProxySets::all(const std::string& set) const { return state_->of(set, true); }

std::optional<std::string> ProxySets::group_of(const IpAddress& source) const {
  for (const auto& [name, group] : state_->settings.ip_groups) {
    if (!group.classify_by_proxy_set) continue;
    for (const ua::Target& server : state_->of(group.proxy_set, true))
      if (server.remote.ip == source) return name;
  }
  return std::nullopt;
}

bool ProxySets::take_response(ua::RequestId id, int status) {
  bool ours = false;
  state_->each_server([&](const Set& set, Server& server) {
    if (server.asked != id || id == ua::RequestId::none) return;
    ours = true;
    if (status < 200) return;
    server.asked = ua::RequestId::none;
    // RFC 3261 §11: any final answer shows that somebody is there; 503 says that calls are not wanted.
    state_->change(set, server, status != 503, fmt::format("it answers OPTIONS with {}", status));
  });
  return ours;
}

bool ProxySets::take_failure(ua::RequestId id, const std::string& cause) {
  bool ours = false;
  state_->each_server([&](const Set& set, Server& server) {
    if (server.asked != id || id == ua::RequestId::none) return;
    ours = true;
    server.asked = ua::RequestId::none;
    state_->change(set, server, false, cause);
  });
  return ours;
}

void ProxySets::call_answered(const Endpoint& at) {
  state_->each_server([&](Set& set, const Server& server) {
    if (server.target.remote == at) set.in_use = at;
  });
}

// Without keep-alive nothing would ever bring it up again.
void ProxySets::call_failed(const Endpoint& at, const std::string& cause) {
  state_->each_server([&](const Set& set, Server& server) {
    if (server.target.remote == at && set.settings.keep_alive) state_->change(set, server, false, cause);
  });
}

bool ProxySets::settled() const {
  bool all = true;
  for (const auto& [name, set] : state_->sets) all = all && set.looked_for == 0;
  state_->each_server([&](const Set& set, const Server& server) {
    all = all && (!set.settings.keep_alive || server.judged);
  });
  return all;
}

void ProxySets::on_timer(net::TimerId timer) {
  for (auto& [name, set] : state_->sets)
    if (set.timer == timer) return state_->tick(set);
}

} // namespace sipvet::gateway
