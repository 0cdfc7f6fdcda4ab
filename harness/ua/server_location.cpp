#include "ua/server_location.hpp"

#include "base/text.hpp"
#include "dns/service_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace sipvet::ua {

namespace {

struct ServiceRow {
  Transport transport;
  std::string_view naptr;  // RFC 3263 §4.1
  std::string_view prefix; // of the name of its SRV records
};
constexpr std::array<ServiceRow, 3> services = {{
    {Transport::udp, "SIP+D2U", "_sip._udp."},
    {Transport::tcp, "SIP+D2T", "_sip._tcp."},
    {Transport::tls, "SIPS+D2T", "_sips._tcp."},
}};

// Names whose SRV records are to be asked for, and the transport that they stand for.
struct ServiceName {
  Transport transport = Transport::udp;
  dns::Name name;
};
// Where an address or SRV record leads; its addresses are still to be found.
struct Place {
  Transport transport = Transport::udp;
  dns::Name name;
  std::uint16_t port = 0;
};

// One search, kept alive by the callback that it waits in.
struct Search : std::enable_shared_from_this<Search> {
  Search(Resolver* resolver_, Random& random_, const LocationWish& wish_, Located done_)
      : resolver(resolver_), random(random_), wish(wish_), done(std::move(done_)) {}

  Resolver* resolver;
  Random& random;
  LocationWish wish;
  Located done;
  dns::Name host;
  std::vector<ServiceName> names; // in the order in which they are tried
  std::vector<Place> places;
  std::vector<Target> targets;
  std::string failure; // the first

  bool secure() const { return wish.uri.scheme == "sips"; }
  bool supported(Transport transport) const {
    if (secure() && transport != Transport::tls) return false;
    return std::ranges::find(wish.supported, transport) != wish.supported.end();
  }

  // §4.1: UDP for sip where nothing says otherwise; what cannot be used is no choice.
  Transport otherwise() const {
    if (secure()) return Transport::tls;
    return supported(Transport::udp) || wish.supported.empty() ? Transport::udp : wish.supported.front();
  }

  std::string domain() const { return wish.uri.host; }

  void fail_with(std::string why) { done(fail(std::move(why))); }

  void add(Transport transport, const IpAddress& address, std::uint16_t port) {
    Target target;
    target.transport = transport;
    target.remote = {address, port};
    const bool seen = std::ranges::any_of(targets, [&](const Target& each) {
      return each.transport == transport && each.remote == target.remote;
    });
    if (seen) return;
    if (!host.labels.empty()) target.server_name = target.domain = domain();
    targets.push_back(std::move(target));
  }

  // RFC 3263 §4.1: what the URI says of the transport; none: DNS has to say it.
  Result<std::optional<Transport>> stated_transport() const {
    std::optional<Transport> stated = wish.transport;
    if (const auto parameter = sip::find(wish.uri.parameters, "transport"); parameter && !stated) {
      stated = find_transport(*parameter);
      if (!stated) return fail("expected transport udp, tcp or tls in " + to_string(wish.uri));
    }
    // RFC 3261 §26.2.2: sips is TLS, and transport=tcp is what lies below it.
    if (secure() && stated == Transport::udp)
      return fail("no way to " + to_string(wish.uri) + ": sips does not go over udp");
    if (secure() && stated) stated = Transport::tls;
    return stated;
  }

  void begin() {
    const auto stated = stated_transport();
    if (!stated) return fail_with(stated.error().what);
    std::string_view text = wish.uri.host;
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    if (const auto address = parse_ip(text)) {
      const Transport transport = stated->value_or(otherwise());
      add(transport, *address, wish.uri.port.value_or(default_port(transport)));
      return done(targets);
    }
    const auto name = dns::parse_name(wish.uri.host);
    if (!name) return fail_with(name.error().what);
    host = *name;
    if (resolver == nullptr)
      return fail_with("expected an IP address as host of " + to_string(wish.uri) +
                       ": no DNS server is known that could resolve it");
    if (wish.uri.port) {
      places = {{stated->value_or(otherwise()), host, *wish.uri.port}};
      return find_addresses(0);
    }
    if (!*stated) return ask_naptr();
    add_name(**stated);
    find_services(0);
  }

