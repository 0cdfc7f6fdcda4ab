// For the gateway's tests: a phone that offers and answers what it is told and keeps what it saw.
#pragma once

#include "crypto/lab_ca.hpp"
#include "gateway/gateway.hpp"
#include "net/sim_network.hpp"
#include "ua/media_session.hpp"
#include "ua/session_description.hpp"
#include "ua/user_agent.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sipvet::gateway::test {

using namespace std::chrono_literals;

inline const IpAddress gateway_ip = IpAddress::v4(10, 0, 0, 1);
inline const IpAddress phone_ip = IpAddress::v4(10, 0, 0, 2);

// Keys take long to make: one set for all tests of the program.
struct Certificates {
  SeededRandom random{7};
  crypto::LabCa ca = *crypto::LabCa::create(random, Instant(std::chrono::seconds(1'767'225'600)));
  crypto::Identity gateway = *ca.issue({.common_name = "gateway", .ips = {"10.0.0.1"}});
  crypto::Identity phone = *ca.issue({.common_name = "phone", .ips = {"10.0.0.2"}});
};
inline Certificates& certificates() {
  static Certificates made;
  return made;
}

inline ua::TransportTls phone_tls() {
  tls::Config config;
  config.min_version = tls::Version::tls1_0;
  config.max_version = tls::Version::tls1_2;
  config.security_level = 0;
  config.certificate_pem = certificates().phone.certificate_pem;
  config.private_key_pem = certificates().phone.private_key_pem;
  config.trusted_roots_pem = certificates().ca.root_pem();
  config.verify = tls::Verify::chain_required;
  ua::TransportTls tls;
  tls.server = config;
  tls.client = config;
  return tls;
}

inline ua::UserAgentConfig phone_config() {
  ua::UserAgentConfig config;
  config.user = "phone";
  config.tls = phone_tls();
  return config;
}

struct Phone final : ua::UserAgentHandler {
  net::Network& network;
  ua::UserAgent agent;
  ua::MediaSession media{network}, second{network};
  rtp::Voiceprint voice{5};
  std::vector<rtp::SrtpSuite> suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80,
                                        rtp::SrtpSuite::aes_cm_128_hmac_sha1_32};

  ua::CallId call = ua::CallId::none;
  int final_status = 0;
  std::optional<sip::Message> final_response;
  std::optional<sdp::Session> offer, answer, received_offer;
  std::optional<ua::AgreedMedia> agreed;
  std::string problem, failure;
  bool ended = false, ended_by_remote = false, confirmed = false;
  std::optional<bool> prefer_srtp; // when answering; none: srtp if offered
  std::vector<std::string> seen;   // "> INVITE", "< 200 INVITE"
  std::optional<tls::SessionInfo> session;

  explicit Phone(net::Network& net, ua::UserAgentConfig config = phone_config())
      : network(net), agent(net, std::move(config), *this) {
    (void)media.open(phone_ip);
    (void)second.open(phone_ip);
  }

  ua::MediaPlan plan(keying::OfferShape shape, keying::Form form) {
    ua::MediaPlan made;
    made.address = phone_ip;
    made.rtp_port = media.rtp_port();
    made.second_port = second.rtp_port();
    made.shape = shape;
    made.form = form;
    if (shape != keying::OfferShape::rtp_only) made.crypto = keying::make_offer(suites, network.random());
    return made;
  }

  void invite(const ua::Target& target, std::optional<keying::OfferShape> shape,
              keying::Form form = keying::Form::two_sections) {
    ua::InviteOptions options;
    options.target = target;
    if (shape) {
      offer = ua::make_offer(plan(*shape, form));
      options.body = ua::Body{sdp::serialize(*offer), "application/sdp"};
    }
    call = *agent.invite(options);
  }

  void start(const ua::AgreedMedia& what) {
    ua::MediaSession& used = what.section == 1 ? second : media;
    used.expect_payload_types(what.send_payload_type, what.event_payload_type);
    used.set_remote(what.remote_rtp, what.remote_rtcp);
    if (what.srtp()) (void)used.secure(what.keys->local, what.keys->remote);
    used.start(voice, what.send_payload_type);
  }
  ua::MediaSession& used() { return agreed && agreed->section == 1 ? second : media; }

  void take(const ua::SdpInMessage& found) {
    if (!found.session) return;
    answer = found.session;
    auto read = ua::read_answer(*offer, *answer);
    if (!read) {
      problem = read.error().what;
      return;
    }
    agreed = *read;
    start(*agreed);
  }

  sdp::Session answer_to(const sdp::Session& theirs) {
    const auto info = *keying::classify(theirs);
    ua::AnswerPlan plan_of_answer;
    plan_of_answer.address = phone_ip;
    plan_of_answer.rtp_port = media.rtp_port();
    const bool srtp = prefer_srtp.value_or(info.srtp_section.has_value());
    plan_of_answer.section = srtp ? *info.srtp_section : info.rtp_section.value_or(0);
    std::optional<keying::MediaKeys> keys;
    if (srtp) {
      auto chosen = *keying::answer(keying::readable_crypto_lines(theirs.media[plan_of_answer.section]),
                                    suites, network.random());
      plan_of_answer.crypto = chosen.crypto;
      keys = chosen.keys;
    }
    sdp::Session made = *ua::make_answer(theirs, plan_of_answer);
    agreed = *ua::agreed_as_answerer(theirs, made, keys);
    agreed->section = 0; // answered from the one session there is
    return made;
  }

  static ua::SdpInMessage sdp_in(const sip::Message& message) {
    return ua::sdp_of(message.header("Content-Type").value_or(""), message.body());
  }

  void on_incoming_call(ua::CallId id, const ua::Hop&, const sip::Message& invite_message) override {
    call = id;
    received_offer = sdp_in(invite_message).session;
    (void)agent.provisional(id, 180);
    const sdp::Session made = answer_to(*received_offer);
    (void)agent.answer(id, 200, ua::Body{sdp::serialize(made), "application/sdp"});
  }
  std::optional<ua::Body> on_answered(ua::CallId, const sip::Message& response) override {
    final_status = response.status();
    final_response = response;
    if (offer) {
      take(sdp_in(response));
      return std::nullopt;
    }
    received_offer = sdp_in(response).session;
    const sdp::Session made = answer_to(*received_offer);
    start(*agreed);
    return ua::Body{sdp::serialize(made), "application/sdp"};
  }
  void on_confirmed(ua::CallId, const sip::Message&) override {
    confirmed = true;
    if (agreed) start(*agreed);
  }
  void on_rejected(ua::CallId, const sip::Message& response) override {
    final_status = response.status();
    final_response = response;
  }
  void on_call_failed(ua::CallId, const ua::RequestFailure& why) override { failure = why.cause; }
  void on_ended(ua::CallId, bool by_remote, const sip::Message*) override {
    ended = true;
    ended_by_remote = by_remote;
    media.stop();
    second.stop();
  }
  void on_connected(const ua::Hop&, const std::optional<tls::SessionInfo>& info) override { session = info; }
  void on_connect_failed(const ua::Hop&, const ua::ConnectFailure& why) override { failure = why.cause; }
  void on_traffic(bool sent, const ua::Hop&, const sip::Message& message) override {
    seen.push_back((sent ? "> " : "< ") +
                   (message.is_request() ? message.method() : std::to_string(message.status())));
  }
};

struct Scene {
  net::SimNetwork network{11};
  MemoryLog log;
  std::optional<Gateway> gateway;
  std::optional<Phone> phone;

  static Config config() {
    Config made;
    made.user_agents = {{gateway_ip, 5066, ua::Transport::udp},
                        {gateway_ip, 5066, ua::Transport::tcp},
                        {gateway_ip, 5067, ua::Transport::tls}};
    made.tls.certificate_pem = certificates().gateway.certificate_pem;
    made.tls.private_key_pem = certificates().gateway.private_key_pem;
    made.tls.trusted_roots_pem = certificates().ca.root_pem();
    return made;
  }

  explicit Scene(Config made = config()) {
    gateway.emplace(network, std::move(made), log);
    gateway->start().value();
    phone.emplace(network);
    for (const ua::Transport each : {ua::Transport::udp, ua::Transport::tcp}) {
      phone->agent.listen(each, {phone_ip, 5060}).value();
    }
    phone->agent.listen(ua::Transport::tls, {phone_ip, 5061}).value();
  }

  ua::Target gateway_at(ua::Transport transport) const {
    return {transport, *gateway->endpoint(transport), {}, {}};
  }
  ua::Target phone_at(ua::Transport transport) const {
    return {transport,
            {phone_ip, static_cast<std::uint16_t>(transport == ua::Transport::tls ? 5061 : 5060)},
            {},
            {}};
  }
  bool until(const std::function<bool()>& done, Duration within = 40s) {
    return network.run_until(done, network.now() + within);
  }
  CallInfo last_call() const {
    const auto all = gateway->calls();
    return all.empty() ? CallInfo{} : all.back();
  }
  bool both_hear(std::uint64_t ms = 200) {
    return until(
        [&] {
          const auto heard = last_call().heard_ms;
          const auto found = heard.find(phone->voice.number());
          return found != heard.end() && found->second >= ms &&
                 phone->used().heard_ms(gateway->config().voiceprint) >= ms;
        },
        3s);
  }
};

} // namespace sipvet::gateway::test
