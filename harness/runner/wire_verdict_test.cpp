// The second witness on captures made by hand.
#include "runner/wire_verdict.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;

namespace {

const std::string suite80 = "AES_CM_128_HMAC_SHA1_80", suite32 = "AES_CM_128_HMAC_SHA1_32";
const Endpoint peer_rtp{IpAddress::v4(192, 0, 2, 20), 49152},
    gateway_rtp{IpAddress::v4(192, 0, 2, 10), 49160};
const rtp::Voiceprint peer_voice(1), gateway_voice(0);

analysis::MediaStream stream(bool to_peer, const std::string& suite) {
  analysis::MediaStream out;
  out.ssrc = to_peer ? 2 : 1;
  out.source = to_peer ? gateway_rtp : peer_rtp;
  out.destination = to_peer ? peer_rtp : gateway_rtp;
  out.call_id = "call-1";
  out.packets = 20;
  out.secured = !suite.empty();
  out.suite = suite;
  out.authenticated = out.secured ? 20 : 0;
  out.voiceprint = to_peer ? gateway_voice : peer_voice;
  return out;
}

// A call whose media both sides heard, as it should look from outside.
struct Scene {
  script::Cell cell;
  PeersView view;
  analysis::Report report;
  WireVerdict got;

  explicit Scene(const std::string& suite = suite80) {
    cell.at = {"cell.yaml", 1, 1};
    view.gateway_voiceprint = gateway_voice;
    view.peers = {{"server", peer_voice, {{"call-1", suite.empty() ? "rtp" : "srtp", suite, peer_rtp}}}};
    view.media_proven = true;
    auto& list = suite.empty() ? report.rtp : report.srtp;
    list = {stream(false, suite), stream(true, suite)};
  }
  void expect(const std::string& subject, const std::string& argument) {
    script::WireExpectation wanted;
    wanted.subject = subject;
    wanted.argument = *script::load_yaml_text("x: " + argument, "cell.yaml").root.find("x");
    wanted.at = {"cell.yaml", 30, 5};
    cell.wire.push_back(std::move(wanted));
  }
  void message(const std::string& text, bool request = true, const std::string& method = "INVITE") {
    analysis::SipMessage out;
    out.text = text;
    out.is_request = request;
    out.method = method;
    report.sip.messages.push_back(out);
  }
  std::string ids() {
    got = judge_wire(cell, view, report);
    std::string out;
    for (const verdict::Finding& finding : got.findings) {
      BOOST_TEST((finding.witness == verdict::Witness::wire));
      BOOST_TEST(finding.where.file == "cell.yaml");
      out += (out.empty() ? "" : " ") + finding.id;
    }
    return out;
  }
  // The one finding, about media that must be there.
  std::string media_problem() {
    BOOST_TEST_REQUIRE(ids() == "wire-media");
    return got.findings[0].actual;
  }
};

std::string wire_problem(Scene& scene) {
  const auto found = check_expectations(scene.cell, scene.report);
  std::string out;
  for (const verdict::Finding& finding : found)
    out += (out.empty() ? "" : "; ") + finding.expected + " / " + finding.actual;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_verdict)

BOOST_AUTO_TEST_CASE(media_as_agreed_gives_no_finding_and_is_observed) {
  Scene scene;
  BOOST_TEST(scene.ids() == "");
  BOOST_TEST(scene.got.observations.size() == 2u);
  BOOST_TEST(scene.got.observations["server > gateway"] == "SRTP " + suite80 +
                                                               ", 20 packets, 20 authenticated, 0 failed, " +
                                                               to_string(peer_voice) + " recognised");
  BOOST_TEST(scene.got.observations["gateway > server"].find(to_string(gateway_voice)) != std::string::npos);

  Scene plain("");
  BOOST_TEST(plain.ids() == "");
  BOOST_TEST(plain.got.observations["server > gateway"] ==
             "plain RTP, 20 packets, " + to_string(peer_voice) + " recognised");
}

BOOST_AUTO_TEST_CASE(a_direction_that_is_missing) {
  Scene scene;
  scene.report.srtp.pop_back();
  BOOST_TEST(scene.media_problem() == "no media");
  BOOST_TEST(scene.got.findings[0].text ==
             "The capture does not show the media that gateway should send to server.");
  BOOST_TEST(scene.got.findings[0].expected ==
             "SRTP " + suite80 + ", every packet authentic, " + to_string(gateway_voice) + " recognised");
  scene.report.srtp.clear();
  BOOST_TEST(scene.ids() == "wire-media wire-media");
  // Where nobody claims to have heard anything, none is asked for.
  scene.view.media_proven = false;
  BOOST_TEST(scene.ids() == "");
}

BOOST_AUTO_TEST_CASE(plain_rtp_in_place_of_srtp) {
  Scene scene;
  scene.report.srtp.pop_back();
  scene.report.rtp = {stream(true, "")};
  BOOST_TEST(scene.media_problem().starts_with("plain RTP, 20 packets"), scene.media_problem());
  // And the other way round.
  Scene encrypted("");
  encrypted.report.rtp.pop_back();
  encrypted.report.srtp = {stream(true, suite80)};
  BOOST_TEST(encrypted.media_problem().starts_with("SRTP "));
}

BOOST_AUTO_TEST_CASE(plain_rtp_beside_good_srtp) {
  Scene scene;
  scene.report.rtp = {stream(true, "")};
  scene.report.rtp[0].ssrc = 77;
  BOOST_TEST(scene.media_problem().find("plain RTP, 20 packets") != std::string::npos);
  Scene within;
  within.report.srtp[1].plain = 1; // one packet of the stream itself
  within.report.srtp[1].authenticated = 19;
  within.report.srtp[1].duplicates = 1; // which could hide it
  BOOST_TEST(within.media_problem().find("1 plain") != std::string::npos, within.media_problem());
}

BOOST_AUTO_TEST_CASE(another_suite_than_agreed) {
  Scene scene;
  scene.report.srtp[0] = stream(false, suite32);
  BOOST_TEST(scene.media_problem().starts_with("SRTP " + suite32));
  scene.report.srtp[0].suite.clear();
  BOOST_TEST(scene.media_problem().starts_with("SRTP of unknown suite"));
}

BOOST_AUTO_TEST_CASE(packets_that_are_not_authentic) {
  Scene one;
  one.report.srtp[0].failed = 1; // a single one is one too many
  one.report.srtp[0].authenticated = 19;
  BOOST_TEST(one.media_problem().find("19 authenticated, 1 failed") != std::string::npos);
  Scene none; // no key fitted: nothing failed, and nothing was shown to be good
  none.report.srtp[0].authenticated = 0;
  none.report.srtp[0].reason = "no key";
  BOOST_TEST(none.media_problem().find("no key") != std::string::npos);
  Scene some; // unread packets that count as neither
  some.report.srtp[0].authenticated = 12;
  BOOST_TEST(some.ids() == "wire-media");
  Scene twice; // captured twice is not wrong
  twice.report.srtp[0].packets = 40;
  twice.report.srtp[0].duplicates = 20;
  BOOST_TEST(twice.ids() == "");
}

BOOST_AUTO_TEST_CASE(sound_of_somebody_else_or_none) {
  Scene wrong;
  wrong.report.srtp[1].voiceprint = peer_voice; // an echo
  BOOST_TEST(wrong.media_problem().find(to_string(peer_voice)) != std::string::npos);
  Scene silent("");
  silent.report.rtp[0].voiceprint.reset();
  BOOST_TEST(silent.media_problem() == "plain RTP, 20 packets, no voiceprint recognised");
  Scene empty("");
  empty.report.rtp[0].packets = 0;
  BOOST_TEST(empty.ids() == "wire-media");
}

BOOST_AUTO_TEST_CASE(streams_of_other_calls_and_ports_do_not_count) {
  Scene call;
  call.report.srtp[0].call_id = "call-2";
  BOOST_TEST(call.media_problem() == "no media");
  Scene port;
  port.report.srtp[0].source.port += 2;
  BOOST_TEST(port.media_problem() == "no media");
  Scene more; // beside the good ones they do no harm
  more.report.rtp = {stream(true, "")};
  more.report.rtp[0].call_id = "call-2";
  BOOST_TEST(more.ids() == "");
}

// RFC 3264 §8: what a re-INVITE agreed on replaces what was before; either may be on the wire of that call.
BOOST_AUTO_TEST_CASE(a_reinvite_replaces_what_was_agreed) {
  Scene scene(suite32);
  scene.view.peers[0].calls.insert(scene.view.peers[0].calls.begin(), {"call-1", "srtp", suite80, peer_rtp});
  BOOST_TEST(scene.ids() == "");
  scene.report.srtp.push_back(stream(true, suite80));
  scene.report.srtp.back().ssrc = 9;
  BOOST_TEST(scene.ids() == "");
  scene.report.srtp.erase(scene.report.srtp.begin() + 1); // nothing under the new one
  BOOST_TEST(scene.ids() == "wire-media");
}

BOOST_AUTO_TEST_CASE(every_call_of_every_peer_is_looked_at) {
  Scene scene;
  scene.view.peers.push_back({"second", rtp::Voiceprint(2), {{"call-2", "rtp", "", peer_rtp}}});
  BOOST_TEST(scene.ids() == "wire-media wire-media");
  BOOST_TEST(scene.got.findings[0].text.find("second should send to gateway") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(messages_that_peers_saw_must_be_captured) {
  Scene scene;
  scene.view.messages = {"INVITE sip:b SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n"};
  scene.message(scene.view.messages[0]);
  BOOST_TEST_REQUIRE(scene.ids() == "wire-message");
  BOOST_TEST(scene.got.findings[0].text == "A SIP message that a peer saw is not in the decrypted capture.");
  BOOST_TEST(scene.got.findings[0].expected == "SIP/2.0 200 OK");
  scene.message(scene.view.messages[1]);
  scene.message("a message between others");
  BOOST_TEST(scene.ids() == "");
  // Seen twice, captured once.
  scene.view.messages.push_back(scene.view.messages[1]);
  BOOST_TEST(scene.ids() == "wire-message");
  // To the octet.
  scene.view.messages = {"INVITE sip:b SIP/2.0\r\n\r\nx"};
  BOOST_TEST(scene.ids() == "wire-message");
}

BOOST_AUTO_TEST_CASE(errors_of_the_analysis_fail_the_cell_unless_expected) {
  Scene scene;
  verdict::Finding found;
  found.id = "plain-media-on-secured-leg";
  found.witness = verdict::Witness::harness;
  scene.report.findings = {found};
  BOOST_TEST(scene.ids() == "plain-media-on-secured-leg");
  scene.expect("finding", "plain-media-on-secured-leg");
  BOOST_TEST(scene.ids() == "");
  scene.report.findings[0].severity = verdict::Severity::warning;
  scene.cell.wire.clear();
  BOOST_TEST(scene.ids() == "");
}

BOOST_AUTO_TEST_CASE(findings_asked_for_and_forbidden) {
  Scene scene;
  scene.expect("finding", "one-way-media");
  BOOST_TEST(wire_problem(scene) == "finding one-way-media / not found");
  const auto found = check_expectations(scene.cell, scene.report);
  BOOST_TEST(found[0].id == "wire-finding");
  BOOST_TEST(to_string(found[0].where) == "cell.yaml:30:5");
  BOOST_TEST(found[0].text == "The decrypted capture is not what the scenario expects of finding.");

  Scene other;
  other.report.findings.resize(1);
  other.report.findings[0].id = "weak-or-old-tls";
  other.report.findings[0].severity = verdict::Severity::warning;
  other.expect("no_finding", "weak-or-old-tls");
  BOOST_TEST(wire_problem(other) == "no finding weak-or-old-tls / found");
  other.report.findings.clear();
  BOOST_TEST(wire_problem(other) == "");
}

BOOST_AUTO_TEST_CASE(tls_connections) {
  Scene scene;
  scene.expect("tls", "{version: TLSv1.2, cipher: TLS_RSA_WITH_AES_128_CBC_SHA, connections: 2}");
  BOOST_TEST(wire_problem(scene) == "connections: 2 / connections: 0; a TLS connection / none");
  analysis::TlsConnection good;
  good.version = "TLSv1.2";
  good.cipher = "TLS_RSA_WITH_AES_128_CBC_SHA";
  scene.report.tls = {good, good};
  BOOST_TEST(wire_problem(scene) == "");
  scene.report.tls[1].version = "TLSv1.0"; // every connection
  scene.report.tls[1].cipher.clear();
  BOOST_TEST(wire_problem(scene) == "version: TLSv1.2 / version: a connection with TLSv1.0; "
                                    "cipher: TLS_RSA_WITH_AES_128_CBC_SHA / cipher: a connection with none");
}

BOOST_AUTO_TEST_CASE(sip_messages_and_methods) {
  Scene scene;
  scene.message("i");
  scene.message("r", false);
  scene.message("a", true, "ACK");
  scene.expect("sip", "{messages: 3, methods: [INVITE, ACK]}");
  BOOST_TEST(wire_problem(scene) == "");
  scene.message("b", true, "BYE");
  BOOST_TEST(wire_problem(scene) ==
             "messages: 3 / messages: 4; methods: INVITE ACK / methods: INVITE ACK BYE");
}

BOOST_AUTO_TEST_CASE(streams_and_their_suites) {
  Scene scene;
  scene.expect("srtp", "{suite: aes_cm_128_hmac_sha1_80, streams: 2}");
  BOOST_TEST(wire_problem(scene) == "");
  scene.report.srtp.push_back(stream(true, suite32));
  BOOST_TEST(wire_problem(scene) ==
             "streams: 2 / streams: 3; suite: aes_cm_128_hmac_sha1_80 / suite: a stream with " + suite32);
  Scene plain;
  plain.expect("rtp", "{streams: 2}");
  BOOST_TEST(wire_problem(plain) == "streams: 2 / streams: 0; plain RTP media / none");
  Scene any("");
  any.expect("srtp", "{}");
  BOOST_TEST(wire_problem(any) == "SRTP media / none");
}

// "No TLS at all" and "no media in the clear" are things a scenario wants to say.
BOOST_AUTO_TEST_CASE(none_can_be_asked_for) {
  Scene scene;
  scene.expect("tls", "{connections: 0}");
  scene.expect("rtp", "{streams: 0}");
  BOOST_TEST(wire_problem(scene) == "");
  scene.report.rtp = {stream(true, "")};
  BOOST_TEST(wire_problem(scene) == "streams: 0 / streams: 1");
}

namespace {

// A connection of "server" with the gateway, as both witnesses have it.
struct Connected : Scene {
  Connected() {
    analysis::TlsConnection wire;
    wire.client = {IpAddress::v4(192, 0, 2, 20), 40000};
    wire.server = {IpAddress::v4(192, 0, 2, 10), 5061};
    wire.handshake_completed = true;
    report.tls = {wire};
    peers::ConnectionRecord record;
    record.state = peers::ConnectionRecord::State::open;
    record.hop.local = wire.client;
    record.hop.remote = wire.server;
    view.peers[0].connections = {record};
  }
  analysis::TlsConnection& wire() { return report.tls[0]; }
  peers::ConnectionRecord& record() { return view.peers[0].connections[0]; }
  std::string peers_ids() const {
    std::string out;
    for (const verdict::Finding& finding : check_peers_connections(cell, view)) {
      BOOST_TEST((finding.witness == verdict::Witness::peers));
      out += (out.empty() ? "" : " ") + finding.id;
    }
    return out;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(handshakes_that_nobody_expected_to_fail) {
  Connected scene;
  BOOST_TEST(scene.ids() == "");
  scene.wire().handshake_completed = false;
  scene.wire().reason = "handshake not completed: server: fatal handshake_failure(40)";
  scene.record().state = peers::ConnectionRecord::State::failed;
  scene.record().failure = ua::ConnectFailure{"refused"};
  BOOST_TEST(scene.ids() == "wire-tls-handshake");
  BOOST_TEST(scene.got.findings[0].actual == *scene.wire().reason);
  BOOST_TEST(
      scene.got.findings[0].text ==
      "The TLS connection from 192.0.2.20:40000 to 192.0.2.10:5061 was not established in the capture.");
  BOOST_TEST(scene.peers_ids() == "connect");
  // One that is not this peer's is nobody's excuse.
  scene.record().failure_expected = true;
  BOOST_TEST(scene.ids() == "");
  BOOST_TEST(scene.peers_ids() == "");
  scene.wire().client.port = 40001;
  BOOST_TEST(scene.ids() == "wire-tls-handshake");
  scene.view.gateway_failure_expected = true;
  BOOST_TEST(scene.ids() == "");
  scene.record().failure_expected = false;
  BOOST_TEST(scene.peers_ids() == "");
}

BOOST_AUTO_TEST_CASE(connections_the_peer_accepted_are_its_own) {
  Connected scene;
  std::swap(scene.record().hop.local, scene.record().hop.remote);
  scene.record().hop.accepted = true;
  scene.record().failure_expected = true;
  scene.wire().handshake_completed = false;
  BOOST_TEST(scene.ids() == "");
  scene.record().hop.accepted = false;
  BOOST_TEST(scene.ids() == "wire-tls-handshake");
}

BOOST_AUTO_TEST_CASE(connections_that_do_not_decrypt) {
  Connected scene;
  scene.wire().reason = "damaged record at offset 77, client: bad MAC";
  BOOST_TEST(scene.ids() == "wire-tls-undecrypted");
  scene.view.peers[0].misbehaves_in_tls = true;
  BOOST_TEST(scene.ids() == "");
  scene.wire().handshake_completed = false; // misbehaving is no excuse for that
  BOOST_TEST(scene.ids() == "wire-tls-handshake");
}

BOOST_AUTO_TEST_CASE(checks_of_tls_connections) {
  Scene scene;
  scene.report.tls.resize(2);
  analysis::TlsConnection& first = scene.report.tls[0];
  first.version = "TLSv1.2";
  first.server_name = "gw.example";
  first.client_hello = analysis::ClientHelloFacts{
      false, 0x0303, {0x0a0a, 0x0304, 0x0303}, {0x1a1a, 0x002f, 0x000a, 0x00ff, 0x5600}, {0, 43}};
  first.server_hello = analysis::ServerHelloFacts{"TLSv1.2", 0, {22, 0xff01}};
  first.client_certificate = analysis::ClientCertificate::empty;
  first.resumed = true;
  first.alerts = {{true, 1, 0}, {false, 1, 90}, {false, 2, 40}};
  first.premaster_version = 0x0302;
  scene.report.tls[1] = first;
  scene.report.tls[1].client_hello->sslv2 = true;
  scene.report.tls[1].alerts = {{false, 1, 0}};
  const auto says = [&](const std::string& check) {
    scene.cell.wire.clear();
    scene.expect("tls", check);
    return wire_problem(scene);
  };
  BOOST_TEST(
      says("{connection: 1, client_hello: {format: tls, version: TLSv1.2, versions: [TLSv1.3, TLSv1.2], "
           "suites: [TLS_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_3DES_EDE_CBC_SHA], server_name: gw.example, "
           "extensions: [server_name, supported_versions], extensions_absent: [encrypt_then_mac]}, "
           "server_hello: {downgrade_mark: TLSv1.2, encrypt_then_mac: true, extended_master_secret: false, "
           "renegotiation_info: true, compression: 0}, client_certificate: empty, resumed: 1, close_notify: "
           "client, alerts: [user_canceled, handshake_failure], premaster_version: TLSv1.1}") == "");
  BOOST_TEST(says("{connections: 2, resumed: 2}") == "");
  const std::pair<const char*, const char*> wrong[] = {
      {"{connection: 3, version: TLSv1.2}", "connection: 3 / 2 connections"},
      {"{connection: 2, client_hello: {format: tls}}", "format: tls / format: a connection with sslv2"},
      {"{client_hello: {format: tls}}", "format: tls / format: a connection with sslv2"},
      {"{connection: 1, client_hello: {version: TLSv1.0}}",
       "version: TLSv1.0 / version: a connection with TLSv1.2"},
      {"{connection: 1, client_hello: {versions: TLSv1.2}}",
       "versions: TLSv1.2 / versions: a connection with TLSv1.3, TLSv1.2"},
      {"{connection: 1, client_hello: {suites: [TLS_RSA_WITH_3DES_EDE_CBC_SHA, "
       "TLS_RSA_WITH_AES_128_CBC_SHA]}}",
       "suites: TLS_RSA_WITH_3DES_EDE_CBC_SHA, TLS_RSA_WITH_AES_128_CBC_SHA / suites: a connection with "
       "TLS_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
      {"{connection: 1, client_hello: {server_name: none}}",
       "server_name: none / server_name: a connection with gw.example"},
      {"{connection: 1, client_hello: {extensions: key_share}}",
       "extensions: key_share / extensions: a connection with server_name, supported_versions"},
      {"{connection: 1, client_hello: {extensions_absent: server_name}}",
       "extensions_absent: server_name / extensions: a connection with server_name, supported_versions"},
      {"{connection: 1, server_hello: {downgrade_mark: none}}",
       "downgrade_mark: none / downgrade_mark: a connection with TLSv1.2"},
      {"{connection: 1, server_hello: {encrypt_then_mac: false}}",
       "encrypt_then_mac: false / encrypt_then_mac: true"},
      {"{connection: 1, server_hello: {extended_master_secret: true}}",
       "extended_master_secret: true / extended_master_secret: false"},
      {"{connection: 1, server_hello: {renegotiation_info: false}}",
       "renegotiation_info: false / renegotiation_info: true"},
      {"{connection: 1, server_hello: {compression: 1}}", "compression: 1 / compression: 0"},
      {"{connection: 1, client_certificate: given}",
       "client_certificate: given / client_certificate: a connection with empty"},
      {"{resumed: 1}", "resumed: 1 / resumed: 2"},
      {"{connection: 1, close_notify: both}", "close_notify: both / close_notify: a connection with client"},
      {"{connection: 2, close_notify: none}", "close_notify: none / close_notify: a connection with server"},
      {"{connection: 1, alerts: []}",
       "alerts: none / alerts: a connection with user_canceled, handshake_failure"},
      {"{connection: 1, premaster_version: TLSv1.2}",
       "premaster_version: TLSv1.2 / premaster_version: a connection with TLSv1.1"},
  };
  for (const auto& [check, problem] : wrong) BOOST_TEST(says(check) == problem);
  first.client_hello.reset();
  first.server_hello.reset();
  first.premaster_version.reset();
  BOOST_TEST(says("{connection: 1, client_hello: {format: tls}, server_hello: {compression: 0}}") ==
             "a ClientHello / none was captured; a ServerHello / none was captured");
  BOOST_TEST(says("{connection: 1, premaster_version: TLSv1.2}") ==
             "premaster_version: TLSv1.2 / premaster_version: a connection with none");
}

BOOST_AUTO_TEST_SUITE_END()
