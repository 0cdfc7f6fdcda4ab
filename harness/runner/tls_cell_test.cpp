// Cells about TLS, from the scenario's text to the verdict, in the simulated network.
#include "runner/test_scenario.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;
using namespace sipvet::runner::test;

namespace {

// `gateway`, `peer` are flow maps' contents, `steps` and `more` YAML lines.
std::string scenario(const std::string& gateway, const std::string& peer, const std::string& steps,
                     const std::string& more = {}) {
  return "scenario: test/tls\ntitle: T\ngateway: {netborder.sip.userAgent.IPAddress: INADDR_ANY:5067/tls" +
         (gateway.empty() ? "" : ", " + gateway) + "}\npeers:\n  far: {" + peer + "}\nsteps:\n" + steps +
         more;
}

std::string outcome(const std::string& text) {
  Folder folder;
  const verdict::Result result = run_text(text, folder);
  for (const verdict::Finding& finding : result.findings)
    BOOST_TEST_MESSAGE(finding.id << ": " << finding.text << " | " << finding.expected << " | "
                                  << finding.actual);
  return std::string(to_string(result.outcome)) + (result.findings.empty() ? "" : " " + ids(result.findings));
}

const std::string old_versions = "tls: {versions: [TLSv1.0, TLSv1.1, TLSv1.2]}";
const std::string connect = "  - far: {connect: gateway}\n";
std::string expect(const std::string& tls) { return "  - far: {expect: {tls: {" + tls + "}}}\n"; }

} // namespace

BOOST_AUTO_TEST_SUITE(tls_cells)

BOOST_AUTO_TEST_CASE(a_call_over_a_connection_that_begins_with_an_sslv2_hello) {
  const auto text = [](const std::string& supported) {
    return scenario(
        "netborder.sip.tls.supportSSLv2ClientHello: " + supported,
        "tls: {hello: sslv2, versions: [TLSv1.0], ciphers: [TLS_RSA_WITH_3DES_EDE_CBC_SHA]}",
        connect + expect("version: TLSv1.0, cipher: TLS_RSA_WITH_3DES_EDE_CBC_SHA") +
            "  - far: {options: gateway}\n  - far: {expect: 200}\n",
        "wire:\n  - tls: {connections: 1, client_hello: {format: sslv2, versions: [TLSv1.0], suites: "
        "[TLS_RSA_WITH_3DES_EDE_CBC_SHA], extensions_absent: [server_name]}, close_notify: none, "
        "alerts: [], client_certificate: given}\n");
  };
  BOOST_TEST(outcome(text("true")) == "pass");
  BOOST_TEST(outcome(text("false")) == "fail tls-version tls-cipher");
}

BOOST_AUTO_TEST_CASE(a_refusal_passes_only_where_it_is_expected) {
  const std::string peer = "tls: {versions: [TLSv1.3]}"; // which this gateway does not speak
  BOOST_TEST(outcome(scenario("", peer,
                              connect + expect("established: false, alert: protocol_version, "
                                               "sent_alert: none, closed: true"))) == "pass");
  BOOST_TEST(outcome(scenario("", peer, connect)) == "fail connect wire-tls-handshake");
  BOOST_TEST(outcome(scenario("", peer, connect + expect("established: true"))) == "fail tls-established");
  BOOST_TEST(outcome(scenario("", peer, connect + expect("alert: handshake_failure"))) == "fail tls-alert");
  // The alert alone says that a failure is meant.
  BOOST_TEST(outcome(scenario("", peer, connect + expect("alert: protocol_version"),
                              "wire:\n  - tls: {alerts: [protocol_version], client_hello: {versions: "
                              "[TLSv1.3]}}\n")) == "pass");
  BOOST_TEST(outcome(scenario("", peer, connect + expect("established: false"),
                              "wire:\n  - tls: {alerts: []}\n")) == "fail wire-tls");
}

