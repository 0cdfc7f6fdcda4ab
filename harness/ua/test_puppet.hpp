// For the user agents' tests: a puppet that sends exactly what it is told to, and keeps what it gets.
#pragma once

#include "dialog/dialog.hpp"
#include "net/network.hpp"
#include "ua/sip_transport.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sipvet::ua::test {

// A request in all its parts; the defaults make a good one.
struct Exact {
  std::string method = "INVITE";
  std::string branch = "z9hG4bK1";
  int cseq = 1;
  std::string to_tag = {};
  std::string uri = "sip:bob@10.0.0.2";
  std::string via = "SIP/2.0/UDP 10.0.0.3:5060";
  std::string contact = "<sip:puppet@10.0.0.3>";
  std::string from = "<sip:puppet@10.0.0.3>;tag=p1";
  std::string call_id = "puppet";
  std::string cseq_method = {}; // empty: the method
  std::string extra = {};       // whole lines
  std::string body = {};

  std::string text() const {
    std::string all = method + " " + uri + " SIP/2.0\r\nVia: " + via + ";branch=" + branch + "\r\n";
    all += "Max-Forwards: 70\r\nFrom: " + from + "\r\nTo: <sip:bob@10.0.0.2>";
    all += (to_tag.empty() ? "" : ";tag=" + to_tag) + "\r\n";
    if (!call_id.empty()) all += "Call-ID: " + call_id + "\r\n";
    all += "CSeq: " + std::to_string(cseq) + " " + (cseq_method.empty() ? method : cseq_method) + "\r\n";
    if (!contact.empty()) all += "Contact: " + contact + "\r\n";
    all += extra;
    if (!body.empty()) all += "Content-Type: application/sdp\r\n";
    return all + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

inline const IpAddress puppet_ip = IpAddress::v4(10, 0, 0, 3);

struct Puppet final : TransportUser {
  SipTransport transport;
  std::vector<sip::Message> got;
  std::vector<Hop> hops; // of each
  bool closed = false;
  std::function<void(const sip::Message&, const Hop&)> act; // on each request that comes

  explicit Puppet(net::Network& network, TransportTls tls = {}) : transport(network, *this, std::move(tls)) {}
  static Endpoint at(std::uint16_t port = 5060) { return {puppet_ip, port}; }

  void on_message(const Hop& hop, const sip::Message& message) override {
    got.push_back(message);
    hops.push_back(hop);
    if (act && message.is_request()) act(message, hop);
  }
  void on_closed(const Hop&, const Closure&) override { closed = true; }

  void respond(const sip::Message& request, const Hop& hop, int status,
               const std::string& contact = "<sip:puppet@10.0.0.3>",
               const std::vector<std::pair<std::string, std::string>>& headers = {}) {
    sip::Message response = dialog::make_response(request, status, {}, "puppet-tag");
    if (!contact.empty()) response.add("Contact", contact);
    for (const auto& [name, value] : headers) response.add(name, value);
    transport.send_response(response, hop).value();
  }
  // Requests by method, responses by status and the method of their CSeq: "ACK", "200 INVITE".
  static std::string what(const sip::Message& message) {
    if (message.is_request()) return message.method();
    const std::string cseq(message.header("CSeq").value_or(""));
    return std::to_string(message.status()) + cseq.substr(cseq.find(' '));
  }
  long count(const std::string& wanted) const {
    return std::count_if(got.begin(), got.end(), [&](const auto& each) { return what(each) == wanted; });
  }
  const sip::Message* last(const std::string& wanted) const {
    const auto found =
        std::find_if(got.rbegin(), got.rend(), [&](const auto& each) { return what(each) == wanted; });
    return found == got.rend() ? nullptr : &*found;
  }
};

} // namespace sipvet::ua::test
