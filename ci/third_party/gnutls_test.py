#!/usr/bin/env python3
"""SIP over TLS with GnuTLS on the other side, as client and as server: every version, 3DES, AES-CBC with and without
encrypt-then-MAC, AEAD, client certificates, resumption and a new handshake on an open connection."""

import capture_lab
import lab
import tls_lab
from gnutls_phone import GnutlsPhone

# IANA's names and GnuTLS's words for the same.
SUITES = {
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA": "+RSA:+3DES-CBC:+SHA1",
    "TLS_RSA_WITH_AES_128_CBC_SHA": "+RSA:+AES-128-CBC:+SHA1",
    "TLS_RSA_WITH_AES_256_CBC_SHA": "+RSA:+AES-256-CBC:+SHA1",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "+ECDHE-RSA:+AES-128-CBC:+SHA1",
    "TLS_RSA_WITH_AES_128_CBC_SHA256": "+RSA:+AES-128-CBC:+SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256": "+RSA:+AES-128-GCM:+AEAD",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "+ECDHE-RSA:+AES-128-GCM:+AEAD",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "+ECDHE-RSA:+AES-256-GCM:+AEAD",
    "TLS_AES_128_GCM_SHA256": "+ECDHE-RSA:+AES-128-GCM:+AEAD",
    "TLS_AES_256_GCM_SHA384": "+ECDHE-RSA:+AES-256-GCM:+AEAD",
}
OLD = ("TLSv1.0", "TLSv1.1", "TLSv1.2")
OF_SHA1 = [name for name in SUITES if name.endswith("CBC_SHA")]
CASES = [(version, name) for name in OF_SHA1 for version in OLD]
CASES += [("TLSv1.2", name) for name in SUITES if name not in OF_SHA1 and "_WITH_" in name]
CASES += [("TLSv1.3", name) for name in SUITES if "_WITH_" not in name]
# What the gateway calls with when only encrypt-then-MAC is asked about.
CBC_OF = {"openssl": [tls_lab.AES], "wire": [tls_lab.TRIPLE_DES, tls_lab.AES]}
OK = "SIP/2.0 200 OK"


def priority(version, suite, more=""):
    return f"NONE:+VERS-{version.replace('v', '')}:{SUITES[suite]}:+SIGN-ALL:+GROUP-ALL{more}"


def cases_of(engine):
    return [(version, suite) for version, suite in CASES if tls_lab.of_engine(engine, [suite])]


def suites_of(engine):
    return list(dict.fromkeys(suite for _, suite in cases_of(engine)))


def options_line(printed):
    return next((line for line in printed.splitlines() if line.startswith("- Options:")), "")


