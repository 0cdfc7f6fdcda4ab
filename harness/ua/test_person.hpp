// For the user agents' tests: two people with an agent each on the simulated network, who write down what
// happens to them, and exact requests.
#pragma once

#include "dialog/dialog.hpp"
#include "net/sim_network.hpp"
#include "ua/user_agent.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace sipvet::ua::test {

using namespace std::chrono_literals;

inline const IpAddress alice_ip = IpAddress::v4(10, 0, 0, 1), bob_ip = IpAddress::v4(10, 0, 0, 2);

struct Person final : UserAgentHandler {
  UserAgent agent;
  CallId call = CallId::none;
  std::vector<std::string> seen; // "> INVITE", "< 200 INVITE"
  std::vector<int> finals;
  std::vector<std::string> events, progress_tags;
  std::optional<sip::Message> stray;
  std::optional<int> answers = 200; // none: waits
  std::optional<int> answers_reinvite = 200;
  bool hang_up_at_once = false;
  std::optional<Hop> hop;

  explicit Person(net::Network& network, UserAgentConfig config = {})
      : agent(network, std::move(config), *this) {}

  void on_incoming_call(CallId id, const Hop&, const sip::Message&) override {
    call = id;
    events.push_back("call");
    if (answers && *answers < 300) {
      agent.answer(id, *answers, Body{"v=0", "application/sdp"}).value();
    } else if (answers) {
      agent.reject(id, *answers).value();
    } else {
      agent.provisional(id, 180).value();
    }
  }
  void on_progress(CallId, const sip::Message& response) override {
    progress_tags.push_back(dialog::to_tag(response));
  }
  std::optional<Body> on_answered(CallId id, const sip::Message& response) override {
    finals.push_back(response.status());
    if (hang_up_at_once) agent.hang_up(id).value();
    return std::nullopt;
  }
  void on_confirmed(CallId, const sip::Message&) override { events.push_back("confirmed"); }
  void on_rejected(CallId, const sip::Message& response) override { finals.push_back(response.status()); }
  void on_call_failed(CallId, const RequestFailure& failure) override {
    events.push_back("failed: " + failure.cause);
  }
  void on_reinvited(CallId id, const sip::Message&) override {
    events.push_back("reinvited");
    if (answers_reinvite) agent.answer(id, *answers_reinvite, Body{"v=0", "application/sdp"}).value();
  }
  void on_refresh_due(CallId) override { events.push_back("refresh"); }
  void on_session_expired(CallId) override { events.push_back("expired"); }
  void on_ended(CallId, bool by_remote, const sip::Message*) override {
    events.push_back(by_remote ? "ended by remote" : "ended");
  }
  void on_response(RequestId, const sip::Message& response) override { finals.push_back(response.status()); }
  void on_request_failed(RequestId, const RequestFailure& failure) override {
    events.push_back("failed: " + failure.cause);
  }
  void on_stray_response(const Hop&, const sip::Message& response) override { stray = response; }
  void on_connected(const Hop& made, const std::optional<tls::SessionInfo>&) override { hop = made; }
  void on_connect_failed(const Hop&, const ConnectFailure& failure) override {
    events.push_back("no connection: " + failure.cause);
  }
  void on_closed(const Hop&, const Closure&) override { events.push_back("closed"); }
  void on_garbage(const Hop&, const Error&) override { events.push_back("garbage"); }
  void on_traffic(bool sent, const Hop&, const sip::Message& message) override {
    seen.push_back((sent ? "> " : "< ") +
                   (message.is_request() ? message.method() : std::to_string(message.status())));
  }
  bool had(const std::string& event) const {
    return std::find(events.begin(), events.end(), event) != events.end();
  }
  long times(const std::string& message) const { return std::count(seen.begin(), seen.end(), message); }
};

struct Two {
  net::SimNetwork network{3};
  Person alice, bob{network};
  explicit Two(UserAgentConfig of_alice = {}) : alice(network, std::move(of_alice)) {
    for (const Transport each : {Transport::udp, Transport::tcp}) {
      alice.agent.listen(each, {alice_ip, 5060}).value();
      bob.agent.listen(each, {bob_ip, 5060}).value();
    }
  }
  static Target bob_at(Transport transport = Transport::udp) { return {transport, {bob_ip, 5060}, {}, {}}; }
  bool until(const std::function<bool()>& done, Duration within = 50s) {
    return network.run_until(done, network.now() + within);
  }
  void wait(Duration time) {
    (void)until([] { return false; }, time);
  }
  void call(Transport transport = Transport::udp) {
    InviteOptions options;
    options.target = bob_at(transport);
    options.body = Body{"v=0", "application/sdp"};
    alice.call = *alice.agent.invite(options);
  }
  bool connected(Transport transport = Transport::udp) {
    call(transport);
    return until([&] { return bob.had("confirmed"); }, 5s);
  }
  void exact(const std::string& text, Transport transport = Transport::udp) {
    alice.agent.send_exact(text, bob_at(transport)).value();
  }
  int exact_status(const std::string& text, Transport transport = Transport::udp) {
    alice.stray.reset();
    exact(text, transport);
    (void)until([&] { return alice.stray && alice.stray->status() >= 200; }, 5s);
    return alice.stray ? alice.stray->status() : 0;
  }
};

inline std::string request(const std::string& method, const std::string& branch,
                           const std::string& extra = {}, const std::string& to_tag = {}) {
  return method + " sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK" + branch +
         "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@10.0.0.1>;tag=a1\r\nTo: <sip:bob@10.0.0.2>" +
         (to_tag.empty() ? "" : ";tag=" + to_tag) + "\r\nCall-ID: exact\r\nCSeq: 1 " + method +
         "\r\nContact: <sip:alice@10.0.0.1>\r\n" + extra + "Content-Length: 0\r\n\r\n";
}

} // namespace sipvet::ua::test