  void add_name(Transport transport) {
    const auto& row = *std::ranges::find(services, transport, &ServiceRow::transport);
    if (const auto name = dns::parse_name(std::string(row.prefix) + dns::to_string(host)))
      names.push_back({transport, *name});
  }

  void ask(const dns::Name& name, dns::Type type, std::function<void(const DnsAnswer&)> next) {
    resolver->resolve(name, type,
                      [self = shared_from_this(), next = std::move(next)](const DnsAnswer& answer) {
                        if (self->failure.empty()) self->failure = answer.failure;
                        next(answer);
                      });
  }

  void ask_naptr() {
    ask(host, dns::Type::naptr, [this](const DnsAnswer& answer) {
      take_pointers(answer);
      if (names.empty()) add_names_of_supported();
      find_services(0);
    });
  }

  void take_pointers(const DnsAnswer& answer) {
    std::vector<dns::Pointer> pointers;
    for (const dns::Record& record : answer.records)
      if (const auto* pointer = std::get_if<dns::Pointer>(&record.data)) pointers.push_back(*pointer);
    std::ranges::stable_sort(pointers, [](const dns::Pointer& a, const dns::Pointer& b) {
      return std::pair(a.order, a.preference) < std::pair(b.order, b.preference);
    });
    for (const dns::Pointer& pointer : pointers) {
      const auto row = std::ranges::find_if(
          services, [&](const ServiceRow& each) { return iequals(each.naptr, pointer.services); });
      if (row == services.end() || !supported(row->transport) || !iequals(pointer.flags, "s")) continue;
      names.push_back({row->transport, pointer.replacement});
    }
  }

  // §4.1: without NAPTR records, SRV records of each transport; _sips stands for sips URIs, and for who has
  // nothing but TLS.
  void add_names_of_supported() {
    const bool only_tls = otherwise() == Transport::tls;
    for (const Transport transport : wish.supported) {
      const bool fits = only_tls == (transport == Transport::tls);
      if (fits) add_name(transport);
    }
  }

  void find_services(std::size_t index) {
    if (index == names.size()) return services_found();
    ask(names[index].name, dns::Type::srv, [this, index](const DnsAnswer& answer) {
      std::vector<dns::Service> found;
      for (const dns::Record& record : answer.records)
        if (const auto* service = std::get_if<dns::Service>(&record.data)) found.push_back(*service);
      for (dns::Service& service : dns::in_order(std::move(found), random)) {
        has_services = true;
        // RFC 2782: the root as target says that the service is not there.
        if (!service.target.labels.empty())
          places.push_back({names[index].transport, std::move(service.target), service.port});
      }
      find_services(index + 1);
    });
  }
  bool has_services = false;

  // §4.2: without SRV records, the addresses of the host itself with the default port.
  void services_found() {
    if (has_services && places.empty())
      return fail_with("DNS says that " + domain() + " offers no such service");
    if (!has_services) {
      const bool known = names.size() == 1;
      const Transport transport = known ? names.front().transport : otherwise();
      places = {{transport, host, default_port(transport)}};
    }
    find_addresses(0);
  }

  void find_addresses(std::size_t index) {
    if (index == places.size()) return finish();
    ask(places[index].name, dns::Type::a, [this, index](const DnsAnswer& answer) {
      take_addresses(places[index], answer);
      ask(places[index].name, dns::Type::aaaa, [this, index](const DnsAnswer& more) {
        take_addresses(places[index], more);
        find_addresses(index + 1);
      });
    });
  }

  void take_addresses(const Place& place, const DnsAnswer& answer) {
    for (const dns::Record& record : answer.records)
      if (const auto* address = std::get_if<IpAddress>(&record.data))
        add(place.transport, *address, place.port);
  }

  void finish() {
    if (!targets.empty()) return done(targets);
    if (!failure.empty()) return fail_with(failure);
    fail_with("DNS has no address for " + domain());
  }
};

} // namespace

void locate(Resolver* resolver, Random& random, const LocationWish& wish, Located done) {
  std::make_shared<Search>(resolver, random, wish, std::move(done))->begin();
}

} // namespace sipvet::ua