class Client(tls_lab.TlsCase):
    def test_every_version_with_each_suite(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, suites_of(engine))
            for version, suite in cases_of(engine):
                with self.subTest(engine=engine, version=version, suite=suite):
                    self.assertIn(OK, self.gnutls_cli(gateway, priority(version, suite)))
                    self.wait_for_log(gateway, f"{version} {suite}")
            gateway.quit()

    def test_encrypt_then_mac_or_not(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, suites_of(engine))
            for version in OLD:
                for suite in (s for v, s in cases_of(engine) if v == version and "CBC" in s):
                    for wanted in (True, False):
                        with self.subTest(engine=engine, version=version, suite=suite, encrypt_then_mac=wanted):
                            printed = self.gnutls_cli(gateway, priority(version, suite, "" if wanted else ":%NO_ETM"))
                            self.assertIn(OK, printed)
                            self.assertEqual("EtM" in options_line(printed), wanted, printed)
            gateway.quit()

    def test_extended_master_secret_or_not(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, ["TLSv1.2"], [tls_lab.AES])
            for wanted in (True, False):
                with self.subTest(engine=engine, extended_master_secret=wanted):
                    more = "" if wanted else ":%NO_SESSION_HASH"
                    printed = self.gnutls_cli(gateway, priority("TLSv1.2", tls_lab.AES, more))
                    self.assertIn(OK, printed)
                    self.assertEqual("extended master secret" in options_line(printed), wanted, printed)
            gateway.quit()

    def test_client_certificates(self):
        tls_lab.make_client_certificate(self.folder)
        tls_lab.make_stranger(self.folder)
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, [tls_lab.AES, tls_lab.GCM_13], verifyPeer="required")
            for version, suite in (("TLSv1.0", tls_lab.AES), ("TLSv1.2", tls_lab.AES), ("TLSv1.3", tls_lab.GCM_13)):
                with self.subTest(engine=engine, version=version):
                    words = priority(version, suite)
                    for name, accepted in (("client", True), ("stranger", False)):
                        pair = ["--x509certfile", str(self.folder / f"{name}.pem"),
                                "--x509keyfile", str(self.folder / f"{name}-key.pem")]
                        self.assertEqual(OK in self.gnutls_cli(gateway, words, *pair), accepted, name)
                    self.assertNotIn(OK, self.gnutls_cli(gateway, words))
            gateway.quit()

    def test_resumption(self):
        # gnutls-cli sends what it is given in the second of the two connections that it makes.
        cases = [(version, tls_lab.AES, more) for version in OLD for more in ("", ":%NO_TICKETS")]
        cases.append(("TLSv1.3", tls_lab.GCM_13, ""))
        for engine in tls_lab.ENGINES:
            for resumption in (True, False):
                gateway = self.gateway(engine, tls_lab.VERSIONS, [tls_lab.AES, tls_lab.GCM_13], resumption=resumption)
                for version, suite, more in cases:
                    # The ticket of TLS 1.3 comes after the handshake, if it comes.
                    wait = ["--waitresumption"] if version == "TLSv1.3" and resumption else []
                    with self.subTest(engine=engine, version=version, more=more, resumption=resumption):
                        printed = self.gnutls_cli(gateway, priority(version, suite, more), "--resume", *wait)
                        self.assertIn(OK, printed)
                        self.assertEqual("This is a resumed session" in printed, resumption, printed)
                gateway.quit()

    def test_a_new_handshake_on_an_open_connection(self):
        for engine in tls_lab.ENGINES:
            for rule, renegotiated in (("secure", True), ("refuse", False)):
                with self.subTest(engine=engine, renegotiation=rule):
                    gateway = self.gateway(engine, ["TLSv1.2"], [tls_lab.AES], renegotiation=rule)
                    printed = self.gnutls_cli(gateway, priority("TLSv1.2", tls_lab.AES), "--rehandshake")
                    self.assertEqual("ReHandshake was completed" in printed, renegotiated, printed)
                    if renegotiated:
                        self.assertIn(OK, printed)
                    else:
                        self.assertIn("No renegotiation", printed)
                    # Refused or not, the gateway goes on.
                    self.assertIn(OK, self.gnutls_cli(gateway, priority("TLSv1.2", tls_lab.AES)))
                    gateway.quit()


class Server(tls_lab.TlsCase):
    def call(self, gateway, words, **more):
        peer = GnutlsPhone(self, words, **more)
        self.assert_call_is_busy(gateway, peer.port)
        peer.join()
        self.assertIsNone(peer.error)
        self.assertEqual(peer.phone.methods, ["INVITE", "ACK"])
        return peer

    def test_the_gateway_calls_in_every_version_with_each_suite(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, suites_of(engine))
            for version, suite in cases_of(engine):
                with self.subTest(engine=engine, version=version, suite=suite):
                    peer = self.call(gateway, priority(version, suite), wants_certificate=True)
                    self.assertIn(version.replace("v", ""), peer.description)
                    self.wait_for_log(gateway, f"{version} {suite}")
            gateway.quit()

    def test_encrypt_then_mac_or_not(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, OLD, CBC_OF[engine])
            for version in OLD:
                for suite in CBC_OF[engine]:
                    for wanted in (True, False):
                        with self.subTest(engine=engine, version=version, suite=suite, encrypt_then_mac=wanted):
                            peer = self.call(gateway, priority(version, suite, "" if wanted else ":%NO_ETM"))
                            self.assertEqual(peer.encrypts_then_macs, wanted)
            gateway.quit()

    def test_the_gateways_hello_in_sslv2_format(self):
        gateway = self.gateway("wire", OLD, [tls_lab.TRIPLE_DES, tls_lab.AES],
                               **{"netborder.sip.tls.supportSSLv2ClientHello": True})
        for version in OLD:
            for suite in (tls_lab.TRIPLE_DES, tls_lab.AES):
                with self.subTest(version=version, suite=suite):
                    peer = self.call(gateway, priority(version, suite))
                    self.assertFalse(peer.encrypts_then_macs)  # there is no extension to ask by
        gateway.quit()
        self.assertEqual(set(capture_lab.first_record_versions(gateway.capture)), {capture_lab.SSL2_RECORD})

    def test_no_common_suite(self):
        for engine in tls_lab.ENGINES:
            with self.subTest(engine=engine):
                gateway = self.gateway(engine, OLD, [tls_lab.AES])
                peer = GnutlsPhone(self, priority("TLSv1.2", tls_lab.TRIPLE_DES))
                self.assertIn("handshake_failure", self.assert_call_fails(gateway, peer.port))
                peer.join()
                self.assertIn("No supported cipher suites", peer.error)
                gateway.quit()


if __name__ == "__main__":
    lab.require("gnutls-cli", "tshark")
    lab.main()