// DGW-TLS-2: each fault of the server's certificate alone.
BOOST_AUTO_TEST_CASE(the_gateway_does_not_call_where_the_certificate_is_wrong) {
  const std::string gateway = "sipvet.sip.tls.verifyIdentity: true, sipvet.sip.tls.securityLevel: 0";
  struct Row {
    const char *certificate, *alert, *reason;
  };
  for (const Row& row : {Row{"expired", "certificate_expired", "expired"},
                         {"not-yet-valid", "bad_certificate", "not valid"},
                         Row{"other-ca", "unknown_ca", "not trusted"},
                         Row{"self-signed", "unknown_ca", ""},
                         Row{"bad-signature", "", ""},
                         Row{"wrong-name", "", "^Certificate identity does not match requested domain$"}}) {
    BOOST_TEST_CONTEXT(row.certificate) {
      const std::string peer = old_versions.substr(0, old_versions.size() - 1) +
                               ", certificate: " + row.certificate + "}, domain: pbx.example.test";
      const std::string alert = *row.alert == 0 ? "" : std::string(", alert: ") + row.alert;
      const std::string steps =
          "  - gateway: {call: far}\n  - gateway: {expect: {call: failed, status: 503, reason: '" +
          std::string(row.reason) + "'}}\n";
      BOOST_TEST(outcome(scenario(gateway, peer,
                                  steps + expect("established: false, closed: true" + alert))) == "pass");
      BOOST_TEST(outcome(scenario(gateway, peer, steps)) == "pass"); // said at the telephone side
      BOOST_TEST(outcome(scenario(gateway, peer,
                                  "  - gateway: {call: far}\n  - gateway: {expect: {log: "
                                  "'warning no connection'}}\n")) == "fail connect wire-tls-handshake");
    }
  }
  for (const char* right : {"good", "san-uri", "san-dns", "cn-only", "intermediate", "ec"}) {
    BOOST_TEST_CONTEXT(right) {
      std::string suites;
      if (std::string(right) == "ec")
        suites = ", netborder.sip.tls.cypherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]";
      const std::string peer =
          old_versions.substr(0, old_versions.size() - 1) + ", certificate: " + right + "}";
      BOOST_TEST(outcome(scenario(gateway + suites, peer,
                                  "  - gateway: {options: far}\n  - gateway: {expect: {status: 200}}\n"
                                  "  - far: {receive: OPTIONS}\n" +
                                      expect("established: true, server_name: peer.example.test"))) ==
                 "pass");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_alarm_names_both_identities) {
  const std::string steps =
      "  - gateway: {call: far}\n  - gateway: {expect: {status: 5xx, log: \"^error The configuration "
      "requires the identity 'peer.example.test', but the remote certificate contains only "
      "the following identities: elsewhere.invalid\"}}\n";
  const std::string peer = "tls: {versions: [TLSv1.2], certificate: wrong-name}";
  BOOST_TEST(outcome(scenario("sipvet.sip.tls.verifyIdentity: true", peer, steps)) == "pass");
  BOOST_TEST(
      outcome(scenario("sipvet.sip.tls.verifyIdentity: true, sipvet.sip.tls.identityMismatchStatus: 500",
                       peer, steps)) == "pass");
  BOOST_TEST(outcome(scenario("", peer, steps + "deadline: 3s\n")) != "pass"); // not checked: it rings
}

BOOST_AUTO_TEST_CASE(expectations_of_the_telephone_side) {
  const std::string peer = old_versions;
  const std::string call = "  - gateway: {call: far}\n  - far: {receive: INVITE}\n";
  const std::string busy = call + "  - far: {reject: 486}\n";
  const auto expects = [&](const std::string& steps, const std::string& wanted) {
    return outcome(scenario("", peer, steps + "  - gateway: {expect: {" + wanted + "}}\n", "deadline: 3s\n"));
  };
  BOOST_TEST(expects(busy, "call: failed, status: 486, reason: ^Busy") == "pass");
  BOOST_TEST(expects(busy, "status: 4xx") == "pass");
  BOOST_TEST(expects(busy, "call: answered") == "fail gateway-call");
  BOOST_TEST(expects(busy, "status: 503") == "fail gateway-status");
  BOOST_TEST(expects(busy, "status: 5xx") == "fail gateway-status");
  BOOST_TEST(expects(busy, "reason: Decline") == "fail gateway-reason");
  BOOST_TEST(expects(busy, "log: '486 Busy'") == "pass");
  BOOST_TEST(expects(busy, "log: 'no such line'") == "fail deadline");
  const std::string answered = call + "  - far: {answer: 200}\n";
  BOOST_TEST(expects(answered, "call: answered, status: 200") == "pass");
  BOOST_TEST(expects(answered + "  - gateway: {expect: {call: answered}}\n  - gateway: {hang up: far}\n",
                     "call: answered") == "pass");
  BOOST_TEST(expects(answered, "call: failed") == "fail gateway-call");
  BOOST_TEST(expects(call, "call: failed") == "fail deadline"); // it rings
  BOOST_TEST(expects(connect, "status: 200") == "fail step-impossible");
  BOOST_TEST(expects("  - gateway: {options: far}\n", "status: 200, call: answered") == "pass");
  BOOST_TEST(expects(busy + "  - gateway: {options: far}\n", "status: 200") == "pass"); // the later one
  BOOST_TEST(expects("  - gateway: {options: far}\n" + busy, "status: 486") == "pass");
  // An expectation that can never be read is the file's mistake.
  const auto cells =
      cells_of(scenario("", peer, "  - gateway: {expect: {log: '('}}\n" + expect("alert: what")));
  const auto errors = check_cell(cells.at(0));
  BOOST_TEST_REQUIRE(errors.size() == 2u);
  BOOST_TEST(to_string(errors[0]) == "cell.yaml:7:29: error: '(' is no regular expression");
  BOOST_TEST(errors[1].message.find("needs the name of an alert") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_gateway_ends_its_connections_with_a_peer) {
  // Made by the peer, and made by the gateway.
  const std::string made_by_peer = connect + "  - gateway: {disconnect: far}\n" +
                                   expect("established: true, closed: true, close_notify: true");
  BOOST_TEST(outcome(scenario("", old_versions, made_by_peer, "wire:\n  - tls: {close_notify: both}\n")) ==
             "pass");
  const std::string made_by_gateway = "  - gateway: {options: far}\n  - gateway: {expect: {status: 200}}\n"
                                      "  - gateway: {disconnect: far}\n" +
                                      expect("closed: true, close_notify: true");
  BOOST_TEST(outcome(scenario("", old_versions, made_by_gateway, "wire:\n  - tls: {close_notify: both}\n")) ==
             "pass");
  BOOST_TEST(outcome(scenario("", old_versions, "  - gateway: {disconnect: far}\n")) ==
             "fail step-impossible");
  // The other way round: the gateway answers close_notify with its own (RFC 5246 §7.2.1).
  const std::string by_peer = connect + "  - far: {disconnect: gateway}\n";
  BOOST_TEST(outcome(scenario("", old_versions, by_peer, "wire:\n  - tls: {close_notify: both}\n")) ==
             "pass");
  BOOST_TEST(outcome(scenario("deviations: {tls: {no_close_notify: true}}", old_versions, by_peer,
                              "wire:\n  - tls: {close_notify: both}\n")) == "fail wire-tls");
}

BOOST_AUTO_TEST_CASE(pings_pieces_and_octets) {
  const std::string message =
      "OPTIONS sip:g@192.0.2.10 SIP/2.0\\nVia: SIP/2.0/TLS 192.0.2.20;branch=z9hG4bK1\\nMax-Forwards: "
      "70\\nFrom: "
      "<sip:a@b>;tag=1\\nTo: <sip:g@b>\\nCall-ID: 1\\nCSeq: 1 OPTIONS\\nContent-Length: 0\\n\\n";
  std::string second = message;
  second.replace(second.find("z9hG4bK1"), 8, "z9hG4bK2");
  BOOST_TEST(outcome(scenario("", old_versions,
                              "  - far: {ping: gateway}\n"
                              "  - far: {send: \"" +
                                  message +
                                  "\", pieces: 5}\n  - far: {expect: 200}\n"
                                  "  - far: {send: [\"" +
                                  second + "\", \"" + second +
                                  "\"]}\n  - far: {expect: 200}\n"
                                  "  - far: {ping: gateway}\n",
                              "wire:\n  - tls: {connections: 1}\n")) == "pass");
  BOOST_TEST(outcome(scenario("", old_versions,
                              "  - far: {send octets: 'ff ff ff ff'}\n" + expect("closed: true"))) == "pass");
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed_and_counted) {
  const auto text = [](const std::string& gateway, const std::string& resumed) {
    return scenario(gateway, "tls: {versions: [TLSv1.2], resumption: true}",
                    connect + expect("resumed: false") + "  - far: {disconnect: gateway}\n" + connect +
                        expect("resumed: " + std::string(resumed == "1" ? "true" : "false")),
                    "wire:\n  - tls: {connections: 2, resumed: " + resumed +
                        "}\n  - tls: {connection: 1, resumed: 0}\n");
  };
  BOOST_TEST(outcome(text("sipvet.sip.tls.resumption: true", "1")) == "pass");
  BOOST_TEST(outcome(text("", "0")) == "pass");
  BOOST_TEST(outcome(text("", "1")) == "fail tls-resumed");
}

BOOST_AUTO_TEST_CASE(the_version_inside_the_premaster_secret) {
  const auto text = [](const std::string& deviations, const std::string& version) {
    return scenario(
        "",
        "tls: {versions: [TLSv1.1, TLSv1.2], ciphers: [TLS_RSA_WITH_AES_128_CBC_SHA], deviations: {" +
            deviations + "}}",
        connect + expect(deviations.empty() ? "established: true" : "established: false"),
        "wire:\n  - tls: {premaster_version: " + version + "}\n");
  };
  BOOST_TEST(outcome(text("", "TLSv1.2")) == "pass");
  BOOST_TEST(outcome(text("", "TLSv1.1")) == "fail wire-tls");
}

BOOST_AUTO_TEST_CASE(client_certificates_that_are_wanted_or_not) {
  const std::string none = "tls: {versions: [TLSv1.2], certificate: none}";
  BOOST_TEST(
      outcome(scenario("sipvet.sip.tls.verifyPeer: if-given", none, connect + expect("established: true"),
                       "wire:\n  - tls: {client_certificate: empty}\n")) == "pass");
  BOOST_TEST(outcome(scenario("sipvet.sip.tls.verifyPeer: none", none, connect + expect("established: true"),
                              "wire:\n  - tls: {client_certificate: none}\n")) == "pass");
  BOOST_TEST(outcome(scenario("", none, connect + expect("established: false, alert: handshake_failure"))) ==
             "pass");
  for (const bool shows : {true, false}) {
    const std::string word = shows ? "true" : "false";
    BOOST_TEST(outcome(scenario("sipvet.sip.tls.clientCertificate: " + word,
                                "tls: {versions: [TLSv1.2], verify: chain-if-given}",
                                "  - gateway: {options: far}\n" + expect("certificate: " + word))) == "pass");
  }
}

BOOST_AUTO_TEST_CASE(hellos_of_servers_and_what_they_agreed_on) {
  BOOST_TEST(outcome(scenario("sipvet.sip.tls.engine: wire",
                              "tls: {versions: [TLSv1.1, TLSv1.2], ciphers: [TLS_RSA_WITH_AES_128_CBC_SHA]}",
                              connect + expect("established: true"),
                              "wire:\n  - tls: {server_hello: {downgrade_mark: none, encrypt_then_mac: true, "
                              "extended_master_secret: true, renegotiation_info: true, compression: 0, "
                              "extensions: encrypt_then_mac, extensions_absent: [pre_shared_key]}}\n")) ==
             "pass");
  BOOST_TEST(
      outcome(scenario("",
                       "tls: {versions: [TLSv1.0, TLSv1.1], encrypt-then-mac: false, "
                       "extended-master-secret: false}",
                       connect + expect("version: TLSv1.1"),
                       "wire:\n  - tls: {server_hello: {downgrade_mark: TLSv1.1, encrypt_then_mac: false, "
                       "extended_master_secret: false}}\n")) == "pass");
}

// What was queued on a connection that never came up is on no wire.
BOOST_AUTO_TEST_CASE(a_request_on_a_connection_that_is_refused) {
  BOOST_TEST(outcome(scenario("", "tls: {versions: [TLSv1.3]}",
                              "  - far: {options: gateway}\n" + expect("established: false"))) == "pass");
}

BOOST_AUTO_TEST_CASE(records_that_are_broken_on_purpose) {
  // The peer's: the gateway must end it, and the capture says where.
  BOOST_TEST(outcome(scenario("", "tls: {versions: [TLSv1.2], deviations: {bad_mac: true}}",
                              "  - far: {options: gateway}\n" +
                                  expect("closed: true, alert: bad_record_mac"))) == "pass");
  // The gateway's own: found by both.
  BOOST_TEST(outcome(scenario("deviations: {tls: {bad_mac: true}}", "tls: {versions: [TLSv1.2]}",
                              "  - far: {options: gateway}\n  - far: {expect: 200}\n")) ==
             "fail no-response");
  BOOST_TEST(outcome(scenario("deviations: {tls: {bad_mac: true}}", "tls: {versions: [TLSv1.2]}",
                              "  - far: {options: gateway}\n" + expect("sent_alert: bad_record_mac"))) ==
             "fail wire-tls-undecrypted");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_behind) {
  const auto text = [](const std::string& offset, const std::string& call) {
    return scenario("sipvet.clock.offset: " + offset, "tls: {versions: [TLSv1.2]}",
                    "  - gateway: {options: far}\n  - gateway: {expect: {call: " + call + "}}\n");
  };
  BOOST_TEST(outcome(text("-48h", "failed")) == "pass");
  BOOST_TEST(outcome(text("-1h", "answered")) == "pass");
}

// One gateway, done by either engine: the cells of a matrix.
BOOST_AUTO_TEST_CASE(a_matrix_of_engines) {
  const std::string text =
      "scenario: test/engines\ntitle: T\nmatrix:\n  engine: [openssl, wire]\n  version: [TLSv1.2, "
      "TLSv1.3]\ngateway:\n  profile: modern\n  sipvet.sip.tls.engine: ${engine}\npeers:\n  far: "
      "{profile: modern, tls: {versions: [\"${version}\"], engine: wire}}\nsteps:\n"
      "  - far: {options: gateway}\n  - far: {expect: {status: 200, tls: {version: \"${version}\", "
      "certificate: true}}}\n  - gateway: {options: far}\n  - gateway: {expect: {status: 200}}\n";
  script::ProfileStore profiles(std::string(SIPVET_SOURCE_DIR) + "/scenarios/profiles");
  const script::Loaded loaded = script::load_scenario_text(text, "cell.yaml", profiles);
  BOOST_TEST_REQUIRE(loaded.errors.empty());
  BOOST_TEST_REQUIRE(loaded.cells.size() == 4u);
  for (const script::Cell& cell : loaded.cells) {
    BOOST_TEST(check_cell(cell).empty());
    Folder folder;
    CellOptions options;
    options.network = NetworkKind::sim;
    options.evidence_folder = folder.path.string();
    const auto result = run_cell(cell, lab(), options, std::atomic<bool>(false)).result;
    BOOST_TEST((result.outcome == verdict::Outcome::pass), cell.id << " " << ids(result.findings));
  }
}

BOOST_AUTO_TEST_CASE(certificates_and_trust_of_the_gateway_by_name) {
  const std::string peer = "tls: {versions: [TLSv1.2], verify-identity: true}";
  BOOST_TEST(outcome(scenario("sipvet.sip.tls.certificate: expired", peer,
                              connect + expect("established: false, sent_alert: certificate_expired"))) ==
             "pass");
  BOOST_TEST(outcome(scenario("sipvet.sip.tls.certificate: wrong-name", peer,
                              connect + expect("established: false"))) == "pass");
  BOOST_TEST(outcome(scenario("sipvet.sip.domain: my.example.com", peer,
                              connect + expect("established: true, server_name: my.example.com"))) == "pass");
  BOOST_TEST(outcome(scenario("sipvet.sip.tls.trust: other", peer,
                              connect + expect("established: false, alert: unknown_ca"))) == "pass");
  BOOST_TEST(outcome(scenario("sipvet.sip.tls.certificate: none", peer,
                              connect + expect("established: false, closed: true"))) == "pass");
}

// Whatever a certificate is like, calls go over what it secures.
BOOST_AUTO_TEST_CASE(calls_with_media_under_certificates_of_every_right_kind) {
  for (const char* certificate : {"san-uri-and-dns", "san-uri", "cn-only", "intermediate", "no-key-usage"}) {
    BOOST_TEST_CONTEXT(certificate) {
      const std::string name(certificate);
      BOOST_TEST(
          outcome(scenario("sipvet.sip.tls.verifyIdentity: true, sipvet.sip.tls.certificate: " + name,
                           "tls: {versions: [TLSv1.2], verify-identity: true, certificate: " + name + "}",
                           "  - far: {call: gateway, offer: srtp-only}\n  - far: {expect: srtp}\n"
                           "  - media: {between: [far, gateway], for: 100ms}\n  - far: {hang up: gateway}\n"
                           "  - gateway: {call: far}\n  - far: {receive: INVITE}\n  - far: {answer: 200}\n"
                           "  - media: {between: [gateway, far], for: 100ms}\n")) == "pass");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
