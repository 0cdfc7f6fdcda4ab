// For tests of the resolver and of what is built on it: a DNS server on the simulated network.
#pragma once

#include "dns/zone.hpp"
#include "net/network.hpp"

#include <map>
#include <string>
#include <vector>

namespace sipvet::ua::test {

inline const Endpoint dns_at{IpAddress::v4(10, 0, 0, 53), dns::server_port};

struct DnsServer final : net::Node {
  net::Network& network;
  dns::Zone zone{30};
  std::vector<std::string> asked; // "SRV _sip._udp.example.test"
  unsigned silent = 0;            // so many queries get no answer
  std::optional<dns::ResponseCode> refuses;
  bool through_tcp_only = false;

  explicit DnsServer(net::Network& on, const Endpoint& at = dns_at) : network(on) {
    network.open_datagram(*this, at).value();
    network.listen(*this, at).value();
  }
  ~DnsServer() override { network.forget(*this); }

  void add(std::string_view owner, std::string_view record, std::uint32_t ttl_s = 60) {
    zone.add(dns::parse_record(dns::parse_name(owner).value(), record, ttl_s).value());
  }
  dns::Message answer_to(const dns::Message& query) {
    asked.push_back(dns::name(query.questions.at(0).type) + " " + dns::to_string(query.questions.at(0).name));
    dns::Message response = zone.answer(query);
    if (refuses) {
      response.code = *refuses;
      response.answers.clear();
    }
    return response;
  }
  void on_datagram(net::SocketId socket, const Endpoint& from, ByteView octets) override {
    const dns::Message query = dns::parse_message(octets).value();
    dns::Message response = answer_to(query);
    if (silent > 0) {
      --silent;
      return;
    }
    if (through_tcp_only) {
      response.truncated = true;
      response.answers.clear();
    }
    network.send_to(socket, from, dns::serialize(response));
  }
  void on_bytes(net::ConnectionId connection, ByteView octets) override {
    Reader reader(octets);
    const Bytes message = to_bytes(reader.sub_prefixed16("query").value().rest());
    Writer writer;
    {
      const auto length = writer.prefixed16();
      writer.bytes(dns::serialize(answer_to(dns::parse_message(message).value())));
    }
    network.send(connection, writer.view());
  }
};

} // namespace sipvet::ua::test
